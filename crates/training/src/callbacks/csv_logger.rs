//! The epochs as a CSV file.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use recurra_series::write_beside;

use crate::callback::{Callback, Control, EpochEnd, TrainBegin};
use crate::error::TrainingError;
use crate::history::EpochRecord;

/// Writes every epoch to a CSV file (Keras' `CSVLogger`): `epoch,learning_rate,loss,mae` and, with validation,
/// `val_loss,val_mae`. A number that is not finite is an empty field.
///
/// A training that begins replaces the file. One that goes on keeps the rows of the epochs that were done when its checkpoint
/// was written, so that no epoch stands there twice.
///
/// ```
/// use recurra_training::CsvLogger;
/// let log = CsvLogger::new("training.csv");
/// ```
#[derive(Debug)]
pub struct CsvLogger {
    path: PathBuf,
    file: Option<File>,
}

impl CsvLogger {
    /// Writes to `path`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            file: None,
        }
    }
}

impl CsvLogger {
    fn unwritable(&self, source: std::io::Error) -> TrainingError {
        TrainingError::cannot_write(&self.path, source)
    }
}

impl Callback for CsvLogger {
    fn name(&self) -> &'static str {
        "csv_logger"
    }

    fn train_begin(&mut self, event: &TrainBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        let mut text = "epoch,learning_rate,loss,mae".to_owned();
        if event.validation {
            text += ",val_loss,val_mae";
        }
        text += "\n";
        if event.first_epoch > 0 {
            for row in read(&self.path)?.lines().skip(1).take(event.first_epoch) {
                text += row;
                text += "\n";
            }
        }
        write_beside(&self.path, text.as_bytes()).map_err(|source| self.unwritable(source))?;
        let file = OpenOptions::new()
            .append(true)
            .open(&self.path)
            .map_err(|source| self.unwritable(source))?;
        self.file = Some(file);
        Ok(())
    }

    fn epoch_end(&mut self, event: &EpochEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        // A row at a time and without waiting for the disk: a row that a crash takes is written again by the training that
        // goes on.
        match &mut self.file {
            Some(file) => file
                .write_all(row(&event.record).as_bytes())
                .map_err(|source| self.unwritable(source)),
            None => Ok(()),
        }
    }
}

fn row(record: &EpochRecord) -> String {
    let mut row = format!("{},{}", record.epoch, record.learning_rate);
    for measures in [Some(record.training), record.validation].into_iter().flatten() {
        for value in [measures.loss, measures.mae] {
            row.push(',');
            if value.is_finite() {
                row += &value.to_string();
            }
        }
    }
    row + "\n"
}

fn read(path: &Path) -> Result<String, TrainingError> {
    match fs::read_to_string(path) {
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(String::new()),
        outcome => outcome.map_err(|source| TrainingError::File {
            action: "read",
            path: path.to_owned(),
            source,
        }),
    }
}
