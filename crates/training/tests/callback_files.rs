//! The files that callbacks write.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{Scripted, Zero, train, train_on};
use recurra_models::from_safetensors;
use recurra_training::{
    CsvLogger, FitData, FitOptions, Keep, Loss, Metric, Mode, ModelCheckpoint, OptimizerOptions, Sgd, TensorBoard,
    Trainer, TrainingError,
};

#[test]
fn the_csv_file_has_a_row_for_each_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    let mut network = Scripted::new(&[2.0, f32::NAN, 0.5]);
    network.validation = vec![1.0, 0.25, 4.0];
    let data = FitData::new(&Zero).with_validation(&Zero);
    train_on(&mut network, data, &mut [&mut CsvLogger::new(&path)]).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "epoch,learning_rate,loss,mae,val_loss,val_mae\n0,1,2,2,1,1\n1,1,,,0.25,0.25\n2,1,0.5,0.5,4,4\n"
    );
}

#[test]
fn a_training_that_goes_on_keeps_the_rows_that_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    let mut network = Scripted::new(&[4.0, 3.0, 2.0]);
    let options = FitOptions {
        epochs: 2,
        loss: Loss::MeanAbsoluteError,
        optimizer: OptimizerOptions::Sgd(Sgd::default()),
        ..FitOptions::default()
    };
    let mut trainer = Trainer::new(options, &network).unwrap();
    trainer
        .fit(&mut network, FitData::new(&Zero), &mut [&mut CsvLogger::new(&path)])
        .unwrap();
    // A row of an epoch that the checkpoint does not have is written anew.
    fs::write(&path, fs::read_to_string(&path).unwrap() + "2,lost,with,it\n").unwrap();
    trainer.set_epochs(3);
    trainer
        .fit(&mut network, FitData::new(&Zero), &mut [&mut CsvLogger::new(&path)])
        .unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "epoch,learning_rate,loss,mae\n0,0.01,4,4\n1,0.01,3,3\n2,0.01,2,2\n"
    );
}

#[test]
fn a_folder_that_is_not_there_is_one_error_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("log.csv");
    let error = train(&mut Scripted::new(&[1.0]), &mut [&mut CsvLogger::new(&path)]).unwrap_err();
    assert!(
        matches!(&error, TrainingError::File { path: found, .. } if *found == path),
        "{error}"
    );
}

fn weight(path: &Path) -> f32 {
    from_safetensors(&fs::read(path).unwrap()).unwrap()["weight"].values[0]
}

#[test]
fn the_best_weights_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("best.safetensors");
    for (mode, expected) in [(Mode::Min, 3.0), (Mode::Max, 2.0)] {
        let keep = Keep::Best {
            monitor: Metric::Loss,
            mode,
        };
        let mut checkpoint = ModelCheckpoint::new(path.to_str().unwrap(), keep);
        train(&mut Scripted::new(&[4.0, 5.0, 2.0, 3.0]), &mut [&mut checkpoint]).unwrap();
        assert_eq!(weight(&path), expected, "{mode:?}");
    }
}

#[test]
fn every_second_epoch_has_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("epoch-{epoch}.safetensors");
    let mut checkpoint = ModelCheckpoint::new(path.to_str().unwrap(), Keep::Every(2));
    train(&mut Scripted::new(&[1.0; 5]), &mut [&mut checkpoint]).unwrap();
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["epoch-2.safetensors", "epoch-4.safetensors"]);
    assert_eq!(weight(&folder.path().join(&names[1])), 4.0);
}

fn event_file(folder: &Path) -> Vec<u8> {
    let file = fs::read_dir(folder).unwrap().next().unwrap().unwrap();
    assert!(file.file_name().to_str().unwrap().starts_with("events.out.tfevents."));
    fs::read(file.path()).unwrap()
}

fn write_events(folder: &Path) {
    let mut network = Scripted::new(&[2.0, 0.5]);
    network.validation = vec![1.0, 0.25];
    let data = FitData::new(&Zero).with_validation(&Zero);
    train_on(&mut network, data, &mut [&mut TensorBoard::new(folder)]).unwrap();
}

/// The frames of the file by the format's definition; what is in them, TensorBoard itself says below.
#[test]
fn the_event_file_is_a_row_of_records() {
    let folder = tempfile::tempdir().unwrap();
    write_events(folder.path());
    let bytes = event_file(folder.path());
    let (mut at, mut records) = (0, 0);
    while at < bytes.len() {
        let length = u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
        at += 8 + 4 + length + 4;
        records += 1;
    }
    assert_eq!((at, records), (bytes.len(), 3));
}

/// Runs where Python has the tensorboard package: `RECURRA_PYTHON` names an interpreter other than `python3`.
#[test]
fn tensorboard_opens_the_event_file() {
    let python = std::env::var("RECURRA_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let there = Command::new(&python).args(["-c", "import tensorboard"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write_events(folder.path());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tensorboard/read.py");
    let output = Command::new(&python).arg(script).arg(folder.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let expected = [
        "epoch_learning_rate 0 1.0",
        "epoch_learning_rate 1 1.0",
        "epoch_loss 0 2.0",
        "epoch_loss 1 0.5",
        "epoch_mae 0 2.0",
        "epoch_mae 1 0.5",
        "epoch_val_loss 0 1.0",
        "epoch_val_loss 1 0.25",
        "epoch_val_mae 0 1.0",
        "epoch_val_mae 1 0.25",
    ];
    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        expected,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
