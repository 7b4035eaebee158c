//! The season that most of many series show.

/// The most frequent of the season lengths that [`season_length`](crate::season_length) found in many series, the shorter of two that are
/// equally frequent. A series without a season votes for 1, which is also what no series at all give.
///
/// ```
/// use recurra_series::common_season_length;
///
/// assert_eq!(common_season_length([Some(12), Some(7), None, Some(12)]), 12);
/// assert_eq!(common_season_length([Some(12), Some(7)]), 7);
/// assert_eq!(common_season_length([]), 1);
/// ```
#[must_use]
pub fn common_season_length(found: impl IntoIterator<Item = Option<usize>>) -> usize {
    let mut lengths: Vec<usize> = found.into_iter().map(|length| length.unwrap_or(1)).collect();
    lengths.sort_unstable();
    let votes = lengths.chunk_by(|left, right| left == right);
    // The last of equal maxima would win, and the shortest stands first.
    let most = votes.rev().max_by_key(|votes| votes.len());
    most.and_then(|votes| votes.first()).copied().unwrap_or(1)
}
