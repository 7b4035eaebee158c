//! `recurra plot`: data and forecasts as a chart.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use recurra_evaluation::metrics::Level;
use recurra_report::forecast::{Band, ForecastReport, MOST_STILL, Segment, SeriesReport, picture};
use recurra_series::{ColumnNames, CsvOptions, Panel, PanelOptions, Series, Table, Time};
use serde::Serialize;

use crate::data_flags::DataFlags;
use crate::dataset::{explain, read_table};
use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::{page, write_file};

/// Draw a table and its forecast
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra plot reference.csv --forecast forecast.csv -o forecast.svg
  recurra plot shops.csv --id shop --forecast forecast.csv --last 90 -o shops.html")]
pub(crate) struct Arguments {
    /// A CSV or Parquet file, or - for standard input
    data: String,
    /// A forecast that `recurra forecast` wrote, as CSV or Parquet
    #[arg(long, value_name = "FILE")]
    forecast: Option<String>,
    /// Draw the last N values of each series only [default: all; with a forecast 8 times as many as it has steps]
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    /// FILE.svg or FILE.png for a picture, FILE.html for a page to zoom in
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    data_flags: DataFlags,
}

pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<(), Failure> {
    let ending = arguments
        .output
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    let Some(ending @ ("svg" | "png" | "html")) = ending.as_deref() else {
        let path = arguments.output.display();
        return Err(Failure::Input(format!(
            "{path}: the ending says what to draw; use .svg, .png or .html"
        )));
    };
    let inputs = [Some(&arguments.data), arguments.forecast.as_ref()];
    write_file::check_outputs(
        [arguments.output.as_ref()],
        inputs.into_iter().flatten().map(AsRef::as_ref),
    )?;
    let dataset = arguments.data_flags.read(&arguments.data, terminal)?;
    let forecast = arguments
        .forecast
        .as_ref()
        .map(|path| read(path, &dataset.panel))
        .transpose()?;
    let steps = forecast
        .as_ref()
        .and_then(|forecast| forecast.values.series.values().map(Series::len).max());
    let last = arguments.last.or(steps.map(|steps| (8 * steps).max(50)));
    if last == Some(0) {
        return Err(Failure::input("--last is 0; it has to be at least 1"));
    }
    let series = dataset
        .panel
        .series
        .iter()
        .map(|series| one(series, forecast.as_ref(), last.unwrap_or(usize::MAX)));
    let series: Vec<SeriesReport> = series.collect::<Result<_, _>>()?;
    let with = forecast.as_ref().map_or_else(String::new, Forecast::words);
    let title = format!(
        "{} by {}{with}",
        dataset.reading.names.value, dataset.reading.names.time
    );
    let count = series.len();
    let report = ForecastReport {
        series,
        ..page::report(title, &dataset)
    };
    let mut drawn = count;
    if ending == "html" {
        page::write(&report, &arguments.output)?;
    } else {
        drawn = count.min(MOST_STILL);
        let svg = picture(&report).map_err(Failure::input)?;
        let bytes = match ending {
            "png" => recurra_report::png::png(&svg).map_err(Failure::input)?,
            _ => svg.into_bytes(),
        };
        write_file::write(&arguments.output, &bytes)?;
    }
    let charts = if drawn < count {
        format!(" (the first {drawn} of {count} series)")
    } else {
        String::new()
    };
    if terminal.json {
        return terminal.json(&Written {
            output: arguments.output.display().to_string(),
            series: count,
            drawn,
        });
    }
    terminal.note(&format!("wrote {}{charts}", arguments.output.display()));
    Ok(())
}

/// What was written.
#[derive(Serialize)]
struct Written {
    output: String,
    series: usize,
    drawn: usize,
}

/// A forecast as it was read: one panel of points, and two of bounds for every level.
struct Forecast {
    file: String,
    values: Named,
    bounds: BTreeMap<Level, (Named, Named)>,
}

/// Series by name.
struct Named {
    series: HashMap<Option<String>, Series>,
}

impl Named {
    /// What is there under the name of `series`.
    fn of(&self, series: &Series) -> Option<&Series> {
        self.series.get(&series.unique_id().map(str::to_owned))
    }
}

impl From<Panel> for Named {
    fn from(panel: Panel) -> Self {
        let named = |series: Series| (series.unique_id().map(str::to_owned), series);
        Self {
            series: panel.series.into_iter().map(named).collect(),
        }
    }
}

impl Forecast {
    /// `, with its forecast and 80 % and 95 % intervals`.
    fn words(&self) -> String {
        let levels: Vec<String> = self.bounds.keys().map(|level| format!("{level} %")).collect();
        let levels = if levels.is_empty() {
            String::new()
        } else {
            format!(" and {} intervals", levels.join(" and "))
        };
        format!(", with its forecast{levels}")
    }
}

fn read(path: &str, data: &Panel) -> Result<Forecast, Failure> {
    let table: Table = read_table(path, &CsvOptions::default())?;
    let columns: Vec<String> = table.names().map(str::to_owned).collect();
    let named = columns.iter().any(|name| name == "unique_id");
    let panel = |value: &str| {
        let names = ColumnNames {
            value: value.to_owned(),
            unique_id: named.then(|| "unique_id".to_owned()),
            ..ColumnNames::default()
        };
        let options = PanelOptions {
            time_format: None,
            frequency: data.frequency,
        };
        table
            .panel(&names, &options)
            .map(Named::from)
            .map_err(|error| explain(&error))
    };
    let levels = columns
        .iter()
        .filter_map(|name| name.strip_prefix("lo-")?.parse::<Level>().ok());
    let levels = levels.filter(|level| columns.contains(&level.upper_column()));
    let bounds = levels.map(|level| Ok((level, (panel(&level.lower_column())?, panel(&level.upper_column())?))));
    Ok(Forecast {
        file: path.to_owned(),
        values: panel("yhat")?,
        bounds: bounds.collect::<Result<_, Failure>>()?,
    })
}

/// The last values of a series with the forecast of it.
fn one(series: &Series, forecast: Option<&Forecast>, last: usize) -> Result<SeriesReport, Failure> {
    let skipped = series.len().saturating_sub(last);
    let mut times: Vec<Time> = series.times()[skipped..].to_vec();
    let values = (skipped..series.len()).map(|at| Some(series.values()[at]).filter(|_| !series.is_filled(at)));
    let mut forecasts = Vec::new();
    let own = |panel: &Named| panel.of(series).cloned();
    if let Some(Forecast { file, values, bounds }) = forecast {
        let points = own(values).ok_or_else(|| {
            let name = series
                .unique_id()
                .map_or_else(|| "the only series".to_owned(), |name| format!("series `{name}`"));
            Failure::Input(format!("{file}: there is no forecast of {name}"))
        })?;
        let Some(first) = points.times().first() else {
            return Err(Failure::Input(format!("{file}: no forecast")));
        };
        let start = times.partition_point(|time| time < first);
        for (at, time) in points.times().iter().enumerate() {
            if start + at >= times.len() {
                times.push(*time);
            }
        }
        let interval = |(level, (lower, upper)): (&Level, &(Named, Named))| {
            Some(Band {
                level: f64::from(level.percent()),
                lower: own(lower)?.values().to_vec(),
                upper: own(upper)?.values().to_vec(),
            })
        };
        forecasts.push(Segment {
            start,
            first_step: 1,
            mean: points.values().to_vec(),
            intervals: bounds.iter().rev().filter_map(interval).collect(),
        });
    }
    let shown = page::series(series);
    Ok(SeriesReport {
        times: times.iter().map(ToString::to_string).collect(),
        values: values.collect(),
        forecasts,
        ..shown
    })
}
