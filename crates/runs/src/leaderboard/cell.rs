//! One model with one seed on one data set: the unit of the leaderboard's work.

use super::config::{Config, DataSet};
use crate::error::Error;
use crate::key::{CODE_DIGEST, digest_json};
use recurra_evaluation::Forecaster;
use recurra_evaluation::backtest::{Backtest, BacktestError, BacktestResult, Calibration};
use recurra_evaluation::metrics::{Level, Metric};
use recurra_report::leaderboard::{Covered, Score};
use recurra_series::Panel;
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{Classical, NetworkForecaster, NetworkSettings, Strategy};
use recurra_zoo::model_file::data_sha256;
use serde::Serialize;

/// One model with one seed on one data set.
#[derive(Debug, Clone, PartialEq)]
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
    code: &'a str,
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

    /// SHA-256, in hexadecimal, of everything that decides the score.
    pub(super) fn key(&self, registry: &Registry, panel: &Panel) -> Result<String, Error> {
        Ok(digest_json(&Content {
            set: &self.set,
            model: &self.model,
            level: self.level,
            settings: self.settings(registry)?,
            data: data_sha256(panel),
            code: CODE_DIGEST,
        }))
    }

    /// An entry's own recipe on standardised data, all steps of the horizon at once.
    fn settings(&self, registry: &Registry) -> Result<Option<NetworkSettings>, Error> {
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
    pub(super) fn run(&self, registry: &Registry, panel: &Panel) -> Result<Score, Error> {
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
        let plan = Backtest {
            folds: self.set.folds,
            step: self.set.step,
            season_length: self.set.season,
            calibration: self.set.errors.map(|errors| Calibration {
                levels: vec![level],
                errors,
            }),
            threads: 1,
            ..Backtest::new(self.set.horizon)
        };
        let result = plan.run(&[forecaster.as_ref()], &panel.series);
        Ok(self.score(&result.map_err(|error: BacktestError| failed(&error))?))
    }

    fn score(&self, result: &BacktestResult) -> Score {
        let failure = result.failures.iter().find(|failure| failure.model == self.model);
        let value = |metric| {
            let score = result
                .pooled(metric)
                .into_iter()
                .find(|score| score.model == self.model);
            score.map_or((None, None), |score| (score.value, score.undefined))
        };
        // A model that misses forecasts may miss just those that it would be bad at.
        let complete = failure.is_none();
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
                .map(|failure| failure.message.clone())
                .or_else(|| why.map(|reason| reason.to_string())),
        }
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> Error {
        Error::Leaderboard {
            cell: self.label(),
            message: error.to_string(),
        }
    }
}
