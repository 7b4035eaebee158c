//! Ranks with ties.

/// Ranks from 1, ties sharing their mean rank, and the sum of `t³ − t` over all groups of `t` ties.
pub(super) fn midranks(values: &[f64]) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&left, &right| values[left].total_cmp(&values[right]));
    let mut ranks = vec![0.0; values.len()];
    let mut ties = 0.0;
    let mut first = 0;
    // `==` makes −0 and 0 a tie, and `total_cmp` puts them side by side.
    for group in order.chunk_by(|&left, &right| values[left] == values[right]) {
        let size = group.len() as f64;
        let rank = first as f64 + (size + 1.0) / 2.0;
        group.iter().for_each(|&index| ranks[index] = rank);
        ties += size * size * size - size;
        first += group.len();
    }
    (ranks, ties)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_mean_rank() {
        let (ranks, ties) = midranks(&[3.0, 1.0, 3.0, 2.0, 3.0, 0.0, -0.0]);
        assert_eq!(ranks, [6.0, 3.0, 6.0, 4.0, 6.0, 1.5, 1.5]);
        assert_eq!(ties, 24.0 + 6.0);
    }
}
