//! The book and `cargo xtask` say the same: `docs/xtask-commands.md` is what `--help` prints, and every `cargo xtask` line of the book and of the READMEs
//! has only flags that there are.
//!
//! The page is made anew with `RECURRA_WRITE_DOCS=1 cargo test -p xtask --test book`.
#![allow(clippy::unwrap_used)]

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn xtask(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(words)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn help(command: &[&str]) -> String {
    let output = xtask(&[command, &["--help"]].concat());
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_page_of_commands_is_what_help_prints() {
    let whole = help(&[]);
    let mut page = format!(
        "# Commands of the workspace\n\nWhat `cargo xtask --help` and `cargo xtask COMMAND --help` print. This page is made by a test: \
         `RECURRA_WRITE_DOCS=1 cargo test -p xtask --test book`.\n\n```text\n{}\n```\n",
        whole.trim_end()
    );
    let names = whole
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help");
    for name in names {
        write!(page, "\n## {name}\n\n```text\n{}\n```\n", help(&[name]).trim_end()).unwrap();
    }
    let page = page.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n";
    let path = root().join("docs/xtask-commands.md");
    if std::env::var_os("RECURRA_WRITE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default().replace('\r', "");
    assert!(
        written == page,
        "docs/xtask-commands.md is out of date; make it again with RECURRA_WRITE_DOCS=1"
    );
}

/// All pages in `docs`, and the README and CONTRIBUTING of the root.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    let mut open = vec![root().join("docs")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    pages
}

/// With `--help` at its end a command line is read up to there: a flag that there is not is an error, and nothing is run.
fn is_understood(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().skip(2).collect();
    xtask(&[&words[..], &["--help"]].concat()).status.success()
}

#[test]
fn every_line_of_the_book_is_understood() {
    assert!(!is_understood("cargo xtask reproduce --sed 51"));
    let mut count = 0;
    for page in pages() {
        for line in fs::read_to_string(&page).unwrap().lines() {
            // In a sample, or in the text between backticks.
            let in_text = line.split('`').skip(1).step_by(2);
            let lines = in_text.chain([line]).filter(|line| line.starts_with("cargo xtask "));
            for line in lines.filter(|line| !line.contains(char::is_uppercase)) {
                count += 1;
                assert!(is_understood(line), "{}: {line}", page.display());
            }
        }
    }
    assert!(count >= 8, "{count}");
}
