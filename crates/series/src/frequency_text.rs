//! Frequencies as people write them.

use std::fmt;
use std::str::FromStr;

use crate::Frequency;

/// `daily`, `15 minutes`, `monthly, on day 31`, …
impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Step(step) => write!(f, "step {step}"),
            Self::Seconds(3600) => f.write_str("hourly"),
            Self::Seconds(seconds) if seconds % 3600 == 0 => write!(f, "{} hours", seconds / 3600),
            Self::Seconds(60) => f.write_str("every minute"),
            Self::Seconds(seconds) if seconds % 60 == 0 => write!(f, "{} minutes", seconds / 60),
            Self::Seconds(1) => f.write_str("every second"),
            Self::Seconds(seconds) => write!(f, "{seconds} seconds"),
            Self::Days(1) => f.write_str("daily"),
            Self::Days(7) => f.write_str("weekly"),
            Self::Days(days) => write!(f, "{days} days"),
            Self::BusinessDays => f.write_str("business days"),
            Self::Months { count, day } => {
                match count {
                    1 => f.write_str("monthly")?,
                    3 => f.write_str("quarterly")?,
                    12 => f.write_str("yearly")?,
                    count => write!(f, "{count} months")?,
                }
                if day == 1 { Ok(()) } else { write!(f, ", on day {day}") }
            }
        }
    }
}

/// Why a text is no frequency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no frequency; write daily, weekly, monthly, quarterly, yearly, hourly, `business days`, `15 minutes`, \
     `2 hours`, `monthly, on day 31`, or `step 1`"
)]
pub struct FrequencyParseError {
    /// The text.
    pub text: String,
}

impl FromStr for Frequency {
    type Err = FrequencyParseError;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, FrequencyParseError> {
        parse(text.trim()).ok_or_else(|| FrequencyParseError { text: text.to_owned() })
    }
}

fn parse(text: &str) -> Option<Frequency> {
    let (name, day) = match text.split_once(", on day ") {
        None => (text, 1),
        Some((name, day)) => (name, day.parse().ok().filter(|day| (1..=31).contains(day))?),
    };
    let months = |count| Frequency::Months { count, day };
    let frequency = match name {
        "monthly" => months(1),
        "quarterly" => months(3),
        "yearly" => months(12),
        "hourly" => Frequency::Seconds(3600),
        "every minute" => Frequency::Seconds(60),
        "every second" => Frequency::Seconds(1),
        "daily" => Frequency::Days(1),
        "weekly" => Frequency::Days(7),
        "business days" => Frequency::BusinessDays,
        _ => {
            let (first, second) = name.split_once(' ')?;
            if first == "step" {
                let step = second
                    .parse()
                    .ok()
                    .filter(|step: &f64| step.is_finite() && *step > 0.0)?;
                return Some(Frequency::Step(step));
            }
            let count: u32 = first.parse().ok().filter(|&count| count > 0)?;
            match second {
                "months" => months(count),
                "days" => Frequency::Days(count),
                "hours" => Frequency::Seconds(count.checked_mul(3600)?),
                "minutes" => Frequency::Seconds(count.checked_mul(60)?),
                "seconds" => Frequency::Seconds(count),
                _ => return None,
            }
        }
    };
    Some(frequency)
}
