//! The frame of a page: style, data and scripts inside it, and nothing from outside.

use super::view::View;
use crate::ReportError;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("report.css");
/// The charting library; `assets/README.md` says where it comes from.
const LIBRARY: &str = include_str!("../../assets/echarts.common.min.js");
/// The page's own script, in the order in which its parts build on each other.
const SCRIPT: [&str; 9] = [
    include_str!("script/palette.js"),
    include_str!("script/numbers.js"),
    include_str!("script/lines.js"),
    include_str!("script/samples.js"),
    include_str!("script/tooltip.js"),
    include_str!("script/table.js"),
    include_str!("script/panel.js"),
    include_str!("script/figure.js"),
    include_str!("script/start.js"),
];
/// The browser itself refuses to load anything.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:";

/// A document that opens anywhere and draws `views` into the elements of their ids.
pub(crate) fn document(title: &str, body: &Markup, views: &[View]) -> Result<String, ReportError> {
    let script = format!("(() => {{\n\"use strict\";\n{}\n}})();", SCRIPT.join("\n"));
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                script #report-data type="application/json" { (PreEscaped(json(views)?)) }
                script { (PreEscaped(LIBRARY)) }
                script { (PreEscaped(script)) }
            }
        }
    };
    Ok(markup.into_string())
}

/// JSON in which nothing can end the script element or open a comment: every `<` is written by its code.
fn json(views: &[View]) -> Result<String, ReportError> {
    Ok(serde_json::to_string(views)?.replace('<', "\\u003c"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::view::{AxisView, View};
    use super::*;

    #[test]
    fn data_cannot_leave_its_element() {
        let name = "</script><script>alert(1)</script><!--";
        let view = View::new("v", name, AxisView::default(), AxisView::default());
        let text = json(&[view]).unwrap();
        assert!(!text.contains('<'), "{text}");
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back[0]["alt"], name);
    }

    #[test]
    fn nothing_in_the_scripts_ends_their_element() {
        for script in SCRIPT.iter().chain([&LIBRARY]) {
            assert!(!script.contains("</script") && !script.contains("<!--"));
        }
    }
}
