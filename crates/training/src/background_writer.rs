//! Checkpoints are synced to the disk while training goes on.

use std::path::PathBuf;
use std::thread::{self, JoinHandle};

use recurra_series::write_beside;

use crate::error::TrainingError;

/// Writes files one after the other on a thread of its own: waiting for the disk can take longer than an epoch. Dropped, it
/// finishes what it has begun.
#[derive(Debug, Default)]
pub(crate) struct BackgroundWriter {
    running: Option<JoinHandle<Result<(), TrainingError>>>,
}

impl BackgroundWriter {
    /// Begins to write `bytes` to `path`, when the file before is written. An error of that one is returned here.
    pub(crate) fn write(&mut self, path: PathBuf, bytes: Vec<u8>) -> Result<(), TrainingError> {
        self.finish()?;
        self.running = Some(thread::spawn(move || {
            write_beside(&path, &bytes).map_err(|source| TrainingError::cannot_write(&path, source))
        }));
        Ok(())
    }

    /// Waits until the file is written.
    pub(crate) fn finish(&mut self) -> Result<(), TrainingError> {
        match self.running.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(outcome)) => outcome,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
        }
    }
}

impl Drop for BackgroundWriter {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            // Whoever drops it has an error of its own to report.
            let _ = running.join();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::BackgroundWriter;

    #[test]
    fn files_are_there_when_it_is_finished_and_errors_are_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut writer = BackgroundWriter::default();
        writer.write(path.clone(), b"old".to_vec()).unwrap();
        writer.write(path.clone(), b"new".to_vec()).unwrap();
        writer.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        writer
            .write(folder.path().join("missing").join("file"), Vec::new())
            .unwrap();
        assert!(writer.write(path.clone(), b"later".to_vec()).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
    }
}
