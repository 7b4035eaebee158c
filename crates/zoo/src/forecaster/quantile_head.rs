//! Networks that forecast quantiles: several outputs for every step, trained with the pinball loss.

use recurra_series::Samples;
use recurra_training::{Loss, Quantiles};

use super::settings::NetworkSettings;
use super::strategy::Strategy;

/// The probability whose quantile is the point forecast.
const MEDIAN: f64 = 0.5;
/// Two probabilities this close are one.
const SAME: f64 = 1e-9;

/// Why settings make no quantile head: the setting, what it is, and what it has to be.
pub(super) struct HeadProblem {
    pub(super) parameter: &'static str,
    pub(super) value: String,
    pub(super) expected: &'static str,
}

/// The quantiles that a network of these settings forecasts, if it forecasts any.
pub(super) fn quantiles(settings: &NetworkSettings) -> Option<Quantiles> {
    match settings.training.loss {
        Loss::Quantiles { quantiles } => Some(quantiles),
        _ => None,
    }
}

/// Refuses settings with which quantiles would not be what they are called.
pub(super) fn check(settings: &NetworkSettings, horizon: usize) -> Result<(), HeadProblem> {
    let Some(quantiles) = quantiles(settings) else {
        return Ok(());
    };
    let problem = |parameter, value, expected| {
        Err(HeadProblem {
            parameter,
            value,
            expected,
        })
    };
    if place(quantiles, MEDIAN).is_none() {
        let found = format!("{:?}", quantiles.probabilities());
        return problem("quantiles", found, "a list with 0.5 in it, the point forecast");
    }
    if settings.strategy != Strategy::Direct {
        // A median that is fed back carries nothing of the uncertainty before it.
        return problem(
            "strategy",
            settings.strategy.to_string(),
            "direct where quantiles are forecast",
        );
    }
    if settings.difference > 0 && horizon > settings.difference {
        // Quantiles of changes do not add up to quantiles of levels.
        return problem(
            "difference",
            settings.difference.to_string(),
            "0 or at least the horizon where quantiles are forecast",
        );
    }
    Ok(())
}

/// Where the quantile at `probability` stands among the outputs of a step.
pub(super) fn place(quantiles: Quantiles, probability: f64) -> Option<usize> {
    let same = |known: &f64| (known - probability).abs() < SAME;
    quantiles.probabilities().iter().position(same)
}

/// Where the point forecast stands among the outputs of a step.
pub(super) fn median(quantiles: Quantiles) -> usize {
    place(quantiles, MEDIAN).unwrap_or(quantiles.len() / 2)
}

/// Puts the outputs of every step in rising order, so that no quantile lies above a higher one. Sorting never makes a forecast
/// worse by the pinball loss: Chernozhukov, Fernández-Val & Galichon (2010), *Econometrica* 78, 1093–1125.
pub(super) fn uncross(outputs: &mut [f32], quantiles: Quantiles) {
    for step in outputs.chunks_exact_mut(quantiles.len()) {
        step.sort_unstable_by(f32::total_cmp);
    }
}

/// Windows whose every target stands there once for each output of its step.
#[derive(Debug)]
pub(super) struct Repeated<S> {
    inner: S,
    times: usize,
}

impl<S: Samples> Repeated<S> {
    /// The windows of `inner`, every target `times` times.
    pub(super) fn new(inner: S, times: usize) -> Self {
        Self { inner, times }
    }
}

impl<S: Samples> Samples for Repeated<S> {
    fn len(&self) -> usize {
        self.inner.len()
    }

    fn steps(&self) -> usize {
        self.inner.steps()
    }

    fn columns(&self) -> usize {
        self.inner.columns()
    }

    fn outputs(&self) -> usize {
        self.inner.outputs() * self.times
    }

    fn gather(&self, indices: &[usize], inputs: &mut [f32], targets: &mut [f32]) {
        let single = targets.len() / self.times;
        self.inner.gather(indices, inputs, &mut targets[..single]);
        // From the back, so that no target is written over before it was read.
        for at in (0..single).rev() {
            let value = targets[at];
            targets[at * self.times..(at + 1) * self.times].fill(value);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use recurra_series::{WindowOptions, Windows};

    #[test]
    fn targets_are_repeated_in_their_order() {
        let values: Vec<f32> = (0..10_u8).map(f32::from).collect();
        let options = WindowOptions {
            size: 3,
            shift: 1,
            horizon: 2,
        };
        let samples = Repeated::new(Windows::new(&values, options).unwrap(), 3);
        assert_eq!((samples.outputs(), samples.len()), (6, 6));
        let (mut inputs, mut targets) = ([0.0; 6], [0.0; 12]);
        samples.gather(&[4, 0], &mut inputs, &mut targets);
        assert_eq!(inputs, [4.0, 5.0, 6.0, 0.0, 1.0, 2.0]);
        assert_eq!(targets, [7.0, 7.0, 7.0, 8.0, 8.0, 8.0, 3.0, 3.0, 3.0, 4.0, 4.0, 4.0]);
    }

    #[test]
    fn crossed_quantiles_are_sorted_step_by_step() {
        let mut outputs = [3.0, 1.0, 2.0, -1.0, -2.0, 5.0];
        uncross(&mut outputs, Quantiles::new(&[0.1, 0.5, 0.9]).unwrap());
        assert_eq!(outputs, [1.0, 2.0, 3.0, -2.0, -1.0, 5.0]);
    }
}
