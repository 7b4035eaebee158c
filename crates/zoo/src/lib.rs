#![doc = include_str!("../README.md")]

mod entry;
mod families;
#[cfg(feature = "forecasters")]
pub mod forecaster;
#[cfg(feature = "forecasters")]
pub mod model_file;
mod recipe;
mod registry;

pub use entry::{BuildOptions, Entry, InitialWeights};
pub use recipe::Recipe;
pub use registry::{NameTaken, Registry, UnknownModel};
