//! Series and their forecasts as one static picture, a chart for each series.

use recurra_report::forecast::SeriesReport;

/// How many series are drawn.
pub(crate) const MOST: usize = 12;

const WIDTH: f64 = 900.0;
/// A chart with its heading and its axis.
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 880.0;
const TOP: f64 = 36.0;
const BOTTOM: f64 = 222.0;

/// The picture: charts one below the other.
pub(crate) fn charts(title: &str, series: &[SeriesReport]) -> String {
    let drawn = &series[..series.len().min(MOST)];
    let height = 34.0 + HEIGHT * drawn.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" fill=\"#57606A\">\n\
         <title>{0}</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n\
         <text x=\"16\" y=\"24\" font-size=\"16\" font-weight=\"bold\" fill=\"#1B1F24\">{0}</text>\n",
        escaped(title)
    );
    for (at, one) in drawn.iter().enumerate() {
        let name = if series.len() > 1 { one.unique_id.as_str() } else { "" };
        chart(&mut svg, 34.0 + HEIGHT * at as f64, name, one);
    }
    svg + "</svg>\n"
}

fn chart(svg: &mut String, top: f64, name: &str, series: &SeriesReport) {
    let mut line = |text: String| *svg += &(text + "\n");
    let segments = &series.forecasts;
    let known = series.values.iter().flatten().copied();
    let bounds = segments
        .iter()
        .flat_map(|part| &part.intervals)
        .flat_map(|band| band.lower.iter().chain(&band.upper));
    let all = known
        .chain(segments.iter().flat_map(|part| &part.mean).copied())
        .chain(bounds.copied());
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| {
        (low.min(y), high.max(y))
    });
    let ticks = ticks(low, high);
    let (Some(bottom), Some(above)) = (ticks.first().copied(), ticks.last().copied()) else {
        return;
    };
    let last = series.times.len().saturating_sub(1).max(1) as f64;
    let x = |at: usize| LEFT + (RIGHT - LEFT) * at as f64 / last;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * (value - bottom) / (above - bottom);
    line(format!("<g transform=\"translate(0 {top})\">"));
    if !name.is_empty() {
        line(format!(
            "<text x=\"{LEFT}\" y=\"24\" font-size=\"13\" font-weight=\"bold\">{}</text>",
            escaped(name)
        ));
    }
    for tick in &ticks {
        let at = y(*tick);
        line(format!("<path d=\"M{LEFT} {at:.1}H{RIGHT}\" stroke=\"#E4E7EB\"/>"));
        line(format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{tick}</text>",
            LEFT - 8.0,
            at + 4.0
        ));
    }
    let labels = 6.min(series.times.len());
    for label in 0..labels {
        let at = label * (series.times.len() - 1) / labels.saturating_sub(1).max(1);
        let anchor = if label == 0 {
            "start"
        } else if label + 1 == labels {
            "end"
        } else {
            "middle"
        };
        line(format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
            x(at),
            BOTTOM + 20.0,
            escaped(&series.times[at])
        ));
    }
    // The widest interval comes first, so that the narrower ones lie on it.
    for part in segments {
        for band in &part.intervals {
            let upper = band
                .upper
                .iter()
                .enumerate()
                .map(|(step, value)| (x(part.start + step), y(*value)));
            let lower = band
                .lower
                .iter()
                .enumerate()
                .rev()
                .map(|(step, value)| (x(part.start + step), y(*value)));
            let corners: Vec<(f64, f64)> = upper.chain(lower).collect();
            line(format!(
                "<path d=\"{}Z\" fill=\"#0072B2\" fill-opacity=\"0.18\"/>",
                path(corners.iter().map(|at| Some(*at)))
            ));
        }
    }
    let values = series
        .values
        .iter()
        .enumerate()
        .map(|(at, value)| value.map(|value| (x(at), y(value))));
    line(stroke(&path(values), "#57606A"));
    for part in segments {
        // From the last known value on, so that the line is whole.
        let before = part
            .start
            .checked_sub(1)
            .and_then(|at| Some((x(at), y((*series.values.get(at)?)?))));
        let points = part
            .mean
            .iter()
            .enumerate()
            .map(|(step, value)| Some((x(part.start + step), y(*value))));
        line(stroke(&path(before.map(Some).into_iter().chain(points)), "#0072B2"));
    }
    line("</g>".to_owned());
}

fn stroke(path: &str, colour: &str) -> String {
    format!("<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" stroke-linejoin=\"round\"/>")
}

/// A line through points, broken where there is none.
fn path(points: impl Iterator<Item = Option<(f64, f64)>>) -> String {
    let (mut text, mut pen) = (String::new(), 'M');
    for point in points {
        let Some((x, y)) = point else {
            pen = 'M';
            continue;
        };
        text += &format!("{pen}{x:.1} {y:.1}");
        pen = 'L';
    }
    text
}

/// About five round numbers that hold everything between them.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    if !(low.is_finite() && high.is_finite()) {
        return Vec::new();
    }
    let (low, high) = if low < high {
        (low, high)
    } else {
        (low - 1.0, high + 1.0)
    };
    let rough = (high - low) / 4.0;
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|unit| unit * power)
        .find(|step| *step >= rough)
        .unwrap_or(rough);
    let (first, last) = (libm::floor(low / step) as i64, libm::ceil(high / step) as i64);
    // Dividing by whole numbers where the step is below one keeps 0.3 from becoming 0.30000000000000004.
    let tick = |count: i64| {
        if step < 1.0 {
            count as f64 / libm::round(1.0 / step)
        } else {
            count as f64 * step
        }
    };
    (first..=last).map(tick).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_the_values() {
        assert_eq!(ticks(0.0, 0.9), [0.0, 0.5, 1.0]);
        assert_eq!(ticks(-3.0, 17.0), [-5.0, 0.0, 5.0, 10.0, 15.0, 20.0]);
        assert_eq!(ticks(4.0, 4.0), [3.0, 3.5, 4.0, 4.5, 5.0]);
        assert!(ticks(f64::NAN, 1.0).is_empty());
    }

    #[test]
    fn names_do_not_become_markup() {
        assert_eq!(escaped("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
    }
}
