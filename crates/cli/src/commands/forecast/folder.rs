//! `recurra forecast MODEL FOLDER`: the forecasts of a panel that is larger than memory, part by part.

use std::path::Path;

use recurra_zoo::forecaster::PanelParts;
use recurra_zoo::model_file::ModelFile;
use serde::Serialize;

use super::Arguments;
use super::data::reading;
use super::plan::Plan;
use crate::failure::Failure;
use crate::files::{make_folder, object};
use crate::folder::Folder;
use crate::interrupt;
use crate::parts_of_series::PartsOfSeries;
use crate::progress::PartBar;
use crate::terminal::Terminal;

/// What `--json` prints.
#[derive(Serialize)]
struct Written {
    output: String,
    parts: usize,
    series: usize,
    rows: usize,
}

pub(super) fn run(arguments: &Arguments, file: &ModelFile, terminal: &Terminal) -> Result<(), Failure> {
    let data = Path::new(&arguments.data);
    let output = arguments.output.as_deref().filter(|output| output.as_os_str() != "-");
    let output = output.ok_or_else(|| {
        Failure::input("--output: the forecasts of a folder go to a folder of Parquet files; name one with -o FOLDER")
    })?;
    if let Some(covariate) = file.data.future.first() {
        return Err(Failure::Input(format!(
            "{}: the model has to know `{covariate}` at the times of the forecast, which is not read for a folder; forecast its files one by one, with --future",
            arguments.data
        )));
    }
    if arguments.future.is_some() {
        return Err(Failure::input(
            "--future: the model has no known-future covariates; leave it out",
        ));
    }
    if arguments.report.is_some() {
        return Err(Failure::input(
            "--report: a page shows every series, so there is none of a folder; forecast one of its files for a page",
        ));
    }
    let plan = Plan::of(arguments, file, terminal)?;
    let folder = Folder::open_as(&arguments.data, arguments.form.csv(), reading(arguments, file))?;
    make_folder(output)?;
    if same(data, output) {
        return Err(Failure::Input(format!(
            "--output: {} holds the data; name another folder",
            output.display()
        )));
    }
    interrupt::watch()?;
    let bar = PartBar::new(terminal, "forecasting", folder.count());
    let mut written = Written {
        output: output.display().to_string(),
        parts: folder.count(),
        series: 0,
        rows: 0,
    };
    let mut seen = PartsOfSeries::default();
    for part in 0..folder.count() {
        let words = || {
            format!(
                "interrupted; the forecasts of {part} of {} parts are in {}",
                folder.count(),
                output.display()
            )
        };
        let mut dataset = folder.dataset_unless(part, words)?;
        folder.check_series(&mut seen, part, &dataset.panel.series)?;
        let forecasts = plan.forecasts(&mut dataset)?;
        // `sales.2024.csv` has a dot of its own, which stays.
        let mut name = folder.file(part).file_stem().unwrap_or_default().to_owned();
        name.push(".parquet");
        forecasts.write_quietly(&output.join(name))?;
        written.series += dataset.panel.series.len();
        written.rows += forecasts.rows.len();
        bar.show(part + 1, None);
    }
    drop(bar);
    if terminal.json {
        return terminal.json(&written);
    }
    terminal.note(&format!(
        "wrote {} rows for {} series to {} Parquet files in {}",
        written.rows, written.series, written.parts, written.output
    ));
    Ok(())
}

/// Whether both are one folder, links and `..` resolved.
fn same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize(), object(one), object(other)) {
        (Ok(one), Ok(other), ..) => one == other,
        (_, _, Ok(Some(one)), Ok(Some(other))) => one.canonical() == other.canonical(),
        _ => false,
    }
}
