//! The data of a command: how it is read, and what was read.

use std::path::Path;

use recurra_evaluation::backtest::Backtest;
use recurra_runs::digest_bytes;
use recurra_series::{
    ColumnNames, CsvOptions, DataError, DataErrorKind, Fill, Frequency, GappyPanel, Panel, PanelOptions, Series,
    Source, Table, Time,
};

use crate::data_flags::DataFlags;
use crate::failure::Failure;
use crate::files::{self, object};
use crate::model_flags::count;
use crate::terminal::Terminal;
use crate::text::counted;
use crate::{calendar, columns, season};

/// Which columns are what, and how gaps are filled: from flags, or from a model file.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) names: ColumnNames,
    pub(crate) calendar: bool,
    pub(crate) options: PanelOptions,
    pub(crate) fill: Option<Fill>,
    /// Nothing: the frequency's.
    pub(crate) season: Option<usize>,
    /// What to say of columns that nobody named, where they turn out wrong.
    pub(crate) guess: Option<String>,
}

/// What was read.
#[derive(Debug)]
pub(crate) struct Dataset {
    pub(crate) file: String,
    pub(crate) reading: Reading,
    /// Complete series, filled where that was asked for.
    pub(crate) panel: Panel,
    /// The series with their gaps, where filling was asked for.
    pub(crate) gappy: Option<GappyPanel>,
    /// Steps of a season; 1 for none.
    pub(crate) season: usize,
    /// Whether the season is looked for in the values, as it was not given and the frequency has none.
    pub(crate) seeks_season: bool,
}

impl DataFlags {
    /// Reads the table that a command-line argument names.
    pub(crate) fn read(&self, data: &str, terminal: &Terminal) -> Result<Dataset, Failure> {
        self.found(&read_table(data, &self.form.csv())?, terminal)
    }

    /// Reads a file once, and gives the SHA-256 of its bytes too.
    pub(crate) fn read_with_digest(&self, path: &Path, terminal: &Terminal) -> Result<(Dataset, String), Failure> {
        let bytes = files::read(path)?;
        let digest = digest_bytes(&bytes);
        let source = Source::Bytes {
            name: path.display().to_string(),
            bytes,
        };
        let table = Table::read(source, &self.form.csv()).map_err(|error| explain(&error))?;
        Ok((self.found(&table, terminal)?, digest))
    }

    fn found(&self, table: &Table, terminal: &Terminal) -> Result<Dataset, Failure> {
        let dataset = Dataset::of(table, self.reading(table)?)?;
        dataset.describe(terminal);
        Ok(dataset)
    }

    /// How the table, and others like it, are read.
    pub(crate) fn reading(&self, table: &Table) -> Result<Reading, Failure> {
        let (names, guess) = columns::names(self, table)?;
        if let Some(season) = self.season {
            count("--season", season)?;
        }
        Ok(Reading {
            calendar: self.calendar,
            options: PanelOptions {
                time_format: self.form.time_format.clone(),
                frequency: self.frequency,
            },
            fill: self.fill,
            season: self.season,
            names,
            guess,
        })
    }
}

/// Reads a table: a path, the URL of an object, or `-` for standard input.
pub(crate) fn read_table(data: &str, csv: &CsvOptions) -> Result<Table, Failure> {
    let source = match object(Path::new(data))? {
        Some(object) => Source::Bytes {
            name: data.to_owned(),
            bytes: object.get().map_err(Failure::input)?,
        },
        None => Source::from_argument(data),
    };
    Table::read(source, csv).map_err(|error| explain(&error))
}

impl Dataset {
    /// The series of a table.
    pub(crate) fn of(table: &Table, reading: Reading) -> Result<Self, Failure> {
        let Reading {
            names, options, fill, ..
        } = &reading;
        let explained = |error: DataError| match &reading.guess {
            Some(guess) if may_be_a_wrong_guess(&error.kind) => Failure::Input(format!("{error}{guess}")),
            _ => explain(&error),
        };
        let gappy = match fill {
            Some(_) => Some(table.gappy_panel(names, options).map_err(explained)?),
            None => None,
        };
        let frequency = |panel: Option<Frequency>| panel.and_then(|frequency| frequency.usual_season());
        let season = |panel| reading.season.or_else(|| frequency(panel)).unwrap_or(1);
        let mut panel = match (&gappy, fill) {
            (Some(gappy), Some(fill)) => {
                let season = season(gappy.frequency);
                if *fill == Fill::Seasonal && season < 2 && gappy.missing() > 0 {
                    return Err(Failure::Input(format!(
                        "{}: --fill seasonal: nothing says how many steps a season has; give --season N where the command has it, \
                         or fill linear or previous",
                        table.file()
                    )));
                }
                let filled = gappy.fill(*fill, season);
                filled.map_err(|error| Failure::Input(format!("{}: {error}", table.file())))?
            }
            _ => table.panel(names, options).map_err(explained)?,
        };
        if reading.calendar {
            panel = calendar::add(panel, 0).map_err(|error| Failure::Input(format!("{}: {error}", table.file())))?;
        }
        let seeks_season = reading.season.is_none() && matches!(panel.frequency, Some(Frequency::Step(_)) | None);
        let season = if seeks_season {
            season::found(&panel, Series::len)
        } else {
            season(panel.frequency)
        };
        Ok(Self {
            file: table.file().to_owned(),
            panel,
            gappy,
            season,
            seeks_season,
            reading,
        })
    }

    /// The plan with the season of values before its first cutoff alone, where the season was found in the values: what comes later
    /// may decide no forecast.
    pub(crate) fn with_season_before(&self, plan: Backtest) -> Backtest {
        if !self.seeks_season {
            return plan;
        }
        let end = |series: &Series| plan.first_cutoff(series.len()).unwrap_or(0);
        let season_length = season::found(&self.panel, end);
        Backtest { season_length, ..plan }
    }

    /// Says what was found in the data.
    fn describe(&self, terminal: &Terminal) {
        let frequency = self
            .panel
            .frequency
            .map_or_else(|| "no frequency".to_owned(), |found| found.to_string());
        let series = match self.panel.series.len() {
            1 => String::new(),
            count => format!("{count} series, "),
        };
        let filled = self.gappy.as_ref().map_or(0, GappyPanel::missing);
        let filled = if filled > 0 {
            format!(", {filled} of them filled in")
        } else {
            String::new()
        };
        let times = self.panel.series.iter().flat_map(|series| series.times());
        let range = match (times.clone().min_by(compare), times.max_by(compare)) {
            (Some(first), Some(last)) => format!(", {first} to {last}"),
            _ => String::new(),
        };
        let season = if self.seeks_season && self.season > 1 {
            format!(", season {}", self.season)
        } else {
            String::new()
        };
        let ColumnNames { time, value, .. } = &self.reading.names;
        terminal.note(&format!(
            "{}: {series}{} of `{value}` by `{time}`{filled}, {frequency}{range}{season}",
            self.file,
            counted(self.panel.points(), "value")
        ));
    }
}

fn compare(a: &&Time, b: &&Time) -> std::cmp::Ordering {
    a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal)
}

/// Whether an error may come from taking one column for the other. Two equal date-times are a matter of clocks.
fn may_be_a_wrong_guess(kind: &DataErrorKind) -> bool {
    match kind {
        DataErrorKind::NotANumber { text } => text.parse::<Time>().is_ok(),
        DataErrorKind::Duplicate { time, .. } => !matches!(time, Time::DateTime(_)),
        DataErrorKind::NotATime { .. } | DataErrorKind::WrongType { .. } | DataErrorKind::Unsorted { .. } => true,
        _ => false,
    }
}

/// A library's message, with the flag that helps.
pub(crate) fn explain(error: &DataError) -> Failure {
    let flag = match &*error.kind {
        DataErrorKind::NoColumn { .. } => " (name columns with --time, --value, --id)",
        DataErrorKind::MissingValue { .. } | DataErrorKind::Gaps { .. } => " (--fill linear|previous|seasonal)",
        DataErrorKind::AmbiguousComma { .. } => " (--decimal point|comma)",
        DataErrorKind::AmbiguousTimes { .. } | DataErrorKind::NotATime { .. } => " (--time-format)",
        DataErrorKind::Irregular { .. } | DataErrorKind::TooSparse { .. } => " (--frequency)",
        DataErrorKind::Ragged { .. } => " (--delimiter)",
        DataErrorKind::Duplicate {
            time: Time::DateTime(_),
            ..
        } => " (where clocks were set back, write the times in UTC or with their offset)",
        DataErrorKind::Duplicate { series: None, .. } => " (--id COLUMN)",
        DataErrorKind::NoFutureRow { .. } => " (--future FILE)",
        _ => "",
    };
    Failure::Input(format!("{error}{flag}"))
}
