//! What the pages of `--report` have in common.

use std::path::Path;

use recurra_evaluation::metrics::Metric;
use recurra_report::forecast::{ForecastReport, SeriesReport, html};
use recurra_series::{Frequency, Series};
use recurra_training::History;
use recurra_zoo::model_file::{LossCurve, ModelFile};

use crate::dataset::Dataset;
use crate::failure::Failure;
use crate::text::shell;
use crate::write_file;

/// The metrics of a page's table of errors; the first one is also given for every series.
pub(crate) const METRICS: [(Metric, &str); 4] = [
    (Metric::Mae, "MAE"),
    (Metric::Rmse, "RMSE"),
    (Metric::Mase, "MASE"),
    (Metric::Bias, "bias"),
];

/// What a page is about.
pub(crate) struct About<'a> {
    /// The file or folder.
    pub(crate) data: &'a str,
    pub(crate) series: usize,
    pub(crate) values: usize,
    pub(crate) frequency: Option<Frequency>,
    /// Steps of a season; 1 for none.
    pub(crate) season: usize,
    /// The name of the values.
    pub(crate) value_name: &'a str,
}

/// A page about a table, with nothing but its title, its command and the data's own facts.
pub(crate) fn report(title: String, dataset: &Dataset) -> ForecastReport {
    let about = About {
        data: &dataset.file,
        series: dataset.panel.series.len(),
        values: dataset.panel.points(),
        frequency: dataset.panel.frequency,
        season: dataset.season,
        value_name: &dataset.reading.names.value,
    };
    report_about(title, &about)
}

/// The same about any data.
pub(crate) fn report_about(title: String, about: &About<'_>) -> ForecastReport {
    let mut facts = vec![
        ("data".to_owned(), about.data.to_owned()),
        ("series".to_owned(), about.series.to_string()),
        ("values".to_owned(), about.values.to_string()),
    ];
    facts.extend(
        about
            .frequency
            .map(|frequency| ("frequency".to_owned(), frequency.to_string())),
    );
    if about.season > 1 {
        facts.push(("season".to_owned(), format!("{} values", about.season)));
    }
    ForecastReport {
        title,
        command: command(),
        facts,
        value_name: about.value_name.to_owned(),
        series: Vec::new(),
        curves: Vec::new(),
        metrics: Vec::new(),
        scores: Vec::new(),
        earlier: None,
    }
}

/// Writes the page.
pub(crate) fn write(report: &ForecastReport, path: &Path) -> Result<(), Failure> {
    write_file::write(path, html(report).map_err(Failure::input)?.as_bytes())
}

/// The command that makes the page again, as it has to be typed.
fn command() -> String {
    let mut words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    if let Some(program) = words.first_mut() {
        // Where the program lies is of no interest on another machine.
        "recurra".clone_into(program);
    }
    words.iter().map(|word| shell(word)).collect::<Vec<_>>().join(" ")
}

/// A series as a page shows it, without forecasts. Values that were filled in are left out.
pub(crate) fn series(series: &Series) -> SeriesReport {
    let values = series.values().iter().enumerate();
    SeriesReport {
        unique_id: series
            .unique_id()
            .filter(|name| !name.is_empty())
            .unwrap_or("series")
            .to_owned(),
        times: series.times().iter().map(ToString::to_string).collect(),
        values: values
            .map(|(at, value)| Some(*value).filter(|_| !series.is_filled(at)))
            .collect(),
        split: None,
        forecasts: Vec::new(),
        errors: Vec::new(),
    }
}

/// The losses that a model file keeps, as curves.
pub(crate) fn saved_curves(file: &ModelFile) -> Vec<(String, Vec<Option<f64>>)> {
    let curve = |curve: &LossCurve| (curve.name.clone(), curve.values.clone());
    file.losses.iter().map(curve).collect()
}

/// The losses of a training, epoch by epoch, under a name; those on validation windows too, where there were any.
pub(crate) fn curves(name: &str, history: &History) -> Vec<(String, Vec<Option<f64>>)> {
    let losses = |part: &str, loss: &dyn Fn(&recurra_training::EpochRecord) -> Option<f64>| {
        let values: Vec<Option<f64>> = history
            .epochs
            .iter()
            .map(|epoch| loss(epoch).filter(|loss| loss.is_finite()))
            .collect();
        values
            .iter()
            .any(Option::is_some)
            .then(|| (format!("{part}{name}"), values))
    };
    let training = losses("training loss", &|epoch| Some(epoch.training.loss));
    let validation = losses("validation loss", &|epoch| Some(epoch.validation?.loss));
    training.into_iter().chain(validation).collect()
}
