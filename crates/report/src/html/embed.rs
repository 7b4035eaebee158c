//! The frame of a page: style, data and scripts inside it, and nothing from outside.

use super::view::View;
use crate::ReportError;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;
use std::collections::HashMap;

const STYLE: &str = include_str!("report.css");
/// The charting library; `assets/README.md` says where it comes from.
const LIBRARY: &str = include_str!("../../assets/echarts.common.min.js");
/// The page's own script, in the order in which its parts build on each other.
const SCRIPT: [&str; 10] = [
    include_str!("script/palette.js"),
    include_str!("script/numbers.js"),
    include_str!("script/lines.js"),
    include_str!("script/samples.js"),
    include_str!("script/tooltip.js"),
    include_str!("script/table.js"),
    include_str!("script/panel.js"),
    include_str!("script/figure.js"),
    include_str!("script/picker.js"),
    include_str!("script/start.js"),
];
/// The browser itself refuses to load anything.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:";

/// What takes no room where scripts are off.
const STILL: &str = ".plot, .controls, figure[data-interactive] figcaption { display: none }";

/// A series that a reader can choose; the views of its charts are `view-series-ID` and `view-residuals-ID.…`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Pick {
    pub(crate) id: String,
    pub(crate) name: String,
    /// What stands below the headings of its chart and of its residuals' charts.
    pub(crate) notes: [String; 2],
}

/// A document that opens anywhere and draws `views` into the elements of their ids, those of the picks once they are
/// chosen. The first pick is the one that is shown when the page opens.
pub(crate) fn document(title: &str, body: &Markup, views: Vec<View>, picks: &[Pick]) -> Result<String, ReportError> {
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
                noscript { style { (PreEscaped(STILL)) } }
            }
            body {
                (body)
                script #report-data type="application/json" { (PreEscaped(json(views, picks)?)) }
                script { (PreEscaped(LIBRARY)) }
                script { (PreEscaped(script)) }
            }
        }
    };
    Ok(markup.into_string())
}

/// JSON in which nothing can end the script element or open a comment: every `<` is written by its code.
fn json(mut views: Vec<View>, picks: &[Pick]) -> Result<String, ReportError> {
    #[derive(Serialize)]
    struct Data<'a> {
        labels: &'a [Vec<String>],
        views: &'a [View],
        #[serde(skip_serializing_if = "<[Pick]>::is_empty")]
        picks: &'a [Pick],
    }
    let labels = share(&mut views);
    let data = Data {
        labels: &labels,
        views: &views,
        picks,
    };
    Ok(serde_json::to_string(&data)?.replace('<', "\\u003c"))
}

/// Takes the words of all axes out of the views and leaves where they stand: charts of one calendar share its words.
fn share(views: &mut [View]) -> Vec<Vec<String>> {
    // Long lists come first, so that shorter ones are found in them.
    let mut order: Vec<usize> = (0..views.len()).filter(|at| !views[*at].x.labels.is_empty()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(views[*at].x.labels.len()));
    let mut lists: Vec<Vec<String>> = Vec::new();
    let mut places: Vec<HashMap<String, usize>> = Vec::new();
    for at in order {
        let axis = &mut views[at].x;
        let words = std::mem::take(&mut axis.labels);
        let found = lists.iter().zip(&places).enumerate().find_map(|(list, (all, places))| {
            let from = *places.get(&words[0])?;
            (all.get(from..from + words.len())? == words).then_some([list, from, words.len()])
        });
        axis.shared_labels = Some(found.unwrap_or([lists.len(), 0, words.len()]));
        if found.is_none() {
            places.push(words.iter().cloned().enumerate().map(|(at, word)| (word, at)).collect());
            lists.push(words);
        }
    }
    lists
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
        let text = json(vec![view], &[]).unwrap();
        assert!(!text.contains('<'), "{text}");
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["views"][0]["alt"], name);
    }

    #[test]
    fn nothing_in_the_scripts_ends_their_element() {
        for script in SCRIPT.iter().chain([&LIBRARY]) {
            assert!(!script.contains("</script") && !script.contains("<!--"));
        }
    }

    #[test]
    fn charts_of_one_calendar_share_its_words() {
        let view = |words: &[&str]| {
            let labels = words.iter().map(|word| (*word).to_owned()).collect();
            let axis = AxisView {
                labels,
                ..AxisView::default()
            };
            View::new("v", "", axis, AxisView::default())
        };
        let mut views = [
            view(&["Tue", "Wed"]),
            view(&[]),
            view(&["Mon", "Tue", "Wed"]),
            view(&["Tue", "Thu"]),
        ];
        let lists = share(&mut views);
        assert_eq!(lists, [vec!["Mon", "Tue", "Wed"], vec!["Tue", "Thu"]]);
        let places = views.map(|view| view.x.shared_labels);
        assert_eq!(places, [Some([0, 1, 2]), None, Some([0, 0, 3]), Some([1, 0, 2])]);
    }
}
