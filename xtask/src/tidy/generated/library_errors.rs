//! The page of the libraries' errors: every message of every public error type, found in the sources.

use std::{collections::BTreeMap, fmt::Write, fs, io, path::Path};

const HEAD: &str = "\
# Errors of the libraries

Every message of every public error type, by crate. In braces stands what the message fills in: a file, a row, a name. Messages are lowercase fragments that say what was wrong and what to do; \
[Errors](errors.md) shows what the tool makes of them. This page is made from the sources: `cargo xtask tidy --write`.
";

/// A message, and where it belongs.
#[derive(Debug, PartialEq, Eq)]
struct Message {
    /// The type, and its variant if it is an enum.
    of: String,
    text: String,
}

/// The page.
pub(super) fn page(root: &Path) -> io::Result<String> {
    let mut crates: BTreeMap<String, Vec<(String, Message)>> = BTreeMap::new();
    for file in crate::tidy::files(&root.join("crates"), "rs")? {
        let name = crate::tidy::name(root, &file);
        let Some((owner, _)) = name.trim_start_matches("crates/").split_once("/src/") else {
            continue;
        };
        let found = messages(&fs::read_to_string(&file)?);
        let found = found.into_iter().map(|message| (name.clone(), message));
        crates.entry(owner.to_owned()).or_default().extend(found);
    }
    let mut page = HEAD.to_owned();
    for (owner, messages) in crates.iter().filter(|(_, messages)| !messages.is_empty()) {
        let _ = writeln!(page, "\n## recurra-{owner}\n");
        let mut file = "";
        for (name, message) in messages {
            if name != file {
                let between = if file.is_empty() { "" } else { "\n" };
                let _ = writeln!(page, "{between}In `{name}`:\n");
                file = name;
            }
            let _ = writeln!(page, "- `{}`: {}", message.of, escaped(&message.text));
        }
    }
    Ok(page)
}

/// Outside of inline code, what Markdown would take for a tag.
fn escaped(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(index, part)| {
        if index % 2 == 0 {
            part.replace('<', "\\<").replace('*', "\\*")
        } else {
            part.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join("`")
}

/// The messages of the public types in a source.
fn messages(source: &str) -> Vec<Message> {
    let mut found = Vec::new();
    let mut public = None;
    let mut pending: Option<String> = None;
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line == "#[cfg(test)]" {
            break;
        }
        if let Some(rest) = line.strip_prefix("#[error(") {
            let mut attribute = rest.to_owned();
            while !attribute.ends_with(")]") {
                let Some(next) = lines.next() else { break };
                attribute.push('\n');
                attribute += next.trim();
            }
            pending = literal(&attribute);
        } else if let Some((visible, name)) = declared(line) {
            public = visible.then(|| name.to_owned());
            if let (Some(of), Some(text)) = (public.clone(), pending.take()) {
                found.push(Message { of, text });
            }
        } else if !line.starts_with('#')
            && !line.starts_with("//")
            && !line.is_empty()
            && let Some(text) = pending.take()
            && let Some(name) = &public
        {
            let variant: String = line.chars().take_while(|letter| letter.is_alphanumeric()).collect();
            found.push(Message {
                of: format!("{name}::{variant}"),
                text,
            });
        }
    }
    found
}

/// The name that the line declares, if it declares an enum or a struct, and whether others see it.
fn declared(line: &str) -> Option<(bool, &str)> {
    let visible = line.starts_with("pub enum ") || line.starts_with("pub struct ");
    let rest = line
        .trim_start_matches("pub(crate) ")
        .trim_start_matches("pub(super) ")
        .trim_start_matches("pub ");
    let rest = rest.strip_prefix("enum ").or_else(|| rest.strip_prefix("struct "))?;
    let name = rest.split(|letter: char| !letter.is_alphanumeric()).next()?;
    Some((visible, name))
}

/// The text of the first string literal, as it is printed; nothing for `transparent`.
fn literal(attribute: &str) -> Option<String> {
    let mut letters = attribute[attribute.find('"')? + 1..].chars().peekable();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return Some(text),
            '\\' => match letters.next()? {
                // The line goes on after the next line's indentation.
                '\n' => while letters.next_if(|letter| letter.is_whitespace()).is_some() {},
                'n' => text.push(' '),
                escaped => text.push(escaped),
            },
            '\n' => text.push(' '),
            letter => text.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_public_types_are_found() {
        let source = r#"
/// Why.
#[derive(thiserror::Error)]
#[error("there is no \"{0}\", \
         only others")]
pub struct Unknown(String);

pub enum Reading {
    /// A row.
    #[error(
        "row {row}: {}",
        reason(row)
    )]
    #[non_exhaustive]
    Row { row: usize },
    #[error(transparent)]
    Other(Unknown),
    #[error("empty")]
    Empty,
}

enum Hidden {
    #[error("nobody sees it")]
    This,
}
"#;
        let message = |of: &str, text: &str| Message {
            of: of.to_owned(),
            text: text.to_owned(),
        };
        assert_eq!(
            messages(source),
            [
                message("Unknown", "there is no \"{0}\", only others"),
                message("Reading::Row", "row {row}: {}"),
                message("Reading::Empty", "empty"),
            ]
        );
    }

    #[test]
    fn markdown_shows_what_the_message_says() {
        assert_eq!(escaped("`a<b>` is <c>"), "`a<b>` is \\<c>");
    }
}
