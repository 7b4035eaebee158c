//! The forecasts of a backtest as a file.

use std::path::Path;

use recurra_evaluation::backtest::BacktestResult;

use crate::failure::Failure;
use crate::forecast_table::Form;
use crate::terminal::Terminal;
use crate::write_file;

/// Whether the forecasts go to standard output.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Refuses, before any training, what no form of table can be written to.
pub(super) fn check(path: &Path, terminal: &Terminal) -> Result<(), Failure> {
    if is_standard(path) && terminal.json {
        return Err(Failure::input(
            "--output - and --json: the forecasts and the scores cannot both go to standard output; give --output a file",
        ));
    }
    match Form::of(path)? {
        Form::Csv | Form::Parquet => Ok(()),
        Form::Json => Err(Failure::Input(format!(
            "{}: a backtest writes its forecasts as .csv or .parquet; --json prints its scores as JSON",
            path.display()
        ))),
    }
}

/// Writes all forecasts.
pub(super) fn write(result: &BacktestResult, path: &Path, terminal: &Terminal) -> Result<(), Failure> {
    let table = result.table.to_output();
    if is_standard(path) {
        let csv = table.to_csv("standard output").map_err(Failure::input)?;
        return terminal.result(&String::from_utf8(csv).map_err(Failure::input)?);
    }
    let name = path.display().to_string();
    let bytes = match Form::of(path)? {
        Form::Parquet => table.to_parquet(&name),
        _ => table.to_csv(&name),
    };
    write_file::write(path, &bytes.map_err(Failure::input)?)?;
    terminal.note(&format!("wrote {} forecasts to {name}", result.table.rows.len()));
    Ok(())
}
