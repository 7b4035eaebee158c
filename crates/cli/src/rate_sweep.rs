//! Finding a learning rate: a short training whose rate rises from batch to batch.

use recurra_evaluation::{History, Training};
use recurra_training::{
    BatchBegin, BatchEnd, Callback, Control, DIVERGENCE_FACTOR, StopReason, TrainingError, suggested_rate,
};
use recurra_zoo::Entry;
use recurra_zoo::forecaster::{NetworkForecaster, NetworkSettings};
use serde::Serialize;

use crate::failure::Failure;

/// How much of the past the smoothed loss keeps.
const MEMORY: f64 = 0.9;
/// Batches over which the loss has to fall for the steepest descent.
const SPAN: usize = 10;

/// The rates that are tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// Batches, each with a rate of its own.
    pub(crate) steps: usize,
}

impl Default for Range {
    /// Five decades up to 1, 300 batches.
    fn default() -> Self {
        Self {
            from: 1e-5,
            to: 1.0,
            steps: 300,
        }
    }
}

/// One batch.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Point {
    pub(crate) rate: f64,
    pub(crate) loss: f64,
    /// The exponential mean of the losses so far, without its start's bias.
    pub(crate) smoothed: f64,
}

/// What a learning-rate sweep shows.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Findings {
    /// The rate to take: see [`suggested_rate`].
    pub(crate) suggested: f64,
    /// The rate of the lowest smoothed loss.
    pub(crate) lowest: f64,
    /// The rate where the smoothed loss falls fastest; too low to train with, as a rule.
    pub(crate) steepest: f64,
    /// The rate at which the loss passed four times its lowest, or was no number, if it did.
    pub(crate) diverged: Option<f64>,
    pub(crate) points: Vec<Point>,
}

/// Sets the rate of every batch and takes down its loss.
struct RateSweep {
    range: Range,
    points: Vec<Point>,
    mean: f64,
    diverged: Option<f64>,
}

impl RateSweep {
    fn rate(&self) -> f64 {
        let share = self.points.len() as f64 / (self.range.steps - 1) as f64;
        self.range.from * libm::pow(self.range.to / self.range.from, share)
    }

    fn lowest(&self) -> f64 {
        self.points
            .iter()
            .map(|point| point.smoothed)
            .fold(f64::INFINITY, f64::min)
    }
}

impl Callback for RateSweep {
    fn batch_begin(&mut self, _: &BatchBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        control.set_learning_rate(self.rate());
        Ok(())
    }

    fn batch_end(&mut self, event: &BatchEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let (rate, loss) = (self.rate(), event.loss);
        self.mean = MEMORY * self.mean + (1.0 - MEMORY) * loss;
        let smoothed = self.mean / (1.0 - libm::pow(MEMORY, (self.points.len() + 1) as f64));
        // The first losses are too few to call any of them far above the others.
        if !loss.is_finite() || (self.points.len() > 20 && smoothed > DIVERGENCE_FACTOR * self.lowest()) {
            self.diverged = Some(rate);
        } else {
            self.points.push(Point { rate, loss, smoothed });
        }
        if self.diverged.is_some() || self.points.len() == self.range.steps {
            control.stop(StopReason::Requested {
                by: "lr-find".into(),
                why: "the learning-rate sweep is over".into(),
            });
        }
        Ok(())
    }
}

/// Sweeps the learning rate of a network on histories.
pub(crate) fn sweep_rates(
    entry: &Entry,
    mut settings: NetworkSettings,
    histories: &[History<'_>],
    horizon: usize,
    range: Range,
) -> Result<Findings, Failure> {
    // The learning-rate sweep ends itself; every epoch has at least one batch.
    settings.training.epochs = range.steps;
    settings.early_stop = None;
    let mut rate_sweep = RateSweep {
        range,
        points: Vec::new(),
        mean: 0.0,
        diverged: None,
    };
    let fitted = NetworkForecaster::new(entry, settings).fit_with(
        &Training::new(histories, horizon),
        &mut [&mut rate_sweep],
        None,
    );
    // A loss that is no number ends the training with an error, and the learning-rate sweep as it should.
    if let (Err(error), None) = (fitted, rate_sweep.diverged) {
        return Err(Failure::Input(error.to_string()));
    }
    findings(rate_sweep.points, rate_sweep.diverged)
}

fn findings(points: Vec<Point>, diverged: Option<f64>) -> Result<Findings, Failure> {
    let lowest = points
        .iter()
        .min_by(|a, b| a.smoothed.total_cmp(&b.smoothed))
        .map(|point| point.rate);
    // Over spans of ten batches, and past the first ones, whose mean is of a few losses only.
    let falls = (points.windows(SPAN + 1).skip(2 * SPAN))
        .map(|span| (span[SPAN].smoothed - span[0].smoothed, span[SPAN / 2].rate));
    let steepest = falls.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, rate)| rate);
    let (Some(lowest), Some(steepest)) = (lowest, steepest) else {
        return Err(Failure::input(
            "the loss diverged at the lowest learning rate; start lower (--from) or scale the data",
        ));
    };
    Ok(Findings {
        suggested: suggested_rate(lowest, diverged),
        lowest,
        steepest,
        diverged,
        points,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A loss that falls from 9 to 2, fastest at the end, in 60 batches from 1e-5 to 1e-1.
    fn points() -> Vec<Point> {
        let point = |at: u32| {
            let share = f64::from(at) / 60.0;
            let loss = 9.0 - 7.0 * share * share;
            Point {
                rate: 1e-5 * libm::pow(1e4, share),
                loss,
                smoothed: loss,
            }
        };
        (0..=60).map(point).collect()
    }

    #[test]
    fn the_suggestion_keeps_away_from_divergence() {
        let found = findings(points(), None).unwrap();
        assert!((found.lowest - 1e-1).abs() < 1e-12);
        assert!(found.steepest < found.lowest && found.steepest > 1e-2);
        assert!((found.suggested - found.lowest / 10.0_f64.sqrt()).abs() < 1e-12);
        let found = findings(points(), Some(2e-1)).unwrap();
        assert!((found.suggested - 2e-2).abs() < 1e-12);
        assert!(findings(Vec::new(), Some(1e-5)).is_err());
    }
}
