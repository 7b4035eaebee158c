//! Numbers as people read them.

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

/// A learning rate as people write it: `4.5·10⁻⁶`.
pub(crate) fn rate(lr: f64) -> String {
    let scientific = format!("{lr:.1e}");
    let (digits, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power = power.parse().unwrap_or(0);
    let digits = digits.trim_end_matches(".0");
    if digits == "1" {
        format!("10{}", superscript(power))
    } else {
        format!("{digits}·10{}", superscript(power))
    }
}

/// Two decimals, or two significant digits of what is smaller, by its power of ten if it is tiny.
pub(crate) fn short(value: f64) -> String {
    let size = value.abs();
    let text = match size {
        _ if value == 0.0 || size >= 0.1 => format!("{size:.2}"),
        _ if size >= 0.01 => format!("{size:.3}"),
        _ => rate(size),
    };
    if value < 0.0 { format!("−{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::{rate, short};

    #[test]
    fn rates_are_written_by_their_power_of_ten() {
        assert_eq!(
            (rate(4.47e-6), rate(1e-8), rate(0.03)),
            ("4.5·10⁻⁶".to_owned(), "10⁻⁸".to_owned(), "3·10⁻²".to_owned())
        );
    }

    #[test]
    fn effects_of_any_size_are_legible() {
        assert_eq!(
            [-0.87, 0.0, 4.5e-6, 41.0, -0.02, 6.35].map(short),
            ["−0.87", "0.00", "4.5·10⁻⁶", "41.00", "−0.020", "6.35"]
        );
    }
}
