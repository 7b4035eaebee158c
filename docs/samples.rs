//! The Rust samples of the README and of the book, compiled and run as documentation tests.

/// The README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

/// The tutorial.
#[cfg(doctest)]
#[doc = include_str!("tutorial.md")]
pub struct Tutorial;

/// Short answers.
#[cfg(doctest)]
#[doc = include_str!("how-to.md")]
pub struct HowTo;
