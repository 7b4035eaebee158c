//! A network's weights as NumPy arrays, for `keras.Model.set_weights` and for whoever reads NumPy's files.

use std::io::Write;

use rawzip::{CompressionMethod, ZipArchiveWriter};
use recurra_models::Network;

use crate::error::ExportError;

/// The bytes of an `.npz` file with the weights of `network`: one float32 array for each parameter, under its name, such as
/// `bidirectional/forward_lstm/kernel`. They stand in the order of Keras' `Model.weights`, and NumPy keeps it:
/// `model.set_weights([arrays[name] for name in arrays.files])`. A constant output scale is no weight.
///
/// # Errors
/// Of writing to memory, which does not fail.
pub fn weights_npz(network: &dyn Network) -> Result<Vec<u8>, ExportError> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    let mut outcome = Ok(());
    network.visit_parameters(&mut |parameter| {
        if outcome.is_ok() {
            let array = npy(parameter.shape, parameter.values);
            outcome = store(&mut archive, &format!("{}.npy", parameter.name), &array);
        }
    });
    let finished = outcome.and_then(|()| archive.finish());
    finished.map_err(|error| ExportError::Archive(error.into()))?;
    Ok(bytes)
}

/// Adds an entry as it is.
fn store(archive: &mut ZipArchiveWriter<&mut Vec<u8>>, name: &str, data: &[u8]) -> Result<(), rawzip::Error> {
    let entry = archive.new_file(name).compression_method(CompressionMethod::STORE);
    let (mut file, config) = entry.start()?;
    let mut writer = config.wrap(&mut file);
    writer.write_all(data)?;
    let (_, descriptor) = writer.finish()?;
    file.finish(descriptor)?;
    Ok(())
}

/// An array in NumPy's format, version 1.0: a magic number, the version, the length of the header, the header as a Python
/// dictionary that ends where the bytes before the values are a multiple of 64, the values.
fn npy(shape: &[usize], values: &[f32]) -> Vec<u8> {
    const BEFORE: usize = 10;
    let extents: Vec<String> = shape.iter().map(ToString::to_string).collect();
    // A Python tuple of one has a comma.
    let comma = if extents.len() == 1 { "," } else { "" };
    let extents = extents.join(", ");
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({extents}{comma}), }}");
    let whole = (BEFORE + header.len() + 1).next_multiple_of(64);
    let padding = whole - BEFORE - header.len() - 1;
    header.push_str(&" ".repeat(padding));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    // Two axes at most: never near the 65,535 bytes that a header may have.
    #[expect(clippy::cast_possible_truncation, reason = "a header of one or two lines")]
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::npy;

    /// The bytes are those of `numpy.save` (NumPy 2.4) for `numpy.array([[1, 2]], 'float32')` and `numpy.array([3], 'float32')`.
    #[test]
    fn arrays_are_numpys() {
        let header = |shape: &str| {
            let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
            header.push_str(&" ".repeat(117 - header.len()));
            [b"\x93NUMPY\x01\x00v\x00", header.as_bytes(), b"\n"].concat()
        };
        let values = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        assert_eq!(
            npy(&[1, 2], &[1.0, 2.0]),
            [header("(1, 2)"), values(&[1.0, 2.0])].concat()
        );
        assert_eq!(npy(&[1], &[3.0]), [header("(1,)"), values(&[3.0])].concat());
    }
}
