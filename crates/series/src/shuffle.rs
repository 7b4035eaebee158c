//! The shuffled order of an epoch, through a buffer.

use rand_mt::Mt64;
use serde::{Deserialize, Serialize};

/// Shuffles indices through a buffer, with the semantics of `tf.data`'s `shuffle(buffer_size)`: fill the buffer with the
/// first `buffer_size` indices; draw one of them at random and put the next index in its place, until none is left; then
/// draw the rest. A buffer of 1 changes nothing; one as large as the data gives a uniform permutation.
///
/// Every call of [`ShuffleBuffer::order`] gives a new order. Its randomness is MT19937-64, seeded afresh for each call
/// with the key `(seed, number of the call)`, so the whole state is the seed and how many orders were drawn: a saved and
/// reloaded buffer (it is `serde`'s) goes on exactly where it stood.
///
/// ```
/// use recurra_series::ShuffleBuffer;
///
/// let mut shuffle = ShuffleBuffer::new(1000, 51);
/// let first = shuffle.order(980);
/// let mut sorted = first.clone();
/// sorted.sort();
/// assert!(sorted.into_iter().eq(0..980));
/// assert_ne!(first, shuffle.order(980));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShuffleBuffer {
    buffer_size: usize,
    seed: u64,
    drawn: u64,
}

impl ShuffleBuffer {
    /// A buffer of `buffer_size` places (0 counts as 1) whose orders follow from `seed`.
    #[must_use]
    pub fn new(buffer_size: usize, seed: u64) -> Self {
        Self {
            buffer_size: buffer_size.max(1),
            seed,
            drawn: 0,
        }
    }

    /// How many orders were drawn so far.
    #[must_use]
    pub fn drawn(&self) -> u64 {
        self.drawn
    }

    /// The next order of the indices `0 … n-1`.
    pub fn order(&mut self, n: usize) -> Vec<usize> {
        let mut generator = Mt64::new_with_key([self.seed, self.drawn]);
        self.drawn += 1;
        // A loaded state may hold anything, so the size is looked at here once more.
        let mut buffer: Vec<usize> = (0..self.buffer_size.clamp(1, n.max(1)).min(n)).collect();
        let mut next = buffer.len();
        let mut order = Vec::with_capacity(n);
        while !buffer.is_empty() {
            let place = below(&mut generator, buffer.len());
            if next < n {
                order.push(std::mem::replace(&mut buffer[place], next));
                next += 1;
            } else {
                order.push(buffer.swap_remove(place));
            }
        }
        order
    }
}

/// A uniform number below `bound` (at least 1): the upper half of a 128-bit product, drawn again in the few cases that
/// would favour some numbers (Lemire, "Fast random integer generation in an interval", 2019).
fn below(generator: &mut Mt64, bound: usize) -> usize {
    let bound = bound as u64;
    let unfair = bound.wrapping_neg() % bound;
    loop {
        let product = u128::from(generator.next_u64()) * u128::from(bound);
        if product as u64 >= unfair {
            return (product >> 64) as usize;
        }
    }
}
