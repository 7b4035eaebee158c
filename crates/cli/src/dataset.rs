//! The data of a command: flags that say how to read it, and what was read.

use std::path::Path;

use recurra_series::{
    ColumnNames, CsvOptions, DataError, DataErrorKind, Decimal, Fill, Frequency, GappyPanel, Panel, PanelOptions,
    Source, Table, Time,
};

use crate::failure::Failure;
use crate::files::object;
use crate::model_flags::count;
use crate::terminal::Terminal;
use crate::text::counted;
use crate::{calendar, columns};

/// How the table is to be read.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Data")]
pub(crate) struct DataFlags {
    /// The column of times [default: ds, or the first of two columns]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) time: Option<String>,
    /// The column of values [default: y, or the other of two columns]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) value: Option<String>,
    /// The column that tells several series apart [default: unique_id, if there is one]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    /// Covariates that are known up to the last time only
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) past_exog: Vec<String>,
    /// Covariates that are known for the times of the forecast too
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) future_exog: Vec<String>,
    /// Add columns made from the times: time of day, day of the week, day of the year
    #[arg(long)]
    pub(crate) calendar: bool,
    #[command(flatten)]
    pub(crate) form: FormFlags,
    /// The frequency, such as daily, "15 minutes" or "monthly, on day 31" [default: inferred]
    #[arg(long, value_name = "FREQUENCY")]
    pub(crate) frequency: Option<Frequency>,
    /// Fill missing times and values: linear, previous or seasonal [default: they are an error]
    #[arg(long, value_name = "HOW")]
    pub(crate) fill: Option<Fill>,
    /// Steps of a season [default: the frequency's, such as 7 for daily data; for plain numbers as times it is found]
    #[arg(long, value_name = "N")]
    pub(crate) season: Option<usize>,
}

/// How the text of a table is written.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Data")]
pub(crate) struct FormFlags {
    /// What separates the fields of a CSV file, such as ';' or tab [default: found]
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub(crate) delimiter: Option<char>,
    /// The decimal mark, point or comma [default: found]
    #[arg(long, value_name = "MARK", value_parser = decimal)]
    pub(crate) decimal: Option<Decimal>,
    /// The form of the times, such as %d/%m/%Y [default: found]
    #[arg(long, value_name = "FORM", value_parser = time_format)]
    pub(crate) time_format: Option<String>,
}

fn delimiter(text: &str) -> Result<char, String> {
    let mut characters = text.chars();
    match (text, characters.next(), characters.next()) {
        ("tab" | "\\t", ..) => Ok('\t'),
        (_, Some(character), None) => Ok(character),
        _ => Err("give a single character, or tab".to_owned()),
    }
}

fn time_format(text: &str) -> Result<String, String> {
    let wrong = |item| matches!(item, chrono::format::Item::Error);
    if text.trim().is_empty() || chrono::format::StrftimeItems::new(text).any(wrong) {
        return Err("give a form in the notation of strftime, such as %d/%m/%Y or '%Y-%m-%d %H:%M'".to_owned());
    }
    Ok(text.to_owned())
}

fn decimal(text: &str) -> Result<Decimal, String> {
    match text {
        "point" | "." => Ok(Decimal::Point),
        "comma" | "," => Ok(Decimal::Comma),
        _ => Err("give point or comma".to_owned()),
    }
}

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

impl FormFlags {
    pub(crate) fn csv(&self) -> CsvOptions {
        CsvOptions {
            delimiter: self.delimiter,
            decimal: self.decimal,
        }
    }
}

impl DataFlags {
    /// Reads the table that a command-line argument names.
    pub(crate) fn read(&self, data: &str, terminal: &Terminal) -> Result<Dataset, Failure> {
        let table = read_table(data, &self.form.csv())?;
        let dataset = Dataset::of(&table, self.reading(&table)?)?;
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
            crate::season::found(&panel, |series| series.len())
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
