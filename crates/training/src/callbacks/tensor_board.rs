//! Scalars for TensorBoard.
//!
//! An event file is a row of records: the length as u64, its masked CRC-32C, an `Event` message of Protocol Buffers, its
//! masked CRC-32C, all little-endian. Of the message only four fields are needed, so it is written by hand.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::callback::{Callback, Control, EpochEnd, TrainBegin};
use crate::crc32c::crc32c;
use crate::error::TrainingError;

/// Writes the scalars of every epoch to an event file that TensorBoard opens: `epoch_loss`, `epoch_mae`,
/// `epoch_learning_rate` and, with validation, `epoch_val_loss` and `epoch_val_mae`, by the number of the epoch.
///
/// ```
/// use recurra_training::TensorBoard;
/// let board = TensorBoard::new("logs/run-1");
/// ```
#[derive(Debug)]
pub struct TensorBoard {
    folder: PathBuf,
    file: Option<(PathBuf, File)>,
}

impl TensorBoard {
    /// Writes to a new file in `folder`, which is made if it is not there.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            file: None,
        }
    }

    fn write(&mut self, event: &[u8]) -> Result<(), TrainingError> {
        let Some((path, file)) = &mut self.file else {
            return Ok(());
        };
        file.write_all(&record(event))
            .map_err(|source| TrainingError::cannot_write(path, source))
    }
}

impl Callback for TensorBoard {
    fn name(&self) -> &'static str {
        "tensor_board"
    }

    fn train_begin(&mut self, event: &TrainBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        let stem = format!(
            "events.out.tfevents.{:010}.recurra.{}",
            now().trunc(),
            event.first_epoch
        );
        self.file = Some(new_file(&self.folder, &stem)?);
        let mut version = time(now());
        bytes_field(&mut version, 3, b"brain.Event:2");
        self.write(&version)
    }

    fn epoch_end(&mut self, event: &EpochEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        let record = event.record;
        let mut scalars = vec![
            ("epoch_loss", record.training.loss),
            ("epoch_mae", record.training.mae),
            ("epoch_learning_rate", record.learning_rate),
        ];
        if let Some(validation) = record.validation {
            scalars.extend([("epoch_val_loss", validation.loss), ("epoch_val_mae", validation.mae)]);
        }
        let mut summary = Vec::new();
        for (tag, value) in scalars {
            bytes_field(&mut summary, 1, &scalar(tag, value));
        }
        let mut message = time(now());
        varint_field(&mut message, 2, record.epoch as u64);
        bytes_field(&mut message, 5, &summary);
        self.write(&message)
    }
}

/// A new file in `folder`, which is made if it is not there: `stem`, then the first number from 0 that is free. Several
/// trainings can begin in one second.
fn new_file(folder: &Path, stem: &str) -> Result<(PathBuf, File), TrainingError> {
    let mut path = folder.join(format!("{stem}.0"));
    let mut made = fs::create_dir_all(folder).and_then(|()| File::create_new(&path));
    let mut number = 0;
    while made
        .as_ref()
        .is_err_and(|error| error.kind() == ErrorKind::AlreadyExists)
        && path.exists()
    {
        number += 1;
        path = folder.join(format!("{stem}.{number}"));
        made = File::create_new(&path);
    }
    match made {
        Ok(file) => Ok((path, file)),
        Err(source) => Err(TrainingError::cannot_write(&path, source)),
    }
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |elapsed| elapsed.as_secs_f64())
}

/// An event with its `wall_time` (field 1, a double).
fn time(seconds: f64) -> Vec<u8> {
    let mut message = vec![1 << 3 | 1];
    message.extend(seconds.to_le_bytes());
    message
}

/// A `Summary.Value`: `tag` (field 1) and `simple_value` (field 2, a float).
fn scalar(tag: &str, value: f64) -> Vec<u8> {
    let mut message = Vec::new();
    bytes_field(&mut message, 1, tag.as_bytes());
    message.push(2 << 3 | 5);
    #[expect(clippy::cast_possible_truncation, reason = "the field is a float")]
    message.extend((value as f32).to_le_bytes());
    message
}

fn bytes_field(message: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    message.push(number << 3 | 2);
    varint(message, bytes.len() as u64);
    message.extend(bytes);
}

fn varint_field(message: &mut Vec<u8>, number: u8, value: u64) {
    message.push(number << 3);
    varint(message, value);
}

fn varint(message: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        message.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    message.push(value.to_le_bytes()[0]);
}

fn record(event: &[u8]) -> Vec<u8> {
    let length = (event.len() as u64).to_le_bytes();
    let mut record = length.to_vec();
    record.extend(masked(&length).to_le_bytes());
    record.extend(event);
    record.extend(masked(event).to_le_bytes());
    record
}

/// TensorFlow's masking of a checksum that is stored beside what it checks.
fn masked(bytes: &[u8]) -> u32 {
    crc32c(bytes).rotate_right(15).wrapping_add(0xA282_EAD8)
}
