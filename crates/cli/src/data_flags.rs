//! Flags that say how a table is to be read.

use recurra_series::{CsvOptions, Decimal, Fill, Frequency};

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

impl FormFlags {
    pub(crate) fn csv(&self) -> CsvOptions {
        CsvOptions {
            delimiter: self.delimiter,
            decimal: self.decimal,
        }
    }
}
