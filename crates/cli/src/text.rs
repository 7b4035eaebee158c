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

/// Text whose lines are at most `width` columns wide, broken between words and indented where they go on. A command
/// that is proposed stays in one line, so that it can be copied.
pub(crate) fn wrapped(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.chars().count() <= width || line.starts_with("next: ") {
            lines.push(line.to_owned());
            continue;
        }
        // The blanks before the first word, and between the columns of a table, stay as they are.
        let mut current = String::new();
        for word in line.split_inclusive(' ') {
            let wide = current.chars().count() + word.trim_end().chars().count() > width;
            if wide && !current.trim().is_empty() {
                lines.push(current.trim_end().to_owned());
                "  ".clone_into(&mut current);
            }
            current += word;
        }
        lines.push(current);
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
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

/// The same for a terminal of `width` columns, with the headings in the first row: where the table is too wide, every
/// row becomes its name and a line for each of its entries.
pub(crate) fn columns_within(rows: &[Vec<String>], width: usize) -> String {
    let table = columns(rows);
    let Some((headings, rows)) = rows.split_first() else {
        return table;
    };
    if table.lines().all(|line| line.chars().count() <= width) {
        return table;
    }
    let stacked = |row: &Vec<String>| {
        let entries = headings.iter().zip(row).skip(1);
        let lines: Vec<Vec<String>> = entries
            .map(|(heading, entry)| vec![format!("  {heading}"), entry.clone()])
            .collect();
        format!("{}\n{}", row.first().map_or("", String::as_str), columns(&lines))
    };
    rows.iter().map(stacked).collect()
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
    fn words_go_on_in_the_next_line_and_commands_do_not() {
        assert_eq!(wrapped("one two three\nfour", 8), "one two\n  three\nfour\n");
        assert_eq!(wrapped("a considerable word", 6), "a\n  considerable\n  word\n");
        assert_eq!(wrapped("next: recurra fit x", 8), "next: recurra fit x\n");
        assert_eq!(wrapped("as  it   is\n\nhere", usize::MAX), "as  it   is\n\nhere\n");
    }

    #[test]
    fn tables_that_are_too_wide_are_stacked() {
        let rows = [
            ["model", "MAE", "bias"],
            ["naive", "5.938", "0.1"],
            ["gru", "4.2", "-0.03"],
        ];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        let wide = "model    MAE   bias\nnaive  5.938    0.1\ngru      4.2  -0.03\n";
        assert_eq!(columns_within(&rows, 19), wide);
        let stacked = "naive\n  MAE   5.938\n  bias    0.1\ngru\n  MAE     4.2\n  bias  -0.03\n";
        assert_eq!(columns_within(&rows, 18), stacked);
    }

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        assert_eq!(
            ["a.csv", "my data.csv", "it's", ""].map(shell),
            ["a.csv", "'my data.csv'", "'it'\\''s'", "''"]
        );
    }
}
