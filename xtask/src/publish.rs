//! The files of a finished reproduction, and its last words on the terminal.

use crate::{failure::Failure, workspace};
use recurra_report::{input::Provenance, records::JudgedClaim};
use recurra_runs::{Finished, Machine, Manifest, Timings, assemble, report_input, results_json, write_file};
use std::path::Path;

/// A finished reproduction.
pub(crate) struct Reproduction {
    /// What was planned.
    pub(crate) manifest: Manifest,
    /// What every cell of the plan yielded.
    pub(crate) finished: Vec<Finished>,
    /// The command that gives the same results.
    pub(crate) command: String,
    /// How many trainings ran at one time; 0 if none did.
    pub(crate) jobs: usize,
    /// Wall-clock time of all trainings.
    pub(crate) seconds: f64,
}

/// Writes `results.json`, `timings.json`, the charts as SVG and PNG and the report to `out`, and prints the table unless `quiet`.
pub(crate) fn publish(done: &Reproduction, out: &Path, quiet: bool) -> Result<(), Failure> {
    let plan = &done.manifest.plan;
    let results = assemble(&done.manifest, &done.finished)?;
    write_file(&out.join("results.json"), results_json(&results)?.as_bytes())?;
    let timings = Timings::new(plan, &done.finished, &crate::isa(), done.jobs, done.seconds);
    timings.write(&out.join("timings.json"))?;
    let input = report_input(&done.manifest, &done.finished, results, provenance(done, &timings))?;
    let failed = |error: recurra_report::ReportError| Failure::Failed(error.to_string());
    let written = recurra_report::write(&input, out).map_err(failed)?;
    for chart in &written.charts {
        recurra_report::png::twin(chart).map_err(failed)?;
    }
    if !quiet {
        let width = width();
        print!(
            "\n{}{}",
            recurra_report::table::summary_within(&input, width),
            claims(&input.results.claims, width)
        );
        println!("\nreport: {}", written.report_html.display());
    }
    Ok(())
}

/// Columns of the terminal; a file or a pipe has as many as it takes.
fn width() -> usize {
    terminal_size::terminal_size_of(std::io::stdout()).map_or(usize::MAX, |(width, _)| usize::from(width.0))
}

/// What the verdicts take, and the blank behind them.
const VERDICT: usize = 15;

/// The claims with their verdicts, one line each, or more where they are longer than the terminal is wide.
fn claims(claims: &[JudgedClaim], width: usize) -> String {
    let line = |claim: &JudgedClaim| {
        let words = format!("{} (n={})", claim.claim, claim.n);
        let room = width.saturating_sub(VERDICT).max(20);
        let lines = wrapped(&words, room).join(&format!("\n{:VERDICT$}", ""));
        format!("{:<VERDICT$}{lines}\n", claim.verdict)
    };
    if claims.is_empty() {
        String::new()
    } else {
        format!("\nclaims\n{}", claims.iter().map(line).collect::<String>())
    }
}

/// Words in lines of at most `width` columns; a longer word has a line of its own.
fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn provenance(done: &Reproduction, timings: &Timings) -> Provenance {
    let version = env!("CARGO_PKG_VERSION");
    let trained: f64 = timings.runs.iter().filter_map(|run| run.seconds).sum();
    let cached = timings.runs.iter().filter(|run| run.seconds.is_none()).count();
    let mut times = Vec::new();
    if done.jobs > 0 {
        times.push(("wall clock".to_string(), duration(done.seconds)));
        times.push(("sum over runs".to_string(), duration(trained)));
        times.push(("runs at a time".to_string(), done.jobs.to_string()));
        times.push(("kernels".to_string(), timings.isa.clone()));
    }
    if cached > 0 {
        times.push((
            "taken up from elsewhere or an earlier start".to_string(),
            format!("{cached} of {} runs", timings.runs.len()),
        ));
    }
    Provenance {
        command: done.command.clone(),
        version: workspace::commit().map_or_else(|| version.to_string(), |commit| format!("{version} ({commit})")),
        machine: Machine::this().line(),
        timings: times,
        keras: "Keras 3.15.1 on JAX 0.10.2: its layers and initialisers, the epoch loop jitted as a whole; made by \
                xtask/fixtures/keras_distribution.py"
            .to_string(),
    }
}

fn duration(seconds: f64) -> String {
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round();
    format!("{:.0} min {:.0} s", (whole / 60.0).floor(), whole % 60.0)
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn words_stay_whole_and_lines_within_the_width() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a considerable word", 5), ["a", "considerable", "word"]);
        assert_eq!(wrapped("one two three", usize::MAX), ["one two three"]);
    }
}
