//! Simple exponential smoothing.

/// The level after all values, and the sum of squared one-step errors: `l ← l + α·(y − l)`, starting at the first value.
/// Brown (1959); Hyndman & Athanasopoulos (2021), 8.1.
pub(in crate::baselines) fn smooth(values: &[f64], weight: f64) -> (f64, f64) {
    let mut level = values[0];
    let mut squares = 0.0;
    for value in values {
        let error = value - level;
        level += weight * error;
        squares += error * error;
    }
    (level, squares)
}

/// The weight between 0 and 1 with the smallest sum of squared errors: the best of a grid, refined by golden-section
/// search between its neighbours.
pub(in crate::baselines) fn best_weight(values: &[f64]) -> f64 {
    const GRID: usize = 50;
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let squares = |weight: f64| smooth(values, weight).1;
    let grid: Vec<f64> = (0..=GRID).map(|step| squares(step as f64 / GRID as f64)).collect();
    let best = (0..=GRID).fold(0, |best, step| if grid[step] < grid[best] { step } else { best });
    let mut lower = best.saturating_sub(1) as f64 / GRID as f64;
    let mut upper = (best + 1).min(GRID) as f64 / GRID as f64;
    for _ in 0..40 {
        let third = GOLDEN * (upper - lower);
        if squares(upper - third) <= squares(lower + third) {
            upper = lower + third
        } else {
            lower = upper - third
        }
    }
    (lower + upper) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_other_weight_is_better() {
        let values = [3.0, 5.0, 4.0, 6.0, 5.5, 7.0, 6.0, 8.0, 7.0, 9.5];
        let best = smooth(&values, best_weight(&values)).1;
        for step in 0..=1000 {
            let other = smooth(&values, f64::from(step) / 1000.0).1;
            assert!(best <= other * (1.0 + 1e-12), "{step}");
        }
    }

    #[test]
    fn the_weight_stays_between_zero_and_one() {
        let rising: Vec<f64> = (0..12).map(f64::from).collect();
        assert!(
            (1.0 - 1e-6..=1.0).contains(&best_weight(&rising)),
            "the last value counts alone"
        );
        let apart = [2.0, 3.0, 1.0, 3.0, 1.0, 3.0, 1.0, 2.5, 1.5];
        assert!(
            (0.0..1e-6).contains(&best_weight(&apart)),
            "the first value counts alone"
        );
    }
}
