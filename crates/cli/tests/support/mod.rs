//! The program as tests start it: in a folder, with nothing on its standard input and no colours.

#![allow(clippy::unwrap_used, unreachable_pub)]
#![allow(dead_code, reason = "every test program takes what it needs")]

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The program with arguments that are words already.
pub fn program(folder: &Path, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recurra"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    command
}

/// The program with the arguments of a line.
pub fn command(folder: &Path, line: &str) -> Command {
    program(folder, words(line))
}

/// Runs a line to its end, however it ends.
pub fn run(folder: &Path, line: &str) -> Output {
    command(folder, line).output().unwrap()
}

/// Runs a line, which has to succeed.
pub fn succeed(folder: &Path, line: &str) -> Output {
    succeeded(run(folder, line), line)
}

/// What ended with exit code 0, as it has to.
pub fn succeeded(output: Output, what: &str) -> Output {
    assert_eq!(output.status.code(), Some(0), "{what}: {}", said(&output));
    output
}

/// What stands on standard error.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The words of a line; single quotes hold spaces together.
pub fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for character in line.chars() {
        match character {
            '\'' => quoted = !quoted,
            character if character.is_whitespace() && !quoted => words.push(std::mem::take(&mut word)),
            character => word.push(character),
        }
    }
    words.push(word);
    words.into_iter().filter(|word| !word.is_empty()).collect()
}
