#![doc = include_str!("../README.md")]

mod error;
#[cfg(feature = "object-store")]
mod store;
mod url;

pub use error::{ObjectError, ObjectErrorKind};
pub use url::ObjectUrl;
