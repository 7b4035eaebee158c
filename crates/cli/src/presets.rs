//! Made-up series to try things on: the same values for the same seed on every machine.
//!
//! Every preset is a sum or product of a trend, a season and noise, written out at its function. Noise is NumPy's
//! `RandomState(seed).randn`, sines are the `libm` crate's, so nothing depends on the platform.

use clap::ValueEnum;
use recurra_series::{Frequency, RandomState, Time, TimeParseError, reference};
use serde::{Serialize, Serializer};

/// What to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Preset {
    /// Four years of daily values with a trend, a yearly season and noise: columns t, series
    Reference,
    /// Visits a day with a weekly season and a trend: columns ds, y
    Daily,
    /// Sales a month, whose yearly season grows with their level: columns ds, y
    Monthly,
    /// Load an hour, with a daily and a weekly season: columns ds, y
    Hourly,
    /// Prices on business days, a random walk that no model beats: columns ds, y
    BusinessDays,
    /// Five shops of different size, daily: columns unique_id, ds, y
    Shops,
    /// As many shops as you like, daily, as a folder of Parquet files: columns unique_id, ds, y
    Panel,
    /// The daily preset with one day in twenty missing, for trying --fill: columns ds, y
    Gaps,
}

/// A table of columns of text, ready to be written.
pub(crate) struct Table {
    pub(crate) header: &'static [&'static str],
    pub(crate) rows: Vec<Vec<String>>,
}

impl Preset {
    /// How many values a series has unless told otherwise.
    pub(crate) fn usual_length(self) -> usize {
        match self {
            Self::Reference => reference::LENGTH,
            Self::Daily | Self::Gaps | Self::Shops => 730,
            Self::Monthly => 180,
            Self::Hourly => 24 * 70,
            Self::BusinessDays => 1000,
            Self::Panel => 200,
        }
    }

    /// The table of `length` values a series.
    pub(crate) fn table(self, length: usize, seed: u32) -> Result<Table, TimeParseError> {
        let noise = RandomState::new(seed).randn(length);
        Ok(match self {
            Self::Reference => {
                let values = reference::generate(length, seed);
                let rows = values
                    .iter()
                    .enumerate()
                    .map(|(t, value)| vec![t.to_string(), value.to_string()]);
                Table {
                    header: &["t", "series"],
                    rows: rows.collect(),
                }
            }
            Self::Daily => dated(Frequency::Days(1), "2023-01-01", &daily(&noise))?,
            Self::Monthly => dated(Frequency::Months { count: 1, day: 1 }, "2010-01-01", &monthly(&noise))?,
            Self::Hourly => dated(Frequency::Seconds(3600), "2024-01-01T00:00:00", &hourly(&noise))?,
            Self::BusinessDays => dated(Frequency::BusinessDays, "2020-01-01", &walk(&noise))?,
            // One part of it; `PanelPreset` writes the folder.
            Self::Panel | Self::Shops => shops(length, seed)?,
            Self::Gaps => {
                let mut table = dated(Frequency::Days(1), "2023-01-01", &daily(&noise))?;
                // Draws of their own decide what is missing; the first and last days stay.
                let draws = RandomState::new(seed.wrapping_add(1)).randn(length);
                let mut draws = draws
                    .iter()
                    .enumerate()
                    .map(|(at, z)| at == 0 || at + 1 == length || *z < 1.645);
                table.rows.retain(|_| draws.next().unwrap_or(true));
                table
            }
        })
    }
}

/// `200 + 0.1·t + 40·sin(2πt/7) + 8·z`.
fn daily(noise: &[f64]) -> Vec<f64> {
    let value = |(t, z): (usize, &f64)| 200.0 + 0.1 * t as f64 + 40.0 * wave(t, 7) + 8.0 * z;
    noise.iter().enumerate().map(value).collect()
}

/// `(120 + t)·(1 + 0.3·sin(2πt/12))·(1 + 0.04·z)`.
fn monthly(noise: &[f64]) -> Vec<f64> {
    let value = |(t, z): (usize, &f64)| (120.0 + t as f64) * (1.0 + 0.3 * wave(t, 12)) * (1.0 + 0.04 * z);
    noise.iter().enumerate().map(value).collect()
}

/// `500 + 120·sin(2πt/24) + 60·sin(2πt/168) + 15·z`.
fn hourly(noise: &[f64]) -> Vec<f64> {
    let value = |(t, z): (usize, &f64)| 500.0 + 120.0 * wave(t, 24) + 60.0 * wave(t, 168) + 15.0 * z;
    noise.iter().enumerate().map(value).collect()
}

/// `100 + Σ z`.
fn walk(noise: &[f64]) -> Vec<f64> {
    let step = |level: &mut f64, z: &f64| {
        *level += z;
        Some(*level)
    };
    noise.iter().scan(100.0, step).collect()
}

/// Five times the daily preset, each with its own size and noise.
fn shops(length: usize, seed: u32) -> Result<Table, TimeParseError> {
    let mut rows = Vec::new();
    for (shop, (name, size)) in [
        ("harbour", 1.0),
        ("market", 3.0),
        ("museum", 0.4),
        ("station", 8.0),
        ("university", 1.7),
    ]
    .iter()
    .enumerate()
    {
        let noise = RandomState::new(seed.wrapping_add(shop as u32)).randn(length);
        let values: Vec<f64> = daily(&noise).iter().map(|value| value * size).collect();
        for mut row in dated(Frequency::Days(1), "2023-01-01", &values)?.rows {
            row.insert(0, (*name).to_owned());
            rows.push(row);
        }
    }
    Ok(Table {
        header: &["unique_id", "ds", "y"],
        rows,
    })
}

/// `sin(2πt/period)`.
pub(crate) fn wave(t: usize, period: usize) -> f64 {
    libm::sin(2.0 * std::f64::consts::PI * (t % period) as f64 / period as f64)
}

/// Rows `ds, y` from `first` on, values with two decimals.
fn dated(frequency: Frequency, first: &str, values: &[f64]) -> Result<Table, TimeParseError> {
    let first: Time = first.parse()?;
    let times = (0..).map_while(|steps| frequency.after(first, steps));
    let rows = times
        .zip(values)
        .map(|(time, value)| vec![time.to_string(), format!("{value:.2}")]);
    Ok(Table {
        header: &["ds", "y"],
        rows: rows.collect(),
    })
}

/// A list of rows, each with the columns of the table in their order; what is a number stays one.
impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let field = |text: &String| match text.parse::<serde_json::Number>() {
            Ok(number) => serde_json::Value::Number(number),
            Err(_) => serde_json::Value::String(text.clone()),
        };
        let row = |row: &Vec<String>| -> Vec<(&str, serde_json::Value)> {
            self.header.iter().copied().zip(row.iter().map(field)).collect()
        };
        struct Fields<'a>(Vec<(&'a str, serde_json::Value)>);
        impl Serialize for Fields<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
            }
        }
        serializer.collect_seq(self.rows.iter().map(|fields| Fields(row(fields))))
    }
}

impl Table {
    /// The table as CSV. No field needs quotes.
    pub(crate) fn to_csv(&self) -> String {
        let mut text = self.header.join(",") + "\n";
        for row in &self.rows {
            text += &row.join(",");
            text.push('\n');
        }
        text
    }
}
