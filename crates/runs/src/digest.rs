//! SHA-256, in hexadecimal.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// SHA-256 of `value` as JSON, in hexadecimal.
///
/// Only for values of this crate whose serialization cannot fail: structs with string keys. (A failure would be digested as an
/// empty text, which then matches nothing that was written.)
pub(crate) fn digest_json(value: &impl Serialize) -> String {
    hex(Sha256::digest(serde_json::to_vec(value).unwrap_or_default()))
}

/// SHA-256 of `bytes`, in hexadecimal.
#[must_use]
pub fn digest_bytes(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
