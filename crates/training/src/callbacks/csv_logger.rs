//! The epochs as a CSV file.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use recurra_series::write_beside;

use crate::callback::{Callback, Control, EpochEnd, TrainBegin};
use crate::error::TrainingError;
use crate::history::EpochRecord;

/// Writes every epoch to a CSV file (Keras' `CSVLogger`): `epoch,learning_rate,loss,mae` and, with validation,
/// `val_loss,val_mae`. A number that is not finite is an empty field.
///
/// A training that begins replaces the file. One that goes on replaces it too, and begins it with the rows of the epochs that are
/// done ([`Control::history`]), so that every epoch stands there once, whatever became of the file meanwhile.
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

    fn train_begin(&mut self, event: &TrainBegin, control: &mut Control<'_>) -> Result<(), TrainingError> {
        let mut text = "epoch,learning_rate,loss,mae".to_owned();
        if event.validation {
            text += ",val_loss,val_mae";
        }
        text += "\n";
        text.extend(control.history().epochs.iter().map(row));
        write_beside(&self.path, text.as_bytes()).map_err(|source| self.unwritable(source))?;
        let file = OpenOptions::new()
            .append(true)
            .open(&self.path)
            .map_err(|source| self.unwritable(source))?;
        self.file = Some(file);
        Ok(())
    }

    fn epoch_end(&mut self, event: &EpochEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        // A row at a time and without waiting for the disk: rows that a crash takes are written again, from its history, by
        // the training that goes on.
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
