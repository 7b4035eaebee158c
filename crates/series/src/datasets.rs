//! Small data sets in the public domain, to try models on.
//!
//! They lie in the folder `datasets/` of this crate, with where they come from and their digests in
//! `datasets.toml` and the script that took them, `take.py`; they are compiled into the program.
//!
//! ```
//! let nile = recurra_series::datasets::load("nile")?;
//! assert_eq!(nile.panel.series[0].len(), 100);
//! assert_eq!(nile.provenance.title, "Flow of the Nile at Aswan in 10^8 cubic metres a year, 1871 to 1970");
//! # Ok::<(), recurra_series::datasets::DatasetError>(())
//! ```

use serde::Deserialize;

use crate::nearest_name::nearest_name;
use crate::{ColumnNames, CsvOptions, DataError, Panel, PanelOptions, Source, Table};

/// The files, by name.
macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../datasets/", $name, ".csv")))),+]
    };
}

const FILES: &[(&str, &str)] = files![
    "sunspots-yearly",
    "sunspots-monthly",
    "nile",
    "co2-monthly",
    "el-nino",
    "us-gdp",
    "seattle-temperature",
    "seattle-precipitation",
    "seattle-hourly",
    "us-employment",
    "iowa-electricity",
];
const MANIFEST: &str = include_str!("../datasets/datasets.toml");

/// A data set: its series, and where they come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Where it comes from.
    pub provenance: Provenance,
    /// The series.
    pub panel: Panel,
}

/// Where a data set comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Its name.
    pub name: String,
    /// What it is about, in one line, with its unit.
    pub title: String,
    /// What kinds of series it holds: seasonal, trending, intermittent, many series, …
    pub kinds: Vec<String>,
    /// Who measured or published it.
    pub source: String,
    /// Why it may be used.
    pub licence: String,
    /// The package and file that it was taken from.
    pub package: String,
    /// How it was taken from there.
    pub taken: String,
    /// The SHA-256 of its CSV file, in hexadecimal.
    pub sha256: String,
    /// Whether it holds several series.
    pub panel: bool,
    /// Its past covariates.
    #[serde(default)]
    pub past: Vec<String>,
}

/// Why a data set could not be loaded.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// No data set has this name.
    #[error(
        "there is no data set `{name}`{}; there are {}",
        nearest.map_or_else(String::new, |name| format!(", did you mean `{name}`?")),
        names().collect::<Vec<_>>().join(", ")
    )]
    Unknown {
        /// The name.
        name: String,
        /// The nearest name there is.
        nearest: Option<&'static str>,
    },
    /// The list of data sets is damaged.
    #[error("datasets.toml: {0}")]
    Manifest(String),
    /// The file is damaged.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// The names of all data sets.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// A data set's CSV file as it is.
///
/// # Errors
/// If no data set has this name.
pub fn csv(name: &str) -> Result<&'static str, DatasetError> {
    let file = FILES.iter().find(|(other, _)| *other == name);
    file.map(|(_, text)| *text).ok_or_else(|| unknown(name))
}

/// Where a data set comes from.
///
/// # Errors
/// If no data set has this name.
pub fn provenance(name: &str) -> Result<Provenance, DatasetError> {
    #[derive(Deserialize)]
    struct Manifest {
        dataset: Vec<Provenance>,
    }
    let manifest: Manifest =
        toml::from_str(MANIFEST).map_err(|error| DatasetError::Manifest(error.message().to_owned()))?;
    manifest
        .dataset
        .into_iter()
        .find(|dataset| dataset.name == name)
        .ok_or_else(|| unknown(name))
}

/// Loads a data set.
///
/// # Errors
/// If no data set has this name.
pub fn load(name: &str) -> Result<Dataset, DatasetError> {
    let text = csv(name)?;
    let provenance = provenance(name)?;
    let source = Source::Bytes {
        name: format!("datasets/{name}.csv"),
        bytes: text.into(),
    };
    let columns = ColumnNames {
        unique_id: provenance.panel.then(|| "unique_id".to_owned()),
        past: provenance.past.clone(),
        ..ColumnNames::default()
    };
    let panel = Table::read(source, &CsvOptions::default())?.panel(&columns, &PanelOptions::default())?;
    Ok(Dataset { provenance, panel })
}

fn unknown(name: &str) -> DatasetError {
    DatasetError::Unknown {
        name: name.to_owned(),
        nearest: nearest_name(name, names()),
    }
}
