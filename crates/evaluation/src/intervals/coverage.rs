//! Measured coverage against the nominal one.

use crate::metrics::{Level, Undefined};
use crate::statistics::{Interval, proportion_interval};
use serde::Serialize;

/// How many actual values lay in their intervals, and whether that is compatible with the nominal coverage.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// The 95 % Clopper–Pearson interval of the share of covered values; nothing where none was scored. It takes them for
    /// independent, which values of one horizon, and intervals from the same past errors, are not: `docs/interval-coverage.md` measures what that does.
    pub interval: Option<Interval>,
    /// Whether the nominal coverage lies in that interval.
    pub holds: Option<bool>,
    /// Why there is no share and no interval of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undefined: Option<Undefined>,
    /// The rate at which conformal intervals were adapted to their misses ([`AdaptiveLevel`](super::AdaptiveLevel)): the
    /// coverage is that of the adapted ones. Not written where it is zero, for plain split conformal intervals.
    #[serde(skip_serializing_if = "is_zero")]
    pub adaptation: f64,
    /// Whether the bounds are made around quantiles that the model forecasts itself, not around points. Not written where they are
    /// not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own_quantiles: bool,
}

/// How many values of a model lay in their intervals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Values that had an interval.
    pub scored: usize,
    /// Those of them inside it.
    pub covered: usize,
    /// Values that had none.
    pub without: usize,
}

fn is_zero(rate: &f64) -> bool {
    *rate == 0.0
}

impl Coverage {
    /// Compares counts with a level. Where nothing was scored, [`Coverage::undefined`] says so.
    ///
    /// ```
    /// use recurra_evaluation::{intervals::{Counts, Coverage}, metrics::Level};
    ///
    /// let counts = Counts { scored: 500, covered: 360, without: 0 };
    /// let coverage = Coverage::new("naive", Level::EIGHTY, counts);
    /// assert_eq!((coverage.share(), coverage.holds), (Some(0.72), Some(false)));
    /// ```
    pub fn new(model: &str, level: Level, counts: Counts) -> Self {
        let Counts {
            scored,
            covered,
            without,
        } = counts;
        let interval = proportion_interval(covered, scored, 0.95);
        Self {
            model: model.to_owned(),
            level,
            scored,
            covered,
            without,
            holds: interval
                .as_ref()
                .ok()
                .map(|interval| interval.contains(level.coverage())),
            undefined: interval.as_ref().err().cloned(),
            interval: interval.ok(),
            adaptation: 0.0,
            own_quantiles: false,
        }
    }

    /// The share of covered values; nothing where none was scored.
    pub fn share(&self) -> Option<f64> {
        (self.scored > 0).then(|| self.covered as f64 / self.scored as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_miss_is_said() {
        let holds = |covered| {
            let counts = Counts {
                scored: 500,
                covered,
                without: 0,
            };
            Coverage::new("naive", Level::EIGHTY, counts).holds
        };
        assert_eq!((holds(395), holds(360)), (Some(true), Some(false)));
    }

    #[test]
    fn where_nothing_was_scored_the_reason_is_said() {
        let coverage = Coverage::new(
            "naive",
            Level::EIGHTY,
            Counts {
                without: 9,
                ..Counts::default()
            },
        );
        assert_eq!(coverage.share(), None);
        insta::assert_json_snapshot!(coverage, @r#"
{
  "model": "naive",
  "level": 80,
  "scored": 0,
  "covered": 0,
  "without": 9,
  "interval": null,
  "holds": null,
  "undefined": "there are no points to score"
}
"#);
    }
}
