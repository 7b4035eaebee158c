//! `cargo xtask bench`: how fast training and forecasting are on this machine, against the peak of one core and against
//! peers.

mod matrix;
mod measure;
mod models;
mod peers;
mod start;

use crate::failure::Failure;
use measure::{Inference, Training};
use models::{MODELS, Model};
use serde::Serialize;

/// Measure training and forecasting of the reference models, beside the multiply-add peak of one core.
///
/// All figures of one table come from one run on one machine. Compare on an idle one: everything else that runs shows.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
    /// Leave out bilstm-2x128, and measure shorter
    #[arg(long)]
    quick: bool,
    /// These models alone
    #[arg(long, value_name = "NAME[,NAME]", value_delimiter = ',')]
    only: Vec<String>,
    /// Measure Keras, JAX and PyTorch too, alternating with ours (python3, or what RECURRA_PYTHON names)
    #[arg(long)]
    peers: bool,
    /// One epoch of bilstm-1x32 and no more: for the time from process start to the first trained epoch
    #[arg(long, hide = true)]
    first_epoch: bool,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
struct Report {
    peak_gflops: f64,
    isa: String,
    train: Vec<Training>,
    infer: Vec<Inference>,
    start: Option<start::Start>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    peers: Vec<peers::Ratio>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    peer_starts: Vec<start::PeerStart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matrix: Option<matrix::Seeds>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.first_epoch {
        return start::first_epoch();
    }
    let models = chosen(arguments)?;
    let seconds = if arguments.quick { 1.5 } else { 6.0 };
    let mut report = Report {
        peak_gflops: measure::peak(),
        isa: crate::isa(),
        train: Vec::new(),
        infer: Vec::new(),
        start: start::measure(),
        peers: Vec::new(),
        peer_starts: Vec::new(),
        matrix: None,
    };
    for model in &models {
        for &threads in model.threads {
            report.train.push(measure::training(model, threads, seconds)?);
        }
        report.infer.push(measure::inference(model, seconds / 4.0)?);
    }
    if arguments.peers {
        report.peers = peers::measure(&models, seconds)?;
        report.peer_starts = start::peers()?;
        if !arguments.quick {
            report.matrix = matrix::measure(&report.peers)?;
        }
    }
    if arguments.json {
        let text = serde_json::to_string_pretty(&report);
        println!("{}", text.map_err(|error| Failure::Failed(error.to_string()))?);
    } else {
        print(&report);
    }
    Ok(())
}

/// The models that are asked for.
fn chosen(arguments: &Arguments) -> Result<Vec<&'static Model>, Failure> {
    let names = || MODELS.iter().map(|model| model.name);
    if let Some(unknown) = arguments.only.iter().find(|name| !names().any(|known| known == **name)) {
        let known: Vec<_> = names().collect();
        return Err(Failure::Usage(format!(
            "`{unknown}` is not measured; there are: {}",
            known.join(", ")
        )));
    }
    let wanted = |model: &&Model| {
        (!arguments.quick || !model.long)
            && (arguments.only.is_empty() || arguments.only.iter().any(|name| name == model.name))
    };
    Ok(MODELS.iter().filter(wanted).collect())
}

fn print(report: &Report) {
    let machine = recurra_runs::Machine::this();
    println!(
        "{}\n{} kernels, {:.0} GFLOP/s at most on one core\n",
        machine.line(),
        report.isa,
        report.peak_gflops
    );
    println!(
        "{:<14} {:>7} {:>12} {:>9} {:>14} {:>14}",
        "training", "threads", "ms per epoch", "GFLOP/s", "share of peak", "GFLOP an epoch"
    );
    for row in &report.train {
        println!(
            "{:<14} {:>7} {:>12.2} {:>9.1} {:>12.0} % {:>14}",
            row.model,
            row.threads,
            row.ms_per_epoch,
            row.gflops,
            row.share_of_peak * 100.0,
            row.gflop_per_epoch
        );
    }
    println!(
        "\n{:<14} {:>7} {:>16} {:>14} {:>16}",
        "forecasting", "threads", "461 windows, ms", "one thread, ms", "one window, µs"
    );
    for row in &report.infer {
        println!(
            "{:<14} {:>7} {:>16.2} {:>14.2} {:>16.1}",
            row.model, row.threads, row.ms_461, row.ms_461_one_thread, row.us_1
        );
    }
    if let Some(start) = &report.start {
        println!(
            "\nprocess start to first trained epoch of bilstm-1x32: {}",
            start.line()
        );
    }
    peers::print(&report.peers);
    start::print(report.start.as_ref(), &report.peer_starts);
    if let Some(seeds) = &report.matrix {
        println!("\n{}", seeds.line());
    }
}
