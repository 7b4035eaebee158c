//! `recurra doctor`: what this machine gives.

use serde::Serialize;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Show processor path, threads and versions, for bug reports
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra doctor
  recurra doctor --json
  RECURRA_ISA=portable recurra doctor")]
pub(crate) struct Arguments {}

#[derive(Serialize)]
struct Report {
    version: &'static str,
    kernels: String,
    threads: usize,
    system: &'static str,
    architecture: &'static str,
    build: &'static str,
}

pub(crate) fn run(_: &Arguments, terminal: &Terminal) -> Result<(), Failure> {
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        kernels: recurra_kernels::Isa::from_env().map_err(Failure::input)?.to_string(),
        threads: recurra_kernels::threads(),
        system: std::env::consts::OS,
        architecture: std::env::consts::ARCH,
        build: if cfg!(debug_assertions) { "debug" } else { "release" },
    };
    if terminal.json {
        return terminal.json(&report);
    }
    terminal.words(&format!(
        "recurra   {} ({} build)\nkernels   {}\nthreads   {}\nsystem    {}, {}\n",
        report.version, report.build, report.kernels, report.threads, report.system, report.architecture
    ))
}
