//! A fitted model as one file that holds data only.

mod by_step;
mod decode;
mod description;
mod digest;
mod encode;
mod error;
mod file;
mod header;

pub use description::DataDescription;
pub use digest::{data_sha256, joint_sha256, weights_sha256};
pub use error::ModelFileError;
pub use file::{LossCurve, MOST_BYTES, ModelFile, SavedModel};
pub use header::FORMAT;
