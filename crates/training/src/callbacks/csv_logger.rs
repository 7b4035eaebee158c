//! The epochs as a CSV file.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::callback::{Callback, Control, EpochEnd, TrainBegin};
use crate::error::TrainingError;
use crate::history::EpochRecord;
use crate::write_beside::write_beside;

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
#[derive(Debug, Clone)]
pub struct CsvLogger {
    path: PathBuf,
    text: String,
}

impl CsvLogger {
    /// Writes to `path`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            text: String::new(),
        }
    }
}

impl Callback for CsvLogger {
    fn name(&self) -> &'static str {
        "csv_logger"
    }

    fn train_begin(&mut self, event: &TrainBegin, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.text = "epoch,learning_rate,loss,mae".to_owned();
        if event.validation {
            self.text += ",val_loss,val_mae";
        }
        self.text += "\n";
        if event.first_epoch > 0 {
            for row in read(&self.path)?.lines().skip(1).take(event.first_epoch) {
                self.text += row;
                self.text += "\n";
            }
        }
        write_beside(&self.path, self.text.as_bytes())
    }

    fn epoch_end(&mut self, event: &EpochEnd, _: &mut Control<'_>) -> Result<(), TrainingError> {
        self.text += &row(&event.record);
        write_beside(&self.path, self.text.as_bytes())
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
