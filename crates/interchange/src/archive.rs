//! The zip archive that a `.keras` file is. Keras stores its entries uncompressed, so nothing is ever unpacked.

use rawzip::{CompressionMethod, ZipArchive};

use crate::error::ImportError;

/// Entries that are looked through before the archive is refused: Keras writes three, and one for each asset.
const MOST_ENTRIES: usize = 1000;

/// The bytes of the entry `name`, which must be stored as they are and have the checksum that the archive says.
pub(crate) fn entry<'a>(bytes: &'a [u8], name: &str) -> Result<&'a [u8], ImportError> {
    let damaged = |error: rawzip::Error| ImportError::Archive(error.to_string());
    let archive = ZipArchive::from_slice(bytes).map_err(damaged)?;
    let mut entries = archive.entries();
    for _ in 0..MOST_ENTRIES {
        let Some(header) = entries.next_entry().map_err(damaged)? else {
            break;
        };
        if header.file_path().as_ref() != name.as_bytes() {
            continue;
        }
        if header.compression_method() != CompressionMethod::STORE {
            return Err(ImportError::Archive(format!(
                "`{name}` is compressed, which Keras never does; save the model again with Keras"
            )));
        }
        let range = archive
            .get_entry(header.wayfinder())
            .map_err(damaged)?
            .compressed_data_range();
        let [start, end] = [range.0, range.1].map(|at| usize::try_from(at).unwrap_or(usize::MAX));
        let data = bytes.get(start..end);
        let data = data.ok_or_else(|| ImportError::Archive(format!("`{name}` lies outside the file")))?;
        if rawzip::crc32(data) != header.crc32() {
            return Err(ImportError::Archive(format!("`{name}` has not its checksum")));
        }
        return Ok(data);
    }
    Err(ImportError::Archive(format!("it has no `{name}`")))
}
