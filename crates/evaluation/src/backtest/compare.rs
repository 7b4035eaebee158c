//! Which models of a backtest are better than which.

use super::row::ForecastRow;
use super::run::BacktestResult;
use crate::metrics::{SeasonalScale, Undefined};
use crate::statistics::{Bootstrap, Center, Pairing, Pairwise, Units};
use std::collections::BTreeMap;

/// What a forecast error costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Its size.
    Absolute,
    /// Its square.
    Squared,
}

impl Loss {
    fn of(self, error: f64) -> f64 {
        match self {
            Self::Absolute => error.abs(),
            Self::Squared => error * error,
        }
    }

    fn scale(self, scale: &SeasonalScale) -> f64 {
        match self {
            Self::Absolute => scale.mean_absolute(),
            Self::Squared => scale.mean_squared(),
        }
    }
}

impl BacktestResult {
    /// Compares every model with every other by its mean loss. The units are the cutoffs of a single series, which depend
    /// on one another in time, or the series of a panel, whose losses are scaled as in MASE or RMSSE and taken to be
    /// independent. Units that a model has no forecasts of count for none.
    ///
    /// # Errors
    /// If no unit is left, or a series of a panel has no scale.
    pub fn compare(&self, loss: Loss, bootstrap: &Bootstrap) -> Result<Pairwise, Undefined> {
        let single = self.scales.len() == 1;
        let losses: Vec<(&str, BTreeMap<usize, f64>)> = self
            .table
            .models()
            .into_iter()
            .map(|model| Ok((model, self.losses_of(model, loss, single)?)))
            .collect::<Result<_, Undefined>>()?;
        let Some((_, first)) = losses.first() else {
            return Err(Undefined::NoPoints);
        };
        let units: Vec<usize> = first
            .keys()
            .copied()
            .filter(|unit| losses.iter().all(|(_, losses)| losses.contains_key(unit)))
            .collect();
        let results: Vec<(&str, Vec<f64>)> = losses
            .iter()
            .map(|(model, losses)| (*model, units.iter().map(|unit| losses[unit]).collect()))
            .collect();
        let borrowed: Vec<(&str, &[f64])> = results.iter().map(|(model, losses)| (*model, &losses[..])).collect();
        let overlap = self.plan.horizon.div_ceil(self.plan.step);
        let units = if single {
            Units::InTime { overlap }
        } else {
            Units::Independent
        };
        Pairwise::new(
            &borrowed,
            &Pairing {
                center: Center::Mean,
                units,
                bootstrap: *bootstrap,
            },
        )
    }

    /// The mean loss of a model by cutoff, or by the number of the series.
    fn losses_of(&self, model: &str, loss: Loss, single: bool) -> Result<BTreeMap<usize, f64>, Undefined> {
        let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for row in self.table.rows.iter().filter(|row| &*row.model == model) {
            let (unit, scale) = if single {
                (row.index - row.step, 1.0)
            } else {
                self.unit_of(row, loss)?
            };
            let (sum, count) = sums.entry(unit).or_default();
            *sum += loss.of(row.yhat - row.y) / scale;
            *count += 1.0;
        }
        Ok(sums
            .into_iter()
            .map(|(unit, (sum, count))| (unit, sum / count))
            .collect())
    }

    fn unit_of(&self, row: &ForecastRow, loss: Loss) -> Result<(usize, f64), Undefined> {
        let unit = self
            .scales
            .iter()
            .position(|(name, _)| *name == row.unique_id)
            .unwrap_or(0);
        let scale = self.scale(&row.unique_id).map_err(|reason| Undefined::InSeries {
            unique_id: row.unique_id.to_string(),
            reason: Box::new(reason),
        })?;
        Ok((unit, loss.scale(&scale)))
    }
}
