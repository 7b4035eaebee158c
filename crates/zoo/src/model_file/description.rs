//! What a model file says of its model, apart from the weights.

use recurra_series::{Fill, Frequency};
use serde::{Deserialize, Serialize};

/// Where a model's data came from and what it looked like: what is needed to read more of the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataDescription {
    /// The column of times.
    pub time: String,
    /// The column of values.
    pub value: String,
    /// The column that tells several series apart, if there is one.
    pub unique_id: Option<String>,
    /// Covariates that are known up to the last time.
    pub past: Vec<String>,
    /// Covariates that are known for the times of the forecast too, without those of the calendar.
    pub future: Vec<String>,
    /// Whether columns made from the times (day of the week, month …) are among the covariates.
    pub calendar: bool,
    /// The form of the times, where it was given.
    pub time_format: Option<String>,
    /// The distance from one time to the next, if the data shows one.
    pub frequency: Option<Frequency>,
    /// How gaps were filled.
    pub fill: Option<Fill>,
    /// Steps of a season; 1 for none.
    pub season: usize,
    /// How many series there are.
    pub series: usize,
    /// Values of all series together.
    pub points: usize,
    /// The first time of all.
    pub first: String,
    /// The last time of all.
    pub last: String,
    /// SHA-256 of names, times, values and covariates.
    pub sha256: String,
}
