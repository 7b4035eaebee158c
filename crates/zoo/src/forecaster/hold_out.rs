//! A model's errors on the last part of the data, which it was not fitted on.

use recurra_evaluation::intervals::{ConformalErrors, outside};
use recurra_evaluation::metrics::Level;
use recurra_evaluation::statistics::Interval;
use recurra_evaluation::{FittedForecaster, ForecastError, History};
use serde::{Deserialize, Serialize};

/// One series, and where its held-out part begins.
pub struct HeldOutSeries<'a> {
    /// The whole series.
    pub history: History<'a>,
    /// Index of the first value that the model was not fitted on.
    pub first: usize,
    /// Whether a value was observed, not filled in. Others are neither scored nor forecast from as the last one, so that
    /// a filled value never shows what came after it.
    pub observed: &'a dyn Fn(usize) -> bool,
}

/// Errors on held-out values, by steps ahead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldOut {
    /// Steps ahead that were forecast from every cutoff, as far as the data goes.
    pub horizon: usize,
    /// Values that were forecast, all steps ahead together.
    pub points: usize,
    /// Mean absolute error of the model.
    pub mae: f64,
    /// Mean absolute error of the naive forecast of the same values.
    pub naive_mae: f64,
    /// Typical size of each series' changes in its training part; residuals are measured in it.
    pub scales: std::collections::BTreeMap<String, f64>,
    /// For every step ahead, the residuals `(y − ŷ) / scale` of all series, in the order of series and cutoffs. They stand
    /// in the model file as a tensor of their own.
    #[serde(skip)]
    pub residuals: Vec<Vec<f64>>,
    /// The levels whose bands of quantiles the model forecasts itself; none for most models.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quantile_levels: Vec<Level>,
    /// For each of these levels and every step ahead, how far the values lay outside the band, `max(lo − y, y − hi) / scale`, in
    /// the order of the residuals. They stand in the model file as tensors of their own.
    #[serde(skip)]
    pub outside: Vec<Vec<Vec<f64>>>,
}

impl HoldOut {
    /// Cutoffs that [`measure`](Self::measure) looks at in all, so that very long series cost no more than long ones.
    pub const MOST_CUTOFFS: usize = 2000;

    /// Whether all its numbers are finite. Differences of values near the largest number are not.
    pub(crate) fn is_finite(&self) -> bool {
        let by_step = self.outside.iter().flatten().chain(&self.residuals).flatten();
        let means = [&self.mae, &self.naive_mae];
        means
            .into_iter()
            .chain(self.scales.values())
            .chain(by_step)
            .all(|number| number.is_finite())
    }

    /// Forecasts up to `horizon` steps from every cutoff of the held-out parts (a regular choice of them where there are
    /// very many), without fitting again.
    ///
    /// # Errors
    /// If the model cannot forecast from one of the cutoffs.
    pub fn measure(
        fitted: &dyn FittedForecaster,
        series: &[HeldOutSeries<'_>],
        horizon: usize,
    ) -> Result<Self, ForecastError> {
        Self::measure_at(fitted, series, horizon, Self::MOST_CUTOFFS)
    }

    /// The same, at `most_cutoffs` or one of each series, whichever are more: they decide how large the residuals become.
    ///
    /// # Errors
    /// As [`measure`](Self::measure).
    pub fn measure_at(
        fitted: &dyn FittedForecaster,
        series: &[HeldOutSeries<'_>],
        horizon: usize,
        most_cutoffs: usize,
    ) -> Result<Self, ForecastError> {
        let all: usize = series
            .iter()
            .map(|series| series.history.len().saturating_sub(series.first))
            .sum();
        let stride = all.div_ceil(most_cutoffs.max(1)).max(1);
        let mut residuals = vec![Vec::new(); horizon];
        let quantile_levels = Level::within(&fitted.quantile_probabilities());
        let bounds = quantile_levels
            .iter()
            .flat_map(|level| <[f64; 2]>::from(level.probabilities()));
        let bounds: Vec<f64> = bounds.collect();
        let mut far = vec![vec![Vec::new(); horizon]; quantile_levels.len()];
        let mut scales = std::collections::BTreeMap::new();
        let (mut points, mut errors, mut naive_errors) = (0_usize, 0.0, 0.0);
        for HeldOutSeries {
            history,
            first,
            observed,
        } in series
        {
            let values = history.values();
            let scale = change_size(values.get(..*first).unwrap_or_default());
            scales.insert(history.unique_id().to_owned(), scale);
            // Known-future covariates end with the data, so there the whole horizon has to lie inside it.
            let without = history.future_covariates(0)?.next().is_none();
            let end = if without {
                values.len()
            } else {
                (values.len() + 1).saturating_sub(horizon)
            };
            let cutoffs: Vec<usize> = (*first..end)
                .step_by(stride)
                .filter(|cutoff| *cutoff > 0 && observed(cutoff - 1))
                .collect();
            let histories: Vec<History<'_>> = cutoffs.iter().filter_map(|cutoff| history.until(*cutoff)).collect();
            let forecasts = fitted.forecast_batch(&histories, horizon)?;
            let quantiles = if bounds.is_empty() {
                vec![Vec::new(); histories.len()]
            } else {
                fitted.forecast_quantiles(&histories, horizon, &bounds)?
            };
            for ((cutoff, forecast), quantiles) in cutoffs.into_iter().zip(forecasts).zip(quantiles) {
                let last = values[cutoff - 1];
                for (step, (at, forecast)) in (cutoff..values.len()).zip(forecast).enumerate() {
                    if observed(at) {
                        residuals[step].push((values[at] - forecast) / scale);
                        errors += (values[at] - forecast).abs();
                        naive_errors += (values[at] - last).abs();
                        for (far, band) in far.iter_mut().zip(quantiles.chunks_exact(2)) {
                            let band = Interval {
                                lower: band[0][step],
                                upper: band[1][step],
                            };
                            far[step].push(outside(values[at], band) / scale);
                        }
                        points += 1;
                    }
                }
            }
        }
        let count = points.max(1) as f64;
        Ok(Self {
            horizon,
            points,
            mae: errors / count,
            naive_mae: naive_errors / count,
            scales,
            residuals,
            quantile_levels,
            outside: far,
        })
    }

    /// Adds the errors of further series, by the same model over the same horizon.
    pub fn absorb(&mut self, other: Self) {
        let total = (self.points + other.points).max(1) as f64;
        let joint = |mine: f64, theirs: f64| (mine * self.points as f64 + theirs * other.points as f64) / total;
        (self.mae, self.naive_mae) = (joint(self.mae, other.mae), joint(self.naive_mae, other.naive_mae));
        self.points += other.points;
        self.scales.extend(other.scales);
        for (mine, theirs) in self.residuals.iter_mut().zip(other.residuals) {
            mine.extend(theirs);
        }
        let levels = self.outside.iter_mut().zip(other.outside);
        for (mine, theirs) in levels.flat_map(|(mine, theirs)| mine.iter_mut().zip(theirs)) {
            mine.extend(theirs);
        }
    }

    /// Half the width, in units of the series' scale, of the conformal interval around a forecast `step` steps ahead (from
    /// 1): see [`ConformalErrors`]. Nothing if there are too few residuals for that level, or the step is beyond the
    /// horizon.
    #[must_use]
    pub fn half_width(&self, step: usize, level: Level) -> Option<f64> {
        ConformalErrors::new(self.residuals.get(step.checked_sub(1)?)?.iter().copied()).margin(level)
    }

    /// What is added, in units of the series' scale, on both sides of the band of quantiles that the model itself forecasts `step`
    /// steps ahead (from 1), so that it covers what it promises: conformalised quantile regression, see [`ConformalErrors`]. Nothing
    /// if there are too few held-out values for that level, the step is beyond the horizon, or the model forecasts no such band.
    #[must_use]
    pub fn margin(&self, step: usize, level: Level) -> Option<f64> {
        let of_step = self.of_level(level)?.get(step.checked_sub(1)?)?;
        ConformalErrors::of_bands(of_step.iter().copied()).margin(level)
    }

    /// The share of held-out values, all steps ahead together, that lay in the band of quantiles that the model itself forecasts,
    /// before anything is added to it. Nothing if there is no such band, or no such value.
    #[must_use]
    pub fn covered(&self, level: Level) -> Option<f64> {
        let all: Vec<f64> = self.of_level(level)?.iter().flatten().copied().collect();
        let inside = all.iter().filter(|far| **far <= 0.0).count();
        (!all.is_empty()).then(|| inside as f64 / all.len() as f64)
    }

    fn of_level(&self, level: Level) -> Option<&Vec<Vec<f64>>> {
        let place = self.quantile_levels.iter().position(|known| *known == level)?;
        self.outside.get(place)
    }

    /// The scale of a series: that of its training part, or for a series that was not there of its own history.
    #[must_use]
    pub fn scale_of(&self, history: &History<'_>) -> f64 {
        self.scales
            .get(history.unique_id())
            .copied()
            .unwrap_or_else(|| change_size(history.values()))
    }
}

/// The mean absolute change from value to value; 1 where nothing changes.
fn change_size(values: &[f64]) -> f64 {
    let changes: f64 = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
    let size = changes / values.len().saturating_sub(1).max(1) as f64;
    if size > 0.0 && size.is_finite() { size } else { 1.0 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_evaluation::baselines::Naive;
    use recurra_evaluation::{Forecaster, Training};

    #[test]
    fn cutoffs_are_a_regular_choice_and_as_few_as_asked_for() {
        let values: Vec<f64> = (0..110).map(f64::from).collect();
        let history = History::new(&values);
        let fitted = Naive.fit(&Training::new(&[history], 2)).unwrap();
        let part = || HeldOutSeries {
            history,
            first: 10,
            observed: &|_| true,
        };
        let at = |most| {
            let measured = HoldOut::measure_at(fitted.as_ref(), &[part(), part()], 2, most).unwrap();
            measured.residuals.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(at(200), [200, 198]);
        assert_eq!(at(20), [20, 20]);
        // Each series is measured once at least.
        assert_eq!(at(1), [2, 2]);
        assert_eq!(at(0), [2, 2]);
    }

    #[test]
    fn residuals_are_measured_by_step_and_filled_values_are_left_out() {
        let values = [0.0, 1.0, 2.0, 4.0, 7.0, 11.0];
        let history = History::new(&values);
        let fitted = Naive.fit(&Training::new(&[history], 2)).unwrap();
        let all = HeldOutSeries {
            history,
            first: 3,
            observed: &|_| true,
        };
        let hold_out = HoldOut::measure(fitted.as_ref(), &[all], 2).unwrap();
        // Changes before the cutoff are 1, 1, so the scale is 1.
        assert_eq!(hold_out.residuals, [vec![2.0, 3.0, 4.0], vec![5.0, 7.0]]);
        assert_eq!(hold_out.points, 5);
        assert_eq!(hold_out.mae, 21.0 / 5.0);
        assert_eq!(hold_out.mae, hold_out.naive_mae);

        let some = HeldOutSeries {
            history,
            first: 3,
            observed: &|at| at != 4,
        };
        let hold_out = HoldOut::measure(fitted.as_ref(), &[some], 2).unwrap();
        assert_eq!(hold_out.residuals, [vec![2.0], vec![7.0]]);
    }

    #[test]
    fn half_widths_are_conformal_ranks() {
        let hold_out = HoldOut {
            horizon: 1,
            points: 9,
            mae: 0.0,
            naive_mae: 0.0,
            scales: [].into(),
            residuals: vec![vec![-9.0, 1.0, -2.0, 3.0, 4.0, -5.0, 6.0, 7.0, 8.0]],
            quantile_levels: vec![Level::EIGHTY],
            outside: vec![vec![vec![-0.5, 0.0, 2.0, -1.0, 0.25, -0.75]]],
        };
        // ⌈10 · 0.8⌉ = 8th smallest of 1 … 9; 95 % would need a tenth.
        assert_eq!(hold_out.half_width(1, Level::EIGHTY), Some(8.0));
        assert_eq!(hold_out.half_width(1, Level::NINETY_FIVE), None);
        assert_eq!(hold_out.half_width(2, Level::EIGHTY), None);
        // ⌈7 · 0.8⌉ = 6th smallest: all of them.
        assert_eq!(hold_out.margin(1, Level::EIGHTY), Some(2.0));
        assert_eq!(hold_out.margin(1, Level::NINETY_FIVE), None);
        assert_eq!(hold_out.covered(Level::EIGHTY), Some(4.0 / 6.0));
        assert_eq!(hold_out.covered(Level::NINETY_FIVE), None);
    }
}
