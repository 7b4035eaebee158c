//! Cutting lines at the edge of a plot: the drawing library would bend them along it.

/// A window in data units: x from `x.0` to `x.1`, y from `y.0` to `y.1`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
}

/// The parts of a line that lie in the window. A point that is `None` or not finite breaks the line.
pub(crate) fn clip(points: impl IntoIterator<Item = (f64, Option<f64>)>, window: Window) -> Vec<Vec<(f64, f64)>> {
    let mut parts: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut previous: Option<(f64, f64)> = None;
    for (x, y) in points {
        let current = y.filter(|y| y.is_finite()).map(|y| (x, y));
        if let (Some(a), Some(b)) = (previous, current)
            && let Some((a, b)) = clip_segment(a, b, window)
        {
            match parts.last_mut() {
                Some(part) if part.last() == Some(&a) => part.push(b),
                _ => parts.push(vec![a, b]),
            }
        }
        previous = current;
    }
    parts
}

/// Liang and Barsky's line clipping: the part of a–b inside the window, if any.
fn clip_segment(a: (f64, f64), b: (f64, f64), window: Window) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let edges = [
        (-dx, a.0 - window.x.0),
        (dx, window.x.1 - a.0),
        (-dy, a.1 - window.y.0),
        (dy, window.y.1 - a.1),
    ];
    for (direction, distance) in edges {
        if direction == 0.0 {
            if distance < 0.0 {
                return None;
            }
        } else if direction < 0.0 {
            enter = enter.max(distance / direction);
        } else {
            leave = leave.min(distance / direction);
        }
    }
    let at = |t: f64| (a.0 + t * dx, a.1 + t * dy);
    (enter <= leave).then(|| {
        (
            if enter == 0.0 { a } else { at(enter) },
            if leave == 1.0 { b } else { at(leave) },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Window = Window {
        x: (0.0, 10.0),
        y: (0.0, 10.0),
    };

    #[test]
    fn a_line_inside_stays_as_it_is() {
        let line = [(1.0, Some(1.0)), (2.0, Some(5.0)), (3.0, Some(2.0))];
        assert_eq!(clip(line, UNIT), [vec![(1.0, 1.0), (2.0, 5.0), (3.0, 2.0)]]);
    }

    #[test]
    fn a_spike_is_cut_at_the_edge_and_comes_back() {
        let line = [(0.0, Some(0.0)), (2.0, Some(20.0)), (4.0, Some(0.0))];
        assert_eq!(
            clip(line, UNIT),
            [vec![(0.0, 0.0), (1.0, 10.0)], vec![(3.0, 10.0), (4.0, 0.0)]]
        );
    }

    #[test]
    fn missing_values_break_the_line() {
        let line = [
            (0.0, Some(1.0)),
            (1.0, Some(1.0)),
            (2.0, None),
            (3.0, Some(1.0)),
            (4.0, Some(f64::NAN)),
            (5.0, Some(1.0)),
        ];
        assert_eq!(clip(line, UNIT), [vec![(0.0, 1.0), (1.0, 1.0)]]);
        assert_eq!(
            clip([(0.0, Some(20.0)), (5.0, Some(30.0))], UNIT),
            Vec::<Vec<(f64, f64)>>::new()
        );
    }

    proptest::proptest! {
        /// Against the definition: a point of a segment is drawn exactly if it lies in the window.
        #[test]
        fn what_is_drawn_is_what_lies_inside(a in (-20.0..20.0, -20.0..20.0), b in (-20.0..20.0, -20.0..20.0)) {
            let parts = clip([(a.0, Some(a.1)), (b.0, Some(b.1))], UNIT);
            let along = |point: (f64, f64)| {
                let (dx, dy) = (b.0 - a.0, b.1 - a.1);
                ((point.0 - a.0) * dx + (point.1 - a.1) * dy) / (dx * dx + dy * dy)
            };
            for step in 0..=200 {
                let t = f64::from(step) / 200.0;
                let point = (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1));
                // Clear of the edges, where rounding decides.
                let depth = [point.0, 10.0 - point.0, point.1, 10.0 - point.1].into_iter().fold(f64::INFINITY, f64::min);
                if depth.abs() > 1e-6 {
                    let drawn = parts.iter().any(|part| (along(part[0]) - 1e-9..=along(part[1]) + 1e-9).contains(&t));
                    proptest::prop_assert_eq!(drawn, depth > 0.0, "t = {}, parts {:?}", t, parts);
                }
            }
        }
    }
}
