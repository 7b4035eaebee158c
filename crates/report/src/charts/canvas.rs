//! A drawing surface with the house style, over plotters' SVG backend.
//!
//! plotters counts in whole pixels, which is too coarse for a line of a thousand points. So everything is drawn on a
//! surface [`SCALE`] times as large and shown through a view box. Its root element is replaced by one that names the
//! chart for screen readers, rounds line joints and follows a dark colour scheme.

use super::axis::Axis;
use super::clip::{Window, clip};
use crate::ReportError;
use plotters::coord::Shift;
use plotters::coord::combinators::WithKeyPoints;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Display;

/// Surface units per unit of length (a CSS pixel at the chart's own width).
pub(crate) const SCALE: f64 = 8.0;
/// The width of every chart, in units.
pub(crate) const WIDTH: f64 = 900.0;

/// The fonts of every text.
const FONTS: &str = "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";

/// Okabe and Ito's palette, which people with any kind of colour vision can tell apart, and the greys around it.
pub(crate) mod colour {
    use plotters::style::RGBColor;
    pub(crate) const INK: RGBColor = RGBColor(0x1B, 0x1F, 0x24);
    pub(crate) const MUTED: RGBColor = RGBColor(0x57, 0x60, 0x6A);
    /// Actual values behind a forecast, and the seeds behind the first: thrice as dark as the paper or darker.
    pub(crate) const GREY: RGBColor = RGBColor(0x8C, 0x95, 0x9F);
    pub(crate) const FAINT: RGBColor = RGBColor(0xB6, 0xBC, 0xC3);
    pub(crate) const GRID: RGBColor = RGBColor(0xE4, 0xE7, 0xEB);
    pub(crate) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
    pub(crate) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
    pub(crate) const VERMILION: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
    pub(crate) const GREEN: RGBColor = RGBColor(0x00, 0x9E, 0x73);
}

/// The same greys and lighter hues on a dark page. Attributes give way to style rules, so one file serves both.
const DARK: &str = "<style>@media (prefers-color-scheme: dark) {\
    [fill=\"#FFFFFF\"] { fill: #14171A } [fill=\"#1B1F24\"] { fill: #E6EAEE } [fill=\"#57606A\"] { fill: #A3ACB5 } \
    [stroke=\"#1B1F24\"] { stroke: #E6EAEE } [stroke=\"#57606A\"] { stroke: #A3ACB5 } [stroke=\"#B6BCC3\"] { stroke: #525A62 } \
    [fill=\"#B6BCC3\"] { fill: #525A62 } [stroke=\"#E4E7EB\"] { stroke: #2A2F35 } \
    [fill=\"#0072B2\"] { fill: #56B4E9 } [stroke=\"#0072B2\"] { stroke: #56B4E9 } \
    [fill=\"#D55E00\"] { fill: #F08A3C } [stroke=\"#D55E00\"] { stroke: #F08A3C } \
    [fill=\"#009E73\"] { fill: #33C79B } [fill=\"#8C959F\"] { fill: #7D8791 } [stroke=\"#8C959F\"] { stroke: #7D8791 } }</style>";

/// What a chart is called and what it shows, for those who see it and those who hear it.
#[derive(Debug, Clone)]
pub(crate) struct Heading {
    /// One short line.
    pub(crate) title: String,
    /// A second line, smaller: what is drawn, with the numbers that matter.
    pub(crate) subtitle: String,
}

/// A finished chart.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) heading: Heading,
    pub(crate) svg: String,
}

/// The whole surface.
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// A plot with its two axes.
pub(crate) type Plot<'a, 'b> =
    ChartContext<'a, SVGBackend<'b>, Cartesian2d<WithKeyPoints<RangedCoordf64>, WithKeyPoints<RangedCoordf64>>>;
/// What drawing steps return: the library's error as text.
pub(crate) type Drawn<T = ()> = Result<T, String>;

/// Units to the backend's pixels.
pub(crate) fn px(units: f64) -> i32 {
    (units * SCALE).round() as i32
}

/// Turns the library's errors into text; [`render`] adds the chart's name.
pub(crate) fn drawn<T, E: Display>(result: Result<T, E>) -> Drawn<T> {
    result.map_err(|error| error.to_string())
}

/// Draws a chart with its heading.
pub(crate) fn render(
    heading: Heading,
    height: f64,
    draw: impl FnOnce(&Area<'_>) -> Drawn,
) -> Result<Picture, ReportError> {
    let mut svg = String::new();
    let result = {
        let area = SVGBackend::with_string(&mut svg, (px(WIDTH) as u32, px(height) as u32)).into_drawing_area();
        paint(&area, &heading, draw)
    };
    result.map_err(|problem| ReportError::Draw {
        chart: heading.title.clone(),
        problem,
    })?;
    let svg = finish(&svg, &heading, height);
    Ok(Picture { heading, svg })
}

fn paint(area: &Area<'_>, heading: &Heading, draw: impl FnOnce(&Area<'_>) -> Drawn) -> Drawn {
    drawn(area.fill(&colour::PAPER))?;
    text(
        area,
        (16.0, 22.0),
        &heading.title,
        &Ink {
            size: 17.0,
            bold: true,
            ..Ink::default()
        },
    )?;
    text(
        area,
        (16.0, 43.0),
        &heading.subtitle,
        &Ink {
            size: 13.0,
            colour: colour::MUTED,
            ..Ink::default()
        },
    )?;
    draw(area)?;
    drawn(area.present())
}

/// Replaces the root element.
fn finish(svg: &str, heading: &Heading, height: f64) -> String {
    let body = svg.split_once('>').map_or("", |(_, body)| body);
    let (title, description) = (escape(&heading.title), escape(&heading.subtitle));
    let view = format!("0 0 {} {}", px(WIDTH), px(height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"{view}\" role=\"img\" \
         stroke-linejoin=\"round\" stroke-linecap=\"round\">\n<title>{title}</title>\n<desc>{description}</desc>\n{DARK}{body}"
    )
}

/// The text with the five characters that mean something in XML written as entities.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;")
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(crate) struct Ink {
    /// In units.
    pub(crate) size: f64,
    pub(crate) colour: RGBColor,
    pub(crate) bold: bool,
    /// Which side of the text its position is.
    pub(crate) side: HPos,
}

impl Default for Ink {
    fn default() -> Self {
        Self {
            size: 12.0,
            colour: colour::INK,
            bold: false,
            side: HPos::Left,
        }
    }
}

/// Sets a line of text with its middle at the height given, in units from the surface's top left corner.
pub(crate) fn text(area: &Area<'_>, at: (f64, f64), words: &str, ink: &Ink) -> Drawn {
    if words.is_empty() {
        return Ok(());
    }
    // The backend divides sizes by 1.24.
    let size = ink.size * SCALE * 1.24;
    let style = if ink.bold { FontStyle::Bold } else { FontStyle::Normal };
    let font = FontDesc::new(FontFamily::Name(FONTS), size, style);
    let style = TextStyle::from(font)
        .color(&ink.colour)
        .pos(Pos::new(ink.side, VPos::Center));
    drawn(area.draw(&Text::new(words.to_owned(), (px(at.0), px(at.1)), style)))
}

/// A line as thick as `width` units.
pub(crate) fn stroke(colour: RGBColor, opacity: f64, width: f64) -> ShapeStyle {
    ShapeStyle {
        color: colour.mix(opacity),
        filled: false,
        stroke_width: px(width) as u32,
    }
}

/// Where a plot lies on the surface, in units: its axes' corner points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

/// Sets up a plot with a grid, tick labels and the axes' names: y's above the axis, x's below it on the right.
pub(crate) fn plot<'a, 'b>(
    area: &'a Area<'b>,
    frame: Frame,
    x: (&Axis, &str),
    y: (&Axis, &str),
    rows: bool,
) -> Drawn<Plot<'a, 'b>> {
    let (width, height) = area.dim_in_pixel();
    let ranged =
        |axis: &Axis| (axis.range.0..axis.range.1).with_key_points(axis.ticks.iter().map(|tick| tick.0).collect());
    let mut builder = ChartBuilder::on(area);
    builder
        .margin_left(px(frame.left))
        .margin_top(px(frame.top))
        .margin_right(width as i32 - px(frame.right))
        .margin_bottom(height as i32 - px(frame.bottom));
    let plot = drawn(builder.build_cartesian_2d(ranged(x.0), ranged(y.0)))?;
    grid(area, frame, x.0, y.0, rows)?;
    let name = Ink {
        colour: colour::MUTED,
        ..Ink::default()
    };
    text(area, (frame.left, frame.top - 12.0), y.1, &name)?;
    text(
        area,
        (frame.right, frame.bottom + 36.0),
        x.1,
        &Ink {
            side: HPos::Right,
            ..name
        },
    )?;
    Ok(plot)
}

/// Faint lines at the ticks of the axis that carries the values (y, or x when the rows are categories), and all labels.
fn grid(area: &Area<'_>, frame: Frame, x: &Axis, y: &Axis, rows: bool) -> Drawn {
    let across = |axis: &Axis, value: f64| (value - axis.range.0) / (axis.range.1 - axis.range.0);
    let label = Ink {
        colour: colour::MUTED,
        ..Ink::default()
    };
    let line = |from: (f64, f64), to: (f64, f64), colour: RGBColor| {
        let points = vec![(px(from.0), px(from.1)), (px(to.0), px(to.1))];
        drawn(area.draw(&PathElement::new(points, stroke(colour, 1.0, 1.0))))
    };
    for (value, words) in &y.ticks {
        let height = frame.bottom - across(y, *value) * (frame.bottom - frame.top);
        if !rows {
            line((frame.left, height), (frame.right, height), colour::GRID)?;
        }
        let ink = if rows {
            Ink {
                size: 13.0,
                bold: true,
                ..Ink::default()
            }
        } else {
            label
        };
        text(
            area,
            (frame.left - 8.0, height),
            words,
            &Ink {
                side: HPos::Right,
                ..ink
            },
        )?;
    }
    for (value, words) in &x.ticks {
        let place = frame.left + across(x, *value) * (frame.right - frame.left);
        let from = if rows { frame.top } else { frame.bottom };
        line(
            (place, from),
            (place, frame.bottom + 5.0),
            if rows { colour::GRID } else { colour::FAINT },
        )?;
        text(
            area,
            (place, frame.bottom + 16.0),
            words,
            &Ink {
                side: HPos::Center,
                ..label
            },
        )?;
    }
    line((frame.left, frame.bottom), (frame.right, frame.bottom), colour::FAINT)
}

/// Draws a line through the points, cut at the plot's edges and broken at missing values.
pub(crate) fn curve(
    plot: &mut Plot<'_, '_>,
    points: impl IntoIterator<Item = (f64, Option<f64>)>,
    style: ShapeStyle,
) -> Drawn {
    let window = window(plot);
    for part in clip(points, window) {
        drawn(plot.draw_series(std::iter::once(PathElement::new(part, style))))?;
    }
    Ok(())
}

/// The plot's ranges.
pub(crate) fn window(plot: &Plot<'_, '_>) -> Window {
    let (x, y) = (plot.x_range(), plot.y_range());
    Window {
        x: (x.start, x.end),
        y: (y.start, y.end),
    }
}

/// Where a point of the plot lies on the surface, in units.
pub(crate) fn place(plot: &Plot<'_, '_>, point: (f64, f64)) -> (f64, f64) {
    let (x, y) = plot.backend_coord(&point);
    (f64::from(x) / SCALE, f64::from(y) / SCALE)
}

/// Heights moved apart until neighbours are at least `gap` away from each other, in the order given.
pub(crate) fn spread_apart(heights: &[f64], gap: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|a, b| heights[*a].total_cmp(&heights[*b]));
    let mut moved = heights.to_vec();
    for pair in 1..order.len() {
        let (above, below) = (order[pair - 1], order[pair]);
        let lack = gap - (moved[below] - moved[above]);
        if lack > 0.0 {
            for earlier in &order[..pair] {
                moved[*earlier] -= lack / 2.0;
            }
            moved[below] += lack / 2.0;
        }
    }
    moved
}
