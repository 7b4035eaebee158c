//! A search for the lowest point that needs no derivative.

/// Steps after which the search ends in any case.
const STEPS: usize = 400;
/// The search ends when the values at the corners differ by less than this share.
const CLOSE: f64 = 1e-10;

/// Minimises `function` over the unit cube by the downhill simplex of Nelder & Mead (1965), *The Computer Journal* 7,
/// 308–313, with their coefficients; points outside are moved to the nearest point of the cube. It computes with the four
/// basic operations only, so it takes the same path on every machine.
pub(in crate::baselines) fn minimise(start: &[f64], function: impl Fn(&[f64]) -> f64) -> Vec<f64> {
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
    simplex.swap_remove(0).0
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
