//! Ranges and ticks, chosen here so that they are round numbers and the same on every machine.

/// One axis: its range in data units (log₁₀ of them on a logarithmic axis) and its labelled ticks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    pub(crate) range: (f64, f64),
    pub(crate) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// A linear axis over exactly `low..high` with about `count` round ticks inside.
    pub(crate) fn linear(low: f64, high: f64, count: usize) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        let step = round_step((high - low) / count.max(1) as f64);
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        let decimals = (-(libm::log10(step) + 1e-9).floor()).max(0.0) as usize;
        let ticks = (first..=last)
            .map(|k| (k as f64 * step, grouped(k as f64 * step, decimals)))
            .collect();
        Self {
            range: (low, high),
            ticks,
        }
    }

    /// A linear axis that covers the values with a margin of a twentieth on both sides; `None` without finite values.
    pub(crate) fn around(values: impl IntoIterator<Item = f64>, count: usize) -> Option<Self> {
        let (low, high) = extent(values)?;
        let margin = if high > low { (high - low) / 20.0 } else { 0.5 };
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

/// A whole number with thousands set apart: `1,461`.
pub(crate) fn count(number: usize) -> String {
    grouped(number as f64, 0)
}

/// A number with so many decimals, thousands set apart by commas and a true minus sign.
pub(crate) fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    let zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if value < 0.0 && !zero { format!("−{out}") } else { out }
}

/// A tick of a logarithmic axis as a plain number: as many decimals as it takes and no more.
fn plain(value: f64) -> String {
    if value >= 1.0 {
        grouped(value, 0)
    } else {
        format!("{}", (value * 1e9).round() / 1e9)
    }
}

/// `-6` → `⁻⁶`.
pub(crate) fn superscript(number: i32) -> String {
    let digit = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        c => char::from_u32(c as u32 - '0' as u32 + 0x2070).unwrap_or(c),
    };
    number.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
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

    proptest::proptest! {
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
