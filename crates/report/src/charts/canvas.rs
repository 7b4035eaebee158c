//! A drawing surface with the house style, over plotters' SVG backend.
//!
//! plotters counts in whole pixels, which is too coarse for a line of a thousand points. So everything is drawn on a
//! surface [`SCALE`] times as large and shown through a view box. Its root element is replaced by one that names the
//! chart for screen readers, rounds line joints and follows a dark colour scheme.

use super::colour;
use crate::ReportError;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Display;

/// Surface units per unit of length (a CSS pixel at the chart's own width).
pub(crate) const SCALE: f64 = 8.0;
/// The width of every chart, in units.
pub(crate) const WIDTH: f64 = 900.0;

/// The fonts of every text. They have the same widths, so a chart looks the same wherever one of them is; the pictures
/// in pixels are set in the last one, which comes with this crate.
const FONTS: &str = "Helvetica, Arial, 'Liberation Sans', sans-serif";

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
    let dark = colour::DARK;
    let view = format!("0 0 {} {}", px(WIDTH), px(height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"{view}\" role=\"img\" \
         stroke-linejoin=\"round\" stroke-linecap=\"round\">\n<title>{title}</title>\n<desc>{description}</desc>\n{dark}{body}"
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
