//! `recurra generate`: series to try things on.

use std::path::PathBuf;

use serde::Serialize;

use crate::failure::Failure;
use crate::presets::Preset;
use crate::terminal::Terminal;
use crate::write_file;

/// Make a series to try things on
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra generate --preset reference -o reference.csv
  recurra generate --preset shops --length 365 -o shops.csv
  recurra generate --preset monthly | recurra fit - --model gru-1x32 -o monthly.safetensors")]
pub(crate) struct Arguments {
    /// What to generate
    #[arg(long, value_enum, default_value = "reference")]
    preset: Preset,
    /// How many values a series has [default: the preset's]
    #[arg(long, value_name = "N")]
    length: Option<usize>,
    /// Decides the noise
    #[arg(long, value_name = "N", default_value_t = 42)]
    seed: u32,
    /// Where to write the CSV [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What was written.
#[derive(Serialize)]
struct Written {
    output: String,
    rows: usize,
    columns: &'static [&'static str],
}

/// Longer series than this are no trial any more (and would fill the memory).
const LONGEST: usize = 10_000_000;

pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<(), Failure> {
    let length = arguments.length.unwrap_or_else(|| arguments.preset.usual_length());
    if !(1..=LONGEST).contains(&length) {
        return Err(Failure::Input(format!(
            "--length is {length}; it has to be between 1 and {LONGEST}"
        )));
    }
    let table = arguments.preset.table(length, arguments.seed).map_err(Failure::input)?;
    let output = arguments.output.as_ref().filter(|output| output.as_os_str() != "-");
    let Some(output) = output else {
        return match terminal.json {
            true => terminal.json(&table),
            false => terminal.result(&table.to_csv()),
        };
    };
    write_file::check_outputs([output.as_ref()], [])?;
    write_file::write(output, table.to_csv().as_bytes())?;
    if terminal.json {
        terminal.json(&Written {
            output: output.display().to_string(),
            rows: table.rows.len(),
            columns: table.header,
        })?;
    } else {
        terminal.note(&format!(
            "wrote {} rows to {} (columns {})",
            table.rows.len(),
            output.display(),
            table.header.join(", ")
        ));
    }
    Ok(())
}
