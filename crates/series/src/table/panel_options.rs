//! What a caller says of a table: which column is what, and how its times are to be read.

use crate::Frequency;

/// Which columns of a table are what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnNames {
    /// The times.
    pub time: String,
    /// The values.
    pub value: String,
    /// The names of the series, if the table holds several.
    pub unique_id: Option<String>,
    /// Covariates that are known up to the end of the data.
    pub past: Vec<String>,
    /// Covariates that are known for the times of the forecast too.
    pub future: Vec<String>,
}

impl Default for ColumnNames {
    /// `ds` and `y`, one series, no covariates.
    fn default() -> Self {
        Self {
            time: "ds".into(),
            value: "y".into(),
            unique_id: None,
            past: Vec::new(),
            future: Vec::new(),
        }
    }
}

/// How a table is made into series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PanelOptions {
    /// The form of the times, in the notation of `strftime`; otherwise found.
    pub time_format: Option<String>,
    /// The frequency; otherwise inferred from the longest series.
    pub frequency: Option<Frequency>,
}
