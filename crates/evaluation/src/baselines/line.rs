//! A straight line through equally spaced values.

use crate::sums::mean;

/// Constant and slope of the least-squares line `constant + slope · t`, t = 0, 1, 2, …
pub(super) fn through(values: &[f64]) -> (f64, f64) {
    let centre = mean(values);
    let middle = (values.len() as f64 - 1.0) / 2.0;
    let mut covariance = 0.0;
    let mut spread = 0.0;
    for (step, value) in values.iter().enumerate() {
        let distance = step as f64 - middle;
        covariance += distance * (value - centre);
        spread += distance * distance;
    }
    let slope = if spread > 0.0 { covariance / spread } else { 0.0 };
    (centre - slope * middle, slope)
}

#[cfg(test)]
mod tests {
    use super::through;

    #[test]
    fn a_line_goes_through_what_lies_on_it_and_a_single_value_is_level() {
        assert_eq!(through(&[1.0, 3.0, 5.0, 7.0]), (1.0, 2.0));
        assert_eq!(through(&[5.0]), (5.0, 0.0));
        // Far from zero the slope keeps its digits.
        assert_eq!(through(&[1e15, 1e15 + 1.0, 1e15 + 2.0]).1, 1.0);
    }
}
