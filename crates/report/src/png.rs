//! Charts in pixels, for papers and places that do not take SVG (feature `png`).
//!
//! They are set in the font that comes with this crate, never in the machine's own: the same SVG gives the same pixels
//! (a test holds that on x86-64; how tightly they are packed depends on what else the program is built with). Letters that the font lacks, such as Chinese
//! ones in the name of a series, are left out; the SVG has them.

use crate::{ReportError, files};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use std::fs;
use std::path::{Path, PathBuf};

const REGULAR: &[u8] = include_bytes!("../assets/fonts/LiberationSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../assets/fonts/LiberationSans-Bold.ttf");
/// Pixels per unit of the SVG, so that lines are sharp on fine screens and in print.
const SCALE: f32 = 2.0;
/// The most pixels of a side: 64 megabytes in memory for a square.
const MOST: f32 = 4096.0;

/// An SVG document as a PNG file, light colours, two pixels per unit (fewer where a side would exceed 4,096 pixels).
///
/// # Errors
/// [`ReportError::Draw`] if the document is no SVG.
///
/// ```
/// let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><rect width="3" height="2" fill="red"/></svg>"#;
/// let png = recurra_report::png::png(svg)?;
/// assert_eq!(png[..4], *b"\x89PNG");
/// # Ok::<(), recurra_report::ReportError>(())
/// ```
pub fn png(svg: &str) -> Result<Vec<u8>, ReportError> {
    pixels(svg)?.encode_png().map_err(|error| failed(error.to_string()))
}

fn failed(problem: String) -> ReportError {
    ReportError::Draw {
        chart: "PNG".to_owned(),
        problem,
    }
}

fn pixels(svg: &str) -> Result<Pixmap, ReportError> {
    let mut options = Options {
        font_family: "Liberation Sans".to_owned(),
        ..Options::default()
    };
    let fonts = options.fontdb_mut();
    fonts.load_font_data(REGULAR.to_vec());
    fonts.load_font_data(BOLD.to_vec());
    fonts.set_sans_serif_family("Liberation Sans");
    let tree = Tree::from_str(svg, &options).map_err(|error| failed(error.to_string()))?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = SCALE.min(MOST / width.max(height));
    let side = |length: f32| (length * scale).round().max(1.0) as u32;
    let mut pixels = Pixmap::new(side(width), side(height)).ok_or_else(|| failed("it has no size".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    Ok(pixels)
}

/// Writes the PNG of an SVG file beside it, under the same name, and returns where.
///
/// # Errors
/// As [`png`]; and [`ReportError::Write`] if the SVG cannot be read or the PNG cannot be written.
pub fn twin(svg: &Path) -> Result<PathBuf, ReportError> {
    let text = fs::read_to_string(svg).map_err(|source| ReportError::Write {
        path: svg.with_extension("png"),
        source,
    })?;
    let path = svg.with_extension("png");
    files::write(&path, &png(&text)?)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use sha2::{Digest, Sha256};

    /// Words, a line and a shade, in the charts' own way.
    const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30" font-family="Helvetica, Arial, sans-serif">
        <rect width="90" height="30" fill="#FFFFFF"/><path d="M3 5L40 22.5L80 9" fill="none" stroke="#0072B2" opacity="0.6"/>
        <text x="5" y="20" font-size="11">10⁻⁶ µ−ä</text><text x="50" y="28" font-size="9" font-weight="bold">Bold</text></svg>"##;

    // The renderer's vector instructions are the processor's own; on other kinds nobody has looked.
    #[cfg(target_arch = "x86_64")]
    #[test]
    fn one_svg_is_the_same_pixels_everywhere() {
        let digest = Sha256::digest(pixels(SVG).unwrap().data());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "066d334c31d4af5845551ea99a0ec5f34b02fb1bc49e4803c37f24b6dc5e2f98");
    }

    #[test]
    fn every_sign_of_the_charts_is_in_the_font() {
        let ink = |sign: char| {
            let svg = SVG.replace("10⁻⁶ µ−ä", &sign.to_string());
            pixels(&svg).unwrap().data().to_vec()
        };
        // A sign that the font lacks is left out, as a blank is.
        let blank = ink(' ');
        let missing: Vec<char> = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻−·–…±≥×"
            .chars()
            .filter(|sign| ink(*sign) == blank)
            .collect();
        assert_eq!(missing, Vec::<char>::new());
    }
}
