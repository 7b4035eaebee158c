//! A fitted model as one file that holds data only.

mod by_step;
mod description;
mod digest;
mod error;
mod file;

pub use description::DataDescription;
pub use digest::{data_sha256, joint_sha256, weights_sha256};
pub use error::ModelFileError;
pub use file::{FORMAT, LossCurve, MOST_BYTES, ModelFile, SavedModel};
