//! A real process, killed at random moments and started again, ends with the bits of one that was left alone.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use recurra_models::{
    Bidirectional, FirstLayer, Generator, Head, LastState, LstmCell, Network, Scale, Sequential, parameters,
    to_safetensors,
};
use recurra_series::{WindowOptions, Windows, reference};
use recurra_training::{
    Checkpoints, EarlyStopping, EarlyStoppingOptions, FitData, FitOptions, Monitor, OptimizerOptions, Resume,
    SaveEvery, Sgd, Trainer,
};

/// Names the folder in which the test `child` trains. Not set, that test does nothing.
const FOLDER: &str = "RECURRA_KILL_AND_RESUME";
const KILLS: usize = 50;

fn checkpoints(folder: &Path) -> Checkpoints {
    Checkpoints {
        path: folder.join("run.checkpoint"),
        every: Some(SaveEvery::Batches(3)),
        code: "test".to_owned(),
    }
}

/// Trains bilstm-1x32 by the tutorial's recipe for three epochs, from the checkpoint if there is one; gives the weights and the
/// history as bytes.
fn train(folder: &Path) -> Vec<u8> {
    let series = reference::values();
    let windows = Windows::new(&series[..reference::TRAIN_LENGTH], WindowOptions::default()).unwrap();
    let data = FitData::new(&windows);
    type Body = Bidirectional<LstmCell, usize, 32, 64, LastState>;
    let mut network = Sequential::<(Body, Head<64>, Scale)>::new(1, 1, 51, |device| {
        Ok((Body::first(device, 1)?, Head::zeros(device, 1)?, Scale::new(100.0)))
    })
    .unwrap();
    let optimizer = OptimizerOptions::Sgd(Sgd {
        learning_rate: 1e-6,
        momentum: 0.9,
        ..Sgd::default()
    });
    let options = FitOptions {
        epochs: 3,
        seed: 51,
        optimizer,
        ..FitOptions::default()
    };
    let watch = EarlyStoppingOptions {
        monitor: Monitor::Loss,
        patience: 2,
        ..EarlyStoppingOptions::default()
    };
    let mut stopping = EarlyStopping::new(watch);
    let checkpoints = checkpoints(folder);
    let mut trainer = if checkpoints.path.exists() {
        let resume = Resume::default();
        Trainer::resume(checkpoints, resume, options, &mut network, data, &mut [&mut stopping]).unwrap()
    } else {
        Trainer::new(options, &network).unwrap().with_checkpoints(checkpoints)
    };
    trainer.fit(&mut network, data, &mut [&mut stopping]).unwrap();
    let mut bytes = to_safetensors(&parameters(&network as &dyn Network), None).unwrap();
    bytes.extend(serde_json::to_vec(trainer.history()).unwrap());
    bytes
}

/// The process that is killed: this test binary, called for this one test.
#[test]
fn child() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let folder = PathBuf::from(folder);
        let end = train(&folder);
        recurra_series::write_beside(&folder.join("end"), &end).unwrap();
    }
}

#[test]
fn killed_fifty_times_it_ends_the_same() {
    let alone = tempfile::tempdir().unwrap();
    let expected = train(alone.path());
    let mut random = Generator::for_purpose(1, "moments of killing");
    let (mut kills, mut ends) = (0, 0);
    while kills < KILLS || ends == 0 {
        let folder = tempfile::tempdir().unwrap();
        let end = folder.path().join("end");
        while !end.exists() {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "child", "--test-threads=1"])
                .env(FOLDER, folder.path())
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            let mut killed = false;
            if kills < KILLS {
                sleep(Duration::from_micros(20_000 + (random.next_f64() * 120_000.0) as u64));
                // On Unix this is SIGKILL. A process that has ended by itself is no kill.
                if child.try_wait().unwrap().is_none() {
                    child.kill().unwrap();
                    (killed, kills) = (true, kills + 1);
                }
            }
            let status = child.wait().unwrap();
            assert!(
                killed || status.success(),
                "left alone, the child ended with {status}: see its panic above"
            );
        }
        assert!(
            fs::read(&end).unwrap() == expected,
            "after {kills} kills in all, the end state is another"
        );
        ends += 1;
    }
}
