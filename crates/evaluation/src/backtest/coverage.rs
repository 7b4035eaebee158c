//! How often the intervals of a backtest held.

use super::result::BacktestResult;
use super::row::ForecastRow;
use crate::intervals::{Counts, Coverage};
use crate::statistics::Interval;

impl BacktestResult {
    /// The measured coverage of every model at every level. Nothing is adjusted: a miss stays a miss, and a level without
    /// a single interval says so.
    pub fn coverage(&self) -> Vec<Coverage> {
        self.measured(self.table.models(), |row, level| row.bounds[level])
            .into_iter()
            .map(|coverage| {
                let own = self.own_quantiles.contains(&coverage.model);
                Coverage {
                    adaptation: self.plan.adaptation,
                    own_quantiles: own,
                    ..coverage
                }
            })
            .collect()
    }

    /// The measured coverage of the quantiles that models forecast themselves, as they were before past errors widened or narrowed
    /// them; of models that forecast none nothing.
    pub fn coverage_before_calibration(&self) -> Vec<Coverage> {
        let models = self.own_quantiles.iter().map(String::as_str).collect();
        let measured = self.measured(models, |row, level| row.quantiles.get(level).copied());
        let own = |coverage| Coverage {
            own_quantiles: true,
            ..coverage
        };
        measured.into_iter().map(own).collect()
    }

    fn measured(&self, models: Vec<&str>, bounds: impl Fn(&ForecastRow, usize) -> Option<Interval>) -> Vec<Coverage> {
        let mut measured = Vec::new();
        for model in models {
            for (index, level) in self.table.levels.iter().enumerate() {
                let mut counts = Counts::default();
                for row in self.table.rows.iter().filter(|row| &*row.model == model) {
                    match bounds(row, index) {
                        Some(bounds) => {
                            counts.scored += 1;
                            counts.covered += usize::from(bounds.contains(row.y));
                        }
                        None => counts.without += 1,
                    }
                }
                measured.push(Coverage::new(model, *level, counts));
            }
        }
        measured
    }
}
