//! How often the intervals of a backtest held.

use super::run::BacktestResult;
use crate::intervals::Coverage;

impl BacktestResult {
    /// The measured coverage of every model at every level. Nothing is adjusted: a miss stays a miss, and a level without
    /// a single interval says so.
    pub fn coverage(&self) -> Vec<Coverage> {
        let mut measured = Vec::new();
        for model in self.table.models() {
            let own = self.own_quantiles.iter().any(|name| name == model);
            for (index, level) in self.table.levels.iter().enumerate() {
                let (mut scored, mut covered, mut without) = (0, 0, 0);
                for row in self.table.rows.iter().filter(|row| &*row.model == model) {
                    match row.bounds[index] {
                        Some(bounds) => {
                            scored += 1;
                            covered += usize::from(bounds.contains(row.y));
                        }
                        None => without += 1,
                    }
                }
                measured.push(Coverage {
                    adaptation: if own { 0.0 } else { self.plan.adaptation },
                    own_quantiles: own,
                    ..Coverage::new(model, *level, scored, covered, without)
                });
            }
        }
        measured
    }
}
