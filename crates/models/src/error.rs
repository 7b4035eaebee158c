//! What can go wrong with a network.

use dfdx::tensor::CpuError;

/// What can go wrong when a network is built, run, or given parameters.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// There is no memory for a tensor.
    #[error("there is not enough memory for the network's tensors; give smaller batches, or build a smaller network")]
    OutOfMemory,

    /// A layer from outside this crate gave a tensor another number of values than its shape has.
    #[error("a layer gave a tensor fewer values than its shape has; see where the layer makes its tensors")]
    TensorSize,

    /// The inputs are not whole windows.
    #[error(
        "{len} input values are not whole windows of {steps} steps with {columns} columns each; \
         give n·{steps}·{columns} values"
    )]
    InputLength {
        /// Values given.
        len: usize,
        /// Steps of a window.
        steps: usize,
        /// Columns per step.
        columns: usize,
    },

    /// Room for another number of forecasts than the inputs make.
    #[error("room for {len} forecast values, and the inputs make {expected}; give a slice of {expected}")]
    ForecastLength {
        /// Values that there is room for.
        len: usize,
        /// Values that the inputs make.
        expected: usize,
    },

    /// A size of zero, which no network can have.
    #[error("{what} is zero; a network needs at least one")]
    Zero {
        /// What is zero.
        what: &'static str,
    },

    /// Layers of other sizes than the network was said to have.
    #[error("the network was said to have {said} {what}, its layers have {found}; give both the same number")]
    StackSize {
        /// Columns or outputs.
        what: &'static str,
        /// The number that the network was said to have.
        said: usize,
        /// The layers' own.
        found: usize,
    },

    /// A share of values to drop that is none.
    #[error("layer `{layer}` drops the share {rate}; it must be at least 0 and below 1")]
    Rate {
        /// The layer.
        layer: String,
        /// The share that was asked for.
        rate: f32,
    },

    /// A network that multiplies its outputs by another constant than it was built for.
    #[error(
        "the network was asked to multiply its outputs by {asked}, its `Scale` layers multiply them by {found}; \
         end its stack with `Scale::new(options.output_scale)`"
    )]
    OutputScale {
        /// The constant that was asked for.
        asked: f32,
        /// The product of the factors of the network's `Scale` layers.
        found: f32,
    },

    /// A parameter that the network has, and the tensors given for it do not.
    #[error("parameter `{name}` is missing; give the tensors of a network of the same layers")]
    MissingParameter {
        /// The parameter's name.
        name: String,
    },

    /// A tensor that the network has no parameter for.
    #[error(
        "tensor `{name}` belongs to no parameter of this network; leave it out, or build the network that it is of"
    )]
    UnknownParameter {
        /// The tensor's name.
        name: String,
    },

    /// A tensor of another shape than its parameter.
    #[error("parameter `{name}` has shape {expected:?}, the tensor given for it {found:?}")]
    ShapeMismatch {
        /// The parameter's name.
        name: String,
        /// The network's shape.
        expected: Vec<usize>,
        /// The tensor's shape.
        found: Vec<usize>,
    },

    /// A tensor that does not hold f32.
    #[error("tensor `{name}` holds {found}, not F32")]
    NotFloat32 {
        /// The tensor's name.
        name: String,
        /// The type that it holds.
        found: String,
    },

    /// A batch of another size than the state that a stateful layer carries.
    #[error(
        "layer `{layer}` carries the state of a batch of {carried} windows, this one has {found}; give batches of one \
         size, or reset the state"
    )]
    StateBatch {
        /// The layer.
        layer: String,
        /// Windows of the batch before.
        carried: usize,
        /// Windows of this batch.
        found: usize,
    },

    /// A state for a layer that carries none.
    #[error("state `{name}` belongs to no stateful layer of this network")]
    UnknownState {
        /// The state's name.
        name: String,
    },

    /// Not a safetensors file.
    #[error("not a readable safetensors file: {0}")]
    SafeTensors(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What dfdx says of its tensors, so that `?` works where layers call it.
impl From<CpuError> for ModelError {
    fn from(error: CpuError) -> Self {
        match error {
            CpuError::OutOfMemory => Self::OutOfMemory,
            CpuError::WrongNumElements => Self::TensorSize,
        }
    }
}
