//! The data sets are what their list says.
#![allow(clippy::unwrap_used)]

use recurra_series::{datasets, season_length};
use sha2::{Digest, Sha256};

#[test]
fn digests_are_those_of_the_list() {
    for name in datasets::names() {
        let digest: String = Sha256::digest(datasets::csv(name).unwrap())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(digest, datasets::provenance(name).unwrap().sha256, "{name}");
    }
}

#[test]
fn every_set_loads_and_is_known_by_what_it_holds() {
    let line = |name: &str| {
        let datasets::Dataset { provenance, panel } = datasets::load(name).unwrap();
        let longest = panel.series.iter().max_by_key(|series| series.len()).unwrap();
        format!(
            "{name}: {} series, {} points, {}, season {:?}, {} to {}, {} | {}",
            panel.series.len(),
            panel.points(),
            panel.frequency.unwrap(),
            season_length(longest.values(), panel.frequency),
            longest.times()[0],
            longest.times()[longest.len() - 1],
            provenance.kinds.join(", "),
            provenance.licence,
        )
    };
    insta::assert_snapshot!(datasets::names().map(line).collect::<Vec<_>>().join("\n"));
}

#[test]
fn an_unknown_name_is_met_with_the_nearest() {
    insta::assert_snapshot!(datasets::load("sunspot-yearly").unwrap_err().to_string());
}
