//! Rules of single source files.

/// Lines that no file may exceed.
const LONGEST: usize = 500;

/// Calls that write to a terminal or leave work behind, which libraries must not.
const OUTPUT: [&str; 7] = [
    "println!(",
    "eprintln!(",
    "print!(",
    "eprint!(",
    "dbg!(",
    "todo!(",
    "unimplemented!(",
];

/// Every breach of the source `text` of the file `name`, a path from the workspace's root with `/`.
pub(super) fn faults(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST {
        faults.push(format!(
            "{name}: {lines} lines are more than {LONGEST}: split it by its ideas"
        ));
    }
    // A test may be a folder of one file; what it tests stands in its first lines.
    if !text.trim_start().starts_with("//!") && !text.trim_start().starts_with("#![doc") {
        faults.push(format!("{name}: it must begin with //! and say what it is for"));
    }
    if name
        .rsplit('/')
        .next()
        .is_some_and(|file| file.starts_with("util") || file.starts_with("helper"))
    {
        faults.push(format!("{name}: a file is named by its idea"));
    }
    for (number, line) in text.lines().enumerate() {
        let at = format!("{name}:{}", number + 1);
        let code = code(line);
        if !name.starts_with("crates/kernels/") && has_unsafe(&code) {
            faults.push(format!("{at}: unsafe is for crates/kernels alone"));
        }
        if !name.starts_with("crates/series/") && has_word(&code, "polars") {
            faults.push(format!("{at}: polars is for crates/series alone"));
        }
        if is_library(name) && !in_tests(text, number) {
            faults.extend(
                OUTPUT.iter().filter(|call| has_call(&code, call)).map(|call| {
                    format!("{at}: {call}…) has no place in a library: return the text, or report an event")
                }),
            );
        }
    }
    faults
}

/// Whether the file is part of a library: there the terminal belongs to whoever calls.
fn is_library(name: &str) -> bool {
    name.starts_with("crates/") && name.contains("/src/") && !name.starts_with("crates/cli/")
}

/// Whether the line is in the tests at the end of a file.
fn in_tests(text: &str, number: usize) -> bool {
    text.lines().take(number).any(|line| line == "#[cfg(test)]")
}

/// The line without comments and without what stands in quotes on it.
fn code(line: &str) -> String {
    if line.trim_start().starts_with("//") {
        return String::new();
    }
    let unescaped = line.replace("\\\"", "");
    let outside: String = unescaped.split('"').step_by(2).collect();
    outside.split(" //").next().unwrap_or_default().to_string()
}

fn has_unsafe(code: &str) -> bool {
    [
        "unsafe {",
        "unsafe fn",
        "unsafe impl",
        "unsafe extern",
        "#[unsafe",
        "allow(unsafe_code)",
    ]
    .iter()
    .any(|form| code.contains(form))
}

/// Whether `code` names the crate `word`: as a path or in a `use`.
fn has_word(code: &str, word: &str) -> bool {
    code.contains(&format!("{word}::")) || code.contains(&format!("use {word}"))
}

fn has_call(code: &str, call: &str) -> bool {
    code.match_indices(call)
        .any(|(at, _)| !code[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "//! What it is.\n";

    fn count(name: &str, body: &str) -> usize {
        faults(name, &format!("{HEAD}{body}")).len()
    }

    #[test]
    fn each_rule_finds_its_breach() {
        assert_eq!(count("crates/series/src/a.rs", "fn f() { unsafe { g() } }"), 1);
        assert_eq!(count("crates/kernels/src/a.rs", "fn f() { unsafe { g() } }"), 0);
        assert_eq!(count("crates/zoo/src/a.rs", "use polars::prelude::*;"), 1);
        assert_eq!(count("crates/zoo/src/a.rs", "println!(\"x\");"), 1);
        assert_eq!(count("crates/zoo/src/a.rs", "    eprintln!(\"x\");"), 1);
        assert_eq!(count("crates/cli/src/a.rs", "println!(\"x\");"), 0);
        assert_eq!(count("crates/zoo/examples/a.rs", "println!(\"x\");"), 0);
        assert_eq!(count("crates/zoo/src/utils.rs", ""), 1);
        assert_eq!(count("crates/zoo/src/a.rs", &"\n".repeat(LONGEST)), 1);
        assert_eq!(faults("crates/zoo/src/a.rs", "fn f() {}").len(), 1);
    }

    #[test]
    fn comments_docs_and_tests_may_say_anything() {
        assert_eq!(
            count(
                "crates/zoo/src/a.rs",
                "/// println!(\"x\") and unsafe { } and polars::prelude\n// dbg!(x)"
            ),
            0
        );
        assert_eq!(
            count(
                "crates/zoo/src/a.rs",
                "#[cfg(test)]\nmod tests { fn f() { println!(\"x\"); } }"
            ),
            0
        );
    }
}
