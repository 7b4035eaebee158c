//! The series that all runs of a plan share, split into a training and a validation part.

use crate::digest::hex;
use sha2::{Digest, Sha256};

/// A series, where its validation part begins, and the digest of both.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitSeries {
    /// The series, by rising time.
    pub values: Vec<f32>,
    /// Points before this index are for training, the rest for validation.
    pub split: usize,
    /// SHA-256, in hexadecimal, of the values as little-endian f32.
    pub digest: String,
}

impl SplitSeries {
    /// A series of `values`, whose validation part begins at `split`.
    #[must_use]
    pub fn new(values: Vec<f32>, split: usize) -> Self {
        let mut hasher = Sha256::new();
        for value in &values {
            hasher.update(value.to_le_bytes());
        }
        Self {
            digest: hex(hasher.finalize()),
            values,
            split,
        }
    }

    /// The part that training reads.
    #[must_use]
    pub fn train(&self) -> &[f32] {
        &self.values[..self.split.min(self.values.len())]
    }

    /// The part that forecasts are compared with.
    #[must_use]
    pub fn validation(&self) -> &[f32] {
        &self.values[self.split.min(self.values.len())..]
    }
}
