//! Why a model file cannot be read or written.

use recurra_models::ModelError;

use crate::UnknownModel;

/// Why bytes are no model file that this version reads. Messages say what to do; they do not name the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// Not a safetensors file.
    #[error("this is no model file, or it is damaged: {0}; fit the model again")]
    Damaged(#[from] safetensors::SafeTensorError),
    /// A safetensors file of another program.
    #[error("this safetensors file holds no Recurra model; give a file that `recurra fit` wrote")]
    NotAModel,
    /// A layout that this version does not know.
    #[error(
        "the file was written by Recurra {version} in format {found}, and this version reads format {known}; use that \
         version, or fit the model again"
    )]
    Format {
        /// The version that wrote it.
        version: String,
        /// Its format.
        found: u64,
        /// The format that this version reads.
        known: u64,
    },
    /// A header that says something impossible.
    #[error("the file's header is damaged: {0}; fit the model again")]
    Header(String),
    /// A field of the header outside what can be.
    #[error("the file's field `{field}` is {value}, which cannot be; fit the model again")]
    Field {
        /// The field.
        field: &'static str,
        /// What it holds.
        value: String,
    },
    /// An architecture that this version does not have.
    #[error(transparent)]
    UnknownModel(#[from] UnknownModel),
    /// Weights that do not fit the architecture.
    #[error("the file's weights do not fit its architecture: {0}; fit the model again")]
    Weights(#[from] ModelError),
    /// A number that is NaN or infinite.
    #[error("tensor `{name}` holds a number that is not finite; fit the model again")]
    NotFinite {
        /// The tensor.
        name: String,
    },
    /// Errors on the held-out part that are NaN or infinite: values too large to be told from each other.
    #[error(
        "the errors on the held-out part are not finite numbers; give the data in another unit, or hold nothing out"
    )]
    HoldOut,
    /// The file is larger than any model.
    #[error("the file has {found} bytes, more than any model ({most}); this is no model file")]
    TooLarge {
        /// Its size.
        found: u64,
        /// The largest that is read.
        most: u64,
    },
    /// The system's answer.
    #[error("{0}")]
    File(#[from] std::io::Error),
}
