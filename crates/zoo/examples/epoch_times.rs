//! How long an epoch of each reference model takes here: `cargo run -p recurra-zoo --example epoch_times`.
//!
//! 980 windows of 20 steps of the reference series, one job. The first epoch, which warms the memory up, does not count.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::error::Error;
use std::time::{Duration, Instant};

use recurra_series::{WindowOptions, Windows, reference};
use recurra_training::{
    Callback, Control, EpochEnd, FitData, FitOptions, Loss, OptimizerOptions, Sgd, TrainingError, fit,
};
use recurra_zoo::{BuildOptions, Registry};

/// Takes the time of every epoch.
struct Clock {
    last: Instant,
    epochs: Vec<Duration>,
}

impl Callback for Clock {
    fn epoch_end(&mut self, _: &EpochEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.epochs.push(self.last.elapsed());
        self.last = Instant::now();
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let series = reference::values();
    let windows = Windows::new(&series[..reference::TRAIN_LENGTH], WindowOptions::default())?;
    let zoo = Registry::builtin();
    println!("{:12}  {:>10}  {:>10}", "model", "median ms", "least ms");
    for (name, batch_size) in [
        ("rnn-2x40", 128),
        ("bilstm-1x32", 32),
        ("bilstm-2x32", 32),
        ("bilstm-3x32", 32),
    ] {
        let options = BuildOptions {
            output_scale: 100.0,
            seed: 51,
            ..BuildOptions::default()
        };
        let mut network = zoo.find(name)?.build(&options)?;
        let optimizer = OptimizerOptions::Sgd(Sgd {
            learning_rate: 1e-6,
            momentum: 0.9,
            ..Sgd::default()
        });
        let options = FitOptions {
            epochs: 31,
            batch_size,
            loss: Loss::default(),
            optimizer,
            ..FitOptions::default()
        };
        let mut clock = Clock {
            last: Instant::now(),
            epochs: Vec::new(),
        };
        fit(&mut *network, FitData::new(&windows), &options, &mut [&mut clock])?;
        let mut times: Vec<f64> = clock.epochs[1..].iter().map(|time| time.as_secs_f64() * 1e3).collect();
        times.sort_by(f64::total_cmp);
        println!("{name:12}  {:10.2}  {:10.2}", times[times.len() / 2], times[0]);
    }
    Ok(())
}
