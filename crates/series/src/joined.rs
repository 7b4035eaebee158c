//! The samples of many series as those of one.

use crate::Samples;

/// The samples of several sources, one after the other: one model for many series. All have the same shape.
#[derive(Clone, Debug)]
pub struct JoinedSamples<S> {
    parts: Vec<S>,
    /// Samples up to and with each part.
    ends: Vec<usize>,
}

/// Why samples could not be joined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinError {
    /// There was nothing to join.
    #[error("there are no samples to join; give at least one part")]
    Empty,
    /// A part with another shape than the first.
    #[error("part {part} has shape {found:?} (steps, columns, outputs) where the first has {expected:?}")]
    Shape {
        /// Which part, from 0.
        part: usize,
        /// Steps, columns and outputs of the first.
        expected: (usize, usize, usize),
        /// Steps, columns and outputs of this one.
        found: (usize, usize, usize),
    },
}

impl<S: Samples> JoinedSamples<S> {
    /// Joins `parts` in their order.
    ///
    /// # Errors
    /// If there are none, or their shapes differ.
    pub fn new(parts: Vec<S>) -> Result<Self, JoinError> {
        let shape = |part: &S| (part.steps(), part.columns(), part.outputs());
        let expected = parts.first().map(shape).ok_or(JoinError::Empty)?;
        if let Some(part) = parts.iter().position(|part| shape(part) != expected) {
            return Err(JoinError::Shape {
                part,
                expected,
                found: shape(&parts[part]),
            });
        }
        let ends = parts.iter().scan(0, |end, part| {
            *end += part.len();
            Some(*end)
        });
        Ok(Self {
            ends: ends.collect(),
            parts,
        })
    }

    /// Which part sample `index` comes from, and its index there.
    ///
    /// # Panics
    /// If `index` is not below the number of samples.
    #[must_use]
    pub fn locate(&self, index: usize) -> (usize, usize) {
        assert!(index < self.len(), "sample {index} of {}", self.len());
        let part = self.ends.partition_point(|&end| end <= index);
        let start = if part == 0 { 0 } else { self.ends[part - 1] };
        (part, index - start)
    }
}

impl<S: Samples> Samples for JoinedSamples<S> {
    fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    fn steps(&self) -> usize {
        self.parts[0].steps()
    }

    fn columns(&self) -> usize {
        self.parts[0].columns()
    }

    fn outputs(&self) -> usize {
        self.parts[0].outputs()
    }

    fn gather(&self, indices: &[usize], inputs: &mut [f32], targets: &mut [f32]) {
        let (width, outputs) = (self.steps() * self.columns(), self.outputs());
        assert_eq!(inputs.len(), indices.len() * width, "length of the inputs");
        assert_eq!(targets.len(), indices.len() * outputs, "length of the targets");
        let places = inputs.chunks_exact_mut(width).zip(targets.chunks_exact_mut(outputs));
        for (&index, (input, target)) in indices.iter().zip(places) {
            let (part, within) = self.locate(index);
            self.parts[part].gather(&[within], input, target);
        }
    }
}
