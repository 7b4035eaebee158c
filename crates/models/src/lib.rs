//! Keras' recurrent layers for dfdx, with shapes checked by the compiler.
//!
//! Every layer is one operation on dfdx's tape with a backward pass of its own, computed by `recurra-kernels`: the same
//! bits on every machine. A stack of layers becomes a [`Network`] through [`Sequential`]:
//!
//! ```
//! use recurra_models::{
//!     Bidirectional, Concat, FirstLayer, Head, LastState, LstmCell, Network, Scale, Sequential, Summary,
//! };
//!
//! type Body = Bidirectional<LstmCell, usize, 32, 64, LastState, Concat>;
//! let network = Sequential::<(Body, Head<64>, Scale)>::new(1, 1, 51, |device| {
//!     Ok((Body::first(device, 1)?, Head::zeros(device, 1)?, Scale::new(100.0)))
//! })?;
//! assert_eq!(network.parameter_count(), 8_769);
//! let forecasts = network.predict(&[0.5; 3 * 20], 20)?;
//! assert_eq!(forecasts.len(), 3);
//! println!("{}", Summary::of(&network));
//! # Ok::<(), recurra_models::ModelError>(())
//! ```

mod activation;
mod bidirectional;
mod cells;
mod dense;
mod description;
mod dropout;
mod error;
mod fused;
mod generator;
mod inference;
mod initializers;
mod layer;
mod merge;
mod network;
mod parameter;
mod pool;
mod recurrent;
mod returns;
mod scale;
mod sequential;
mod summary;
mod tensors;
mod weights;

pub use activation::{Activation, ActivationKind};
pub use bidirectional::{Bidirectional, BidirectionalGru, BidirectionalLstm, BidirectionalSimpleRnn};
pub use cells::{GruCell, GruResetBeforeCell, LstmCell, RecurrentCell, SimpleRnnCell};
pub use dense::{Dense, DenseLayer};
pub use description::{CellKind, Extent, LayerDescription, MergeMode};
pub use dfdx::shapes::{Const, Dim};
pub use dfdx::tensor::{Cpu, CpuError};
pub use dropout::Dropout;
pub use error::ModelError;
pub use fused::GradientSlot;
pub use generator::Generator;
pub use inference::{BatchShape, InferenceScratch};
pub use initializers::{glorot_uniform, orthogonal};
pub use layer::{Layer, Stack, StepKey};
pub use merge::{Average, Concat, Merge, Mul, Sum};
pub use network::{NamedLayer, Network};
pub use parameter::{Parameter, ParameterView, ParameterViewMut};
pub use recurrent::{Gru, GruResetBefore, Lstm, Recurrent, SimpleRnn};
pub use returns::{LastState, Returns, Sequences};
pub use scale::Scale;
pub use sequential::{FirstLayer, ForecastingStack, Head, InnerLayer, Sequential};
pub use summary::Summary;
pub use tensors::{NamedTensor, NamedTensors, from_safetensors, parameters, set_parameters, to_safetensors};
pub use weights::CellWeights;
