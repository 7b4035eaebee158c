//! Keys of `SWEEP.toml` as flags, read as the command line reads them.

use clap::{Args, Command, FromArgMatches, Parser};
use recurra_series::nearest_name;

use crate::failure::Failure;
use crate::plainly::plainly;

/// The flags of one table, or of one candidate, without a command before them.
#[derive(Debug, Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
pub(super) struct Flags<T: Args> {
    #[command(flatten)]
    flags: T,
}

/// The flag that a key stands for.
pub(super) fn known<'a>(command: &'a Command, key: &str, place: &str) -> Result<&'a clap::Arg, Failure> {
    let mut all = command.get_arguments();
    all.find(|arg| arg.get_long() == Some(key)).ok_or_else(|| {
        let names = command.get_arguments().filter_map(clap::Arg::get_long);
        let hint = nearest_name(key, names).map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
        Failure::Input(format!("{place}: there is no key `{key}`{hint}"))
    })
}

/// The flags that `words` give.
pub(super) fn parsed<T: Args>(words: &[String], place: &str) -> Result<T, Failure> {
    let failed = |error: clap::Error| {
        let text = plainly(&error);
        let first = text.lines().next().unwrap_or_default();
        Failure::Input(format!("{place}: {}", first.trim_start_matches("error: ")))
    };
    let command = <Flags<T> as clap::CommandFactory>::command();
    let matches = command.try_get_matches_from(words).map_err(failed)?;
    Flags::from_arg_matches(&matches)
        .map(|parsed| parsed.flags)
        .map_err(failed)
}
