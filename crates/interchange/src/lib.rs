//! Keras' model files in and out, and ONNX out. Files are data here: no code in a file is ever run.
//!
//! [`read`] takes a `.keras` file, or a `.weights.h5` file whose architecture follows from its weights, and gives a
//! network of the zoo that forecasts as Keras does; [`weights_h5`] writes a network's weights for
//! `keras.Model.load_weights`; [`onnx`] writes a network for ONNX runtimes.
//!
//! ```
//! use recurra_interchange::{ImportOptions, from_bytes, weights_h5};
//! use recurra_zoo::{BuildOptions, Registry};
//!
//! let zoo = Registry::builtin();
//! let network = zoo.find("bilstm-1x8")?.build(&BuildOptions { seed: 51, ..BuildOptions::default() })?;
//! let file = weights_h5(&*network)?;
//!
//! let imported = from_bytes(&file, &ImportOptions::default(), &zoo)?;
//! assert_eq!(imported.model, "bilstm-1x8");
//! assert_eq!(imported.network.predict(&[0.5; 20], 20)?, network.predict(&[0.5; 20], 20)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What a `.keras` file may hold: `InputLayer`, up to three equal `SimpleRNN`, `LSTM` or `GRU` layers, each one way or
//! in a `Bidirectional` that concatenates, one linear `Dense`, `Rescaling` before the first and after the last of these,
//! and layers that do nothing when a model forecasts (`Dropout`). A `Lambda` is Python code, so it is refused:
//! [`ImportOptions::output_scale`] replaces it.

mod archive;
mod config;
mod error;
mod export;
mod fold;
mod import;
mod infer;
mod names;
mod onnx;
mod plan;
mod weight_file;

pub use error::{ExportError, ImportError};
pub use export::weights_h5;
pub use import::{ImportOptions, Imported, MOST_BYTES, from_bytes, read};
pub use onnx::{OnnxOptions, OnnxScaling, onnx};
