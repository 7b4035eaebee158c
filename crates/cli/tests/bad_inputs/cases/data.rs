//! What can be wrong with a table.

use super::super::fixtures::{replaced, write};
use super::{Case, case, nothing};

const FIT: &str = "fit bad.csv --model naive -o out.model";

/// Files, columns, values and times.
pub(crate) const CASES: &[Case] = &[
    // Files.
    case(
        "A file that is not there",
        nothing,
        "fit sales.csv --model naive -o out.model",
        &["sales.csv", "no such file"],
    ),
    case(
        "An empty file",
        |at| write(at, "bad.csv", ""),
        FIT,
        &["bad.csv", "empty"],
    ),
    case(
        "A header and no rows",
        |at| write(at, "bad.csv", "ds,y\n"),
        FIT,
        &["no rows"],
    ),
    case(
        "No header",
        |at| write(at, "bad.csv", "2024-01-01,5\n2024-01-02,6\n"),
        "fit bad.csv --time ds --value y --model naive -o out.model",
        &["header"],
    ),
    case(
        "Another encoding",
        |at| write(at, "bad.csv", b"ds,y\n2024-01-01,\xe4\n"),
        FIT,
        &["UTF-8"],
    ),
    case(
        "UTF-16",
        |at| write(at, "bad.csv", b"\xff\xfed\0s\0,\0y\0\n\0"),
        FIT,
        &["UTF-8"],
    ),
    case(
        "No text at all",
        |at| write(at, "bad.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        FIT,
        &["not a table"],
    ),
    case(
        "A row with too many fields",
        |at| replaced(at, 5, "2024-01-04,1,2,3"),
        FIT,
        &["row 5", "4 fields", "3"],
    ),
    case(
        "A quote that is never closed",
        |at| replaced(at, 5, "\"2024-01-04,1,2"),
        FIT,
        &["row 5", "quote"],
    ),
    case(
        "Two columns of one name",
        |at| replaced(at, 1, "ds,y,y"),
        FIT,
        &["`y`", "rename"],
    ),
    // Columns.
    case(
        "A time column that is not there",
        nothing,
        "fit good.csv --time dss --model naive -o out.model",
        &["`dss`", "did you mean `ds`", "--time"],
    ),
    case(
        "A value column that is not there",
        nothing,
        "fit good.csv --value promos --model naive -o out.model",
        &["`promos`", "did you mean `promo`"],
    ),
    case(
        "A column of names that is not there",
        nothing,
        "fit good.csv --id shop --model naive -o out.model",
        &["`shop`"],
    ),
    case(
        "A covariate that is not there",
        nothing,
        "fit good.csv --future-exog price --model gru-1x8 -o out.model",
        &["`price`"],
    ),
    // Values.
    case(
        "Text in numbers",
        |at| replaced(at, 7, "2024-01-06,many,0"),
        FIT,
        &["row 7", "`y`", "`many`"],
    ),
    case(
        "NaN",
        |at| replaced(at, 7, "2024-01-06,NaN,0"),
        FIT,
        &["row 7", "`y`", "--fill"],
    ),
    case(
        "An infinite value",
        |at| replaced(at, 7, "2024-01-06,inf,0"),
        FIT,
        &["row 7", "`y`", "finite"],
    ),
    case(
        "A missing value",
        |at| replaced(at, 7, "2024-01-06,,0"),
        FIT,
        &["row 7", "`y`", "--fill"],
    ),
    case(
        "A comma that may be anything",
        |at| write(at, "bad.csv", "ds;y\n2024-01-01;1,234\n2024-01-02;2,345\n"),
        FIT,
        &["`1,234`", "--decimal"],
    ),
    case(
        "A zero on a log scale",
        |at| replaced(at, 7, "2024-01-06,0,0"),
        "fit bad.csv --model gru-1x8 --scale log -o out.model",
        &["log scale"],
    ),
    // Times.
    case(
        "A day that does not exist",
        |at| replaced(at, 7, "2024-02-31,5,0"),
        FIT,
        &["row 7", "`ds`", "`2024-02-31`"],
    ),
    case(
        "Text in times",
        |at| replaced(at, 7, "yesterday,5,0"),
        FIT,
        &["row 7", "`ds`", "`yesterday`"],
    ),
    case(
        "Days and months that cannot be told apart",
        |at| write(at, "bad.csv", "ds,y\n01/02/2024,1\n02/02/2024,2\n"),
        FIT,
        &["--time-format"],
    ),
    case(
        "Times in two forms",
        |at| replaced(at, 7, "06.01.2024,5,0"),
        FIT,
        &["row 7", "`06.01.2024`"],
    ),
    case(
        "A named time zone",
        |at| {
            write(
                at,
                "bad.csv",
                "ds,y\n2024-01-01 10:00 Europe/Paris,1\n2024-01-01 11:00 Europe/Paris,2\n",
            )
        },
        FIT,
        &["row 2", "zone"],
    ),
    case(
        "A time that comes twice",
        |at| replaced(at, 7, "2024-01-05,5,0"),
        FIT,
        &["row 7", "2024-01-05", "row 6"],
    ),
    case(
        "Times out of order",
        |at| replaced(at, 7, "2023-12-24,5,0"),
        FIT,
        &["row 7", "sort"],
    ),
    case(
        "Missing times",
        |at| replaced(at, 7, ""),
        FIT,
        &["row 6", "2024-01-06", "--fill"],
    ),
    case(
        "Irregular times",
        |at| {
            write(
                at,
                "bad.csv",
                "ds,y\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 02:00,3\n2024-01-01 02:17,4\n",
            )
        },
        FIT,
        &["row 5", "hourly"],
    ),
    case(
        "Series of two frequencies",
        |at| {
            write(
                at,
                "bad.csv",
                "unique_id,ds,y\na,2024-01-01,1\na,2024-01-08,1\na,2024-01-15,1\nb,2024-01-01,1\nb,2024-01-02,2\n",
            )
        },
        FIT,
        &["row 6", "series `b`", "weekly"],
    ),
    case(
        "A frequency that is none",
        nothing,
        "fit good.csv --frequency often --model naive -o out.model",
        &["`often`", "daily"],
    ),
    case(
        "A frequency that the data does not have",
        nothing,
        "fit good.csv --frequency hourly --model naive -o out.model",
        &["times are missing", "2024-01-01T01:00:00"],
    ),
    case(
        "A calendar of plain numbers",
        nothing,
        "fit constant.csv --calendar --model gru-1x8 -o out.model",
        &["plain number", "--calendar"],
    ),
    case(
        "Values too far apart for their differences",
        |at| {
            let row = |step: usize| format!("{step},{}1.5e308\n", if step.is_multiple_of(2) { "" } else { "-" });
            write(
                at,
                "bad.csv",
                (0..60).fold("ds,y\n".to_owned(), |text, step| text + &row(step)),
            );
        },
        "fit bad.csv --model naive --horizon 2 -o out.model",
        &["held-out part", "another unit"],
    ),
];
