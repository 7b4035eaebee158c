//! Claims as rows of a table.

use crate::numbers::short;
use crate::records::{JudgedClaim, Source};

/// The headings of the claims' table.
pub(crate) const HEADINGS: [&str; 6] = ["claim", "whose", "verdict", "effect", "95 % interval", "n"];

/// A claim's cells, in the order of [`HEADINGS`].
pub(crate) fn cells(claim: &JudgedClaim) -> [String; 6] {
    let interval = claim
        .interval
        .map(|[low, high]| format!("{} to {}", short(low), short(high)));
    [
        claim.claim.clone(),
        source(claim.source).to_owned(),
        claim.verdict.to_string(),
        claim.effect.map_or_else(|| "–".to_owned(), short),
        interval.unwrap_or_else(|| "–".to_owned()),
        claim.n.to_string(),
    ]
}

/// Whose claim or recipe it is, in a word.
pub(crate) fn source(source: Source) -> &'static str {
    match source {
        Source::Tutorial => "tutorial",
        Source::Ours => "ours",
    }
}
