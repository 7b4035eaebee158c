//! What can be wrong with a file of Keras, and why a network cannot be written.

/// Why a file of Keras does not become a network of the zoo.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file cannot be read.
    #[error("cannot read the file: {0}")]
    Read(#[from] std::io::Error),

    /// The file is larger than any model of the zoo could be.
    #[error("the file has {found} bytes; the largest that is read has {most}")]
    TooLarge {
        /// Its size in bytes.
        found: u64,
        /// The largest size.
        most: u64,
    },

    /// The file is of another kind.
    #[error(
        "neither a .keras archive nor an HDF5 file of weights; save the model in Keras with `model.save(\"model.keras\")` \
         or `model.save_weights(\"model.weights.h5\")`"
    )]
    NotKeras,

    /// A whole model in the HDF5 format of Keras 2.
    #[error(
        "a whole model in the HDF5 format of Keras 2; load it in Keras 3 and save it again with `model.save(\"model.keras\")`"
    )]
    OldFormat,

    /// The zip archive is damaged, or not as Keras writes it.
    #[error("damaged .keras archive: {0}")]
    Archive(String),

    /// `config.json` is damaged, or not as Keras writes it.
    #[error("damaged config.json in the .keras archive: {0}")]
    Config(String),

    /// The HDF5 file of weights is damaged, or not as Keras writes it.
    #[error("damaged HDF5 file of weights: {0}")]
    Hdf5(String),

    /// A function of Python, saved as code.
    #[error(
        "layer `{layer}` is a Lambda, which is Python code, and no code in a file is run; if it multiplies the model's \
         output by a constant (or adds the axis of the columns), give that constant as the output scale, or use \
         `keras.layers.Rescaling` in its place"
    )]
    Lambda {
        /// The layer's name in Keras.
        layer: String,
    },

    /// A layer that the zoo has nothing for.
    #[error(
        "layer `{layer}` is a {class}; models are made of InputLayer, Rescaling, SimpleRNN, LSTM, GRU, Bidirectional, \
         Dropout and Dense"
    )]
    Layer {
        /// The layer's name in Keras.
        layer: String,
        /// Its class.
        class: String,
    },

    /// An option of a layer that the zoo does not have.
    #[error("layer `{layer}` has {option} {value}; it must be {must_be}")]
    Option {
        /// The layer's name in Keras.
        layer: String,
        /// The option.
        option: &'static str,
        /// Its value.
        value: String,
        /// What it must be.
        must_be: String,
    },

    /// Layers in an order that the zoo has no model for.
    #[error("layer `{layer}`: {problem}")]
    Order {
        /// The layer's name in Keras.
        layer: String,
        /// What is wrong.
        problem: &'static str,
    },

    /// The model has no layer of a kind that it needs.
    #[error(
        "the model has no {what}; one that is read has up to three recurrent layers and one Dense layer behind them"
    )]
    Without {
        /// What it has not.
        what: &'static str,
    },

    /// The zoo has no such architecture or size.
    #[error("the zoo has no `{wanted}`; to add it, {add}; there are: {known}")]
    NotInZoo {
        /// The name that it would bear.
        wanted: String,
        /// How to add it.
        add: String,
        /// The names that there are.
        known: String,
    },

    /// Weights alone do not tell the factor of a layer without weights.
    #[error("layer `{layer}` has a constant that a file of weights does not hold; give it as the output scale")]
    ScaleNeeded {
        /// The layer's group in the file.
        layer: String,
    },

    /// An output scale for a model that has one.
    #[error("an output scale was given, but layer `{layer}` scales the output already; leave the one out")]
    ScaledTwice {
        /// The layer's name in Keras.
        layer: String,
    },

    /// An output scale that is no positive or negative number.
    #[error("the output scale is {0}; it must be a number other than zero")]
    OutputScale(f32),

    /// A weight that the model must have.
    #[error("layer `{layer}` has no {variable} in the file (looked for `{path}`)")]
    MissingWeight {
        /// The layer's name.
        layer: String,
        /// Which weight.
        variable: String,
        /// Where Keras keeps it.
        path: String,
    },

    /// A weight of another shape than the layer's sizes ask for.
    #[error("{variable} of layer `{layer}` has shape {found:?}; the layer's sizes ask for {expected:?}")]
    Shape {
        /// The layer's name.
        layer: String,
        /// Which weight.
        variable: String,
        /// The shape that follows from the layer's sizes.
        expected: Vec<usize>,
        /// The shape in the file.
        found: Vec<usize>,
    },

    /// A weight that is not kept as plain float32.
    #[error("{variable} of layer `{layer}` is kept as {found}; only plain float32 is read")]
    NotFloat32 {
        /// The layer's name.
        layer: String,
        /// Which weight.
        variable: String,
        /// How it is kept.
        found: String,
    },

    /// A weight that is no number.
    #[error("{variable} of layer `{layer}` holds NaN or an infinity; the model diverged in training")]
    NotFinite {
        /// The layer's name.
        layer: String,
        /// Which weight.
        variable: String,
    },

    /// A scaling around the network that its weights cannot take up.
    #[error(
        "with the model's Rescaling taken into it, `{weight}` is beyond what float32 holds; use a scale nearer to 1 or a smaller offset"
    )]
    Folded {
        /// The weight, by our name.
        weight: String,
    },

    /// The network could not be built.
    #[error(transparent)]
    Model(#[from] recurra_models::ModelError),
}

/// Why a network cannot be written for another program.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The network's layers do not have the parameter that their description promises.
    #[error("the network has no parameter `{name}`")]
    NoParameter {
        /// The parameter's name.
        name: String,
    },

    /// A parameter that the other format has no place for.
    #[error("parameter `{name}` has no place in a Keras file")]
    NoPlace {
        /// The parameter's name.
        name: String,
    },

    /// A layer without a counterpart.
    #[error("layer `{layer}` is a {class}, which has no counterpart in the other format")]
    Layer {
        /// The layer's name.
        layer: String,
        /// Its class.
        class: String,
    },

    /// A layer that carries its state from batch to batch.
    #[error(
        "layer `{layer}` carries its state from batch to batch, which an ONNX model here cannot; give its weights to the same \
         network without `stateful` and export that"
    )]
    Stateful {
        /// The layer's name.
        layer: String,
    },

    /// Not one scaling for each column.
    #[error("{found} input scalings for {expected} columns; give one for each, or none")]
    Scalings {
        /// Scalings given.
        found: usize,
        /// The network's columns.
        expected: usize,
    },

    /// A model of several series, each scaled on its own, has no one scaling.
    #[error(
        "the model's {series} series have scalings of their own, and an ONNX model has one; export it for scaled values"
    )]
    ManySeries {
        /// How many series.
        series: usize,
    },

    /// A logarithm or a difference is no part of the network.
    #[error(
        "the model takes a logarithm or a difference before its network, which an ONNX model here cannot; export it for scaled values"
    )]
    NotAffine,

    /// The HDF5 file could not be made.
    #[error("cannot make the HDF5 file: {0}")]
    Hdf5(#[source] Box<dyn std::error::Error + Send + Sync>),

    /// The zip archive could not be made.
    #[error("cannot make the archive of arrays: {0}")]
    Archive(#[source] Box<dyn std::error::Error + Send + Sync>),
}
