//! Ranges and ticks, chosen here so that they are round numbers and the same on every machine.

use crate::numbers::{grouped, superscript};

/// One axis: its range in data units (log₁₀ of them on a logarithmic axis) and its labelled ticks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    pub(crate) range: (f64, f64),
    pub(crate) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// A linear axis over exactly `low..high` with about `count` round ticks inside; a wider one where numbers in between can
    /// hardly be told apart. Ends beyond a quarter of the largest number are drawn in to there, so that their distance is a number.
    pub(crate) fn linear(low: f64, high: f64, count: usize) -> Self {
        let (low, high) = (low.clamp(-MOST, MOST), high.clamp(-MOST, MOST));
        let high = if high - low > least(low, high) {
            high
        } else {
            low + 2.0 * around_one(low)
        };
        let step = round_step((high - low) / count.max(1) as f64);
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        let size = low.abs().max(high.abs());
        let ticks = (first..=last)
            .map(|k| (k as f64 * step, label(k as f64 * step, step, size)))
            .collect();
        Self {
            range: (low, high),
            ticks,
        }
    }

    /// A linear axis that covers the values with a margin of a twentieth on both sides; `None` without finite values.
    pub(crate) fn around(values: impl IntoIterator<Item = f64>, count: usize) -> Option<Self> {
        let (low, high) = extent(values)?;
        let margin = if high - low > least(low, high) {
            (high - low) / 20.0
        } else {
            around_one(high)
        };
        Some(Self::linear(low - margin, high + margin, count))
    }

    /// A logarithmic axis over `low..high` with a tick at every power of ten: `10⁻⁶`.
    pub(crate) fn decades(low: f64, high: f64) -> Self {
        let range = (libm::log10(low), libm::log10(high));
        let (first, last) = ((range.0 - 1e-9).ceil() as i32, (range.1 + 1e-9).floor() as i32);
        let ticks = (first..=last)
            .map(|power| (f64::from(power), format!("10{}", superscript(power))))
            .collect();
        Self { range, ticks }
    }

    /// A logarithmic axis over `low..high` with ticks at 1, 2 and 5 times the powers of ten, written as plain numbers.
    pub(crate) fn logarithmic(low: f64, high: f64) -> Self {
        let range = (libm::log10(low), libm::log10(high));
        let decades = (range.0.floor() as i32)..=(range.1.ceil() as i32);
        let candidates = decades.flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * ten_to(power)));
        let ticks = candidates
            .map(|value| (libm::log10(value), plain(value)))
            .filter(|(position, _)| (range.0..=range.1).contains(position))
            .collect();
        Self { range, ticks }
    }
}

/// Ends of linear axes lie within ± this, so that no distance overflows.
const MOST: f64 = f64::MAX / 4.0;

/// The least length of an axis: ten ticks on it are different numbers, and its steps are none that round to zero.
fn least(low: f64, high: f64) -> f64 {
    (1e-12 * low.abs().max(high.abs())).max(1e-300)
}

/// The room on either side of one value: a half, more where the value is so large that a half is nothing beside it.
fn around_one(value: f64) -> f64 {
    (1e-9 * value.abs()).max(0.5)
}

/// A tick's number, with the decimals that the step between ticks needs; by its power of ten on an axis whose numbers, none
/// above `size`, would be long.
fn label(value: f64, step: f64, size: f64) -> String {
    // A whisker, for steps that are powers of ten but for rounding.
    let digit_of = |number: f64| (libm::log10(number) + 1e-9).floor();
    if size < 1e15 && step > 1e-9 {
        return grouped(value, (-digit_of(step)).max(0.0) as usize);
    }
    // Rounded, because the last bits of k · step would show.
    if value.abs() < step / 2.0 {
        return "0".to_owned();
    }
    let digits = (digit_of(value.abs()) - digit_of(step)).clamp(0.0, 17.0) as usize;
    let text = format!("{value:.digits$e}");
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    format!(
        "{}·10{}",
        mantissa.replace('-', "−"),
        superscript(power.parse().unwrap_or(0))
    )
}

/// The lowest and the highest finite value; `None` if there is none.
pub(crate) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold(None, |extent, value| match extent {
            None => Some((value, value)),
            Some((low, high)) => Some((low.min(value), high.max(value))),
        })
}

/// The smallest of 1, 2, 5 times a power of ten that is at least `rough`.
fn round_step(rough: f64) -> f64 {
    let power = ten_to(libm::log10(rough).floor() as i32);
    [1.0, 2.0, 5.0]
        .map(|digit| digit * power)
        .into_iter()
        .find(|step| *step >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

fn ten_to(power: i32) -> f64 {
    libm::pow(10.0, f64::from(power))
}

/// A tick of a logarithmic axis as a plain number: as many decimals as it takes and no more.
fn plain(value: f64) -> String {
    if value >= 1.0 {
        grouped(value, 0)
    } else {
        format!("{}", (value * 1e9).round() / 1e9)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.1.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_numbers_inside_the_range() {
        assert_eq!(labels(&Axis::linear(0.0, 1460.0, 6)), ["0", "500", "1,000"]);
        assert_eq!(
            labels(&Axis::linear(1000.0, 1460.0, 5)),
            ["1,000", "1,100", "1,200", "1,300", "1,400"]
        );
        assert_eq!(labels(&Axis::linear(4.3, 5.1, 4)), ["4.4", "4.6", "4.8", "5.0"]);
        assert_eq!(labels(&Axis::linear(-20.0, 20.0, 4)), ["−20", "−10", "0", "10", "20"]);
        assert_eq!(
            labels(&Axis::decades(1e-8, 1e-3)),
            ["10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³"]
        );
        assert_eq!(labels(&Axis::logarithmic(4.0, 120.0)), ["5", "10", "20", "50", "100"]);
        assert_eq!(
            labels(&Axis::logarithmic(0.04, 1.0)),
            ["0.05", "0.1", "0.2", "0.5", "1"]
        );
    }

    #[test]
    fn degenerate_ranges_still_have_an_extent() {
        let axis = Axis::linear(3.0, 3.0, 4);
        assert!(axis.range.1 > axis.range.0 && !axis.ticks.is_empty());
        assert_eq!(Axis::around([f64::NAN], 4), None);
        assert_eq!(extent([2.0, f64::INFINITY, -1.0]), Some((-1.0, 2.0)));
    }

    #[test]
    fn numbers_that_a_half_does_not_move_have_an_axis() {
        let axis = Axis::around([9e15; 3], 4).unwrap();
        assert!(axis.range.0 < 9e15 && axis.range.1 > 9e15, "{axis:?}");
        assert_eq!(
            labels(&axis),
            ["8.999999995·10¹⁵", "9.000000000·10¹⁵", "9.000000005·10¹⁵"]
        );
        assert_eq!(labels(&Axis::linear(0.0, 1e16, 2)), ["0", "5·10¹⁵", "1.0·10¹⁶"]);
        assert_eq!(
            labels(&Axis::linear(-2e-12, 1e-12, 3)),
            ["−2·10⁻¹²", "−1·10⁻¹²", "0", "1·10⁻¹²"]
        );
    }

    proptest::proptest! {
        /// Whatever the two numbers are, and however close together.
        #[test]
        fn every_pair_of_numbers_has_an_axis(low in proptest::num::f64::ANY, high in proptest::num::f64::ANY, near in 0..4_u8) {
            let high = if near > 0 { (0..near).fold(low, |number, _| number.next_up()) } else { high };
            if let Some(axis) = Axis::around([low, high], 5) {
                let (from, to) = axis.range;
                proptest::prop_assert!(from.is_finite() && to.is_finite() && from < to, "{axis:?}");
                proptest::prop_assert!((1..=8).contains(&axis.ticks.len()), "{axis:?}");
                proptest::prop_assert!(axis.ticks.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1), "{axis:?}");
                proptest::prop_assert!(axis.ticks.iter().all(|tick| tick.1.chars().count() <= 26), "{axis:?}");
            }
        }

        #[test]
        fn ticks_are_few_ascending_and_inside(low in -1e6..1e6_f64, width in 1e-6..1e6_f64, count in 2..12_usize) {
            let axis = Axis::linear(low, low + width, count);
            proptest::prop_assert!(axis.ticks.len() <= count + 1, "{} ticks for {}", axis.ticks.len(), count);
            proptest::prop_assert!(axis.ticks.windows(2).all(|pair| pair[0].0 < pair[1].0));
            let slack = 1e-6 * width;
            proptest::prop_assert!(axis.ticks.iter().all(|tick| (low - slack..=low + width + slack).contains(&tick.0)));
        }
    }
}
