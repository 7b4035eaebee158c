//! Errors over seeds, and their quantiles against Keras'.

use super::view;
use crate::charts::Chart;
use crate::charts::axis::extent;
use crate::charts::distribution::range;
use crate::charts::quantiles::pairs;
use crate::html::view::{AxisView, Direction, Hue, Line, Mark, Sample, View, brief};
use crate::input::ReportInput;
use crate::stats::Spread;
use crate::table::{self, spread_cell};

pub(super) fn distribution(input: &ReportInput, chart: &Chart) -> View {
    let axis = AxisView::named("validation MAE, in units of the series");
    let mut view = view(chart, axis, AxisView::named("experiment"));
    view.x.range = range(input).map(|(low, high)| [low, high].map(brief));
    for row in table::rows(input) {
        let keras: Vec<_> = input
            .keras
            .iter()
            .filter(|k| k.experiment == row.id)
            .map(|k| (k.seed, Some(k.val_mae)))
            .collect();
        let ours = input
            .results
            .runs
            .iter()
            .filter(|run| run.experiment == row.id)
            .map(|run| (run.seed, run.val_mae))
            .collect();
        view.samples.extend(
            row.keras
                .map(|spread| sample(&row.id, "Keras", Hue::Vermilion, keras, spread)),
        );
        view.samples
            .extend(row.ours.map(|spread| sample(&row.id, "ours", Hue::Blue, ours, spread)));
    }
    let mark = |line: table::Reference| Mark {
        axis: Direction::X,
        at: line.mae,
        label: format!("{} {:.2}", line.short_name(), line.mae),
    };
    view.marks = table::references(input).into_iter().map(mark).collect();
    view
}

pub(super) fn quantiles(input: &ReportInput, chart: &Chart) -> View {
    let (x, y) = (AxisView::named("Keras' MAE"), AxisView::named("our MAE"));
    let mut view = view(chart, x, y);
    let pairs = pairs(input);
    let hues = [Hue::Blue, Hue::Vermilion, Hue::Green, Hue::Purple, Hue::Ink];
    for (position, pairs) in pairs.iter().enumerate() {
        let ours = pairs.points.iter().map(|(_, ours)| Some(*ours));
        let mut line = Line::new(&pairs.experiment, hues[position % hues.len()], 0.0, ours)
            .dotted()
            .labelled(&pairs.experiment);
        line.xs = pairs.points.iter().map(|(keras, _)| brief(*keras)).collect();
        view.lines.push(line);
    }
    if let Some((low, high)) = extent(
        pairs
            .iter()
            .flat_map(|pairs| pairs.points.iter().flat_map(|(a, b)| [*a, *b])),
    ) {
        let mut line = Line::new("equal", Hue::Grey, 0.0, [Some(low), Some(high)]).labelled("equal");
        line.xs = line.ys.iter().flatten().copied().collect();
        view.lines.push(line);
    }
    view
}

fn sample(row: &str, name: &str, hue: Hue, runs: Vec<(u64, Option<f64>)>, spread: Spread) -> Sample {
    let (seeds, values) = runs.into_iter().unzip();
    let quartiles =
        [spread.lower, spread.median, spread.upper].map(|value| Some(value).filter(|value| value.is_finite()));
    Sample {
        row: row.to_owned(),
        name: name.to_owned(),
        hue,
        seeds,
        values,
        quartiles,
        label: spread_cell(Some(spread)),
    }
}
