//! Measured coverage against the nominal one.

use crate::metrics::{Level, Undefined};
use crate::statistics::{Interval, proportion_interval};
use serde::Serialize;

/// How many actual values lay in their intervals, and whether that is compatible with the nominal coverage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coverage {
    /// The model.
    pub model: String,
    /// The nominal coverage in percent.
    pub level: Level,
    /// Values that had an interval.
    pub scored: usize,
    /// Those of them inside it.
    pub covered: usize,
    /// Values that had none, because too few errors had been seen.
    pub without: usize,
    /// The 95 % Clopper–Pearson interval of the share of covered values. It takes them for independent, which values of
    /// overlapping horizons are not: the true interval is wider then.
    pub interval: Interval,
    /// Whether the nominal coverage lies in that interval.
    pub holds: bool,
}

impl Coverage {
    /// Compares counts with a level.
    ///
    /// # Errors
    /// If nothing was scored.
    pub fn new(model: &str, level: Level, scored: usize, covered: usize, without: usize) -> Result<Self, Undefined> {
        let interval = proportion_interval(covered, scored, 0.95)?;
        let holds = interval.contains(level.coverage());
        Ok(Self {
            model: model.to_owned(),
            level,
            scored,
            covered,
            without,
            interval,
            holds,
        })
    }

    /// The share of covered values.
    pub fn share(&self) -> f64 {
        self.covered as f64 / self.scored as f64
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_miss_is_said() {
        assert!(Coverage::new("naive", Level::EIGHTY, 500, 395, 0).unwrap().holds);
        assert!(!Coverage::new("naive", Level::EIGHTY, 500, 360, 0).unwrap().holds);
        assert_eq!(Coverage::new("naive", Level::EIGHTY, 0, 0, 9), Err(Undefined::NoPoints));
    }
}
