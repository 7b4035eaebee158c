//! NumPy's legacy generator: the same noise as `numpy.random.RandomState`.

use rand_mt::Mt;

/// NumPy's legacy random state: MT19937 seeded as `numpy.random.RandomState(seed)` seeds it.
///
/// The uniform doubles are NumPy's to the last bit. Normal values go through the logarithm of the `libm` crate, so that
/// they have the same bits on every machine; NumPy uses the logarithm of the machine's C library, and the two differ by a
/// few units in the last place at most.
///
/// ```
/// use recurra_series::RandomState;
///
/// let noise = RandomState::new(42).randn(3);
/// assert!((noise[0] - 0.4967141530112327).abs() < 1e-15);
/// ```
#[derive(Clone, Debug)]
pub struct RandomState {
    generator: Mt,
    /// The polar method makes two values at once; the second one waits here for the next call.
    waiting: Option<f64>,
}

impl RandomState {
    /// The state that `numpy.random.RandomState(seed)` starts from.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self {
            generator: Mt::new(seed),
            waiting: None,
        }
    }

    /// A double in `[0, 1)` with 53 random bits: `(a·2²⁶ + b) / 2⁵³` from the upper 27 bits of one draw and the upper 26
    /// of the next.
    pub fn random_sample(&mut self) -> f64 {
        let high = f64::from(self.generator.next_u32() >> 5);
        let low = f64::from(self.generator.next_u32() >> 6);
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }

    /// One standard normal value by Marsaglia's polar method: a point `(x, y)` uniform in the unit disc with
    /// `r² = x² + y²` gives `y·f` now and `x·f` on the next call, with `f = sqrt(-2·ln(r²) / r²)`.
    pub fn standard_normal(&mut self) -> f64 {
        if let Some(value) = self.waiting.take() {
            return value;
        }
        loop {
            let x = 2.0 * self.random_sample() - 1.0;
            let y = 2.0 * self.random_sample() - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square != 0.0 {
                let factor = libm::sqrt(-2.0 * libm::log(square) / square);
                self.waiting = Some(factor * x);
                return factor * y;
            }
        }
    }

    /// The next `n` standard normal values, as `RandomState.randn(n)` gives them.
    pub fn randn(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.standard_normal()).collect()
    }
}
