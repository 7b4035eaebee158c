//! From the start of a process to its first trained epoch, and the memory that this takes.

use super::{measure, models::MODELS, peers};
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

impl Start {
    pub(super) fn line(&self) -> String {
        let peak = self
            .peak_mib
            .map_or_else(String::new, |peak| format!(", at most {peak:.0} MiB resident"));
        format!("{:.3} s{peak}", self.seconds)
    }
}

/// What the same takes a peer.
#[derive(Debug, Serialize)]
pub(super) struct PeerStart {
    peer: &'static str,
    #[serde(flatten)]
    start: Start,
}

/// Starts every peer that is there, once: the files that it reads are in memory by now, because it has been measured before.
pub(super) fn peers() -> Result<Vec<PeerStart>, Failure> {
    #[derive(serde::Deserialize)]
    struct Printed {
        peak_mib: f64,
    }
    let mut starts = Vec::new();
    for (peer, script) in peers::PEERS {
        let begin = Instant::now();
        if let Ok(printed) = peers::run::<Printed>(script, "bilstm-1x32", "first-epoch")? {
            let seconds = begin.elapsed().as_secs_f64();
            let peak_mib = Some(printed.peak_mib);
            starts.push(PeerStart {
                peer,
                start: Start { seconds, peak_mib },
            });
        }
    }
    Ok(starts)
}

/// The peers' starts, and how many times ours are quicker and smaller.
pub(super) fn print(ours: Option<&Start>, peers: &[PeerStart]) {
    for PeerStart { peer, start } in peers {
        let line = start.line();
        let ratio = ours.map_or_else(String::new, |ours| {
            let memory = match (start.peak_mib, ours.peak_mib) {
                (Some(theirs), Some(ours)) => format!(", {:.0}× the memory", theirs / ours),
                _ => String::new(),
            };
            format!(": {:.0}× the time{memory}", start.seconds / ours.seconds)
        });
        println!("the same in {peer}: {line}{ratio}");
    }
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
