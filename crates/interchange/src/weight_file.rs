//! Keras' HDF5 file of weights, read with a bound on what is allocated.

use hdf5_pure::{DType, Dataset, File, Layout};
use recurra_models::NamedTensor;

use crate::error::ImportError;

/// An open file of weights.
pub(crate) struct WeightFile {
    file: File,
    bytes: u64,
}

fn damaged(error: &hdf5_pure::Error) -> ImportError {
    ImportError::Hdf5(error.to_string())
}

impl WeightFile {
    pub(crate) fn open(bytes: &[u8]) -> Result<Self, ImportError> {
        let file = File::from_bytes(bytes.to_vec()).map_err(|error| damaged(&error))?;
        Ok(Self {
            file,
            bytes: bytes.len() as u64,
        })
    }

    /// Whether this is a whole model in the format of Keras 2.
    pub(crate) fn is_old_model(&self) -> bool {
        self.file
            .root()
            .attrs()
            .is_ok_and(|attributes| attributes.contains_key("model_config"))
    }

    /// The names of the groups below `layers`.
    pub(crate) fn layers(&self) -> Result<Vec<String>, ImportError> {
        let layers = self.file.group("layers").and_then(|group| group.groups());
        layers.map_err(|error| damaged(&error))
    }

    /// The tensor at `path`. `layer` and `variable` are what errors call it.
    pub(crate) fn tensor(&self, path: &str, layer: &str, variable: &str) -> Result<NamedTensor, ImportError> {
        let (layer, variable) = (layer.to_owned(), variable.to_owned());
        let Ok(dataset) = self.file.dataset(path) else {
            return Err(ImportError::MissingWeight {
                layer,
                variable,
                path: path.to_owned(),
            });
        };
        let shape = self.bounded_shape(&dataset)?;
        let (dtype, layout) = (dataset.dtype(), dataset.layout());
        let (dtype, layout) = (dtype.map_err(|e| damaged(&e))?, layout.map_err(|e| damaged(&e))?);
        let plain = matches!(
            layout,
            Layout::Compact { .. } | Layout::Contiguous { address: Some(_), .. }
        );
        if dtype != DType::F32 || !plain {
            let found = if plain { dtype.to_string() } else { "chunks".to_owned() };
            return Err(ImportError::NotFloat32 { layer, variable, found });
        }
        let values = dataset.read_f32().map_err(|error| damaged(&error))?;
        if values.len() != shape.iter().product::<usize>() {
            return Err(ImportError::Hdf5(format!(
                "`{path}` has not as many values as its shape"
            )));
        }
        if values.iter().any(|value| !value.is_finite()) {
            return Err(ImportError::NotFinite { layer, variable });
        }
        Ok(NamedTensor { shape, values })
    }

    /// The shape, if the file has room for so many values: a header of a few bytes may claim any size.
    fn bounded_shape(&self, dataset: &Dataset) -> Result<Vec<usize>, ImportError> {
        let shape = dataset.shape().map_err(|error| damaged(&error))?;
        let size = dataset.element_size().map_err(|error| damaged(&error))?;
        let bytes = shape
            .iter()
            .try_fold(size.max(1), |product, &extent| product.checked_mul(extent));
        if bytes.is_none_or(|bytes| bytes > self.bytes) {
            return Err(ImportError::Hdf5(format!(
                "a shape of {shape:?} in a file of {} bytes",
                self.bytes
            )));
        }
        let extents = shape.iter().map(|&extent| usize::try_from(extent));
        extents
            .collect::<Result<_, _>>()
            .map_err(|_| ImportError::Hdf5(format!("a shape of {shape:?}")))
    }
}
