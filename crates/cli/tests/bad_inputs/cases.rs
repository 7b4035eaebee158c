//! The table of bad inputs.

mod data;
mod flags;
mod folders;
mod sweeps;
mod tables;
mod usage;

use std::path::Path;

/// One bad input: how it comes about, the command, and what its message has to say.
pub(crate) struct Case {
    pub(crate) title: &'static str,
    pub(crate) prepare: fn(&Path),
    pub(crate) command: &'static str,
    pub(crate) says: &'static [&'static str],
}

pub(crate) const fn case(
    title: &'static str,
    prepare: fn(&Path),
    command: &'static str,
    says: &'static [&'static str],
) -> Case {
    Case {
        title,
        prepare,
        command,
        says,
    }
}

pub(crate) fn nothing(_: &Path) {}

/// All of them: what is wrong with tables and folders of them, then with commands and what they are given.
pub(crate) fn all() -> impl Iterator<Item = &'static Case> {
    data::CASES
        .iter()
        .chain(tables::CASES)
        .chain(folders::CASES)
        .chain(usage::CASES)
        .chain(flags::CASES)
        .chain(sweeps::CASES)
}
