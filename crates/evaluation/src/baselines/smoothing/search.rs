//! A search for the lowest point that needs no derivative.

/// Steps after which the search ends in any case.
const STEPS: usize = 400;
/// The search ends when the values at the corners differ by less than this share.
const CLOSE: f64 = 1e-10;
/// How often the search is begun anew at most.
const BEGINNINGS: usize = 10;

/// Minimises `function` over the unit cube by the downhill simplex of Nelder & Mead (1965), *The Computer Journal* 7,
/// 308–313, with their coefficients; points outside are moved to the nearest point of the cube. It computes with the four
/// basic operations only, so it takes the same path on every machine.
///
/// Where several corners are moved to one side of the cube the simplex lies flat on it and cannot leave it any more. So the search is begun anew, with a whole simplex at
/// the lowest point that was found, until that finds no lower one.
pub(in crate::baselines) fn minimise(start: &[f64], function: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let mut lowest = descend(start, &function);
    for _ in 0..BEGINNINGS {
        let next = descend(&lowest.0, &function);
        let lower = lowest.1 - next.1 > CLOSE * lowest.1.abs();
        if next.1 <= lowest.1 {
            lowest = next;
        }
        if !lower {
            break;
        }
    }
    lowest.0
}

/// One search: the lowest corner of its last simplex, and the value there.
fn descend(start: &[f64], function: impl Fn(&[f64]) -> f64) -> (Vec<f64>, f64) {
    let evaluate = |point: Vec<f64>| {
        let inside: Vec<f64> = point.into_iter().map(|value| value.clamp(0.0, 1.0)).collect();
        let value = function(&inside);
        // A NaN would never be sorted away from the front.
        (inside, if value.is_nan() { f64::INFINITY } else { value })
    };
    let mut simplex = vec![evaluate(start.to_vec())];
    for axis in 0..start.len() {
        let mut corner = start.to_vec();
        corner[axis] += if corner[axis] < 0.5 { 0.25 } else { -0.25 };
        simplex.push(evaluate(corner));
    }
    for _ in 0..STEPS {
        simplex.sort_by(|left, right| left.1.total_cmp(&right.1));
        let (best, worst) = (simplex[0].1, simplex[start.len()].1);
        if worst - best <= CLOSE * best.abs() {
            break;
        }
        let centre: Vec<f64> = (0..start.len())
            .map(|axis| {
                let sum: f64 = simplex[..start.len()].iter().map(|(corner, _)| corner[axis]).sum();
                sum / start.len() as f64
            })
            .collect();
        // The point that lies `times` as far behind the centre as the worst corner lies before it.
        let beyond = |times: f64, corner: &[f64]| {
            evaluate(
                centre
                    .iter()
                    .zip(corner)
                    .map(|(centre, corner)| centre + times * (centre - corner))
                    .collect(),
            )
        };
        let reflected = beyond(1.0, &simplex[start.len()].0);
        let next = if reflected.1 < best {
            let expanded = beyond(2.0, &simplex[start.len()].0);
            Some(if expanded.1 < reflected.1 { expanded } else { reflected })
        } else if reflected.1 < simplex[start.len() - 1].1 {
            Some(reflected)
        } else {
            let nearer = if reflected.1 < worst {
                reflected
            } else {
                simplex[start.len()].clone()
            };
            let contracted = beyond(-0.5, &nearer.0);
            (contracted.1 < nearer.1).then_some(contracted)
        };
        match next {
            Some(corner) => simplex[start.len()] = corner,
            None => {
                let lowest = simplex[0].0.clone();
                for corner in &mut simplex[1..] {
                    let halved = corner
                        .0
                        .iter()
                        .zip(&lowest)
                        .map(|(value, lowest)| (value + lowest) / 2.0)
                        .collect();
                    *corner = evaluate(halved);
                }
            }
        }
    }
    simplex.sort_by(|left, right| left.1.total_cmp(&right.1));
    simplex.swap_remove(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_minimum_inside() {
        let found = minimise(&[0.5, 0.5, 0.5], |at| {
            let curved = at[1] - at[0] * at[0];
            (at[0] - 0.7) * (at[0] - 0.7) + 10.0 * curved * curved + (at[2] - 0.1) * (at[2] - 0.1)
        });
        for (found, expected) in found.iter().zip([0.7, 0.49, 0.1]) {
            assert!((found - expected).abs() < 1e-4, "{found} {expected}");
        }
    }

    /// The points that are looked at, one after the other.
    fn path(start: &[f64], function: impl Fn(&[f64]) -> f64) -> Vec<Vec<f64>> {
        let points = std::cell::RefCell::new(Vec::new());
        minimise(start, |at| {
            points.borrow_mut().push(at.to_vec());
            function(at)
        });
        points.into_inner()
    }

    /// On a line: a step to 0.75, twice as far to 1; then neither beyond it nor before it is better, so the other corner comes half-way.
    #[test]
    fn a_line_is_searched_by_reflection_expansion_and_halving() {
        let points = path(&[0.25], |at| 1.0 - at[0]);
        let first: Vec<f64> = points.iter().take(7).map(|point| point[0]).collect();
        assert_eq!(first, [0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 0.75]);
    }

    /// In a plane whose values rise with both coordinates, by hand from the corners (0.25, 0.25), (0.5, 0.25), (0.25, 0.5).
    #[test]
    fn a_plane_is_searched_by_the_published_coefficients() {
        let points = path(&[0.25, 0.25], |at| {
            (at[0] - 0.5) * (at[0] - 0.5) + 2.0 * (at[1] - 0.5) * (at[1] - 0.5)
        });
        let expected = [
            // The start, and one corner along each axis: 3/16, 1/8, 1/16.
            [0.25, 0.25],
            [0.5, 0.25],
            [0.25, 0.5],
            // The start reflected at the middle of the others is the lowest of all; twice as far is not better.
            [0.5, 0.5],
            [0.625, 0.625],
        ];
        assert_eq!(points[..5], expected);
        // Now (0.5, 0.25), the highest, at the middle of (0.5, 0.5) and (0.25, 0.5); that is no better than the second, so half-way back from the better of the two.
        assert_eq!(points[5], [0.25, 0.75]);
        assert_eq!(points[6], [0.4375, 0.375]);
        // Which is lower, so it stays; and the same once more, from (0.25, 0.5).
        assert_eq!(points[7..9], [[0.6875, 0.375], [0.359_375, 0.468_75]]);
        // In the middle and beyond it the corners lie on the near side.
        assert_eq!(path(&[0.5], |at| at[0])[..2], [[0.5], [0.25]]);
    }

    #[test]
    fn the_path_is_the_same_in_every_unit() {
        let bowl = |at: &[f64]| (at[0] - 0.3) * (at[0] - 0.3) + 2.0 * (at[1] - 0.6) * (at[1] - 0.6) + 0.1;
        // A power of two, so that nothing is rounded in another way.
        let unit = f64::from(1 << 30) * f64::from(1 << 20);
        assert_eq!(path(&[0.5, 0.5], bowl), path(&[0.5, 0.5], |at| unit * bowl(at)));
    }

    #[test]
    fn finds_a_minimum_below_zero() {
        let found = minimise(&[0.5, 0.5], |at| {
            (at[0] - 0.25) * (at[0] - 0.25) + 2.0 * (at[1] - 0.85) * (at[1] - 0.85) - 5.0
        });
        for (found, expected) in found.iter().zip([0.25, 0.85]) {
            assert!((found - expected).abs() < 1e-3, "{found} {expected}");
        }
    }

    /// One search ends on the upper side here, 0.1 away: its corners were moved there.
    #[test]
    fn leaves_a_side_that_all_corners_were_moved_to() {
        let bowl = |at: &[f64]| (at[0] - 0.2) * (at[0] - 0.2) + (at[1] - 0.9) * (at[1] - 0.9) - 5.0;
        let once = descend(&[0.5, 0.5], bowl).0;
        assert!(once[1] > 1.0 - 1e-6, "{once:?}");
        for (found, expected) in minimise(&[0.5, 0.5], bowl).iter().zip([0.2, 0.9]) {
            assert!((found - expected).abs() < 1e-3, "{found} {expected}");
        }
    }

    #[test]
    fn finds_a_minimum_at_the_edge() {
        let found = minimise(&[0.5, 0.5], |at| at[0] + (at[1] - 2.0) * (at[1] - 2.0));
        assert!(found[0] < 1e-6 && found[1] > 1.0 - 1e-6, "{found:?}");
    }

    #[test]
    fn finds_its_way_from_a_corner() {
        let found = minimise(&[0.0, 1.0], |at| {
            (at[0] - 0.3) * (at[0] - 0.3) + (at[1] - 0.6) * (at[1] - 0.6)
        });
        for (found, expected) in found.iter().zip([0.3, 0.6]) {
            assert!((found - expected).abs() < 1e-4, "{found} {expected}");
        }
    }
}
