//! Checkpoints where nothing can be written: one clear error, and the earlier checkpoint stays as it was.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{Scripted, Zeros};
use recurra_training::{
    Checkpoints, FitData, FitOptions, Keep, Lambda, Loss, ModelCheckpoint, OptimizerOptions, Resume, SaveEvery, Sgd,
    Trainer, TrainingError,
};

/// Losses of four epochs.
const LOSSES: [f32; 4] = [4.0, 3.0, 2.0, 1.0];
/// Names the folder in which the test `child` trains on. Not set, that test does nothing.
const FOLDER: &str = "RECURRA_NO_ROOM";

fn checkpoints(folder: &Path) -> Checkpoints {
    Checkpoints {
        path: folder.join("run.checkpoint"),
        every: Some(SaveEvery::Epochs(1)),
        code: "one".to_owned(),
    }
}

fn options(epochs: usize) -> FitOptions {
    FitOptions {
        epochs,
        loss: Loss::MeanAbsoluteError,
        optimizer: OptimizerOptions::Sgd(Sgd::default()),
        ..FitOptions::default()
    }
}

/// The first two epochs.
fn begin(folder: &Path) -> Result<usize, TrainingError> {
    let mut network = Scripted::new(&LOSSES);
    let mut trainer = Trainer::new(options(2), &network)?.with_checkpoints(checkpoints(folder));
    trainer.fit(&mut network, FitData::new(&Zeros(1)), &mut [])?;
    Ok(network.steps)
}

/// The other two, with what happens in between: `event` is called when the third epoch begins.
fn go_on(folder: &Path, event: impl Fn()) -> Result<usize, TrainingError> {
    let mut network = Scripted::new(&LOSSES);
    network.steps = 2;
    let (data, resume) = (FitData::new(&Zeros(1)), Resume::default());
    let mut between = Lambda::new().epoch_begin(|begun, _| {
        if begun.epoch == 2 {
            event();
        }
        Ok(())
    });
    let mut trainer = Trainer::resume(checkpoints(folder), resume, options(4), &mut network, data, &mut [])?;
    trainer.fit(&mut network, data, &mut [&mut between])?;
    Ok(trainer.history().epochs.len())
}

/// The message without the folder, which is another in every run.
fn message(error: TrainingError, folder: &Path) -> String {
    error.to_string().replace(folder.to_str().unwrap(), "FOLDER")
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

/// A file system in memory, unmounted when dropped.
struct Mounted(tempfile::TempDir);

impl Mounted {
    /// Of 64 KiB; nothing where one may not mount, which is said.
    fn new(test: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", "size=64k", "tmpfs"], folder.path());
        if !mounted {
            eprintln!("{test}: skipped, a file system in memory cannot be mounted here");
        }
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    let mut command = Command::new("mount");
    command.args(arguments).arg(folder).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn a_full_disk_is_one_error_and_the_earlier_checkpoint_stays() {
    let Some(disk) = Mounted::new("a full disk") else {
        return;
    };
    let folder = disk.path();
    begin(folder).unwrap();
    let before = fs::read(checkpoints(folder).path).unwrap();
    let filler = folder.join("filler");
    let fill = || drop(fs::write(&filler, vec![0; 1 << 20]));
    let error = go_on(folder, fill).unwrap_err();
    assert_eq!(
        message(error, folder),
        "cannot write FOLDER/run.checkpoint: No space left on device (os error 28)"
    );
    assert_eq!(fs::read(checkpoints(folder).path).unwrap(), before);
    assert_eq!(names(folder), ["filler", "run.checkpoint"]);
    // With room again it goes on from there.
    fs::remove_file(&filler).unwrap();
    assert_eq!(go_on(folder, || ()).unwrap(), 4);
}

#[test]
fn a_disk_that_becomes_read_only_is_one_error_and_the_earlier_checkpoint_stays() {
    let Some(disk) = Mounted::new("a read-only disk") else {
        return;
    };
    let folder = disk.path();
    begin(folder).unwrap();
    let before = fs::read(checkpoints(folder).path).unwrap();
    let error = go_on(folder, || assert!(mount(&["-o", "remount,ro"], folder))).unwrap_err();
    let expected = "cannot write FOLDER/run.checkpoint: Read-only file system (os error 30)";
    assert_eq!(message(error, folder), expected);
    assert_eq!(fs::read(checkpoints(folder).path).unwrap(), before);
    // Read-only from the beginning, it is said before the first step.
    let mut network = Scripted::new(&LOSSES);
    let mut trainer = Trainer::new(options(2), &network)
        .unwrap()
        .with_checkpoints(checkpoints(folder));
    let error = trainer.fit(&mut network, FitData::new(&Zeros(1)), &mut []).unwrap_err();
    assert_eq!((message(error, folder).as_str(), network.steps), (expected, 0));
    assert_eq!(names(folder), ["run.checkpoint"]);
}

/// The administrator may write everywhere, so this says something for everyone else.
#[test]
fn a_read_only_folder_is_refused_before_training() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("read-only");
    fs::create_dir(&folder).unwrap();
    begin(&folder).unwrap();
    let before = fs::read(checkpoints(&folder).path).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.join("probe"), b"").is_ok() {
        eprintln!("a read-only folder: skipped, the administrator writes everywhere");
        return;
    }
    let error = go_on(&folder, || panic!("it trains")).unwrap_err();
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    let expected = "cannot write FOLDER/run.checkpoint: Permission denied (os error 13)";
    assert_eq!(message(error, &folder), expected);
    assert_eq!(fs::read(checkpoints(&folder).path).unwrap(), before);
}

#[test]
fn a_file_in_place_of_the_folder_and_a_missing_one_are_refused_before_training() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), b"").unwrap();
    for (name, problem) in [
        ("file", "Not a directory (os error 20)"),
        ("missing", "No such file or directory (os error 2)"),
    ] {
        let inside = folder.path().join(name);
        let mut network = Scripted::new(&LOSSES);
        let mut trainer = Trainer::new(options(2), &network)
            .unwrap()
            .with_checkpoints(checkpoints(&inside));
        let error = trainer.fit(&mut network, FitData::new(&Zeros(1)), &mut []).unwrap_err();
        let expected = format!("cannot write FOLDER/run.checkpoint: {problem}");
        assert_eq!((message(error, &inside), network.steps), (expected, 0), "{name}");
    }
}

/// The process whose files may not grow.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let outcome = go_on(&folder, || ());
    let said = outcome.map_or_else(|error| message(error, &folder), |epochs| format!("{epochs} epochs"));
    // Small enough for the limit.
    fs::write(folder.join("said"), said).unwrap();
}

/// Where nothing can be mounted this is as near as one comes to a full disk: the write fails when half of the bytes are there.
#[test]
fn a_write_that_fails_half_way_is_one_error_and_the_earlier_checkpoint_stays() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    begin(folder).unwrap();
    let before = fs::read(checkpoints(folder).path).unwrap();
    assert!(
        before.len() > 1024,
        "the limit is one block of a shell, 512 or 1024 bytes"
    );
    let status = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 1; exec \"$0\" --exact child --test-threads=1",
        ])
        .arg(std::env::current_exe().unwrap())
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(
        fs::read_to_string(folder.join("said")).unwrap(),
        "cannot write FOLDER/run.checkpoint: File too large (os error 27)"
    );
    assert_eq!(fs::read(checkpoints(folder).path).unwrap(), before);
    assert_eq!(names(folder), ["run.checkpoint", "said"]);
}

/// The last checkpoint is written by another thread when the last epoch is over; its error is not lost.
#[test]
fn the_last_checkpoint_is_waited_for() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let mut network = Scripted::new(&LOSSES);
    let every = None;
    let checkpoints = Checkpoints {
        every,
        ..checkpoints(&folder)
    };
    let mut trainer = Trainer::new(options(4), &network)
        .unwrap()
        .with_checkpoints(checkpoints);
    let mut remove = Lambda::new().epoch_end(|event, _| {
        if event.record.epoch == 3 {
            fs::remove_dir(&folder).unwrap();
        }
        Ok(())
    });
    let error = trainer
        .fit(&mut network, FitData::new(&Zeros(1)), &mut [&mut remove])
        .unwrap_err();
    assert_eq!(
        message(error, &folder),
        "cannot write FOLDER/run.checkpoint: No such file or directory (os error 2)"
    );
}

/// Weights are written by the same writer, in the training's own thread.
#[test]
fn weights_that_cannot_be_written_are_one_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("best.safetensors");
    let mut keep = ModelCheckpoint::new(path.to_str().unwrap(), Keep::Every(1));
    let error = common::train(&mut Scripted::new(&LOSSES), &mut [&mut keep]).unwrap_err();
    assert_eq!(
        message(error, folder.path()),
        "cannot write FOLDER/missing/best.safetensors: No such file or directory (os error 2)"
    );
}
