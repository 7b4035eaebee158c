//! What the callbacks of a usual run cost: `cargo run -p recurra-training --example callback_overhead`.
//!
//! Trains bilstm-1x32 on the reference for 200 epochs (the tutorial takes 100 to 500), in turns without callbacks and with the usual ones: progress, early
//! stopping, a CSV file, and a checkpoint every 10 epochs (the history is always kept). The least time of
//! each counts, because whatever else runs on the machine only adds. Where Linux tells it, the processor time of all threads is added up besides: it says what
//! the callbacks compute, however busy the machine and its disk are.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::error::Error;
use std::time::Instant;

use recurra_models::{Bidirectional, FirstLayer, Head, LastState, LstmCell, Scale, Sequential};
use recurra_series::{WindowOptions, Windows, reference};
use recurra_training::{
    Callback, Checkpoints, CsvLogger, EarlyStopping, EarlyStoppingOptions, FitData, FitOptions, Monitor,
    OptimizerOptions, Progress, SaveEvery, Sgd, TerminateOnNan, Trainer,
};

const EPOCHS: usize = 200;
const ROUNDS: usize = 5;

fn train(folder: &std::path::Path, usual: bool) -> Result<f64, Box<dyn Error>> {
    type Body = Bidirectional<LstmCell, usize, 32, 64, LastState>;
    let series = reference::values();
    let windows = Windows::new(&series[..reference::TRAIN_LENGTH], WindowOptions::default())?;
    let mut network = Sequential::<(Body, Head<64>, Scale)>::new(1, 1, 51, |device| {
        Ok((Body::first(device, 1)?, Head::zeros(device, 1)?, Scale::new(100.0)))
    })?;
    let optimizer = OptimizerOptions::Sgd(Sgd {
        learning_rate: 1e-6,
        momentum: 0.9,
        ..Sgd::default()
    });
    let mut trainer = Trainer::new(
        FitOptions {
            epochs: EPOCHS,
            optimizer,
            ..FitOptions::default()
        },
        &network,
    )?;
    let watch = EarlyStoppingOptions {
        monitor: Monitor::Loss,
        patience: 100,
        ..EarlyStoppingOptions::default()
    };
    let (mut batches, mut terminate) = (0_usize, TerminateOnNan);
    let mut progress = Progress::new(|_| batches += 1);
    let (mut stopping, mut log) = (EarlyStopping::new(watch), CsvLogger::new(folder.join("log.csv")));
    let mut callbacks: Vec<&mut dyn Callback> = Vec::new();
    if usual {
        let (path, every) = (folder.join("run.checkpoint"), Some(SaveEvery::Epochs(10)));
        trainer = trainer.with_checkpoints(Checkpoints {
            path,
            every,
            code: "example".to_owned(),
        });
        callbacks = vec![&mut progress, &mut terminate, &mut stopping, &mut log];
    }
    let start = Instant::now();
    trainer.fit(&mut network, FitData::new(&windows), &mut callbacks)?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

/// Processor time of this process so far, all threads, in hundredths of a second: user and system time in `/proc/self/stat`, counted behind the name in
/// parentheses.
fn processor_time() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut least = [f64::INFINITY; 2];
    let mut computed = [0; 2];
    for _ in 0..ROUNDS {
        for ((least, computed), usual) in least.iter_mut().zip(&mut computed).zip([false, true]) {
            let before = processor_time().unwrap_or_default();
            *least = least.min(train(folder.path(), usual)?);
            *computed += processor_time().unwrap_or_default() - before;
        }
    }
    let [bare, usual] = least.map(|time| time / EPOCHS as f64);
    println!("bare   {bare:.3} ms per epoch");
    println!(
        "usual  {usual:.3} ms per epoch ({:+.1} %)",
        (usual / bare - 1.0) * 100.0
    );
    let [bare, usual] = computed.map(|time| time as f64 * 10.0 / (ROUNDS * EPOCHS) as f64);
    if bare > 0.0 {
        println!(
            "processor time {bare:.3} ms and {usual:.3} ms per epoch ({:+.1} %)",
            (usual / bare - 1.0) * 100.0
        );
    }
    Ok(())
}
