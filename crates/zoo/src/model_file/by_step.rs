//! Numbers by step ahead, as many of each as there are, in one tensor.

use safetensors::SafeTensors;
use safetensors::tensor::Dtype;

use super::error::ModelFileError;

/// A tensor before it is written: name, type, shape, bytes.
pub(super) type RawTensor = (String, Dtype, Vec<usize>, Vec<u8>);

/// The tensor `name` of shape `[rows, most numbers of a row]`, shorter rows filled up with NaN.
pub(super) fn write(name: String, rows: &[Vec<f64>]) -> RawTensor {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let row = |row: &Vec<f64>| {
        let fill = std::iter::repeat_n(f64::NAN, width - row.len());
        row.iter()
            .copied()
            .chain(fill)
            .flat_map(f64::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let bytes = rows.iter().flat_map(row).collect();
    (name, Dtype::F64, vec![rows.len(), width], bytes)
}

/// The rows of the tensor `name`, without the NaN that fill them up. There have to be `horizon` of them, and no more than `most` if
/// they are all empty.
///
/// # Errors
/// If there is no such tensor, or it is of another form.
pub(super) fn read(
    tensors: &SafeTensors<'_>,
    name: &str,
    horizon: usize,
    most: usize,
) -> Result<Vec<Vec<f64>>, ModelFileError> {
    let view = tensors.tensor(name)?;
    let ([rows, width], Dtype::F64) = (view.shape(), view.dtype()) else {
        return Err(ModelFileError::Field {
            field: "hold_out",
            value: format!("`{name}` with the form {:?} of {:?}", view.shape(), view.dtype()),
        });
    };
    if *rows != horizon {
        return Err(ModelFileError::Field {
            field: "horizon",
            value: format!("{horizon} with {rows} rows of `{name}`"),
        });
    }
    if *width == 0 {
        if !(1..=most).contains(&horizon) {
            return Err(ModelFileError::Field {
                field: "horizon",
                value: horizon.to_string(),
            });
        }
        return Ok(vec![Vec::new(); horizon]);
    }
    let (chunks, _) = view.data().as_chunks::<8>();
    let values: Vec<f64> = chunks.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    if values.iter().any(|value| value.is_infinite()) {
        return Err(ModelFileError::NotFinite { name: name.to_owned() });
    }
    Ok(values
        .chunks(*width)
        .map(|row| row.iter().copied().filter(|value| !value.is_nan()).collect())
        .collect())
}
