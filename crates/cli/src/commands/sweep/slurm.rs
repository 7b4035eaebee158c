//! Slurm runs a sweep: an array job with many runs an element, and a job after it that ranks them.
//!
//! Slurm schedules, ships and watches; this file writes two scripts, submits them, and looks at the folder for what is finished. Each
//! element is an ordinary `recurra sweep --partition`, so a lost element is made up for by submitting it again.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use recurra_runs::{Key, Partition};
use serde::{Deserialize, Serialize};

use super::folder::Bar;
use super::run::Run;
use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::text::{counted, shell};
use crate::write_file;

/// Elements, where nobody says how many.
const USUAL_TASKS: usize = 64;
/// Between two looks at the folder.
const PAUSE: Duration = Duration::from_secs(1);

/// What the command line says of Slurm.
pub(super) struct Flags<'a> {
    pub(super) tasks: Option<usize>,
    pub(super) sbatch: &'a [String],
}

/// `slurm/jobs.json`: what was submitted.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Jobs {
    /// The runs that they are of: a digest of all keys.
    runs: Key,
    /// The array job.
    array: String,
    /// The job that ranks; none where it could not be submitted.
    collect: Option<String>,
}

/// States from which a job does not come back.
const ENDED: [&str; 11] = [
    "COMPLETED",
    "FAILED",
    "CANCELLED",
    "TIMEOUT",
    "NODE_FAIL",
    "PREEMPTED",
    "BOOT_FAIL",
    "DEADLINE",
    "OUT_OF_MEMORY",
    "REVOKED",
    "SPECIAL_EXIT",
];
/// How often in a row Slurm may leave a question unanswered.
const PATIENCE: u32 = 60;

impl Jobs {
    fn path(out: &Path) -> PathBuf {
        out.join("slurm").join("jobs.json")
    }

    fn read(out: &Path) -> Result<Option<Self>, Failure> {
        let path = Self::path(out);
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| Failure::Input(format!("{}: {error}", path.display()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::file("read", &path, &error)),
        }
    }

    fn write(&self, out: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).map_err(Failure::input)?;
        write_file::write(&Self::path(out), (text + "\n").as_bytes())
    }

    /// The numbers of all jobs.
    fn numbers(&self) -> Vec<&str> {
        std::iter::once(&self.array)
            .chain(&self.collect)
            .map(String::as_str)
            .collect()
    }

    /// Whether Slurm still has elements of the array. It forgets finished jobs after some minutes.
    fn are_there(&self) -> Result<bool, Failure> {
        let words = [
            "--noheader",
            "--array",
            "--jobs",
            &self.array,
            "--states",
            "all",
            "--format",
            "%T",
        ];
        match call("squeue", &words) {
            Ok(states) => Ok(states
                .lines()
                .map(str::trim)
                .any(|state| !state.is_empty() && !ENDED.contains(&state))),
            Err(Failure::Input(said)) if said.contains("Invalid job id") => Ok(false),
            Err(failure) => Err(failure),
        }
    }
}

/// Submits what is missing, unless it has been, and waits until Slurm is done with it. `missing_now` counts runs.
pub(super) fn run(
    file: &Path,
    out: &Path,
    runs: &[Run],
    missing: &[usize],
    flags: &Flags<'_>,
    terminal: &Terminal,
    mut missing_now: impl FnMut() -> usize,
) -> Result<(), Failure> {
    let keys: Vec<&Key> = runs.iter().map(|run| &run.cell.key).collect();
    let of = Key::of(&keys);
    let jobs = match Jobs::read(out)? {
        // Jobs of other runs, such as an earlier round's, are none of these.
        Some(jobs) if jobs.runs == of && jobs.are_there()? => {
            terminal.note(&format!("job {} is with Slurm already", jobs.array));
            jobs
        }
        _ => submit(file, out, of, runs, missing, flags, terminal)?,
    };
    let bar = Bar::new(terminal, missing.len());
    let mut unanswered = 0;
    loop {
        let left = missing_now();
        bar.show(missing.len().saturating_sub(left), &format!("job {}", jobs.array));
        if left == 0 {
            return Ok(());
        }
        let there = match jobs.are_there() {
            Ok(there) => {
                unanswered = 0;
                there
            }
            // A controller that is busy or restarted answers again.
            Err(failure) if unanswered == PATIENCE => return Err(failure),
            Err(_) => {
                unanswered += 1;
                true
            }
        };
        if !there {
            // What was finished between the two looks counts.
            let left = missing_now();
            if left == 0 {
                return Ok(());
            }
            return Err(Failure::Input(format!(
                "Slurm's job {} has ended and {} of {} runs are missing; its words are in {}; the same command submits what is missing",
                jobs.array,
                left,
                runs.len(),
                out.join("slurm").display()
            )));
        }
        std::thread::sleep(PAUSE);
    }
}

fn submit(
    file: &Path,
    out: &Path,
    of: Key,
    runs: &[Run],
    missing: &[usize],
    flags: &Flags<'_>,
    terminal: &Terminal,
) -> Result<Jobs, Failure> {
    let tasks = match flags.tasks {
        Some(0) => return Err(Failure::Input("--tasks is 0; it has to be at least 1".to_owned())),
        Some(tasks) => tasks.min(runs.len()),
        None => runs.len().min(USUAL_TASKS),
    };
    let elements = elements(runs, missing, tasks)?;
    let folder = out.join("slurm");
    std::fs::create_dir_all(&folder).map_err(|error| Failure::file("make the folder", &folder, &error))?;
    let absolute = |path: &Path| path.canonicalize().map_err(|error| Failure::file("read", path, &error));
    let (file, out, folder) = (absolute(file)?, absolute(out)?, absolute(&folder)?);
    let program = std::env::current_exe().map_err(|error| Failure::file("find", Path::new("this program"), &error))?;
    let word = |path: &Path| shell(&path.to_string_lossy());
    let command = format!("{} sweep {} --out {}", word(&program), word(&file), word(&out));
    let array = format!(
        "#!/bin/sh\n# Every element runs its share; the number is Slurm's own, so that one submitted again is the same share.\n\
         exec {command} --partition \"slice:${{SLURM_ARRAY_TASK_ID}}/{tasks}\"\n"
    );
    let collect = format!("#!/bin/sh\nexec {command} --collect\n");
    let scripts = [folder.join("array.sh"), folder.join("collect.sh")];
    write_file::write(&scripts[0], array.as_bytes())?;
    write_file::write(&scripts[1], collect.as_bytes())?;
    let sbatch = |more: &[String], log: &str, script: &Path| {
        let mut words = vec![
            "--parsable".to_owned(),
            "--job-name=recurra-sweep".to_owned(),
            format!("--output={}", folder.join(log).display()),
        ];
        words.extend(more.iter().chain(flags.sbatch).cloned());
        words.push(script.display().to_string());
        let id = call("sbatch", &words)?;
        // With several clusters it is `id;cluster`.
        Ok::<String, Failure>(id.trim().split(';').next().unwrap_or_default().to_owned())
    };
    let array = sbatch(&[format!("--array={}", ranges(&elements))], "%A-%a.log", &scripts[0])?;
    let mut jobs = Jobs {
        runs: of,
        array,
        collect: None,
    };
    // What is submitted is known from now on, whatever happens next.
    jobs.write(&out)?;
    // After any end of the array: what is missing then is said in its log.
    let after = format!("--dependency=afterany:{}", jobs.array);
    let collect = sbatch(&[after], "collect-%j.log", &scripts[1])?;
    terminal.note(&format!(
        "{} in {} of job {}, ranked by job {collect}",
        counted(missing.len(), "run"),
        counted(elements.len(), "element"),
        jobs.array,
    ));
    jobs.collect = Some(collect);
    jobs.write(&out)?;
    Ok(jobs)
}

/// The elements, counted from 1, that have one of the missing runs.
fn elements(runs: &[Run], missing: &[usize], tasks: usize) -> Result<Vec<usize>, Failure> {
    let mut elements = Vec::new();
    for element in 1..=tasks {
        let share: Partition = format!("slice:{element}/{tasks}").parse().map_err(Failure::input)?;
        if missing.iter().any(|at| share.takes(*at, &runs[*at].cell.key)) {
            elements.push(element);
        }
    }
    Ok(elements)
}

/// `1-3,7` for 1, 2, 3 and 7.
fn ranges(numbers: &[usize]) -> String {
    let runs: Vec<String> = numbers
        .chunk_by(|one, next| one + 1 == *next)
        .filter_map(|run| match run {
            [] => None,
            [single] => Some(single.to_string()),
            [first, .., last] => Some(format!("{first}-{last}")),
        })
        .collect();
    runs.join(",")
}

/// Takes the jobs of a folder back. What they have finished stays.
pub(super) fn cancel(out: &Path, terminal: &Terminal) -> Result<(), Failure> {
    let Some(jobs) = Jobs::read(out)? else {
        return Err(Failure::Input(format!(
            "{}: nothing was submitted from it",
            out.display()
        )));
    };
    call("scancel", &jobs.numbers())?;
    let path = Jobs::path(out);
    std::fs::remove_file(&path).map_err(|error| Failure::file("remove", &path, &error))?;
    terminal.note(&format!("took back: {}", jobs.numbers().join(", ")));
    Ok(())
}

/// What a program of Slurm prints.
fn call(program: &str, words: &[impl AsRef<std::ffi::OsStr>]) -> Result<String, Failure> {
    let output = Command::new(program).args(words).output().map_err(|error| {
        Failure::Input(format!(
            "could not start {program}: {}; --engine slurm needs Slurm's commands on this machine",
            recurra_series::system_reason(&error)
        ))
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::Input(format!("{program}: {}", said.trim())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn neighbours_are_a_range() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), "1-3,7,9-10");
        assert_eq!(ranges(&[4]), "4");
    }
}
