//! Models as files.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::description::DataDescription;
use super::error::ModelFileError;
use crate::Registry;
use crate::forecaster::{Classical, FittedNetwork, HoldOut};

/// The largest file that is read: far above any model of the zoo.
pub const MOST_BYTES: u64 = 1 << 30;

/// What a model file holds of the model itself.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of them, not thousands")]
pub enum SavedModel {
    /// A trained network.
    Network(FittedNetwork),
    /// A classical method, which is fitted anew on the data that it forecasts from.
    Classical {
        /// The method.
        method: Classical,
        /// Values that it sees, where it looks at a window.
        window: usize,
    },
}

impl SavedModel {
    /// The name of the entry.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Network(fitted) => recurra_evaluation::FittedForecaster::name(fitted),
            Self::Classical { method, .. } => method.name(),
        }
    }
}

/// A model with all that is needed to use it on more of the same data.
///
/// The file is a safetensors file, so it holds data only and nothing in it is ever run: weights and residuals are
/// tensors, the rest is JSON under the key `recurra` of the metadata. The same model gives the same bytes, and a model
/// that was read forecasts the same bits.
#[derive(Debug)]
pub struct ModelFile {
    /// The version of Recurra that made the model.
    pub version: String,
    /// The model.
    pub model: SavedModel,
    /// Its data.
    pub data: DataDescription,
    /// Its errors on held-out data, from a fit without them; nothing if it was fitted without validation.
    pub hold_out: Option<HoldOut>,
    /// Whether it was fitted on the held-out part too, after it was measured there.
    pub refitted: bool,
    /// How its trainings went, in their order, for reports; nothing of a method that is not trained.
    pub losses: Vec<LossCurve>,
}

/// The losses of one training, epoch by epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossCurve {
    /// Which training and which loss, such as "training loss, first fit".
    pub name: String,
    /// One value an epoch; nothing where it was not finite.
    pub values: Vec<Option<f64>>,
}

impl ModelFile {
    /// Writes the file beside its place and renames it.
    ///
    /// # Errors
    /// If it cannot be written; what stood there before is then still there.
    pub fn write(&self, path: &Path) -> Result<(), ModelFileError> {
        Ok(recurra_series::write_beside(path, &self.to_bytes()?)?)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, and as [`ModelFile::from_bytes`].
    pub fn read(path: &Path, registry: &Registry) -> Result<Self, ModelFileError> {
        let metadata = std::fs::metadata(path)?;
        if metadata.is_dir() {
            return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory).into());
        }
        if metadata.len() > MOST_BYTES {
            return Err(ModelFileError::TooLarge {
                found: metadata.len(),
                most: MOST_BYTES,
            });
        }
        Self::from_bytes(&std::fs::read(path)?, registry)
    }
}
