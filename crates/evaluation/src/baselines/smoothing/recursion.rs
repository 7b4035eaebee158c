//! The additive innovations recursion.

/// Which components a series has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::baselines) struct Form {
    /// Whether there is a (damped) trend.
    pub(in crate::baselines) trend: bool,
    /// Steps per season; one for no season.
    pub(in crate::baselines) season_length: usize,
}

impl Form {
    /// Values that the starting states need: two seasons, or two values.
    pub(in crate::baselines) fn needed(self) -> usize {
        self.season_length.saturating_mul(2)
    }

    /// Free numbers of the model: smoothing parameters and starting states.
    pub(in crate::baselines) fn free(self) -> usize {
        let season = if self.season_length > 1 { self.season_length } else { 0 };
        2 + if self.trend { 3 } else { 0 } + season
    }
}

/// The smoothing parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::baselines) struct Parameters {
    /// How much of an error goes into the level (α).
    pub(in crate::baselines) level: f64,
    /// How much goes into the trend (β).
    pub(in crate::baselines) trend: f64,
    /// How much of the trend stays per step (φ).
    pub(in crate::baselines) damping: f64,
    /// How much goes into the season (γ).
    pub(in crate::baselines) season: f64,
}

/// Level, trend and season after the last value that was seen.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::baselines) struct State {
    pub(super) level: f64,
    pub(super) trend: f64,
    /// One index per place in the season; the one of the next value stands at `next`.
    pub(super) season: Vec<f64>,
    pub(super) next: usize,
}

impl State {
    /// Runs the recursion through all values. Returns the sum of squared one-step errors:
    ///
    /// `e = y − (l + φb + s)`, `l ← l + φb + αe`, `b ← φb + βe`, `s ← s + γe`.
    ///
    /// Hyndman, Koehler, Ord & Snyder (2008), *Forecasting with Exponential Smoothing*, table 2.2.
    pub(super) fn run(&mut self, values: &[f64], parameters: Parameters) -> f64 {
        let mut squares = 0.0;
        for value in values {
            let trend = parameters.damping * self.trend;
            let season = &mut self.season[self.next];
            let error = value - (self.level + trend + *season);
            self.level += trend + parameters.level * error;
            self.trend = trend + parameters.trend * error;
            *season += parameters.season * error;
            self.next = (self.next + 1) % self.season.len();
            squares += error * error;
        }
        squares
    }

    /// `l + (φ + φ² + … + φʰ)·b + s` for every step.
    pub(in crate::baselines) fn forecast(&self, horizon: usize, damping: f64) -> Vec<f64> {
        let mut level = self.level;
        let mut trend = self.trend;
        (0..horizon)
            .map(|step| {
                trend *= damping;
                level += trend;
                level + self.season[(self.next + step) % self.season.len()]
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Additive errors, damped trend and season, with starting states and parameters given, by statsmodels 0.15 (its older
    /// `ExponentialSmoothing` leaves the last seasonal update out of forecasts):
    ///
    /// ```python
    /// y = numpy.array([12., 15., 9., 14.5, 18., 11., 16., 21., 13., 19.])
    /// fit = ETSModel(y, error="add", trend="add", damped_trend=True, seasonal="add", seasonal_periods=3,
    ///     initialization_method="known", initial_level=11., initial_trend=.8, initial_seasonal=[1., 3., -4.]
    ///     ).smooth([.4, .1, .3, .9])
    /// fit.forecast(5), (fit.resid ** 2).sum()
    /// ```
    #[test]
    fn agrees_with_statsmodels() {
        let values = [12.0, 15.0, 9.0, 14.5, 18.0, 11.0, 16.0, 21.0, 13.0, 19.0];
        let mut state = State {
            level: 11.0,
            trend: 0.8,
            season: vec![1.0, 3.0, -4.0],
            next: 0,
        };
        let parameters = Parameters {
            level: 0.4,
            trend: 0.1,
            damping: 0.9,
            season: 0.3,
        };
        let squares = state.run(&values, parameters);
        let expected = [
            22.158123267174425,
            14.765848572556806,
            20.14182256976359,
            23.377902735796177,
            15.86365009431638,
        ];
        assert!((squares - 6.7932505102956).abs() < 1e-12, "{squares}");
        for (found, expected) in state.forecast(5, 0.9).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }
}
