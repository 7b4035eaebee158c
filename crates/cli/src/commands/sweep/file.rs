//! `SWEEP.toml`: what is tried, on which data, and how it is measured.

use std::collections::BTreeSet;
use std::path::Path;

use recurra_zoo::Registry;
use serde::Deserialize;
use toml::{Table, Value};

use super::candidate::{Candidate, grid};
use super::flags::{Flags, known, parsed};
use super::search::Search;
use crate::config;
use crate::data_flags::DataFlags;
use crate::failure::Failure;
use crate::files;
use crate::model_flags::{Model, TrainingFlags, count};

/// Combinations that a file may ask for.
const MOST: usize = 100_000;

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    horizon: usize,
    #[serde(default = "five")]
    folds: usize,
    step: Option<usize>,
    #[serde(default)]
    refit: bool,
    #[serde(default = "usual_seeds")]
    seeds: Vec<u64>,
    #[serde(default)]
    search: Search,
    data: Vec<Table>,
    candidates: Vec<Table>,
}

fn five() -> usize {
    5
}

fn usual_seeds() -> Vec<u64> {
    vec![51]
}

/// A table that candidates are measured on.
#[derive(Debug)]
pub(super) struct Data {
    /// Its path, seen from the folder of the sweep's file.
    pub(super) file: String,
    /// How it is read.
    pub(super) flags: DataFlags,
    /// The same as words, for keys and commands.
    pub(super) words: Vec<String>,
}

/// What a file asks for.
#[derive(Debug)]
pub(super) struct Sweep {
    pub(super) horizon: usize,
    pub(super) folds: usize,
    pub(super) step: usize,
    pub(super) refit: bool,
    pub(super) seeds: Vec<u64>,
    pub(super) search: Search,
    pub(super) data: Vec<Data>,
    pub(super) candidates: Vec<Candidate>,
}

impl Sweep {
    pub(super) fn read(path: &Path, registry: &Registry) -> Result<Self, Failure> {
        let text = files::read_text(path)?;
        let wrong = |message: String| Failure::Input(format!("{}: {message}", path.display()));
        let written: Written =
            toml::from_str(&text).map_err(|error| wrong(error.to_string().trim_end().replace('\n', "\n  ")))?;
        let list = |name: &str, is_empty: bool| match is_empty {
            true => Err(wrong(format!("`{name}` is empty; at least one is needed"))),
            false => Ok(()),
        };
        list("seeds", written.seeds.is_empty())?;
        list("data", written.data.is_empty())?;
        list("candidates", written.candidates.is_empty())?;
        let mut seeds = written.seeds;
        seeds.sort_unstable();
        if let Some(twice) = seeds.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(wrong(format!("the seed {} stands twice in `seeds`", twice[0])));
        }
        match written.search {
            Search::Random { draws: 0, .. } => {
                return Err(wrong("`search.draws` is 0; it has to be at least 1".to_owned()));
            }
            Search::Halving { rungs, factor } if rungs < 2 || factor < 2 || rungs > 20 || factor > 1000 => {
                return Err(wrong(
                    "`search.rungs` goes from 2 to 20, `search.factor` from 2 to 1000".to_owned(),
                ));
            }
            _ => {}
        }
        let about = |failure: Failure| failure.about(path.display());
        let horizon = count("horizon", written.horizon).map_err(about)?;
        let step = written.step.unwrap_or(horizon);
        let data = (written.data.iter().enumerate())
            .map(|(at, table)| data(path, at, table))
            .collect::<Result<Vec<_>, _>>()?;
        let mut candidates = Vec::new();
        for (at, table) in written.candidates.iter().enumerate() {
            candidates.extend(of_table(path, at, table, registry)?);
            if candidates.len() > MOST {
                return Err(wrong(format!("more than {MOST} combinations; give shorter lists")));
            }
        }
        let mut seen = BTreeSet::new();
        for candidate in &candidates {
            if !seen.insert((&candidate.model, &candidate.words)) {
                return Err(wrong(format!("`{}` stands there twice", candidate.name())));
            }
        }
        let mut tables = BTreeSet::new();
        if let Some(twice) = data.iter().find(|data| !tables.insert((&data.file, &data.words))) {
            return Err(wrong(format!("the table `{}` stands there twice", twice.file)));
        }
        Ok(Self {
            horizon,
            folds: count("folds", written.folds).map_err(about)?,
            step: count("step", step).map_err(about)?,
            refit: written.refit,
            seeds,
            search: written.search,
            data,
            candidates,
        })
    }
}

fn data(path: &Path, at: usize, table: &Table) -> Result<Data, Failure> {
    let place = format!("{}: data {}", path.display(), at + 1);
    let Some(Value::String(file)) = table.get("file") else {
        return Err(Failure::Input(format!(
            "{place}: `file` is missing; it names a CSV or Parquet file, seen from the folder of {}",
            path.display()
        )));
    };
    let flags = <Flags<DataFlags> as clap::CommandFactory>::command();
    let mut words = Vec::new();
    for (key, value) in table.iter().filter(|(key, _)| *key != "file") {
        words.extend(config::words(key, value, known(&flags, key, &place)?, path)?);
    }
    Ok(Data {
        file: file.clone(),
        flags: parsed(&words, &place)?,
        words,
    })
}

/// All combinations of a table of candidates.
fn of_table(path: &Path, at: usize, table: &Table, registry: &Registry) -> Result<Vec<Candidate>, Failure> {
    let place = format!("{}: candidates {}", path.display(), at + 1);
    let flags = <Flags<TrainingFlags> as clap::CommandFactory>::command();
    let mut axes: Vec<Vec<Vec<String>>> = Vec::new();
    let mut models = None;
    for (key, value) in table {
        let values = match value {
            Value::Array(values) if values.is_empty() => {
                return Err(Failure::Input(format!("{place}: `{key}` is an empty list")));
            }
            Value::Array(values) => values.as_slice(),
            single => std::slice::from_ref(single),
        };
        if key == "model" {
            let names = values.iter().map(|value| match value {
                Value::String(name) => match Model::find(name, registry) {
                    Ok(model) => Ok(model.name().to_owned()),
                    Err(failure) => Err(failure.about(&place)),
                },
                _ => Err(Failure::Input(format!("{place}: `model` takes names of models"))),
            });
            models = Some(names.collect::<Result<Vec<_>, _>>()?);
            continue;
        }
        if key == "seed" {
            return Err(Failure::Input(format!(
                "{place}: seeds are the same for all candidates; write `seeds = [51, 52]` at the top"
            )));
        }
        let arg = known(&flags, key, &place)?;
        let alternatives = values.iter().map(|value| config::words(key, value, arg, path));
        axes.push(alternatives.collect::<Result<_, _>>()?);
    }
    let Some(models) = models else {
        return Err(Failure::Input(format!(
            "{place}: `model` is missing; it takes a name or a list of them"
        )));
    };
    let size = axes.iter().map(Vec::len).fold(models.len(), usize::saturating_mul);
    if size > MOST {
        return Err(Failure::Input(format!(
            "{place}: {size} combinations; {MOST} are the most"
        )));
    }
    grid(&models, &axes)
        .into_iter()
        .map(|(model, words)| {
            let flags: TrainingFlags = parsed(&words, &place)?;
            Candidate::new(model, words, &flags, registry).map_err(|failure| failure.about(&place))
        })
        .collect()
}
