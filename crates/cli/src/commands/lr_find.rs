//! `recurra lr-find`: which learning rate to train with.

use recurra_evaluation::History;
use recurra_zoo::Registry;

use crate::data_flags::DataFlags;
use crate::failure::Failure;
use crate::interrupt;
use crate::model_flags::{Model, TrainingFlags, count};
use crate::rate_sweep::{Findings, Range, sweep_rates};
use crate::terminal::Terminal;
use crate::text::figure;

/// Find a learning rate: raise it from batch to batch and watch the loss
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra lr-find sales.csv --model gru-1x32
  recurra lr-find sales.csv --model lstm-1x64 --optimizer sgd --from 1e-6 --json")]
pub(crate) struct Arguments {
    /// A CSV or Parquet file, or - for standard input
    data: String,
    /// The network's name; `recurra models` lists them
    #[arg(long, value_name = "NAME")]
    model: String,
    /// Steps ahead, which matter with --strategy direct alone
    #[arg(long, value_name = "H", default_value_t = 1)]
    horizon: usize,
    /// The lowest rate
    #[arg(long, value_name = "RATE", default_value_t = Range::default().from)]
    from: f64,
    /// The highest rate
    #[arg(long, value_name = "RATE", default_value_t = Range::default().to)]
    to: f64,
    /// Batches, each with a rate of its own
    #[arg(long, value_name = "N", default_value_t = Range::default().steps)]
    steps: usize,
    #[command(flatten)]
    data_flags: DataFlags,
    #[command(flatten)]
    training: TrainingFlags,
}

pub(crate) fn run(arguments: &Arguments, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    let Arguments { from, to, steps, .. } = *arguments;
    let Model::Network(entry) = Model::find(&arguments.model, registry)? else {
        return Err(Failure::Input(format!(
            "`{}` is a classical method, which has no learning rate",
            arguments.model
        )));
    };
    if !(from > 0.0 && from < to && to.is_finite()) {
        return Err(Failure::Input(format!(
            "--from {from} --to {to}: give two rates above 0, the lower one first"
        )));
    }
    if steps < 30 {
        return Err(Failure::Input(format!(
            "--steps is {steps}; it has to be at least 30 to show anything"
        )));
    }
    let steps = count("--steps", steps)?;
    let settings = arguments.training.settings(entry, &[])?;
    let horizon = count("--horizon", arguments.horizon)?;
    let dataset = arguments.data_flags.read(&arguments.data, terminal)?;
    let histories: Vec<History<'_>> = dataset.panel.series.iter().map(History::from).collect();
    interrupt::end_at_once(*terminal)?;
    let found = sweep_rates(entry, settings, &histories, horizon, Range { from, to, steps })?;
    if terminal.json {
        terminal.json(&found)
    } else {
        terminal.words(&text(&found))
    }
}

fn text(found: &Findings) -> String {
    let losses: Vec<Option<f64>> = found.points.iter().map(|point| Some(point.smoothed)).collect();
    let ends = [found.points.first(), found.points.last()].map(|point| point.map_or(0.0, |point| point.rate));
    let mut text = format!(
        "loss from {:.0e} to {:.0e}   {}\n",
        ends[0],
        ends[1],
        recurra_report::sparkline(&losses, 60)
    );
    text += &format!("lowest loss at            {}\n", figure(found.lowest));
    text += &format!("steepest descent at       {}\n", figure(found.steepest));
    let diverged = found
        .diverged
        .map_or_else(|| "nowhere".to_owned(), |rate| format!("at {}", figure(rate)));
    text += &format!("diverged                  {diverged}\n");
    text + &format!(
        "suggested learning rate   {} (--lr {})\n",
        figure(found.suggested),
        figure(found.suggested)
    )
}
