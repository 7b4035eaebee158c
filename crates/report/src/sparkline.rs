//! A loss curve in one line of text.

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Stands where no value of a stretch was finite.
const BROKEN: char = '×';

/// Draws `values` as at most `width` characters, such as `█▅▃▂▁▁▁`: each stands for the mean of a stretch of them.
///
/// Heights are proportional to the logarithm of the values if all are positive, since a loss falls by orders of
/// magnitude at first, else to the values themselves. A stretch without a finite value shows `×`: the run diverged there.
///
/// ```
/// let losses = [100.0, 10.0, 1.0, 1.0].map(Some);
/// assert_eq!(recurra_report::sparkline(&losses, 4), "█▅▁▁");
/// assert_eq!(recurra_report::sparkline(&[Some(2.0), Some(1.0), None], 10), "█▁×");
/// ```
pub fn sparkline(values: &[Option<f64>], width: usize) -> String {
    let count = width.min(values.len());
    let means: Vec<Option<f64>> = (0..count)
        .map(|k| mean(&values[k * values.len() / count..(k + 1) * values.len() / count]))
        .collect();
    let positive = means.iter().flatten().all(|mean| *mean > 0.0);
    let heights: Vec<Option<f64>> = means
        .into_iter()
        .map(|mean| mean.map(|mean| if positive { libm::log(mean) } else { mean }))
        .collect();
    let low = heights.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    let high = heights.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
    heights
        .into_iter()
        .map(|height| height.map_or(BROKEN, |height| block(height, low, high)))
        .collect()
}

fn mean(values: &[Option<f64>]) -> Option<f64> {
    let finite: Vec<f64> = values
        .iter()
        .flatten()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    (!finite.is_empty()).then(|| finite.iter().sum::<f64>() / finite.len() as f64)
}

fn block(height: f64, low: f64, high: f64) -> char {
    let share = if high > low { (height - low) / (high - low) } else { 0.0 };
    BLOCKS[((share * 7.0).round() as usize).min(7)]
}

#[cfg(test)]
mod tests {
    use super::sparkline;

    #[test]
    fn long_curves_are_drawn_as_means_of_stretches() {
        let falling: Vec<Option<f64>> = (0..400).map(|epoch| Some(1000.0 / f64::from(epoch + 1))).collect();
        let line = sparkline(&falling, 20);
        assert_eq!(line.chars().count(), 20);
        assert!(line.starts_with('█') && line.ends_with('▁'), "{line}");
    }

    #[test]
    fn nothing_and_flat_lines_and_negative_values_have_a_picture() {
        assert_eq!(sparkline(&[], 10), "");
        assert_eq!(sparkline(&[Some(1.0); 3], 10), "▁▁▁");
        assert_eq!(sparkline(&[Some(-1.0), Some(0.0), Some(1.0)], 3), "▁▅█");
        assert_eq!(sparkline(&[None, Some(f64::INFINITY)], 2), "××");
        assert_eq!(sparkline(&[Some(1.0)], 0), "");
    }
}
