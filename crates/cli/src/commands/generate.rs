//! `recurra generate`: series to try things on.

use std::path::PathBuf;

use serde::Serialize;

use crate::failure::Failure;
use crate::model_flags::count;
use crate::panel_preset::PanelPreset;
use crate::presets::Preset;
use crate::progress::PartBar;
use crate::terminal::Terminal;
use crate::write_file;

/// Make a series to try things on
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra generate --preset reference -o reference.csv
  recurra generate --preset shops --length 365 -o shops.csv
  recurra generate --preset panel --series 100000 -o panel
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
    /// How many series (panel) [default: 1000]
    #[arg(long, value_name = "N")]
    series: Option<usize>,
    /// How many files they go to (panel) [default: one for each 1000 series]
    #[arg(long, value_name = "N")]
    parts: Option<usize>,
    /// Where to write the CSV [default: standard output]; for a panel, a folder
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
    if arguments.preset == Preset::Panel {
        return panel(arguments, length, terminal);
    }
    if arguments.series.is_some() || arguments.parts.is_some() {
        return Err(Failure::input(
            "--series and --parts: these are for --preset panel; the other presets have as many series as they say",
        ));
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

/// A folder of Parquet files.
fn panel(arguments: &Arguments, length: usize, terminal: &Terminal) -> Result<(), Failure> {
    let output = arguments.output.as_deref().filter(|output| output.as_os_str() != "-");
    let output = output
        .ok_or_else(|| Failure::input("--output: a panel is a folder of Parquet files; name one with -o FOLDER"))?;
    let series = count("--series", arguments.series.unwrap_or(1000))?;
    let parts = count("--parts", arguments.parts.unwrap_or(series.div_ceil(1000)))?;
    if parts > series {
        return Err(Failure::Input(format!(
            "--parts is {parts}, but there are {series} series, and each lies in one file; give fewer parts"
        )));
    }
    let bar = PartBar::new(terminal, "generating", parts);
    let preset = PanelPreset {
        series,
        length,
        parts,
        seed: arguments.seed,
    };
    preset.write(output, |done| bar.show(done, None))?;
    drop(bar);
    terminal.note(&format!(
        "wrote {series} series of {length} values to {parts} Parquet files in {} (columns unique_id, ds, y)",
        output.display()
    ));
    Ok(())
}
