//! Forecasting models by name, each with a recipe.
//!
//! Names are `[bi]{rnn,lstm,gru}-{depth}x{hidden}`: `bilstm-2x32` is two bidirectional LSTM layers of 32 units. Behind
//! each name stands a stack of layers whose shapes the compiler checked; what comes out is a
//! [`Network`](recurra_models::Network), which `recurra-training` trains.
//!
//! ```
//! use recurra_models::Summary;
//! use recurra_series::{WindowOptions, Windows, reference};
//! use recurra_training::{FitData, TerminateOnNan, evaluate, fit};
//! use recurra_zoo::{BuildOptions, Registry};
//!
//! let zoo = Registry::builtin();
//! let entry = zoo.find("gru-1x8")?;
//! let mut network = entry.build(&BuildOptions { seed: 51, output_scale: 100.0, ..BuildOptions::default() })?;
//! println!("{}", Summary::of(&*network));
//!
//! let series: Vec<f32> = (0..200).map(|day| (day % 7) as f32).collect();
//! let windows = Windows::new(&series, WindowOptions::default())?;
//! let mut options = entry.recipe().fit_options(51);
//! options.epochs = 2;
//! let history = fit(&mut *network, FitData::new(&windows), &options, &mut [&mut TerminateOnNan])?;
//! let measures = evaluate(&*network, &windows, options.loss)?;
//! assert!(measures.mae.is_finite() && history.epochs.len() == 2);
//!
//! // A name that there is not: the error lists those there are.
//! assert!(zoo.find("lstm-9x9").unwrap_err().to_string().contains("bilstm-2x32"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A model of one's own is an [`Entry`] with a function that builds it, registered with one line:
//!
//! ```
//! use recurra_models::{FirstLayer, GruCell, Head, LastState, Recurrent, Sequential};
//! use recurra_zoo::{Entry, Recipe, Registry};
//!
//! type Body = Recurrent<GruCell, usize, 5, LastState>;
//! let mine = Entry::new("my-gru", "one GRU layer of 5 units", Recipe::default(), |options| {
//!     let stack = |device: &_| Ok((Body::first(device, options.columns)?, Head::<5>::zeros(device, options.outputs)?));
//!     Ok(Box::new(Sequential::new(options.columns, options.outputs, options.seed, stack)?))
//! });
//! let mut zoo = Registry::builtin();
//! zoo.register(mine)?;
//! assert_eq!(zoo.find("my-gru")?.architecture()?.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod entry;
mod families;
#[cfg(feature = "forecasters")]
pub mod forecaster;
#[cfg(feature = "forecasters")]
pub mod model_file;
mod recipe;
mod registry;

pub use entry::{BuildOptions, Entry, Weights};
pub use recipe::Recipe;
pub use registry::{NameTaken, Registry, UnknownModel};
