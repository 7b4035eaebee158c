//! Which series of a folder a page shows.

use recurra_report::forecast::SeriesReport;

use crate::commands::fit::held::Held;

/// Series that are drawn for being those that the model does worst on, and best on: so many of each.
pub(super) const EXTREME: usize = 20;
/// Series that are drawn besides, at most: spread evenly over the parts and over the series of a part.
pub(super) const SPREAD: usize = 20;

/// A series that a page knows of.
pub(super) struct Member {
    /// The part it lies in, and its place there.
    pub(super) part: usize,
    pub(super) place: usize,
    /// Whether it is one of those that are spread evenly.
    spread: bool,
    /// Whether its values and forecasts are drawn, and not its errors alone.
    pub(super) drawn: bool,
    pub(super) report: SeriesReport,
}

/// The series that were measured, with the errors of all methods; and the forecasts of some. What is kept grows with the number of
/// measured series by a name and a few numbers, and by nothing else.
#[derive(Default)]
pub(super) struct Sample {
    /// The name of each method, and its MAE on all that was measured so far.
    pub(super) methods: Vec<(String, f64)>,
    /// The values that the errors so far are over.
    points: usize,
    pub(super) members: Vec<Member>,
}

/// A regular choice of about `most` of `count` things: every k-th from the first on.
pub(super) fn regular(count: usize, most: usize) -> std::iter::StepBy<std::ops::Range<usize>> {
    (0..count).step_by(count.div_ceil(most.max(1)).max(1))
}

/// Whether part `at` of `parts` has series that are spread evenly.
fn has_spread(at: usize, parts: usize) -> bool {
    regular(parts, SPREAD).any(|part| part == at)
}

/// Of how many series of such a part that is.
fn spread_of_a_part(parts: usize) -> usize {
    SPREAD / regular(parts, SPREAD).count().max(1)
}

impl Sample {
    /// Adds the series of the part `part`, the `at`-th of `parts`, that were measured over `points` values: each with its place in the
    /// part and its name.
    pub(super) fn add(
        &mut self,
        [part, at, parts]: [usize; 3],
        series: Vec<(usize, String)>,
        held: Held,
        points: usize,
    ) {
        let Held {
            firsts,
            stretches,
            methods,
        } = held;
        let known = self.join(&methods, points);
        let count = match has_spread(at, parts) {
            true => spread_of_a_part(parts),
            false => 0,
        };
        let spread: Vec<usize> = regular(series.len(), count).take(count).collect();
        let all = series.into_iter().zip(firsts).zip(stretches).enumerate();
        for (number, (((place, unique_id), first), forecasts)) in all {
            let errors = known.iter().map(|method| methods[*method].2[number]).collect();
            self.members.push(Member {
                part,
                place,
                spread: spread.contains(&number),
                drawn: true,
                report: SeriesReport {
                    split: Some(first),
                    forecasts,
                    errors,
                    ..bare(unique_id)
                },
            });
        }
        self.choose();
    }

    /// Takes further errors into the means, and gives the place of every known method among them. A method that some parts cannot be
    /// forecast with is left out of the comparison.
    fn join(&mut self, methods: &[(String, f64, Vec<Option<f64>>)], points: usize) -> Vec<usize> {
        if self.members.is_empty() {
            self.points = points;
            self.methods = methods.iter().map(|(name, mae, _)| (name.clone(), *mae)).collect();
            return (0..methods.len()).collect();
        }
        let found = |name: &str| methods.iter().position(|(other, ..)| other == name);
        let places: Vec<Option<usize>> = self.methods.iter().map(|(name, _)| found(name)).collect();
        let stays = |number: usize| places.get(number).copied().flatten().is_some();
        for member in &mut self.members {
            let mut number = 0..;
            member.report.errors.retain(|_| number.next().is_some_and(stays));
        }
        let mut number = 0..;
        self.methods.retain(|_| number.next().is_some_and(stays));
        let places: Vec<usize> = places.into_iter().flatten().collect();
        let total = (self.points + points).max(1) as f64;
        for ((_, mae), place) in self.methods.iter_mut().zip(&places) {
            *mae = (*mae * self.points as f64 + methods[*place].1 * points as f64) / total;
        }
        self.points += points;
        places
    }

    /// Forgets the forecasts of series that will not be drawn.
    fn choose(&mut self) {
        let mut order: Vec<usize> = (0..self.members.len())
            .filter(|at| self.members[*at].drawn && self.members[*at].report.rank().is_some())
            .collect();
        let rank = |at: &usize| self.members[*at].report.rank().unwrap_or(0.0);
        order.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
        let extreme: std::collections::HashSet<usize> = (order.iter().take(EXTREME))
            .chain(order.iter().rev().take(EXTREME))
            .copied()
            .collect();
        for (at, member) in self.members.iter_mut().enumerate() {
            if !member.spread && !extreme.contains(&at) {
                member.drawn = false;
                member.report.forecasts = Vec::new();
                member.report.split = None;
            }
        }
    }

    /// Adds the series of the part `part` that are spread evenly over `parts` parts, where nothing was measured; `count` are in it.
    pub(super) fn add_unmeasured(&mut self, part: usize, parts: usize, count: usize) {
        let most = spread_of_a_part(parts);
        for place in regular(count, most).take(most) {
            self.members.push(Member {
                part,
                place,
                spread: true,
                drawn: true,
                report: bare(String::new()),
            });
        }
    }
}

/// A series of which nothing but its name is known.
fn bare(unique_id: String) -> SeriesReport {
    SeriesReport {
        unique_id,
        times: Vec::new(),
        values: Vec::new(),
        split: None,
        forecasts: Vec::new(),
        errors: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use recurra_report::forecast::Segment;

    use super::*;

    /// What was measured of series with these errors of a model and of a baseline.
    fn held(errors: &[f64], baseline: Option<&str>, mae: f64) -> Held {
        let segment = |error: &f64| Segment {
            start: 1,
            first_step: 1,
            mean: vec![*error],
            intervals: Vec::new(),
        };
        let model = (
            "model".to_owned(),
            mae,
            errors.iter().copied().map(Some).collect::<Vec<_>>(),
        );
        let other = baseline.map(|name| (name.to_owned(), 2.0 * mae, vec![Some(1.0); errors.len()]));
        Held {
            firsts: vec![1; errors.len()],
            stretches: errors.iter().map(|error| vec![segment(error)]).collect(),
            methods: std::iter::once(model).chain(other).collect(),
        }
    }

    fn places(count: usize) -> Vec<(usize, String)> {
        (0..count).map(|place| (place, format!("shop-{place}"))).collect()
    }

    #[test]
    fn the_worst_the_best_and_evenly_spread_ones_are_drawn_however_the_parts_come() {
        // Every error once, in an order without a pattern.
        let error = |number: usize| (number * 37 % 101 + number / 101 * 101) as f64;
        let counts = [120, 3, 60, 90];
        let mut sample = Sample::default();
        let mut all = Vec::new();
        for (part, count) in counts.into_iter().enumerate() {
            let errors: Vec<f64> = (all.len()..all.len() + count).map(error).collect();
            all.extend(&errors);
            sample.add([part, part, 4], places(count), held(&errors, None, 1.0), count);
        }
        let mut sorted = all.clone();
        sorted.sort_by(f64::total_cmp);
        let extreme = |error: f64| error <= sorted[EXTREME - 1] || error >= sorted[all.len() - EXTREME];
        // Five of each part, but for the one that has three.
        let spread: Vec<Vec<usize>> = vec![
            vec![0, 24, 48, 72, 96],
            vec![0, 1, 2],
            vec![0, 12, 24, 36, 48],
            vec![0, 18, 36, 54, 72],
        ];
        assert_eq!(sample.members.len(), all.len());
        for (member, error) in sample.members.iter().zip(&all) {
            let expected = extreme(*error) || spread[member.part].contains(&member.place);
            assert_eq!(member.drawn, expected, "part {}, place {}", member.part, member.place);
            assert_eq!(
                (member.report.forecasts.len(), member.report.split),
                (usize::from(expected), expected.then_some(1))
            );
            assert_eq!(member.report.errors, [Some(*error)]);
        }
    }

    #[test]
    fn errors_are_means_over_all_values_and_a_baseline_that_some_parts_lack_is_left_out() {
        let mut sample = Sample::default();
        sample.add([0, 0, 3], places(1), held(&[5.0], Some("naive"), 1.0), 30);
        sample.add([1, 1, 3], places(1), held(&[7.0], Some("naive"), 4.0), 10);
        let methods = |sample: &Sample| sample.methods.clone();
        assert_eq!(
            methods(&sample),
            [("model".to_owned(), 1.75), ("naive".to_owned(), 3.5)]
        );
        assert_eq!(sample.members[1].report.errors, [Some(7.0), Some(1.0)]);
        sample.add([2, 2, 3], places(1), held(&[9.0], None, 3.75), 40);
        assert_eq!(methods(&sample), [("model".to_owned(), 2.75)]);
        let errors: Vec<_> = (sample.members.iter())
            .map(|member| member.report.errors.clone())
            .collect();
        assert_eq!(errors, [[Some(5.0)], [Some(7.0)], [Some(9.0)]]);
    }

    #[test]
    fn where_nothing_was_measured_some_of_some_parts_are_drawn() {
        let mut sample = Sample::default();
        for part in regular(50, SPREAD) {
            sample.add_unmeasured(part, 50, 7);
        }
        let found: Vec<[usize; 2]> = (sample.members.iter())
            .map(|member| [member.part, member.place])
            .collect();
        // One of every third part: of two there would be more than twenty.
        let expected: Vec<[usize; 2]> = (0..50).step_by(3).map(|part| [part, 0]).collect();
        assert_eq!(found, expected);
    }
}
