//! The files that callbacks write.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{Scripted, Zeros, train, train_on};
use recurra_models::from_safetensors;
use recurra_training::{
    CsvLogger, FitData, FitOptions, Keep, Loss, Mode, ModelCheckpoint, Monitor, OptimizerOptions, Sgd, TensorBoard,
    Trainer, TrainingError,
};

#[test]
fn the_csv_file_has_a_row_for_each_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    let mut network = Scripted::new(&[2.0, f32::NAN, 0.5]);
    network.validation = vec![1.0, 0.25, 4.0];
    let data = FitData::new(&Zeros(1)).with_validation(&Zeros(1));
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
        .fit(&mut network, FitData::new(&Zeros(1)), &mut [&mut CsvLogger::new(&path)])
        .unwrap();
    // A row of an epoch that the checkpoint does not have is written anew.
    fs::write(&path, fs::read_to_string(&path).unwrap() + "2,lost,with,it\n").unwrap();
    trainer.set_epochs(3);
    trainer
        .fit(&mut network, FitData::new(&Zeros(1)), &mut [&mut CsvLogger::new(&path)])
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
            monitor: Monitor::Loss,
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
    let data = FitData::new(&Zeros(1)).with_validation(&Zeros(1));
    train_on(&mut network, data, &mut [&mut TensorBoard::new(folder)]).unwrap();
}

/// TensorFlow's masked CRC-32C, bit by bit from the polynomial.
fn masked_checksum(bytes: &[u8]) -> u32 {
    let mut sum = !0_u32;
    for &byte in bytes {
        sum ^= u32::from(byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0x82F6_3B78 } else { sum >> 1 };
        }
    }
    (!sum).rotate_right(15).wrapping_add(0xA282_EAD8)
}

/// The messages of an event file, both checksums of each compared.
fn events(bytes: &[u8]) -> Vec<&[u8]> {
    let mut rest = bytes;
    let mut events = Vec::new();
    while !rest.is_empty() {
        let (length, after) = rest.split_at(8);
        let (length_sum, after) = after.split_at(4);
        let (event, after) = after.split_at(u64::from_le_bytes(length.try_into().unwrap()) as usize);
        let (event_sum, after) = after.split_at(4);
        assert_eq!(length_sum, masked_checksum(length).to_le_bytes());
        assert_eq!(event_sum, masked_checksum(event).to_le_bytes());
        events.push(event);
        rest = after;
    }
    events
}

/// A field of Protocol Buffers that is a row of fewer than 128 bytes.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, content.len() as u8], content].concat()
}

/// The file by the formats' definitions: records around `Event { wall_time: 1, step: 2, file_version: 3, summary: 5 }`, the
/// summary of `Value { tag: 1, simple_value: 2 }` in field 1.
#[test]
fn the_event_file_is_what_the_format_says() {
    let folder = tempfile::tempdir().unwrap();
    write_events(folder.path());
    let bytes = event_file(folder.path());
    let mut expected = vec![field(3, b"brain.Event:2")];
    for (step, loss, validation) in [(0, 2.0_f32, 1.0_f32), (1, 0.5, 0.25)] {
        let scalars = [
            ("epoch_loss", loss),
            ("epoch_mae", loss),
            ("epoch_learning_rate", 1.0),
            ("epoch_val_loss", validation),
            ("epoch_val_mae", validation),
        ];
        let summary: Vec<u8> = scalars
            .iter()
            .flat_map(|(tag, value)| {
                let simple_value = [&[2 << 3 | 5][..], &value.to_le_bytes()].concat();
                field(1, &[field(1, tag.as_bytes()), simple_value].concat())
            })
            .collect();
        expected.push([vec![2 << 3, step], field(5, &summary)].concat());
    }
    let events = events(&bytes);
    for event in &events {
        assert_eq!(event[0], 1 << 3 | 1, "the wall time, a double, comes first");
        assert!(f64::from_le_bytes(event[1..9].try_into().unwrap()) > 1.7e9);
    }
    assert_eq!(events.iter().map(|event| &event[9..]).collect::<Vec<_>>(), expected);
}

#[test]
fn trainings_that_begin_in_one_second_have_files_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..4 {
        write_events(folder.path());
    }
    let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = files.collect();
    let records: Vec<usize> = files
        .iter()
        .map(|path| events(&fs::read(path).unwrap()).len())
        .collect();
    assert_eq!(records, [3; 4]);
    // A free number each; a new second begins with 0 again.
    let numbers = files
        .iter()
        .filter_map(|path| path.extension()?.to_str()?.parse::<u32>().ok());
    assert!(numbers.clone().count() == 4 && numbers.max() < Some(4), "{files:?}");
}

/// Protocol Buffers write a number in groups of seven bits, the lowest first, each but the last with the highest bit set.
#[test]
fn an_epoch_past_the_127th_has_a_number_of_two_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut network = Scripted::new(&[1.0; 302]);
    train(&mut network, &mut [&mut TensorBoard::new(folder.path())]).unwrap();
    let bytes = event_file(folder.path());
    let events = events(&bytes);
    let step = |epoch: usize| &events[1 + epoch][9..12];
    assert_eq!(step(127), [2 << 3, 127, 5 << 3 | 2]);
    assert_eq!(step(128), [2 << 3, 0x80, 1]);
    assert_eq!(step(301), [2 << 3, 0x80 | 45, 2], "301 is twice 128 and 45");
}

/// `RECURRA_PYTHON` or `python3`, if tensorboard is there. With `RECURRA_PYTHON` set it must be.
fn python() -> Option<String> {
    let named = std::env::var("RECURRA_PYTHON").ok();
    let python = named.clone().unwrap_or_else(|| "python3".to_owned());
    let output = Command::new(&python).args(["-c", "import tensorboard"]).output();
    let found = output.is_ok_and(|output| output.status.success());
    assert!(
        found || named.is_none(),
        "RECURRA_PYTHON is {python}, which has no tensorboard"
    );
    found.then_some(python)
}

#[test]
fn tensorboard_opens_the_event_file() {
    let Some(python) = python() else {
        eprintln!("skipped: no Python with tensorboard (name one in RECURRA_PYTHON)");
        return;
    };
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
