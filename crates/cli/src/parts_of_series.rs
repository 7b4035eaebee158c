//! In which parts of a folder names of series were seen, in a few bytes for each.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Digests of names, with the part where each was seen first. Some forty bytes a series, for as long as a folder is looked through.
#[derive(Debug, Default)]
pub(crate) struct PartsOfSeries(HashMap<u64, usize>);

impl PartsOfSeries {
    /// Notes that `part` holds the series `id`, and gives the earlier part that seems to hold it too: a digest is no proof.
    pub(crate) fn seen(&mut self, id: &str, part: usize) -> Option<usize> {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let first = *self.0.entry(hasher.finish()).or_insert(part);
        (first != part).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::PartsOfSeries;

    #[test]
    fn a_name_that_comes_again_in_another_part_is_noticed() {
        let mut parts = PartsOfSeries::default();
        assert_eq!(parts.seen("a", 0), None);
        assert_eq!(parts.seen("b", 0), None);
        assert_eq!(parts.seen("c", 1), None);
        // A table has each of its series once; two of one digest are two series.
        assert_eq!(parts.seen("c", 1), None);
        assert_eq!(parts.seen("a", 2), Some(0));
        assert_eq!(parts.seen("a", 3), Some(0));
    }
}
