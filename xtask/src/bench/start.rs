//! From the start of a process to its first trained epoch, and the memory that this takes.

use super::{measure, models::MODELS};
use crate::failure::Failure;
use serde::Serialize;
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// Starts that are measured; the median counts.
const STARTS: usize = 5;

/// From the start of a process to its first trained epoch of bilstm-1x32.
#[derive(Debug, Serialize)]
pub(super) struct Start {
    pub(super) seconds: f64,
    /// The most memory that was resident, where the system tells.
    pub(super) peak_mib: Option<f64>,
}

/// Starts this program anew; `None` if it cannot be started.
pub(super) fn measure() -> Option<Start> {
    let program = std::env::current_exe().ok()?;
    let mut times = Vec::new();
    let mut peak_mib = None;
    for _ in 0..STARTS {
        let begin = Instant::now();
        let output = Command::new(&program).args(["bench", "--first-epoch"]).output().ok()?;
        times.push(begin.elapsed());
        peak_mib = String::from_utf8_lossy(&output.stdout).trim().parse().ok();
    }
    times.sort_unstable();
    times
        .get(STARTS / 2)
        .map(Duration::as_secs_f64)
        .map(|seconds| Start { seconds, peak_mib })
}

/// What the process that [`measure()`] starts does: one epoch, then the peak of its resident memory in MiB, if known.
pub(super) fn first_epoch() -> Result<(), Failure> {
    let model = MODELS.iter().find(|model| model.name == "bilstm-1x32");
    let model = model.ok_or_else(|| Failure::Failed("bilstm-1x32 is not measured any more".into()))?;
    recurra_kernels::with_threads(1, || measure::one_epoch(model))?;
    if let Some(peak) = peak_mib() {
        println!("{peak}");
    }
    Ok(())
}

/// What Linux calls `VmHWM`.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
