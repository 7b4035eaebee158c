//! Interactive charts as data: what the page's script draws, and what the snapshots show.

use serde::Serialize;

/// One chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct View {
    /// Its element's id on the page.
    pub(crate) id: String,
    /// What it shows, for a screen reader.
    pub(crate) alt: String,
    pub(crate) x: AxisView,
    pub(crate) y: AxisView,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) lines: Vec<Line>,
    /// Filled bands between two lines, such as intervals.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) areas: Vec<Area>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) bars: Vec<Bars>,
    /// Samples over seeds, one row of the chart each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) samples: Vec<Sample>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) marks: Vec<Mark>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) regions: Vec<Region>,
    /// Ranges of x that a click goes to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) zooms: Vec<Zoom>,
    /// Where the chart opens; all of x if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<[f64; 2]>,
}

impl View {
    /// A chart without anything in it.
    pub(crate) fn new(id: impl Into<String>, alt: impl Into<String>, x: AxisView, y: AxisView) -> Self {
        Self {
            id: id.into(),
            alt: alt.into(),
            x,
            y,
            lines: Vec::new(),
            areas: Vec::new(),
            bars: Vec::new(),
            samples: Vec::new(),
            marks: Vec::new(),
            regions: Vec::new(),
            zooms: Vec::new(),
            start: None,
        }
    }
}

/// An axis.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct AxisView {
    pub(crate) name: String,
    /// Whether it opens logarithmic.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) log: bool,
    /// Whether a button switches between logarithmic and linear.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) switchable: bool,
    /// The range; from the data where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) range: Option<[f64; 2]>,
    /// Words for the whole numbers from 0, such as dates. Many charts have the same, so they stand beside the charts.
    #[serde(skip)]
    pub(crate) labels: Vec<String>,
    /// Where the words stand: the list, the first of them, and how many there are.
    #[serde(rename = "labels", skip_serializing_if = "Option::is_none")]
    pub(crate) shared_labels: Option<[usize; 3]>,
}

impl AxisView {
    /// A linear axis.
    pub(crate) fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// The same axis, logarithmic when the page opens.
    pub(crate) fn logarithmic(self) -> Self {
        Self {
            log: true,
            switchable: true,
            ..self
        }
    }

    /// The same axis with a button for a logarithmic scale.
    pub(crate) fn switchable(self) -> Self {
        Self {
            switchable: true,
            ..self
        }
    }
}

/// The hues of the house style; the page has a light and a dark shade of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Hue {
    Blue,
    Vermilion,
    Green,
    Purple,
    Grey,
    Ink,
}

/// A line through equally spaced points, or through `xs` where given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) hue: Hue,
    /// x of the first value; the next ones follow at a distance of 1.
    pub(crate) x0: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) xs: Vec<f64>,
    pub(crate) ys: Vec<Option<f64>>,
    /// Lines of one group are switched together, drawn thin and summarised in tooltips.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<String>,
    /// Whether every point is marked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) dots: bool,
    /// Whether its points are not joined.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) scattered: bool,
    /// A short name beside its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    /// Whether it waits to be switched on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) hidden: bool,
}

impl Line {
    /// A line through equally spaced points.
    pub(crate) fn new(name: impl Into<String>, hue: Hue, x0: f64, ys: impl IntoIterator<Item = Option<f64>>) -> Self {
        let ys = ys.into_iter().map(|y| y.filter(|y| y.is_finite()).map(brief)).collect();
        Self {
            name: name.into(),
            hue,
            x0,
            xs: Vec::new(),
            ys,
            group: None,
            dots: false,
            scattered: false,
            label: None,
            hidden: false,
        }
    }

    /// The same line as one of a group.
    pub(crate) fn grouped(self, group: &str) -> Self {
        Self {
            group: Some(group.to_owned()),
            ..self
        }
    }

    /// The same line with every point marked.
    pub(crate) fn dotted(self) -> Self {
        Self { dots: true, ..self }
    }

    /// The same line as points that are not joined.
    pub(crate) fn scattered(self) -> Self {
        Self {
            dots: true,
            scattered: true,
            ..self
        }
    }

    /// The same line with a short name beside its end.
    pub(crate) fn labelled(self, label: impl Into<String>) -> Self {
        Self {
            label: Some(label.into()),
            ..self
        }
    }

    /// The same line, switched off when the page opens.
    pub(crate) fn hidden(self) -> Self {
        Self { hidden: true, ..self }
    }
}

/// A band between two lines of equally spaced points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Area {
    pub(crate) name: String,
    pub(crate) hue: Hue,
    pub(crate) x0: f64,
    pub(crate) lower: Vec<f64>,
    pub(crate) upper: Vec<f64>,
}

/// Bars that stand on zero.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Bars {
    pub(crate) name: String,
    pub(crate) hue: Hue,
    /// The middle of each bar.
    pub(crate) xs: Vec<f64>,
    pub(crate) ys: Vec<f64>,
    /// In units of x.
    pub(crate) width: f64,
}

/// The errors of one experiment over seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Sample {
    /// The row's name: the experiment.
    pub(crate) row: String,
    /// Whose errors they are: "Keras" or "ours".
    pub(crate) name: String,
    pub(crate) hue: Hue,
    pub(crate) seeds: Vec<u64>,
    /// `None` where the run diverged.
    pub(crate) values: Vec<Option<f64>>,
    /// Lower quartile, median, upper quartile; `None` where diverged runs reach so far.
    pub(crate) quartiles: [Option<f64>; 3],
    /// Median, quartiles and sample size in words.
    pub(crate) label: String,
}

/// A labelled line across the chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Mark {
    pub(crate) axis: Direction,
    pub(crate) at: f64,
    pub(crate) label: String,
}

/// Which axis a value lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    X,
    Y,
}

/// A shaded range of an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Region {
    pub(crate) axis: Direction,
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) label: String,
    pub(crate) hue: Hue,
}

/// A range of x to go to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Zoom {
    pub(crate) label: String,
    pub(crate) from: f64,
    pub(crate) to: f64,
}

impl Zoom {
    /// A range with the words on its button.
    pub(crate) fn new(label: impl Into<String>, from: f64, to: f64) -> Self {
        Self {
            label: label.into(),
            from,
            to,
        }
    }
}

/// Six significant digits, more than a chart can show: it keeps the page small.
pub(crate) fn brief(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}
