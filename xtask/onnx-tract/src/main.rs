//! Runs an ONNX model of `recurra convert` in tract and compares with a forecast of `recurra forecast`.
//!
//! `onnx-tract MODEL.onnx DATA.csv WINDOW FORECAST.csv`: the columns of DATA behind the first (its times) are the model's
//! input, their last WINDOW rows the window; FORECAST's second column is what it has to give, within 1e-5 of the largest
//! magnitude.

use std::process::ExitCode;

use tract_onnx::prelude::*;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [model, data, window, forecast] = &words[..] else {
        eprintln!("usage: onnx-tract MODEL.onnx DATA.csv WINDOW FORECAST.csv");
        return ExitCode::from(2);
    };
    match check(model, data, window, forecast) {
        Ok(worst) => {
            println!("{model}: {worst:.1e} of the largest magnitude away from recurra");
            ExitCode::from(u8::from(worst.is_nan() || worst > 1e-5))
        }
        Err(error) => {
            eprintln!("{model}: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// The largest difference, as a share of the largest magnitude (of at least 1).
fn check(model: &str, data: &str, window: &str, forecast: &str) -> TractResult<f64> {
    let (rows, steps) = (columns(data)?, window.parse::<usize>()?);
    let width = rows.first().map_or(0, Vec::len);
    let recent: Vec<f32> = rows[rows.len() - steps..]
        .iter()
        .flatten()
        .map(|&value| value as f32)
        .collect();
    let input = Tensor::from_shape(&[1, steps, width], &recent)?;
    let model = tract_onnx::onnx()
        .model_for_path(model)?
        .with_input_fact(0, f32::fact([1, steps, width]).into())?
        .into_optimized()?
        .into_runnable()?;
    let outputs = model.run(tvec!(input.into()))?;
    let theirs = outputs[0].to_plain_array_view::<f32>()?;
    let ours = columns(forecast)?;
    if theirs.len() != ours.len() {
        return Err(TractError::msg(
            "the model gives more or fewer values than the forecast has",
        ));
    }
    let largest = ours.iter().fold(1.0_f64, |largest, row| largest.max(row[0].abs()));
    let away = theirs
        .iter()
        .zip(&ours)
        .map(|(theirs, ours)| (f64::from(*theirs) - ours[0]).abs());
    Ok(away.fold(0.0, f64::max) / largest)
}

/// The numbers behind the first field of every line but the header.
fn columns(path: &str) -> TractResult<Vec<Vec<f64>>> {
    let text = std::fs::read_to_string(path)?;
    let numbers = |line: &str| line.split(',').skip(1).map(|field| Ok(field.parse()?)).collect();
    text.lines().skip(1).map(numbers).collect()
}
