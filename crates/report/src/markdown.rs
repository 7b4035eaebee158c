//! `REPORT.md`: the report for a forge's pages, with the charts as files beside it.

use crate::charts::Chart;
use crate::claims;
use crate::distributions;
use crate::input::ReportInput;
use crate::table::{self, HEADINGS, number};
use std::fmt::Write as _;

/// The whole document.
pub(crate) fn document(input: &ReportInput, charts: &[Chart]) -> String {
    let mut text = String::from("# Recurra: the reference experiments\n\n");
    if let Some(verdict) = crate::method::verdict(input) {
        let _ = write!(text, "{}\n\n", escape(&verdict));
    }
    text.push_str("Mean absolute error on the validation part, one step ahead: median [quartiles] over n seeds.\n\n");
    text.push_str(&answer(input));
    for chart in charts.iter().filter(|chart| chart.experiment.is_none()) {
        text.push_str(&image(chart));
    }
    for experiment in &input.experiments {
        let _ = write!(
            text,
            "\n## {}\n\n{}\n",
            escape(&experiment.title),
            escape(&experiment.description)
        );
        for chart in charts
            .iter()
            .filter(|chart| chart.experiment.as_deref() == Some(&experiment.id))
        {
            text.push_str(&image(chart));
        }
    }
    if !input.results.claims.is_empty() {
        text.push_str("\n## Claims, put to the test\n\n");
        text.push_str(&table(
            &claims::HEADINGS,
            input.results.claims.iter().map(claims::cells),
        ));
    }
    if !input.results.distributions.is_empty() {
        let _ = write!(text, "\n## The same as Keras?\n\n{}\n\n", distributions::ABOUT);
        let rows = input.results.distributions.iter().map(distributions::cells);
        text.push_str(&table(&distributions::HEADINGS, rows));
    }
    text.push_str(&method(input));
    text
}

/// The table of experiments with the reference lines as its last rows.
fn answer(input: &ReportInput) -> String {
    let rows = table::rows(input);
    let mut lines: Vec<[String; 5]> = rows.iter().map(table::cells).collect();
    for line in table::references(input) {
        lines.push([
            line.name(),
            String::new(),
            String::new(),
            format!("**{}**", number(line.mae)),
            String::new(),
        ]);
    }
    table(&HEADINGS, lines.into_iter())
}

/// A table of any number of columns; cells that are wholly bold keep their asterisks.
pub(crate) fn table<const N: usize>(headings: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&headings.map(str::to_owned));
    text.push_str(&line(&headings.map(|_| "---".to_owned())));
    for row in rows {
        let cells = row.map(
            |cell| match cell.strip_prefix("**").and_then(|cell| cell.strip_suffix("**")) {
                Some(bold) => format!("**{}**", escape(bold)),
                None => escape(&cell),
            },
        );
        text.push_str(&line(&cells));
    }
    text
}

fn image(chart: &Chart) -> String {
    format!("\n![{}](charts/{}.svg)\n", escape(&chart.alt), chart.name)
}

fn method(input: &ReportInput) -> String {
    let about = &input.provenance;
    let mut text = String::from("\n## How it was measured\n\n");
    for line in crate::method::sentences(input) {
        let _ = writeln!(text, "- {}", escape(&line));
    }
    let _ = write!(text, "\nRepeat it with `{}`.\n\n", about.command.replace('`', "'"));
    let facts = crate::method::facts(input)
        .into_iter()
        .map(|(name, value)| [name, value]);
    text.push_str(&table(&["", ""], facts));
    text
}

/// Text that Markdown shows as it is: HTML becomes entities, what would start a table cell, emphasis, code or a link is
/// escaped, and line breaks become blanks. Brackets alone are harmless and stay legible.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '|' | '#' | '~' => out.extend(['\\', c]),
            ']' if matches!(rest.peek(), Some('(' | '[' | ':')) => out.push_str("\\]"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_in_a_text_is_markdown() {
        assert_eq!(
            escape("a|b <i>*c*</i> [d](e)"),
            "a\\|b &lt;i&gt;\\*c\\*&lt;/i&gt; [d\\](e)"
        );
        assert_eq!(escape("6.07 [5.77, 6.65] n=39"), "6.07 [5.77, 6.65] n=39");
        assert_eq!(escape("one\ntwo"), "one two");
    }
}
