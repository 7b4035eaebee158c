//! What the environment asks for: each setting is tried in a process of its own.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::process::Command;
use std::thread::available_parallelism;

use recurra_kernels::{ISA_VARIABLE, Isa, THREADS_VARIABLE, threads, threads_from_env};

/// What a process with these variables says: its instruction set, its threads, and what it uses where they cannot be obeyed.
fn said(isa: Option<&str>, threads: Option<&str>) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "child", "--ignored", "--nocapture", "--test-threads=1"]);
    for (variable, value) in [(ISA_VARIABLE, isa), (THREADS_VARIABLE, threads)] {
        match value {
            Some(value) => child.env(variable, value),
            None => child.env_remove(variable),
        };
    }
    let text = String::from_utf8(child.output().unwrap().stdout).unwrap();
    let line = text.lines().find_map(|line| line.split_once("said: ")).unwrap();
    line.1.to_owned()
}

#[test]
#[ignore = "the process that the others start"]
fn child() {
    let isa = Isa::from_env().map_or_else(|error| error.to_string(), |isa| isa.to_string());
    let asked = threads_from_env().map_or_else(|error| error.to_string(), |threads| threads.to_string());
    println!("said: {isa} | {} | {asked} | {}", Isa::active(), threads());
}

#[test]
#[cfg_attr(miri, ignore = "it starts processes")]
fn what_is_not_set_or_empty_is_the_best_of_this_machine() {
    let (best, cores) = (Isa::best(), available_parallelism().unwrap());
    let expected = format!("{best} | {best} | {cores} | {cores}");
    assert_eq!(said(None, None), expected);
    assert_eq!(said(Some(""), Some("")), expected);
}

#[test]
#[cfg_attr(miri, ignore = "it starts processes")]
fn what_is_set_is_used() {
    for isa in Isa::available() {
        assert_eq!(
            said(Some(&isa.to_string()), Some("3")),
            format!("{isa} | {isa} | 3 | 3")
        );
    }
}

/// The kernels then work with the best; a program says why it does not.
#[test]
#[cfg_attr(miri, ignore = "it starts processes")]
fn what_cannot_be_obeyed_is_said() {
    let (best, cores) = (Isa::best(), available_parallelism().unwrap());
    let unknown = "RECURRA_ISA: unknown instruction set `sse`; use portable, neon, avx2 or avx512";
    let none =
        "RECURRA_THREADS: `0` is no number of threads; use a whole number from 1 on, or leave it unset for all cores";
    assert_eq!(
        said(Some("sse"), Some("0")),
        format!("{unknown} | {best} | {none} | {cores}")
    );
    let missing = [Isa::Neon, Isa::Avx2]
        .into_iter()
        .find(|isa| !isa.is_available())
        .unwrap();
    let has: Vec<String> = Isa::available().map(|isa| isa.to_string()).collect();
    let unavailable = format!(
        "RECURRA_ISA: this processor has no {missing}; it has {}",
        has.join(", ")
    );
    assert_eq!(
        said(Some(&missing.to_string()), None),
        format!("{unavailable} | {best} | {cores} | {cores}")
    );
}
