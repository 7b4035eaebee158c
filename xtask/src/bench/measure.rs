//! Times of training and forecasting.

use super::models::Model;
use crate::failure::Failure;
use recurra_kernels::{threads, with_threads};
use recurra_models::Network;
use recurra_series::{WindowOptions, Windows, reference};
use recurra_training::{
    Callback, Control, EpochBegin, EpochEnd, FitData, FitOptions, Loss, OptimizerOptions, Sgd, StopReason,
    TerminateOnNan, TrainingError, fit,
};
use recurra_zoo::{BuildOptions, Registry};
use serde::Serialize;
use std::time::{Duration, Instant};

/// Points of the validation part of the reference: what a forecast of it takes.
const FORECASTS: usize = 461;
/// Epochs or calls that are measured at least.
const LEAST: usize = 3;

/// What an epoch of one model takes.
#[derive(Debug, Serialize)]
pub(super) struct Training {
    pub(super) model: &'static str,
    pub(super) threads: usize,
    pub(super) ms_per_epoch: f64,
    pub(super) gflops: f64,
    /// Of one core's peak, measured before and after: the higher of the two.
    pub(super) share_of_peak: f64,
    pub(super) gflop_per_epoch: f64,
}

/// What forecasts of one model take.
#[derive(Debug, Serialize)]
pub(super) struct Inference {
    pub(super) model: &'static str,
    /// Threads that many forecasts may use: all cores, as anybody gets who asks for nothing else.
    pub(super) threads: usize,
    pub(super) ms_461: f64,
    pub(super) ms_461_one_thread: f64,
    /// One forecast uses one thread.
    pub(super) us_1: f64,
}

/// The multiply-add peak of one core in GFLOP/s.
pub(super) fn peak() -> f64 {
    recurra_kernels::peak_gflops()
}

/// The median time of an epoch, measured for about `seconds`.
pub(super) fn training(model: &Model, threads: usize, seconds: f64) -> Result<Training, Failure> {
    let before = peak();
    let epoch = with_threads(threads, || epoch_seconds(model, seconds))?;
    let peak = before.max(peak());
    let gflops = model.gflop / epoch;
    Ok(Training {
        model: model.name,
        threads,
        ms_per_epoch: epoch * 1e3,
        gflops,
        share_of_peak: gflops / peak,
        gflop_per_epoch: model.gflop,
    })
}

/// The median seconds of an epoch on this thread's number of threads; the first epoch does not count.
pub(super) fn epoch_seconds(model: &Model, seconds: f64) -> Result<f64, Failure> {
    let mut clock = Clock {
        until: None,
        seconds,
        begin: Instant::now(),
        times: Vec::new(),
    };
    train(model, usize::MAX, &mut clock)?;
    Ok(median(&mut clock.times))
}

/// Trains for one epoch and no more.
pub(super) fn one_epoch(model: &Model) -> Result<(), Failure> {
    train(model, 1, &mut TerminateOnNan)
}

fn train(model: &Model, epochs: usize, callback: &mut dyn Callback) -> Result<(), Failure> {
    let values = values(model);
    let windows = windows(model, &values)?;
    let mut network = network(model)?;
    let loss = if model.name.starts_with("rnn") {
        Loss::Huber { delta: 1.0 }
    } else {
        Loss::MeanSquaredError
    };
    let optimizer = OptimizerOptions::Sgd(Sgd {
        learning_rate: 1e-6,
        momentum: 0.9,
        ..Sgd::default()
    });
    let options = FitOptions {
        epochs,
        batch_size: model.batch,
        loss,
        optimizer,
        ..FitOptions::default()
    };
    fit(network.as_mut(), FitData::new(&windows), &options, &mut [callback]).map_err(failed)?;
    Ok(())
}

/// The median times of 461 forecasts and of one.
pub(super) fn inference(model: &Model, seconds: f64) -> Result<Inference, Failure> {
    let values = values(model);
    let network = network(model)?;
    let inputs: Vec<f32> = values
        .windows(model.window)
        .take(FORECASTS)
        .flatten()
        .copied()
        .collect();
    let time = |inputs: &[f32]| -> Result<f64, Failure> {
        let mut times = Vec::new();
        network.predict(inputs, model.window).map_err(failed)?;
        let begin = Instant::now();
        while times.len() < LEAST || begin.elapsed().as_secs_f64() < seconds {
            let start = Instant::now();
            network.predict(inputs, model.window).map_err(failed)?;
            times.push(start.elapsed());
        }
        Ok(median(&mut times))
    };
    Ok(Inference {
        model: model.name,
        threads: threads(),
        ms_461: time(&inputs)? * 1e3,
        ms_461_one_thread: with_threads(1, || time(&inputs))? * 1e3,
        us_1: time(&inputs[..model.window])? * 1e6,
    })
}

/// Takes the time of every epoch after the first, and stops when the time is up.
struct Clock {
    until: Option<Instant>,
    seconds: f64,
    begin: Instant,
    times: Vec<Duration>,
}

impl Callback for Clock {
    fn epoch_begin(&mut self, _: &EpochBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.begin = Instant::now();
        Ok(())
    }

    fn epoch_end(&mut self, _: &EpochEnd, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let now = Instant::now();
        let Some(until) = self.until else {
            self.until = Some(now + Duration::from_secs_f64(self.seconds));
            return Ok(());
        };
        self.times.push(now - self.begin);
        if self.times.len() >= LEAST && now >= until {
            control.stop(StopReason::Requested {
                by: "bench".into(),
                why: "the time is up".into(),
            });
        }
        Ok(())
    }
}

/// Enough values of the reference's formula for all windows of an epoch.
fn values(model: &Model) -> Vec<f32> {
    reference::generate(model.windows + model.window, reference::NOISE_SEED)
}

fn windows<'a>(model: &Model, values: &'a [f32]) -> Result<Windows<'a>, Failure> {
    Windows::new(
        values,
        WindowOptions {
            size: model.window,
            ..WindowOptions::default()
        },
    )
    .map_err(failed)
}

fn network(model: &Model) -> Result<Box<dyn Network>, Failure> {
    let options = BuildOptions {
        output_scale: 100.0,
        seed: 51,
        ..BuildOptions::default()
    };
    Registry::builtin()
        .find(model.name)
        .map_err(failed)?
        .build(&options)
        .map_err(failed)
}

/// In seconds.
fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::Failed(error.to_string())
}
