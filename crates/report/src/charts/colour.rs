//! Okabe and Ito's palette, which people with any kind of colour vision can tell apart, and the greys around it. Vermilion
//! and green are a shade darker, so that words in them have a contrast of 4.5 to the paper.

use plotters::style::RGBColor;
pub(crate) const INK: RGBColor = RGBColor(0x1B, 0x1F, 0x24);
pub(crate) const MUTED: RGBColor = RGBColor(0x57, 0x60, 0x6A);
/// Actual values behind a forecast, and the seeds behind the first: thrice as dark as the paper or darker.
pub(crate) const GREY: RGBColor = RGBColor(0x8C, 0x95, 0x9F);
pub(crate) const FAINT: RGBColor = RGBColor(0xB6, 0xBC, 0xC3);
pub(crate) const GRID: RGBColor = RGBColor(0xE4, 0xE7, 0xEB);
pub(crate) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
pub(crate) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
pub(crate) const VERMILION: RGBColor = RGBColor(0xBE, 0x52, 0x00);
pub(crate) const GREEN: RGBColor = RGBColor(0x00, 0x80, 0x5D);
pub(crate) const PURPLE: RGBColor = RGBColor(0xA3, 0x52, 0x7F);

/// The same greys and lighter hues on a dark page. Attributes give way to style rules, so one file serves both.
pub(crate) const DARK: &str = "<style>@media (prefers-color-scheme: dark) {\
    [fill=\"#FFFFFF\"] { fill: #14171A } [fill=\"#1B1F24\"] { fill: #E6EAEE } [fill=\"#57606A\"] { fill: #A3ACB5 } \
    [stroke=\"#1B1F24\"] { stroke: #E6EAEE } [stroke=\"#57606A\"] { stroke: #A3ACB5 } [stroke=\"#B6BCC3\"] { stroke: #525A62 } \
    [fill=\"#B6BCC3\"] { fill: #525A62 } [stroke=\"#E4E7EB\"] { stroke: #2A2F35 } \
    [fill=\"#0072B2\"] { fill: #56B4E9 } [stroke=\"#0072B2\"] { stroke: #56B4E9 } \
    [fill=\"#BE5200\"] { fill: #F08A3C } [stroke=\"#BE5200\"] { stroke: #F08A3C } \
    [fill=\"#00805D\"] { fill: #33C79B } [stroke=\"#00805D\"] { stroke: #33C79B } \
    [fill=\"#A3527F\"] { fill: #CC79A7 } [stroke=\"#A3527F\"] { stroke: #CC79A7 } \
    [fill=\"#8C959F\"] { fill: #7D8791 } [stroke=\"#8C959F\"] { stroke: #7D8791 } }</style>";
