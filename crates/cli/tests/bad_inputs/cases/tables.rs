//! Tables as other programs write them: units, comments, clocks, mixed frequencies, columns in two roles.

use super::super::fixtures::{daily, write};
use super::{Case, case, nothing};

const FIT: &str = "fit bad.csv --model naive -o out.model";

/// Thirty rows `ds,y`, of which `row` writes one.
fn rows(header: &str, row: impl Fn(usize) -> String) -> String {
    (0..30).fold(header.to_owned() + "\n", |text, at| text + &row(at) + "\n")
}

/// More of what can be wrong with tables.
pub(crate) const CASES: &[Case] = &[
    case(
        "JSON",
        |at| write(at, "bad.csv", "[\n  {\"ds\": \"2024-01-01\", \"y\": 5}\n]\n"),
        FIT,
        &["bad.csv", "JSON", "CSV"],
    ),
    case(
        "A web page",
        |at| write(at, "bad.csv", "<!DOCTYPE html>\n<table><tr><td>5</td></tr></table>\n"),
        FIT,
        &["bad.csv", "HTML", "CSV"],
    ),
    case(
        "UTF-16 without a byte order mark",
        |at| {
            let text: Vec<u8> = daily(50).encode_utf16().flat_map(u16::to_le_bytes).collect();
            write(at, "bad.csv", text);
        },
        FIT,
        &["bad.csv", "UTF-16", "UTF-8"],
    ),
    case(
        "Values in the first line, of two columns that nobody named",
        |at| {
            write(
                at,
                "bad.csv",
                rows("2024-01-01,5", |day| format!("2024-02-{:02},5", day % 28 + 1)),
            )
        },
        FIT,
        &["row 1", "`2024-01-01`", "header"],
    ),
    case(
        "Lines above the header",
        |at| write(at, "bad.csv", format!("# sales\n{}", daily(50))),
        FIT,
        &["row 2", "3 fields", "1", "above the header"],
    ),
    case(
        "A currency in the numbers",
        |at| write(at, "bad.csv", rows("ds,y", |day| format!("{day},${day}.50"))),
        FIT,
        &["row 2", "column `y`", "`$0.50`", "without units"],
    ),
    case(
        "Percent signs",
        |at| write(at, "bad.csv", rows("ds,y", |day| format!("{day},{day} %"))),
        FIT,
        &["row 2", "`0 %`", "without units"],
    ),
    case(
        "The value before the time, and neither named",
        |at| {
            write(
                at,
                "bad.csv",
                rows("sold,day", |day| format!("{},2024-01-{:02}", day % 5, day + 1)),
            )
        },
        FIT,
        &["row 7", "`sold` was taken for the times", "--time", "--value"],
    ),
    case(
        "A total in the last row",
        |at| write(at, "bad.csv", daily(40) + "Total,4000,\n"),
        FIT,
        &["row 42", "`Total`", "column `ds`"],
    ),
    case(
        "One letter that is no column",
        |at| write(at, "bad.csv", rows("ds,a,b", |day| format!("{day},1,2"))),
        FIT,
        &["column `y`", "there are `ds`, `a`, `b`", "--value"],
    ),
    case(
        "A column that is to be two things",
        nothing,
        "fit good.csv --past-exog y --model gru-1x8 --horizon 1 -o out.model",
        &["--past-exog y", "--value", "one thing only"],
    ),
    case(
        "A covariate that is known and not known",
        nothing,
        "fit good.csv --past-exog promo --future-exog promo --model gru-1x8 -o out.model",
        &["--future-exog promo", "--past-exog", "one thing only"],
    ),
    case(
        "The hour that comes twice when clocks are set back",
        |at| {
            let hour = |at: usize| format!("2024-10-27 {:02}:00,5", if at > 2 { at - 1 } else { at });
            write(
                at,
                "bad.csv",
                (0..20).fold("ds,y\n".to_owned(), |text, at| text + &hour(at) + "\n"),
            );
        },
        FIT,
        &["row 5", "2024-10-27T02:00:00", "row 4", "UTC"],
    ),
    case(
        "The hour that is left out when clocks are set forward",
        |at| {
            let hour = |at: usize| format!("2024-03-31 {:02}:00,5", if at > 1 { at + 1 } else { at });
            write(
                at,
                "bad.csv",
                (0..20).fold("ds,y\n".to_owned(), |text, at| text + &hour(at) + "\n"),
            );
        },
        FIT,
        &["1 after row 3", "2024-03-31T02:00:00", "--fill"],
    ),
    case(
        "29 February where there is none",
        |at| {
            write(
                at,
                "bad.csv",
                "ds,y\n2024-02-28,1\n2024-02-29,1\n2025-02-28,1\n2025-02-29,1\n",
            )
        },
        FIT,
        &["row 5", "column `ds`", "`2025-02-29`"],
    ),
    case(
        "A week that the year does not have",
        |at| write(at, "bad.csv", "ds,y\n2025-W51,1\n2025-W52,1\n2025-W53,1\n"),
        FIT,
        &["row 4", "`2025-W53`"],
    ),
    case(
        "Times closer than a second",
        |at| {
            write(
                at,
                "bad.csv",
                rows("ds,y", |step| format!("2024-01-01T00:00:00.{step:02},5")),
            )
        },
        FIT,
        &["row 3", "less than a second", "plain numbers"],
    ),
    case(
        "Weekly series among daily ones",
        |at| {
            let text = (0..30).fold("unique_id,ds,y\n".to_owned(), |text, day| {
                text + &format!("a,2024-01-{:02},5\n", day + 1)
            });
            let weeks = ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22", "2024-01-29"];
            write(
                at,
                "bad.csv",
                weeks.iter().fold(text, |text, week| text + &format!("b,{week},5\n")),
            );
        },
        FIT,
        &["series `b`", "daily", "one frequency"],
    ),
    case(
        "A form of times that is none",
        nothing,
        "fit good.csv --time-format %! --model naive -o out.model",
        &["--time-format", "strftime"],
    ),
    case(
        "A form of times that the table does not have",
        nothing,
        "fit good.csv --time-format %d.%m.%Y --model naive -o out.model",
        &["row 2", "`2024-01-01`", "%d.%m.%Y", "given"],
    ),
    case(
        "A single row",
        |at| write(at, "bad.csv", "ds,y\n2024-01-01,5\n"),
        FIT,
        &["--validation", "1 of 1", "more data"],
    ),
];
