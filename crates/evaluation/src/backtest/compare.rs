//! Which models of a backtest are better than which.

use super::result::BacktestResult;
use super::row::ForecastRow;
use super::scores::Positions;
use crate::metrics::{SeasonalScale, Undefined};
use crate::statistics::{Bootstrap, Location, Pairing, Pairwise, Units};
use std::collections::{BTreeMap, BTreeSet};

/// What a forecast error costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
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

/// A forecast, whoever made it: series, index and step.
type Forecast<'a> = (&'a str, usize, usize);

fn forecast(row: &ForecastRow) -> Forecast<'_> {
    (&row.unique_id, row.index, row.step)
}

impl BacktestResult {
    /// Compares every model with every other by its mean loss. The units are the cutoffs of a single series, which depend
    /// on one another in time, or the series of a panel, whose losses are scaled as in MASE or RMSSE and taken to be
    /// independent. Only forecasts that every model has made are counted, so that all losses are of the same values.
    ///
    /// # Errors
    /// If no unit is left, or a series of a panel has no scale.
    pub fn compare(&self, loss: Loss, bootstrap: &Bootstrap) -> Result<Pairwise, Undefined> {
        let single = self.scales.len() == 1;
        let shared = self.shared();
        let losses: Vec<(&str, BTreeMap<usize, f64>)> = self
            .table
            .models()
            .into_iter()
            .map(|model| Ok((model, self.losses_of(model, &shared, loss, single)?)))
            .collect::<Result<_, Undefined>>()?;
        let Some((_, first)) = losses.first() else {
            return Err(Undefined::NoPoints);
        };
        let units: Vec<usize> = first.keys().copied().collect();
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
                location: Location::Mean,
                units,
                bootstrap: *bootstrap,
            },
        )
    }

    /// The forecasts that every model has: the models could otherwise be compared over easy cutoffs here and hard ones there.
    fn shared(&self) -> BTreeSet<Forecast<'_>> {
        let mut counts: BTreeMap<Forecast<'_>, usize> = BTreeMap::new();
        for row in &self.table.rows {
            *counts.entry(forecast(row)).or_default() += 1;
        }
        let models = self.table.models().len();
        counts.retain(|_, count| *count == models);
        counts.into_keys().collect()
    }

    /// The mean loss of a model over the shared forecasts, by cutoff or by the number of the series.
    fn losses_of(
        &self,
        model: &str,
        shared: &BTreeSet<Forecast<'_>>,
        loss: Loss,
        single: bool,
    ) -> Result<BTreeMap<usize, f64>, Undefined> {
        let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        let positions = self.positions();
        let own = self.table.rows.iter().filter(|row| &*row.model == model);
        for row in own.filter(|row| shared.contains(&forecast(row))) {
            let (unit, scale) = if single {
                (row.index - row.step, 1.0)
            } else {
                self.unit_of(row, loss, &positions)?
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

    fn unit_of(&self, row: &ForecastRow, loss: Loss, positions: &Positions<'_>) -> Result<(usize, f64), Undefined> {
        let unit = positions.get(&*row.unique_id).copied().unwrap_or(0);
        let scale = self
            .scale(&row.unique_id, positions)
            .map_err(|reason| Undefined::InSeries {
                unique_id: row.unique_id.to_string(),
                reason: Box::new(reason),
            })?;
        Ok((unit, loss.scale(&scale)))
    }
}
