#![doc = include_str!("../README.md")]

mod archive;
mod config;
mod error;
mod export;
mod fold;
mod import;
mod infer;
mod names;
mod npz;
mod onnx;
mod plan;
mod weight_file;

pub use error::{ExportError, ImportError};
pub use export::weights_h5;
pub use import::{ImportOptions, Imported, MOST_BYTES, from_bytes, read};
pub use npz::weights_npz;
pub use onnx::{OnnxOptions, OnnxScaling, onnx};
