//! Numbers and words as people read them.

/// Four significant digits: `5.938`, `0.01234`, `61830`, `2.353e300`.
pub(crate) fn figure(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let digits = libm::floor(libm::log10(value.abs())) as i32;
    if !(-9..=11).contains(&digits) {
        return format!("{value:.3e}");
    }
    let decimals = (3 - digits).clamp(0, 12) as usize;
    format!("{value:.decimals$}")
}

/// `1 value`, `2 values`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

/// A word as it has to be typed in a shell.
pub(crate) fn shell(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./,:=+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Columns of text, each as wide as its widest entry; the first is left-aligned, the others are right-aligned.
pub(crate) fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|text| text.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (entry, width)) in row.iter().zip(&widths).enumerate() {
            if column == 0 {
                line += &format!("{entry:width$}");
            } else {
                line += &format!("  {entry:>width$}");
            }
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_four_digits() {
        assert_eq!(
            [5.93791, 0.012345, 61_830.4, -2.5, 0.0, 2.353e300, -1.5e-12].map(figure),
            ["5.938", "0.01235", "61830", "-2.500", "0", "2.353e300", "-1.500e-12"]
        );
    }

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        assert_eq!(
            ["a.csv", "my data.csv", "it's", ""].map(shell),
            ["a.csv", "'my data.csv'", "'it'\\''s'", "''"]
        );
    }
}
