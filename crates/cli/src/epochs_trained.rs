//! How many epochs a network was trained, in words.

use recurra_zoo::model_file::ModelFile;

use crate::text::counted;

/// `31 of 300 epochs` where the training stopped early, else `300 epochs`: of the last training, whose weights the file holds.
pub(crate) fn epochs_trained(file: &ModelFile, most: usize) -> String {
    match file.losses.last().map(|curve| curve.values.len()) {
        Some(trained) if trained < most => format!("{trained} of {}", counted(most, "epoch")),
        _ => counted(most, "epoch"),
    }
}
