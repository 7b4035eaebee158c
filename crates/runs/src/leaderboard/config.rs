//! What is compared on what, as data: what `xtask/leaderboard.toml` holds.

use crate::error::RunError;
use crate::problems::MatrixProblem;
use crate::read_settings::read_settings;
use recurra_series::datasets;
use recurra_zoo::Registry;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The version of the layout that [`Config::parse`] understands.
const SCHEMA: u32 = 1;

/// Models and data sets. All classical methods are measured besides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The version of this layout: 1.
    pub schema: u32,
    /// The seeds that every network is trained with.
    pub seeds: Vec<u64>,
    /// Networks of the zoo.
    pub networks: Vec<String>,
    /// The level of the intervals in percent.
    pub level: u8,
    /// The data sets.
    #[serde(rename = "set")]
    pub sets: Vec<DataSet>,
}

/// A data set of `datasets/`, and how models are measured on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSet {
    /// Its name.
    pub name: String,
    /// Values that are forecast at every cutoff.
    pub horizon: usize,
    /// Cutoffs that are scored.
    pub folds: usize,
    /// Values between one cutoff and the next.
    pub step: usize,
    /// Steps of a season; 1 for none.
    pub season: usize,
    /// Values that networks and the autoregression see.
    pub window: usize,
    /// The lag of the difference that networks are trained on; 0 for none.
    #[serde(default)]
    pub difference: usize,
    /// Errors that conformal intervals are made from, each of a cutoff before the scored ones; none where there is no room.
    #[serde(default)]
    pub errors: Option<usize>,
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// If the file cannot be read, and as [`Config::parse`].
    pub fn read(file: &Path) -> Result<Self, RunError> {
        read_settings(file, Self::parse)
    }

    /// Reads and validates a configuration.
    ///
    /// # Errors
    /// If `text` is not TOML of this layout, or names a network or a data set that there is not, or one of them twice.
    pub fn parse(text: &str) -> Result<Self, MatrixProblem> {
        let config: Self = toml::from_str(text)?;
        let wrong = |message: String| Err(MatrixProblem::Leaderboard(message));
        if config.schema != SCHEMA {
            return wrong(format!("schema is {}, but this version reads {SCHEMA}", config.schema));
        }
        if config.seeds.is_empty() {
            return wrong("there are no seeds".to_owned());
        }
        if recurra_evaluation::metrics::Level::new(config.level).is_err() {
            return wrong(format!("level is {}, but must be from 1 to 99", config.level));
        }
        let registry = Registry::builtin();
        if let Some(name) = config.networks.iter().find(|name| registry.find(name).is_err()) {
            return wrong(format!("there is no network `{name}`"));
        }
        if let Some(set) = config
            .sets
            .iter()
            .find(|set| !datasets::names().any(|name| name == set.name))
        {
            return wrong(format!("there is no data set `{}`", set.name));
        }
        let sets: Vec<&String> = config.sets.iter().map(|set| &set.name).collect();
        let networks: Vec<&String> = config.networks.iter().collect();
        for names in [&sets, &networks] {
            if let Some(at) = (1..names.len()).find(|at| names[..*at].contains(&names[*at])) {
                return wrong(format!("`{}` stands there twice", names[at]));
            }
        }
        Ok(config)
    }

    /// The same with the data sets in `names` alone; all of them if there are none.
    ///
    /// # Errors
    /// If a data set is not listed.
    pub fn only(mut self, names: &[String]) -> Result<Self, RunError> {
        let known = || self.sets.iter().map(|set| set.name.clone()).collect::<Vec<_>>();
        if let Some(name) = names.iter().find(|name| !known().contains(name)) {
            return Err(RunError::UnknownDataSet {
                name: name.clone(),
                known: known(),
            });
        }
        self.sets.retain(|set| names.is_empty() || names.contains(&set.name));
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TEXT: &str = "schema = 1\nseeds = [51]\nnetworks = [\"gru-1x8\"]\nlevel = 80\n[[set]]\nname = \"nile\"\nhorizon = 1\n\
                        folds = 2\nstep = 1\nseason = 1\nwindow = 4\n";

    #[test]
    fn what_there_is_not_is_refused() {
        assert_eq!(Config::parse(TEXT).unwrap().sets.len(), 1);
        for (from, to, says) in [
            ("schema = 1", "schema = 2", "schema is 2"),
            ("[51]", "[]", "no seeds"),
            ("gru-1x8", "gru-1x7", "no network `gru-1x7`"),
            ("\"gru-1x8\"", "\"gru-1x8\", \"gru-1x8\"", "twice"),
            ("nile", "styx", "no data set `styx`"),
            ("level = 80", "level = 100", "level is 100"),
            ("window", "windows", "windows"),
        ] {
            let error = Config::parse(&TEXT.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        let error = Config::parse(TEXT).unwrap().only(&["styx".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("`styx`; there are: nile"), "{error}");
    }
}
