//! Where the trainings of a fit are kept, and how to go on after an interruption.

use recurra_training::{Checkpoints, Resume, SaveEvery};
use recurra_zoo::forecaster::KeptTraining;

use super::Arguments;
use crate::failure::Failure;
use crate::files::{make_folder, on_a_disk};
use crate::model_flags::count;

/// One of the two trainings of a fit.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// Without the held-out part.
    Measured,
    /// On all data.
    Whole,
}

impl Part {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Measured => "fitting without the held-out part",
            Self::Whole => "fitting on all data",
        }
    }

    /// What follows the name of a loss where the trainings are drawn.
    pub(super) fn curve(self) -> &'static str {
        match self {
            Self::Measured => ", first fit",
            Self::Whole => ", final fit",
        }
    }

    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Measured => "measured.checkpoint",
            Self::Whole => "whole.checkpoint",
        }
    }
}

/// What to do after an interruption.
pub(super) fn go_on(arguments: &Arguments) -> &'static str {
    match arguments.checkpoint {
        Some(_) => "give the same command with --resume to go on",
        None => "nothing was written (--checkpoint FOLDER keeps a training)",
    }
}

/// Makes the folder for checkpoints, where they are asked for.
pub(super) fn make_checkpoint_folder(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(folder) = &arguments.checkpoint {
        count("--every", arguments.every)?;
        on_a_disk("--checkpoint", folder)?;
        make_folder(folder)?;
    }
    Ok(())
}

/// Where a training is kept.
pub(super) fn kept(arguments: &Arguments, part: Part) -> Option<KeptTraining> {
    let checkpoints = Checkpoints {
        path: arguments.checkpoint.as_ref()?.join(part.file()),
        every: Some(SaveEvery::Epochs(arguments.every)),
        code: recurra_runs::CODE_DIGEST.to_owned(),
    };
    let allow_code_change = arguments.allow_code_change;
    Some(KeptTraining {
        checkpoints,
        resume: arguments.resume.then_some(Resume { allow_code_change }),
    })
}
