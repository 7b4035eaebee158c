//! A folder of tables that are read one after the other: a panel that is larger than memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use recurra_series::{CsvOptions, Panel, Series, Time};
use recurra_zoo::forecaster::{PanelParts, PartError};
use recurra_zoo::model_file::{data_sha256, joint_sha256};

use crate::data_flags::DataFlags;
use crate::dataset::{Dataset, Reading, read_table};
use crate::failure::Failure;
use crate::files;
use crate::interrupt;
use crate::parts_of_series::PartsOfSeries;
use crate::season;

/// The tables of a folder, in the order of their names, each with whole series. All are read in the way of the first.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    files: Vec<PathBuf>,
    csv: CsvOptions,
    reading: Reading,
    found_season: bool,
    /// The first part, which has been read to see what all of them hold, until it is asked for.
    first: Mutex<Option<Panel>>,
}

/// What one reading of all parts tells.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) series: usize,
    pub(crate) points: usize,
    pub(crate) shortest: usize,
    pub(crate) first: Option<Time>,
    pub(crate) last: Option<Time>,
    /// Steps of a season; 1 for none.
    pub(crate) season: usize,
    /// Whether the season was found in the values of the first part.
    pub(crate) found_season: bool,
    pub(crate) sha256: String,
}

/// Whether a command-line argument names a folder.
pub(crate) fn is_folder(data: &str) -> bool {
    data != "-" && files::is_folder(Path::new(data))
}

impl Folder {
    /// The tables of the folder `data`, in the columns that the flags name or its first table shows; what that one shows, all have.
    pub(crate) fn open(data: &str, flags: &DataFlags) -> Result<Self, Failure> {
        let (path, csv) = (PathBuf::from(data), flags.form.csv());
        let files = tables(&path)?;
        let table = read_table(&name(&files[0]), &csv)?;
        let mut folder = Self::with(path, files, csv, flags.reading(&table)?)?;
        let first = Dataset::of(&table, folder.reading.clone())?;
        folder.reading.season = Some(first.season);
        folder.found_season = first.seeks_season;
        folder.reading.options.frequency = folder.reading.options.frequency.or(first.panel.frequency);
        folder.first = Mutex::new(Some(first.panel));
        Ok(folder)
    }

    /// The tables of the folder `data`, read as `reading` says.
    pub(crate) fn open_as(data: &str, csv: CsvOptions, reading: Reading) -> Result<Self, Failure> {
        let path = PathBuf::from(data);
        let files = tables(&path)?;
        Self::with(path, files, csv, reading)
    }

    fn with(path: PathBuf, files: Vec<PathBuf>, csv: CsvOptions, reading: Reading) -> Result<Self, Failure> {
        if reading.names.unique_id.is_none() {
            return Err(Failure::Input(format!(
                "{}: a folder of tables holds many series, told apart by a column; name it with --id",
                path.display()
            )));
        }
        Ok(Self {
            path,
            files,
            csv,
            reading,
            found_season: false,
            first: Mutex::new(None),
        })
    }

    /// Looks for the season again, in the values of the first part before `end`, if it was found in values: what a model is measured on
    /// may not decide how it is fitted. Gives it if it is another one.
    pub(crate) fn season_before(&mut self, end: impl Fn(&Series) -> usize) -> Option<usize> {
        let first = self.first.get_mut().unwrap_or_else(PoisonError::into_inner).as_ref();
        let season = first
            .filter(|_| self.found_season)
            .map(|panel| season::found(panel, end));
        let other = season.filter(|season| Some(*season) != self.reading.season);
        self.reading.season = other.or(self.reading.season);
        other
    }

    /// The files of all parts.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(PathBuf::as_path)
    }

    /// The file of a part.
    pub(crate) fn file(&self, part: usize) -> &Path {
        &self.files[part]
    }

    /// How the tables are read.
    pub(crate) fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The series of a part.
    pub(crate) fn dataset(&self, part: usize) -> Result<Dataset, Failure> {
        Dataset::of(&read_table(&name(&self.files[part]), &self.csv)?, self.reading.clone())
    }

    /// The same, unless Ctrl-C was pressed, or is while it is read: then the command ends with these words.
    pub(crate) fn dataset_unless(&self, part: usize, words: impl Fn() -> String) -> Result<Dataset, Failure> {
        let interrupted = || Failure::Interrupted(words());
        if interrupt::raised() {
            return Err(interrupted());
        }
        self.dataset(part).map_err(|failure| match interrupt::raised() {
            true => interrupted(),
            false => failure,
        })
    }

    /// Reads everything once, so that what is wrong shows before a training begins. `seen` follows: parts that were read.
    pub(crate) fn contents(&self, mut seen: impl FnMut(usize)) -> Result<Contents, Failure> {
        let mut contents = Contents {
            series: 0,
            points: 0,
            shortest: usize::MAX,
            first: None,
            last: None,
            season: self.reading.season.unwrap_or(1),
            found_season: self.found_season,
            sha256: String::new(),
        };
        let mut digests = Vec::with_capacity(self.files.len());
        let mut parts_of_series = PartsOfSeries::default();
        for part in 0..self.files.len() {
            seen(part);
            let known = match part {
                0 => self.first.lock().unwrap_or_else(PoisonError::into_inner).take(),
                _ => None,
            };
            let panel = match known {
                Some(panel) => panel,
                None => {
                    let nothing = || "interrupted; nothing was written".to_owned();
                    self.dataset_unless(part, nothing)?.panel
                }
            };
            let series = &panel.series;
            self.check_series(&mut parts_of_series, part, series)?;
            contents.series += series.len();
            for series in series {
                contents.points += series.len();
                contents.shortest = contents.shortest.min(series.len());
                let (first, last) = (series.times().first().copied(), series.times().last().copied());
                if first.is_some_and(|first| contents.first.is_none_or(|so_far| first < so_far)) {
                    contents.first = first;
                }
                if last.is_some_and(|last| contents.last.is_none_or(|so_far| last > so_far)) {
                    contents.last = last;
                }
            }
            digests.push(data_sha256(&panel));
        }
        contents.sha256 = joint_sha256(&digests);
        Ok(contents)
    }

    /// Refuses a part with a series that an earlier part holds. `seen` has the parts before it, in their order.
    pub(crate) fn check_series(&self, seen: &mut PartsOfSeries, part: usize, series: &[Series]) -> Result<(), Failure> {
        for id in series.iter().filter_map(Series::unique_id) {
            if let Some(earlier) = seen.seen(id, part) {
                // Two names may have one digest: the part itself decides.
                if self.holds(earlier, id)? {
                    return Err(Failure::Input(format!(
                        "{}: series `{id}` is in {} too; every series has to lie in one file as a whole",
                        self.files[part].display(),
                        self.files[earlier].display()
                    )));
                }
            }
        }
        Ok(())
    }

    /// Whether a series lies in a part.
    fn holds(&self, part: usize, id: &str) -> Result<bool, Failure> {
        let panel = self.dataset(part)?.panel;
        Ok(panel.series.iter().any(|series| series.unique_id() == Some(id)))
    }
}

impl PanelParts for Folder {
    fn count(&self) -> usize {
        self.files.len()
    }

    fn read(&self, part: usize) -> Result<Panel, PartError> {
        if interrupt::raised() {
            return Err("interrupted".into());
        }
        let dataset = self.dataset(part);
        dataset
            .map(|dataset| dataset.panel)
            .map_err(|failure| failure.into_parts().1.unwrap_or_default().into())
    }
}

/// The Parquet and CSV files of a folder, in the order of their names.
fn tables(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in files::list(folder)? {
        let hidden = path
            .file_name()
            .is_none_or(|name| name.to_string_lossy().starts_with('.'));
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        if !hidden && matches!(ending.as_deref(), Some("parquet" | "csv")) {
            found.push(path);
        }
    }
    found.sort();
    // Their forecasts would have one name.
    let mut stems = BTreeMap::new();
    for file in &found {
        if let Some(twin) = stems.insert(file.file_stem(), file) {
            return Err(Failure::Input(format!(
                "{} and {}: two parts of one name; rename one of them",
                twin.display(),
                file.display()
            )));
        }
    }
    if found.is_empty() {
        return Err(Failure::Input(format!(
            "{}: this folder holds no .parquet and no .csv file",
            folder.display()
        )));
    }
    Ok(found)
}

fn name(file: &Path) -> String {
    file.display().to_string()
}
