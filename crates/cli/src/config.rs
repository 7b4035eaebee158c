//! `recurra.toml`: flags that a folder always wants.
//!
//! ```toml
//! time = "date"
//! value = "sales"
//! calendar = true
//!
//! [fit]
//! model = "gru-1x32"
//! horizon = 28
//! ```
//!
//! Every key is a flag without its two dashes. Keys at the top hold for every command that has such a flag, those under a
//! command's name for that command alone. A flag on the command line counts for more than both.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command};
use recurra_series::nearest_name;
use toml::{Table, Value};

use crate::failure::Failure;
use crate::files::read_text;

/// The file that is looked for in the current folder.
const FILE: &str = "recurra.toml";

/// The command line with the flags of `recurra.toml` in it, and those flags by themselves.
pub(crate) fn with_flags(arguments: Vec<OsString>, root: &Command) -> Result<(Vec<OsString>, Vec<String>), Failure> {
    // `recurra help fit` takes no flags.
    if arguments
        .iter()
        .skip(1)
        .find(|word| !word.to_string_lossy().starts_with('-'))
        .is_some_and(|word| word == "help")
    {
        return Ok((arguments, Vec::new()));
    }
    let is_command = |word: &OsString| root.get_subcommands().any(|command| word == command.get_name());
    let Some(place) = arguments.iter().skip(1).position(is_command).map(|place| place + 1) else {
        return Ok((arguments, Vec::new()));
    };
    let Some(command) = root.find_subcommand(&arguments[place]) else {
        return Ok((arguments, Vec::new()));
    };
    let path = match given(&arguments) {
        Some(path) => path,
        None if Path::new(FILE).is_file() => PathBuf::from(FILE),
        None => return Ok((arguments, Vec::new())),
    };
    let flags = flags(&path, root, command, &arguments)?;
    let mut all = arguments;
    all.splice(place + 1..place + 1, flags.iter().map(OsString::from));
    Ok((all, flags))
}

/// The file of `--config FILE`.
fn given(arguments: &[OsString]) -> Option<PathBuf> {
    arguments.iter().enumerate().find_map(|(at, word)| {
        let word = word.to_str()?;
        match word.strip_prefix("--config=") {
            Some(path) => Some(path.into()),
            None if word == "--config" => arguments.get(at + 1).map(PathBuf::from),
            None => None,
        }
    })
}

fn flags(path: &Path, root: &Command, command: &Command, arguments: &[OsString]) -> Result<Vec<String>, Failure> {
    let text = read_text(path)?;
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        Failure::Input(format!(
            "{}: {}",
            path.display(),
            error.to_string().trim_end().replace('\n', "\n  ")
        ))
    })?;
    // A command's own flags, and those that every command has.
    let named = |command: &Command, key: &str| {
        let shared = root
            .get_arguments()
            .filter(|arg| arg.is_global_set() && key != "config");
        let mut all = command.get_arguments().chain(shared);
        all.find(|arg| arg.get_long() == Some(key)).cloned()
    };
    let unknown = |key: &str, place: &str, names: Vec<&str>| {
        let hint =
            nearest_name(key, names.into_iter()).map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
        Failure::Input(format!("{}: `{key}` is no flag of {place}{hint}", path.display()))
    };
    let mut flags = Vec::new();
    for (key, value) in &table {
        if let Value::Table(own) = value {
            let Some(owner) = root.find_subcommand(key) else {
                return Err(unknown(
                    key,
                    "recurra and no command",
                    root.get_subcommands().map(Command::get_name).collect(),
                ));
            };
            for (key, value) in own {
                let Some(arg) = named(owner, key) else {
                    let names = owner.get_arguments().filter_map(Arg::get_long).collect();
                    return Err(unknown(key, &format!("`recurra {}`", owner.get_name()), names));
                };
                if owner.get_name() == command.get_name() && !is_given(&arg, arguments) {
                    flags.extend(words(key, value, &arg, path)?);
                }
            }
        } else if let Some(arg) = named(command, key) {
            let overridden = table.get(command.get_name()).and_then(|own| own.get(key)).is_some();
            if !overridden && !is_given(&arg, arguments) {
                flags.extend(words(key, value, &arg, path)?);
            }
        } else if !root.get_subcommands().any(|other| named(other, key).is_some()) {
            let names = root
                .get_subcommands()
                .flat_map(|other| other.get_arguments().filter_map(Arg::get_long))
                .collect();
            return Err(unknown(key, "any command", names));
        }
    }
    Ok(flags)
}

/// Whether the command line has the flag, in its long or its short form.
fn is_given(arg: &Arg, arguments: &[OsString]) -> bool {
    let long = arg.get_long().map(|long| format!("--{long}"));
    let short = arg.get_short().map(|short| format!("-{short}"));
    arguments.iter().filter_map(|word| word.to_str()).any(|word| {
        let is_long = long
            .as_ref()
            .is_some_and(|long| word == long || word.starts_with(&format!("{long}=")));
        is_long
            || short
                .as_ref()
                .is_some_and(|short| word.starts_with(short.as_str()) && !word.starts_with("--"))
    })
}

/// A key and its value as words of a command line.
pub(crate) fn words(key: &str, value: &Value, arg: &Arg, path: &Path) -> Result<Vec<String>, Failure> {
    let wrong = |what: &str| Failure::Input(format!("{}: `{key}` {what}", path.display()));
    let is_switch = matches!(arg.get_action(), ArgAction::SetTrue);
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(_) | Value::Float(_) | Value::Datetime(_) => Ok(value.to_string()),
        _ => Err(wrong(
            "holds a value that no flag takes; write a text, a number, true or false, or a list of them",
        )),
    };
    match value {
        Value::Boolean(on) if is_switch => Ok(if *on { vec![format!("--{key}")] } else { Vec::new() }),
        _ if is_switch => Err(wrong("is a switch; write true or false")),
        Value::Array(values) => {
            let values = values.iter().map(text).collect::<Result<Vec<_>, _>>()?;
            Ok(match arg.get_value_delimiter() {
                Some(delimiter) => vec![format!("--{key}={}", values.join(&delimiter.to_string()))],
                None => values.into_iter().map(|value| format!("--{key}={value}")).collect(),
            })
        }
        value => Ok(vec![format!("--{key}={}", text(value)?)]),
    }
}
