//! One model with one seed on one data set: the unit of the leaderboard's work.

use super::config::{Config, DataSet};
use crate::error::RunError;
use crate::key::Key;
use recurra_evaluation::Forecaster;
use recurra_evaluation::backtest::{Backtest, BacktestResult, Calibration};
use recurra_evaluation::metrics::{Level, Metric};
use recurra_report::leaderboard::{Covered, Score};
use recurra_series::Panel;
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{Classical, NetworkForecaster, NetworkSettings, Strategy};
use recurra_zoo::model_file::data_sha256;
use serde::Serialize;

/// One model with one seed on one data set.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Cell {
    /// The data set.
    pub set: DataSet,
    /// The model.
    pub model: String,
    /// The seed; nothing for a classical method.
    pub seed: Option<u64>,
    pub(super) level: u8,
}

/// What decides a score, besides the code.
#[derive(Serialize)]
struct Content<'a> {
    set: &'a DataSet,
    model: &'a str,
    level: u8,
    settings: Option<NetworkSettings>,
    data: String,
}

impl Cell {
    /// All cells of a configuration: by data set, then model, classical methods first, then seed.
    pub(super) fn all(config: &Config) -> Vec<Self> {
        let mut cells = Vec::new();
        for set in &config.sets {
            let cell = |model: &str, seed| Self {
                set: set.clone(),
                model: model.to_owned(),
                seed,
                level: config.level,
            };
            cells.extend(Classical::ALL.map(|method| cell(method.name(), None)));
            for network in &config.networks {
                cells.extend(config.seeds.iter().map(|seed| cell(network, Some(*seed))));
            }
        }
        cells
    }

    /// The name that people see, such as `gru-1x32 on nile, seed 51`.
    #[must_use]
    pub fn label(&self) -> String {
        let seed = self.seed.map_or_else(String::new, |seed| format!(", seed {seed}"));
        format!("{} on {}{seed}", self.model, self.set.name)
    }

    /// What the name of its file begins with.
    pub(super) fn stem(&self) -> String {
        let seed = self.seed.map_or_else(String::new, |seed| format!("-{seed}"));
        format!("{}-{}{seed}", self.set.name, self.model)
    }

    /// The key of everything that decides the score.
    pub(super) fn key(&self, registry: &Registry, panel: &Panel) -> Result<Key, RunError> {
        Ok(Key::of(&Content {
            set: &self.set,
            model: &self.model,
            level: self.level,
            settings: self.settings(registry)?,
            data: data_sha256(panel),
        }))
    }

    /// An entry's own recipe on standardised data, all steps of the horizon at once.
    fn settings(&self, registry: &Registry) -> Result<Option<NetworkSettings>, RunError> {
        let Some(seed) = self.seed else { return Ok(None) };
        let entry = registry.find(&self.model).map_err(|error| self.failed(&error))?;
        Ok(Some(NetworkSettings {
            window: self.set.window,
            strategy: Strategy::Direct,
            difference: self.set.difference,
            ..NetworkSettings::of(entry.recipe(), seed)
        }))
    }

    /// The score. A model that cannot be fitted or does not forecast has none, with the reason.
    pub(super) fn run(&self, registry: &Registry, panel: &Panel) -> Result<Score, RunError> {
        let failed = |error: &dyn std::fmt::Display| self.failed(error);
        let forecaster: Box<dyn Forecaster + '_> = match self.settings(registry)? {
            Some(settings) => {
                let entry = registry.find(&self.model).map_err(|error| failed(&error))?;
                Box::new(NetworkForecaster::new(entry, settings))
            }
            None => {
                let method: Classical = self.model.parse().map_err(|error| failed(&error))?;
                method.forecaster(self.set.season, self.set.window)
            }
        };
        let level = Level::new(self.level).map_err(|error| failed(&error))?;
        let result = self.plan(level).run(&[forecaster.as_ref()], &panel.series);
        Ok(self.score(&result.map_err(|error| failed(&error))?))
    }

    /// How it is measured.
    fn plan(&self, level: Level) -> Backtest {
        Backtest {
            folds: self.set.folds,
            step: self.set.step,
            season_length: self.set.season,
            calibration: self.set.errors.map(|errors| Calibration {
                levels: vec![level],
                errors,
            }),
            threads: 1,
            ..Backtest::new(self.set.horizon)
        }
    }

    fn score(&self, result: &BacktestResult) -> Score {
        // A model that misses forecasts may miss just those that it would be bad at. One that failed where nothing is scored, or in its
        // intervals alone, misses none.
        let complete = result.missing_forecasts() == 0;
        let failure = result.failures.iter().find(|failure| failure.model == self.model);
        let value = |metric| {
            let score = result
                .pooled(metric)
                .into_iter()
                .find(|score| score.model == self.model);
            score.map_or((None, None), |score| (score.value, score.undefined))
        };
        let [(mase, why), (rmsse, _)] = [Metric::Mase, Metric::Rmsse].map(value);
        let of_model = |model: &str| result.table.rows.iter().filter(|row| &*row.model == model).count();
        let coverage = result
            .coverage()
            .into_iter()
            .filter(|found| found.model == self.model && complete);
        Score {
            set: self.set.name.clone(),
            model: self.model.clone(),
            seed: self.seed,
            count: of_model(&self.model),
            mase: mase.filter(|_| complete),
            rmsse: rmsse.filter(|_| complete),
            coverage: coverage
                .map(|found| Covered {
                    level: found.level.percent(),
                    scored: found.scored,
                    covered: found.covered,
                    holds: found.holds,
                })
                .collect(),
            undefined: failure
                .filter(|_| !complete)
                .map(|failure| failure.message.clone())
                .or_else(|| why.map(|reason| reason.to_string())),
        }
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> RunError {
        RunError::Leaderboard {
            cell: self.label(),
            message: error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_evaluation::{FitError, FittedForecaster, ForecastError, History, Training, baselines::Naive};
    use recurra_series::Series;

    /// The naive forecast, which fails where a history has this many values.
    #[derive(Debug)]
    struct Flaky {
        fails_at: usize,
        naive: Box<dyn FittedForecaster>,
    }

    impl FittedForecaster for Flaky {
        fn name(&self) -> &str {
            "flaky"
        }

        fn forecast(&self, history: &History<'_>, horizon: usize) -> Result<Vec<f64>, ForecastError> {
            if history.len() == self.fails_at {
                let source = "no forecast today".into();
                return Err(ForecastError::Model {
                    model: "flaky".into(),
                    source,
                });
            }
            self.naive.forecast(history, horizon)
        }
    }

    struct FlakyAt(usize);

    impl Forecaster for FlakyAt {
        fn name(&self) -> &str {
            "flaky"
        }

        fn fit(&self, training: &Training<'_>) -> Result<Box<dyn FittedForecaster>, FitError> {
            let naive = Naive.fit(training)?;
            Ok(Box::new(Flaky {
                fails_at: self.0,
                naive,
            }))
        }
    }

    /// Twenty values: four folds for calibration, at cutoffs 12 to 15, then four that are scored.
    fn score(fails_at: usize) -> Score {
        let cell = Cell {
            set: DataSet {
                name: "nile".into(),
                horizon: 1,
                folds: 4,
                step: 1,
                season: 1,
                window: 4,
                difference: 0,
                errors: Some(4),
            },
            model: "flaky".into(),
            seed: None,
            level: 80,
        };
        let panel = [Series::from_values((0..20).map(|t| f64::from(t * t % 7)).collect()).unwrap()];
        let result = cell.plan(Level::EIGHTY).run(&[&FlakyAt(fails_at)], &panel).unwrap();
        assert_eq!(result.failures.len(), 1);
        cell.score(&result)
    }

    #[test]
    fn only_a_forecast_that_would_be_scored_is_missed() {
        let before = score(13);
        assert!(before.mase.is_some() && before.undefined.is_none(), "{before:?}");
        assert_eq!((before.count, before.coverage.len()), (4, 1));
        let scored = score(17);
        assert_eq!((scored.mase, scored.count, scored.coverage.len()), (None, 3, 0));
        assert!(scored.undefined.unwrap().contains("no forecast today"));
    }
}
