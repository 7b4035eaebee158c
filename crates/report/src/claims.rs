//! Claims as rows of a table.

use crate::charts::rate_sweep::rate;
use crate::records::{JudgedClaim, Source};

/// The headings of the claims' table.
pub(crate) const HEADINGS: [&str; 6] = ["claim", "whose", "verdict", "effect", "95 % interval", "n"];

/// A claim's cells, in the order of [`HEADINGS`].
pub(crate) fn cells(claim: &JudgedClaim) -> [String; 6] {
    let interval = claim
        .interval
        .map(|[low, high]| format!("{} to {}", figure(low), figure(high)));
    [
        claim.claim.clone(),
        source(claim.source).to_owned(),
        claim.verdict.to_string(),
        claim.effect.map_or_else(|| "–".to_owned(), figure),
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

/// Two decimals, or two significant digits of what is smaller, by its power of ten if it is tiny.
pub(crate) fn figure(value: f64) -> String {
    let size = value.abs();
    let text = match size {
        _ if value == 0.0 || size >= 0.1 => format!("{size:.2}"),
        _ if size >= 0.01 => format!("{size:.3}"),
        _ => rate(size),
    };
    if value < 0.0 { format!("−{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn effects_of_any_size_are_legible() {
        assert_eq!(
            [-0.87, 0.0, 4.5e-6, 41.0, -0.02, 6.35].map(figure),
            ["−0.87", "0.00", "4.5·10⁻⁶", "41.00", "−0.020", "6.35"]
        );
    }
}
