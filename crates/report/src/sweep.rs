//! What a learning-rate sweep says: the lowest loss, the rates nearly as good, and where it diverges.

use crate::records::SweepPoint;

/// The findings of one seed's sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// The rate with the lowest loss, and that loss.
    pub best: (f64, f64),
    /// The first and the last rate around the best whose losses, all between them included, lie within a tenth of the lowest.
    pub region: (f64, f64),
    /// The first rate beyond the best at which the loss is above the sweep's first loss, or not finite.
    pub diverges: Option<f64>,
}

/// The findings for the points of one seed in the order of their epochs; `None` if no loss is finite.
pub fn findings(points: &[&SweepPoint]) -> Option<Findings> {
    let finite = |point: &SweepPoint| point.loss.filter(|loss| loss.is_finite());
    let losses = points
        .iter()
        .enumerate()
        .filter_map(|(position, point)| Some((position, finite(point)?)));
    let (best, lowest) = losses.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let good = |point: &&&SweepPoint| finite(point).is_some_and(|loss| loss <= 1.1 * lowest);
    let first = points[..best]
        .iter()
        .rev()
        .take_while(good)
        .last()
        .unwrap_or(&points[best]);
    let last = points[best..].iter().take_while(good).last().unwrap_or(&points[best]);
    let start = points.first().and_then(|point| finite(point));
    let diverged = |point: &&&SweepPoint| finite(point).is_none_or(|loss| start.is_some_and(|start| loss > start));
    Some(Findings {
        best: (points[best].lr, lowest),
        region: (first.lr, last.lr),
        diverges: points[best..].iter().find(diverged).map(|point| point.lr),
    })
}

/// The seeds of a sweep in the order of their first appearance, each with its points.
pub(crate) fn by_seed(sweep: &[SweepPoint]) -> Vec<(u64, Vec<&SweepPoint>)> {
    let mut seeds: Vec<(u64, Vec<&SweepPoint>)> = Vec::new();
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

    fn sweep(losses: &[Option<f64>]) -> Vec<SweepPoint> {
        let point = |(epoch, loss): (usize, &Option<f64>)| SweepPoint {
            seed: 51,
            epoch,
            lr: (epoch + 1) as f64,
            loss: *loss,
        };
        losses.iter().enumerate().map(point).collect()
    }

    #[test]
    fn region_and_divergence_lie_around_the_lowest_loss() {
        let points = sweep(&[
            Some(20.0),
            Some(10.9),
            Some(12.0),
            Some(10.5),
            Some(10.0),
            Some(11.0),
            Some(15.0),
            Some(25.0),
            None,
        ]);
        let found = findings(&points.iter().collect::<Vec<_>>()).unwrap();
        // The loss of 10.9 at rate 2 is good as well, but 12 lies between it and the best.
        assert_eq!(
            found,
            Findings {
                best: (5.0, 10.0),
                region: (4.0, 6.0),
                diverges: Some(8.0)
            }
        );
    }

    #[test]
    fn a_sweep_may_diverge_at_once_or_never() {
        let points = sweep(&[Some(3.0), None, None]);
        let found = findings(&points.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!((found.region, found.diverges), ((1.0, 1.0), Some(2.0)));
        let points = sweep(&[Some(3.0), Some(2.0)]);
        assert_eq!(findings(&points.iter().collect::<Vec<_>>()).unwrap().diverges, None);
        assert_eq!(findings(&[]), None);
    }
}
