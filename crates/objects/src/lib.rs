#![doc = include_str!("../README.md")]

mod error;
mod interruption;
#[cfg(feature = "object-store")]
mod store;
mod url;

pub use error::{ObjectError, ObjectErrorKind};
pub use interruption::interrupt_reads_when;
pub use url::ObjectUrl;
