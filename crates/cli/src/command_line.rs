//! From words to a command: the flags of `recurra.toml`, numbers below zero, and mistakes said in plain words.

use std::ffi::OsString;
use std::io::{Write, stderr};

use clap::{Command, CommandFactory, FromArgMatches};

use crate::arguments::Arguments;
use crate::config;
use crate::failure::Failure;
use crate::plainly::plainly;

/// The commands with all their flags.
pub(crate) fn command() -> Command {
    // `--seed -1` is a wrong number, not an unknown flag.
    let may_be_negative = |arg: clap::Arg| {
        if arg.get_action().takes_values() && !arg.is_positional() {
            arg.allow_negative_numbers(true)
        } else {
            arg
        }
    };
    Arguments::command().mut_subcommands(|command| command.mut_args(may_be_negative))
}

/// The command line and `recurra.toml` as one. Help ends the process with 0, a wrong command line with 2.
pub(crate) fn parse(words: Vec<OsString>) -> Result<Arguments, Failure> {
    let (words, added) = config::with_flags(words, &command())?;
    let parsed = command()
        .try_get_matches_from(words)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    Ok(parsed.unwrap_or_else(|error| {
        if error.exit_code() == 0 {
            error.exit();
        }
        if !added.is_empty() {
            drop(writeln!(stderr(), "note: recurra.toml adds {}", added.join(" ")));
        }
        drop(write!(stderr(), "{}", plainly(&error)));
        std::process::exit(error.exit_code())
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        command().debug_assert();
    }

    #[test]
    fn numbers_that_are_none_are_said_to_be_none() {
        let said = |flags: &[&str]| {
            let words = ["recurra", "fit", "a.csv", "--model", "naive", "-o", "b"];
            let error = command().try_get_matches_from(words.iter().chain(flags)).unwrap_err();
            plainly(&error)
        };
        assert!(said(&["--seed", "-1"]).starts_with("error: invalid value '-1' for '--seed <N>': give a whole number"));
        assert!(said(&["--window", "2.5"]).contains("give a whole number"));
        assert!(said(&["--window", "99999999999999999999999"]).contains("the number is too large"));
    }
}
