//! Where a table comes from.

use std::io::Read;
use std::path::PathBuf;

use super::{DataError, DataErrorKind};
use crate::system_reason;

/// Where a table comes from. What it is, CSV or Parquet, is seen from its first bytes, not from its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    StandardInput,
    /// Bytes in memory, and what to call them in messages.
    Bytes {
        /// What to call them.
        name: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

impl Source {
    /// What a command-line argument means: `-` is standard input, anything else a path.
    #[must_use]
    pub fn from_argument(argument: &str) -> Self {
        if argument == "-" {
            Self::StandardInput
        } else {
            Self::Path(argument.into())
        }
    }

    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::StandardInput => "standard input".to_owned(),
            Self::Bytes { name, .. } => name.clone(),
        }
    }

    /// All bytes.
    pub(crate) fn read(self) -> Result<Vec<u8>, DataError> {
        let file = self.name();
        let bytes = match self {
            Self::Bytes { bytes, .. } => Ok(bytes),
            Self::Path(path) if path.is_dir() => {
                let kind = DataErrorKind::File("this is a folder; give a CSV or Parquet file".to_owned());
                return Err(DataError::new(&file, None, None, kind));
            }
            Self::Path(path) => std::fs::read(path),
            Self::StandardInput => {
                let mut bytes = Vec::new();
                std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
        };
        bytes.map_err(|error| DataError::new(&file, None, None, DataErrorKind::File(system_reason(&error))))
    }
}
