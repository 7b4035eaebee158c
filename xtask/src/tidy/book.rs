//! Rules of the book: every page can be found, every link leads somewhere, every file that is named exists, every Rust sample is compiled.

use super::markdown::{self, Line};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

/// Folders of the workspace whose files a page may name by their path.
const NAMED: [&str; 7] = [
    "crates/",
    "xtask/",
    "docs/",
    "datasets/",
    "examples/",
    "fuzz/",
    ".github/",
];

/// A page: its path from the root with `/`, and its text.
type Page = (String, String);

/// Every breach below `root`.
pub(super) fn faults(root: &Path) -> io::Result<Vec<String>> {
    let pages = pages(root)?;
    let sources: BTreeSet<String> = ["crates", "xtask"]
        .iter()
        .map(|folder| super::files(&root.join(folder), "rs"))
        .collect::<io::Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned()))
        .collect();
    let mut faults = Vec::new();
    for (name, text) in &pages {
        faults.extend(links(name, text, &|target| target_of(root, target)));
        if name.starts_with("docs/") || name == "README.md" || name == "CONTRIBUTING.md" {
            faults.extend(named_files(name, text, &|path| root.join(path).exists(), &sources));
        }
    }
    let texts: BTreeMap<&str, &str> = pages
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let samples = fs::read_to_string(root.join("docs/samples.rs"))?;
    faults.extend(found(&texts));
    faults.extend(compiled(&texts, &samples));
    Ok(faults)
}

/// What people read in this workspace, sorted by name.
fn pages(root: &Path) -> io::Result<Vec<Page>> {
    let mut files = super::files(&root.join("docs"), "md")?;
    files.extend(["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root.join(name)));
    for folder in ["crates", "xtask"] {
        files.extend(super::files(&root.join(folder), "md")?.into_iter().filter(|file| {
            file.ends_with("README.md") && !file.components().any(|part| part.as_os_str() == "node_modules")
        }));
    }
    files
        .into_iter()
        .map(|file| Ok((super::name(root, &file), fs::read_to_string(&file)?)))
        .collect()
}

/// What a link leads to.
enum Target {
    Nothing,
    /// A page, with the names of its headings.
    Page(BTreeSet<String>),
    Other,
}

fn target_of(root: &Path, path: &str) -> Target {
    let file = root.join(path);
    if path.ends_with(".md") {
        fs::read_to_string(file).map_or(Target::Nothing, |text| Target::Page(markdown::anchors(&text)))
    } else if file.exists() {
        Target::Other
    } else {
        Target::Nothing
    }
}

/// Links of the page `name` that lead nowhere. Addresses elsewhere are not followed.
fn links(name: &str, text: &str, target: &dyn Fn(&str) -> Target) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in markdown::lines(text) {
        let Line::Prose(line) = line else { continue };
        for link in markdown::links(line) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = if path.is_empty() {
                name.to_owned()
            } else {
                joined(name, path)
            };
            let problem = match target(&path) {
                // What is published is the folder alone.
                _ if name.starts_with("docs/") && !path.starts_with("docs/") => {
                    Some(format!("{path} is not part of the book; name it in backticks"))
                }
                Target::Nothing => Some(format!("{path} is not there")),
                Target::Page(anchors) if !anchor.is_empty() && !anchors.contains(anchor) => {
                    Some(format!("{path} has no heading `#{anchor}`"))
                }
                _ => None,
            };
            faults.extend(problem.map(|problem| format!("{name}:{number}: a link leads nowhere: {problem}")));
        }
    }
    faults
}

/// The path of `link`, which stands in the page `name`, from the root.
fn joined(name: &str, link: &str) -> String {
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Files that the page names in backticks and that there are not: by their path, or a Rust file by its name alone.
fn named_files(name: &str, text: &str, exists: &dyn Fn(&str) -> bool, sources: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in markdown::lines(text) {
        let Line::Prose(line) = line else { continue };
        for code in line.split('`').skip(1).step_by(2) {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
            if !code.chars().all(plain) {
                continue;
            }
            let whole = NAMED.iter().any(|folder| code.starts_with(folder)) && !exists(code);
            let alone = code.ends_with(".rs") && !code.contains('/') && !sources.contains(code);
            if whole || alone {
                faults.push(format!("{name}:{number}: `{code}` is not there"));
            }
        }
    }
    faults
}

/// Pages that `docs/SUMMARY.md` does not list.
fn found(texts: &BTreeMap<&str, &str>) -> Vec<String> {
    let summary = "docs/SUMMARY.md";
    let listed: BTreeSet<String> = texts
        .get(summary)
        .map(|text| markdown::links(text).map(|link| joined(summary, link)).collect())
        .unwrap_or_default();
    texts
        .keys()
        .filter(|name| name.starts_with("docs/") && **name != summary && !listed.contains(**name))
        .map(|name| format!("{name}: no reader finds it: give it a line in {summary}"))
        .collect()
}

/// Pages whose Rust samples nobody compiles.
fn compiled(texts: &BTreeMap<&str, &str>, samples: &str) -> Vec<String> {
    texts
        .iter()
        .filter(|(name, text)| name.starts_with("docs/") && text.contains("\n```rust\n"))
        .filter(|(name, _)| !samples.contains(&format!("\"{}\"", name.trim_start_matches("docs/"))))
        .map(|(name, _)| format!("{name}: its Rust samples are not compiled: give it a line in docs/samples.rs"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_somewhere() {
        let anchors = || BTreeSet::from(["here".to_owned()]);
        let target = |path: &str| match path {
            "docs/a.md" | "docs/b/c.md" => Target::Page(anchors()),
            "LICENSE-MIT" => Target::Other,
            _ => Target::Nothing,
        };
        let count = |name: &str, text: &str| links(name, text, &target).len();
        for good in [
            "[a](a.md)",
            "[a](a.md#here)",
            "[a](#here)",
            "[c](b/c.md)",
            "[x](https://example.org/no.md)",
            "```sh\n[no](link.md)\n```",
            "`[no](link.md)`",
        ] {
            assert_eq!(count("docs/a.md", good), 0, "{good}");
        }
        for bad in [
            "[a](z.md)",
            "![a](a.svg)",
            "[a](a.md#there)",
            "[c](c.md)",
            "[l](LICENSE-MIT)",
        ] {
            assert_eq!(count("docs/a.md", bad), 1, "{bad}");
        }
        assert_eq!(count("docs/b/c.md", "[a](../a.md) [a](a.md)"), 1);
        assert_eq!(count("README.md", "[l](LICENSE-MIT) [a](docs/a.md#here)"), 0);
    }

    #[test]
    fn files_that_are_named_exist() {
        let sources = BTreeSet::from(["fit.rs".to_owned()]);
        let count = |text: &str| named_files("docs/a.md", text, &|path| path == "crates/here.rs", &sources).len();
        assert_eq!(
            count("`crates/here.rs`, `fit.rs`, `charts/*.svg`, `crates/…`, `model.rs.txt`"),
            0
        );
        assert_eq!(count("`crates/gone.rs`"), 1);
        assert_eq!(count("`gone.rs`"), 1);
        assert_eq!(count("```sh\ncat `gone.rs`\n```"), 0);
    }

    #[test]
    fn pages_are_listed_and_compiled() {
        let texts = BTreeMap::from([
            ("docs/SUMMARY.md", "- [a](a.md)"),
            ("docs/a.md", "\n```rust\n"),
            ("docs/b.md", "text"),
        ]);
        assert_eq!(found(&texts).len(), 1);
        assert_eq!(compiled(&texts, "A: \"b.md\"").len(), 1);
        assert_eq!(compiled(&texts, "A: \"a.md\"").len(), 0);
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(joined("docs/a/b.md", "../c.md"), "docs/c.md");
        assert_eq!(joined("README.md", "docs/c.md"), "docs/c.md");
        assert_eq!(joined("docs/a.md", "./b/"), "docs/b");
    }
}
