//! What a learning-rate sweep says: the lowest loss, the rates nearly as good, and where training is lost.

use crate::records::RateSweepPoint;
use crate::stats::quantile;

/// How many neighbours on either side a loss is averaged with: five epochs are a quarter of a decade in the tutorial's
/// schedule, enough to see the valley through the noise of single epochs.
const NEIGHBOURS: usize = 2;

/// The findings of a learning-rate sweep over all its seeds.
///
/// They are those of one curve: at every epoch the median of the seeds' losses, averaged over five epochs. A loss that
/// is not finite counts as infinite.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Findings {
    /// The rate with the lowest loss, and that loss.
    pub best: (f64, f64),
    /// The first and the last rate around the best whose losses, all between them included, lie within a tenth of the lowest.
    pub region: (f64, f64),
    /// The first rate beyond the best at which the loss is above that of the first epoch.
    pub diverges: Option<f64>,
}

/// The findings of a learning-rate sweep; `None` if no loss is finite.
pub(crate) fn findings(sweep: &[RateSweepPoint]) -> Option<Findings> {
    let curve = typical(sweep);
    let (best, (rate, lowest)) = curve
        .iter()
        .copied()
        .enumerate()
        .min_by(|a, b| a.1.1.total_cmp(&b.1.1))?;
    if !lowest.is_finite() {
        return None;
    }
    let good = |point: &&(f64, f64)| point.1 <= 1.1 * lowest;
    let first = curve[..=best].iter().rev().take_while(good).last()?;
    let last = curve[best..].iter().take_while(good).last()?;
    let start = curve.first()?.1;
    Some(Findings {
        best: (rate, lowest),
        region: (first.0, last.0),
        diverges: curve[best..].iter().find(|point| point.1 > start).map(|point| point.0),
    })
}

/// The curve that the findings are read from: (rate, loss) by epoch, an infinite loss where half the seeds have none.
pub(crate) fn typical(sweep: &[RateSweepPoint]) -> Vec<(f64, f64)> {
    smooth(&medians(sweep))
}

/// Every epoch's rate with the median of the seeds' losses, in the order of epochs.
fn medians(sweep: &[RateSweepPoint]) -> Vec<(f64, f64)> {
    let mut epochs: std::collections::BTreeMap<usize, (f64, Vec<f64>)> = std::collections::BTreeMap::new();
    for point in sweep {
        let loss = point.loss.filter(|loss| loss.is_finite()).unwrap_or(f64::INFINITY);
        epochs
            .entry(point.epoch)
            .or_insert_with(|| (point.lr, Vec::new()))
            .1
            .push(loss);
    }
    let median = |(rate, mut losses): (f64, Vec<f64>)| {
        losses.sort_by(f64::total_cmp);
        Some((rate, quantile(&losses, 0.5)?))
    };
    epochs.into_values().filter_map(median).collect()
}

/// Each loss averaged with its neighbours, fewer at the ends.
fn smooth(curve: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mean = |position: usize| {
        let around = &curve[position.saturating_sub(NEIGHBOURS)..(position + NEIGHBOURS + 1).min(curve.len())];
        around.iter().map(|point| point.1).sum::<f64>() / around.len() as f64
    };
    curve
        .iter()
        .enumerate()
        .map(|(position, point)| (point.0, mean(position)))
        .collect()
}

/// The seeds of a learning-rate sweep in the order of their first appearance, each with its points.
pub(crate) fn by_seed(sweep: &[RateSweepPoint]) -> Vec<(u64, Vec<&RateSweepPoint>)> {
    let mut seeds: Vec<(u64, Vec<&RateSweepPoint>)> = Vec::new();
    for point in sweep {
        match seeds.iter_mut().find(|(seed, _)| *seed == point.seed) {
            Some((_, points)) => points.push(point),
            None => seeds.push((point.seed, vec![point])),
        }
    }
    seeds
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A seed's sweep in which every loss stands for five epochs, so that smoothing leaves the middle one as it is.
    fn sweep(seed: u64, losses: &[Option<f64>]) -> Vec<RateSweepPoint> {
        let point = |epoch: usize| RateSweepPoint {
            seed,
            epoch,
            lr: (epoch + 1) as f64,
            loss: losses[epoch / 5],
        };
        (0..5 * losses.len()).map(point).collect()
    }

    #[test]
    fn region_and_divergence_lie_around_the_lowest_loss() {
        let points = sweep(
            51,
            &[
                Some(20.0),
                Some(10.5),
                Some(14.0),
                Some(10.0),
                Some(15.0),
                Some(25.0),
                None,
            ],
        );
        let found = findings(&points).unwrap();
        // Rate 18 is the middle of the lowest stretch. 10.5 is good as well, but 14 lies between it and the best.
        assert_eq!(found.best, (18.0, 10.0));
        // One epoch towards either side still averages below 11: (4·10 + 14)/5 and (4·10 + 15)/5.
        assert_eq!(found.region, (17.0, 19.0));
        // The average passes 20, the first loss, where three of five are 25: (2·15 + 3·25)/5 = 21.
        assert_eq!(found.diverges, Some(26.0));
    }

    #[test]
    fn single_seeds_do_not_decide() {
        let mut points = sweep(51, &[Some(20.0), Some(10.0), Some(1.0)]);
        points.extend(sweep(1, &[Some(20.0), Some(8.0), Some(30.0)]));
        points.extend(sweep(2, &[Some(20.0), Some(9.0), None]));
        assert_eq!(findings(&points).unwrap().best, (8.0, 9.0));
    }

    #[test]
    fn a_sweep_may_be_lost_at_once_or_never() {
        assert_eq!(findings(&sweep(51, &[Some(3.0), Some(2.0)])).unwrap().diverges, None);
        assert_eq!(findings(&sweep(51, &[Some(3.0), None])).unwrap().diverges, Some(4.0));
        assert_eq!(findings(&sweep(51, &[None])), None);
        assert_eq!(findings(&[]), None);
    }
}
