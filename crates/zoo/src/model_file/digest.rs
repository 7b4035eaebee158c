//! Digests of weights and of data.

use std::fmt::Write;

use recurra_models::Network;
use recurra_series::Panel;
use sha2::{Digest, Sha256};

fn hexadecimal(digest: Sha256) -> String {
    digest.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn text(digest: &mut Sha256, text: &str) {
    digest.update((text.len() as u64).to_le_bytes());
    digest.update(text);
}

/// SHA-256 of a network's weights, as lower-case hexadecimal: for every parameter in Keras' order its name, its shape and
/// the bits of its values, little-endian. Two networks with the same digest forecast the same.
#[must_use]
pub fn weights_sha256(network: &dyn Network) -> String {
    let mut digest = Sha256::new();
    network.visit_parameters(&mut |view| {
        text(&mut digest, view.name);
        digest.update((view.shape.len() as u64).to_le_bytes());
        for extent in view.shape {
            digest.update((*extent as u64).to_le_bytes());
        }
        for value in view.values {
            digest.update(value.to_le_bytes());
        }
    });
    hexadecimal(digest)
}

/// SHA-256 of a panel's names, times, values and covariates, as lower-case hexadecimal.
#[must_use]
pub fn data_sha256(panel: &Panel) -> String {
    let mut digest = Sha256::new();
    for series in &panel.series {
        text(&mut digest, series.unique_id().unwrap_or_default());
        digest.update((series.len() as u64).to_le_bytes());
        for time in series.times() {
            text(&mut digest, &time.to_string());
        }
        for value in series.values() {
            digest.update(value.to_le_bytes());
        }
        for covariate in series.past_covariates().iter().chain(series.future_covariates()) {
            text(&mut digest, &covariate.name);
            for value in &covariate.values {
                digest.update(value.to_le_bytes());
            }
        }
    }
    hexadecimal(digest)
}

/// SHA-256 of the digests of a panel's parts in their order, as lower-case hexadecimal.
#[must_use]
pub fn joint_sha256(digests: &[String]) -> String {
    let mut joint = Sha256::new();
    for digest in digests {
        text(&mut joint, digest);
    }
    hexadecimal(joint)
}
