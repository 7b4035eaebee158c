//! Mistakes in flags, in plain words.

use std::io::{IsTerminal, stderr};

/// What the standard library says of a text that is no number, and what to say instead.
const PLAINLY: [(&str, &str); 6] = [
    ("invalid digit found in string", "give a whole number"),
    ("cannot parse integer from empty string", "give a whole number"),
    ("number too large to fit in target type", "the number is too large"),
    ("number too small to fit in target type", "the number is too small"),
    ("invalid float literal", "give a number"),
    ("cannot parse float from empty string", "give a number"),
];

/// A mistake in flags, as it is shown.
pub(crate) fn plainly(error: &clap::Error) -> String {
    let colour = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = error.render();
    let text = if colour {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    PLAINLY
        .iter()
        .fold(text, |text, (said, plainly)| text.replace(said, plainly))
}
