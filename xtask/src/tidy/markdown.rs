//! As much of Markdown as the rules need: what is prose and what is a sample, links, headings.

use std::collections::BTreeSet;

/// A line of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Text, a heading, a table.
    Prose(&'a str),
    /// A line inside a fenced block.
    Sample,
}

/// The lines of `text`, numbered from 1, without the fences.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, Line<'_>)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        Some((index + 1, if fenced { Line::Sample } else { Line::Prose(line) }))
    })
}

/// The targets of `[text](target)` and `![text](target)` in a line, outside of inline code.
pub(super) fn links(line: &str) -> impl Iterator<Item = &str> {
    // A link's text may hold code; what counts is whether its `](` does.
    line.match_indices("](").filter_map(move |(at, _)| {
        let before = line[..at].matches('`').count();
        if before % 2 == 1 {
            return None;
        }
        let rest = &line[at + 2..];
        rest.find(')').map(|end| &rest[..end])
    })
}

/// The names by which the headings of `text` are linked to, as mdBook and forges make them.
pub(super) fn anchors(text: &str) -> BTreeSet<String> {
    lines(text)
        .filter_map(|(_, line)| match line {
            Line::Prose(line) => line.strip_prefix('#'),
            Line::Sample => None,
        })
        .map(|heading| anchor(heading.trim_start_matches('#').trim()))
        .collect()
}

/// Lower case, blanks as dashes, everything but letters, digits, dashes and underscores left out.
fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            letter if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_the_names_that_links_use() {
        let text = "# Where a new thing goes\n```sh\n# no heading\n```\n## recurra.toml\n### What is *not* promised?\n";
        let expected = ["recurratoml", "what-is-not-promised", "where-a-new-thing-goes"];
        assert_eq!(anchors(text).into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn links_of_a_line() {
        let line = "[a](b.md), ![c](d.svg), `[e](f.md)` and [`g`](h.md)";
        assert_eq!(links(line).collect::<Vec<_>>(), ["b.md", "d.svg", "h.md"]);
    }
}
