//! The book and the program say the same: `docs/commands.md` is what `--help` prints, and every shell sample of the book and of the READMEs runs.
//!
//! `docs/commands.md` is made anew with `RECURRA_WRITE_DOCS=1 cargo test -p recurra --test book`.

#![allow(clippy::unwrap_used)]

mod support;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use support::{run, succeed};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn help(command: &str) -> String {
    let output = run(Path::new("."), &format!("{command} --help"));
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The names below `Commands:` of the program's help.
fn commands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        // A description may go on in the next line.
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_page_of_commands_is_what_help_prints() {
    let whole = help("");
    let mut page = format!(
        "# Commands\n\nWhat `recurra --help` and `recurra COMMAND --help` print. This page is made by a test: \
         `RECURRA_WRITE_DOCS=1 cargo test -p recurra --test book`.\n\n```text\n{}\n```\n",
        whole.trim_end()
    );
    let names = commands(&whole);
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        write!(page, "\n## {name}\n\n```text\n{}\n```\n", help(&name).trim_end()).unwrap();
    }
    let page = page.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n";
    let path = root().join("docs/commands.md");
    if std::env::var_os("RECURRA_WRITE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default().replace('\r', "");
    assert!(
        written == page,
        "docs/commands.md is out of date; make it again with RECURRA_WRITE_DOCS=1"
    );
}

/// All pages of the book, and the READMEs that show the program.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("crates/cli/README.md")];
    let mut open = vec![root().join("docs")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

/// The lines of the ```sh blocks of a page that call the program.
fn samples(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside && line.starts_with("recurra ") {
            lines.push(line.to_owned());
        }
    }
    lines
}

/// The files that a page shows: ```toml blocks whose first line is `# NAME.toml`.
fn shown_files(text: &str) -> Vec<(String, String)> {
    let blocks = text.split("```toml\n").skip(1);
    blocks
        .filter_map(|block| {
            let block = block.split("```").next()?;
            let name = block.lines().next()?.strip_prefix("# ")?;
            name.ends_with(".toml").then(|| (name.to_owned(), block.to_owned()))
        })
        .collect()
}

/// A folder with what the samples take for granted: a table of one's own, a model of Keras, and trainings of one epoch.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), "generate --preset daily --length 1000 -o sales.csv");
    let keras = root().join("xtask/fixtures/data/keras-files/bigru-1x8.keras");
    std::fs::copy(keras, folder.path().join("trained.keras")).unwrap();
    std::fs::write(folder.path().join("recurra.toml"), "epochs = 1\n").unwrap();
    folder
}

#[test]
fn every_shell_sample_runs() {
    let mut problems = String::new();
    let mut count = 0;
    for page in pages() {
        let folder = folder();
        let text = std::fs::read_to_string(&page).unwrap();
        for (name, content) in shown_files(&text)
            .into_iter()
            .filter(|(name, _)| name != "recurra.toml")
        {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        for line in samples(&text) {
            count += 1;
            let output = run(folder.path(), line.strip_prefix("recurra ").unwrap());
            // 1: the sample ran, and a condition of its own data does not hold for these.
            if !matches!(output.status.code(), Some(0 | 1)) {
                let said = String::from_utf8_lossy(&output.stderr);
                writeln!(problems, "{}: {line}\n{said}", page.display()).unwrap();
            }
        }
    }
    assert!(count >= 15, "{count}");
    assert!(problems.is_empty(), "{problems}");
}
