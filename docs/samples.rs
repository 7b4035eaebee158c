//! The Rust samples of the README and of the book, compiled and run as documentation tests.

/// The README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
