//! Peers: the scripts under `xtask/peers`, run in turn with ours so that a slow minute of the machine hits both.

use super::{measure, models::Model};
use crate::{failure::Failure, workspace};
use recurra_kernels::with_threads;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::process::Command;

/// The scripts, and what they are called.
pub(super) const PEERS: [(&str, &str); 3] = [
    ("keras", "keras_fit.py"),
    ("jax", "jax_epoch.py"),
    ("pytorch", "pytorch_eager.py"),
];
/// The exit code of a script whose packages are not installed.
const MISSING: i32 = 3;

/// What a script prints.
#[derive(Debug, Deserialize)]
struct Times {
    version: String,
    ms_per_epoch: f64,
    ms_461: f64,
    us_1: f64,
}

/// A peer's times beside ours; above 1 ours is faster.
#[derive(Debug, Serialize)]
pub(super) struct Ratio {
    pub(super) peer: &'static str,
    version: String,
    pub(super) model: &'static str,
    threads: usize,
    pub(super) ms_per_epoch: f64,
    train: f64,
    infer_461: f64,
    infer_1: f64,
}

/// Measures every model with every peer that is there: ours, theirs, ours again, and the mean of ours counts.
pub(super) fn measure(models: &[&Model], seconds: f64) -> Result<Vec<Ratio>, Failure> {
    let mut ratios = Vec::new();
    for (peer, script) in PEERS {
        for model in models {
            let threads = model.threads.iter().copied().max().unwrap_or(1);
            let ours = || -> Result<(f64, measure::Inference), Failure> {
                let epoch = with_threads(threads, || measure::epoch_seconds(model, seconds / 2.0))?;
                Ok((epoch * 1e3, measure::inference(model, seconds / 8.0)?))
            };
            let (epoch, infer) = ours()?;
            let theirs = match run::<Times>(script, model.name, &seconds.to_string())? {
                Ok(times) => times,
                Err(reason) => {
                    eprintln!("{peer} is skipped: {reason}");
                    break;
                }
            };
            let (epoch_after, infer_after) = ours()?;
            let mean = |before: f64, after: f64| (before + after) / 2.0;
            ratios.push(Ratio {
                peer,
                model: model.name,
                threads,
                ms_per_epoch: theirs.ms_per_epoch,
                train: theirs.ms_per_epoch / mean(epoch, epoch_after),
                infer_461: theirs.ms_461 / mean(infer.ms_461, infer_after.ms_461),
                infer_1: theirs.us_1 / mean(infer.us_1, infer_after.us_1),
                version: theirs.version,
            });
        }
    }
    Ok(ratios)
}

/// What a script prints for `model`, or in a line why it prints nothing.
pub(super) fn run<T: DeserializeOwned>(script: &str, model: &str, seconds: &str) -> Result<Result<T, String>, Failure> {
    let python = workspace::python();
    let file = workspace::root().join("xtask/peers").join(script);
    let output = match Command::new(&python).arg(&file).arg(model).arg(seconds).output() {
        Ok(output) => output,
        Err(error) => return Ok(Err(format!("{} does not start: {error}", python.to_string_lossy()))),
    };
    let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
    if output.status.code() == Some(MISSING) {
        return Ok(Err(said));
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let line = printed.lines().last().unwrap_or_default();
    serde_json::from_str(line)
        .map(Ok)
        .map_err(|error| Failure::Failed(format!("{} printed no figures ({error}): {said}", file.display())))
}

/// The table of ratios, if there are any.
pub(super) fn print(ratios: &[Ratio]) {
    if ratios.is_empty() {
        return;
    }
    println!("\nhow many times faster than peers, measured in turn");
    println!(
        "{:<9} {:<14} {:>7} {:>13} {:>9} {:>12} {:>11}",
        "peer", "model", "threads", "theirs, ms", "training", "461 windows", "one window"
    );
    for row in ratios {
        println!(
            "{:<9} {:<14} {:>7} {:>13.1} {:>8.1}× {:>11.1}× {:>10.1}×",
            row.peer, row.model, row.threads, row.ms_per_epoch, row.train, row.infer_461, row.infer_1
        );
    }
    let mut versions: Vec<&str> = ratios.iter().map(|row| row.version.as_str()).collect();
    versions.dedup();
    println!("{}", versions.join("; "));
}
