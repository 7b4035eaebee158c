//! Intervals that learn from having missed.

use crate::metrics::Level;

/// How far the coverage that is asked of past errors has moved from the level's, because intervals of the same series and
/// step held too seldom or too often so far: adaptive conformal inference.
///
/// After every value that comes to be known, `shift ← shift + rate · (missed − (1 − coverage))`, with `missed` 1 or 0. The
/// share of misses then tends to the nominal one whatever the errors do: over `T` values it is off by
/// `(last shift − first shift) / (rate · T)`, as long as the errors seen so far are wide enough. A rate of zero leaves split conformal
/// intervals as they are. Gibbs & Candès (2021), *Advances in Neural Information Processing Systems* 34.
///
/// ```
/// use recurra_evaluation::{intervals::AdaptiveLevel, metrics::Level};
///
/// let mut adaptive = AdaptiveLevel::new(Level::EIGHTY, 0.05);
/// adaptive.missed();
/// assert!((adaptive.shift() - 0.04).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdaptiveLevel {
    level: Level,
    rate: f64,
    shift: f64,
}

impl AdaptiveLevel {
    /// Starts at the level itself.
    pub fn new(level: Level, rate: f64) -> Self {
        Self {
            level,
            rate,
            shift: 0.0,
        }
    }

    /// What is added to the level's coverage now.
    pub fn shift(&self) -> f64 {
        self.shift
    }

    /// Takes in that a value lay outside its interval: later ones become wider.
    pub fn missed(&mut self) {
        self.observe(1.0);
    }

    /// Takes in that a value lay in its interval: later ones become narrower.
    pub fn held(&mut self) {
        self.observe(0.0);
    }

    fn observe(&mut self, missed: f64) {
        self.shift += self.rate * (missed - (1.0 - self.level.coverage()));
    }
}
