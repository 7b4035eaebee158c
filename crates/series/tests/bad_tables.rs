//! What people see when their table is wrong.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use recurra_series::{ColumnNames, CsvOptions, DataError, Decimal, PanelOptions, Source, Table};

fn read(bytes: impl Into<Vec<u8>>) -> Result<Table, DataError> {
    Table::read(
        Source::Bytes {
            name: "data.csv".into(),
            bytes: bytes.into(),
        },
        &CsvOptions::default(),
    )
}

/// Columns `ds` and `y`, with what `change` changes.
fn names(change: impl Fn(&mut ColumnNames)) -> ColumnNames {
    let mut names = ColumnNames::default();
    change(&mut names);
    names
}

fn said(bytes: impl Into<Vec<u8>>, names: &ColumnNames, options: &PanelOptions) -> String {
    match read(bytes).and_then(|table| table.panel(names, options)) {
        Ok(panel) => format!("NO ERROR: {panel:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_wrong_table_has_its_message() {
    let plain = ColumnNames::default();
    let with_id = names(|names| names.unique_id = Some("unique_id".into()));
    let wrong_past = names(|names| names.past = vec!["prise".into()]);
    let options = PanelOptions::default();
    let cases: Vec<(&str, Vec<u8>, &ColumnNames)> = vec![
        ("empty file", b"".into(), &plain),
        ("spaces alone", b" \n\n".into(), &plain),
        ("header alone", b"ds,y\n".into(), &plain),
        ("no header", b"2024-01-01,1\n2024-01-02,2\n".into(), &plain),
        ("missing column", b"date,value\n2024-01-01,1\n".into(), &plain),
        ("nearly the name", b"DS,y\n2024-01-01,1\n".into(), &plain),
        ("missing covariate", b"ds,y,price\n1,1,1\n".into(), &wrong_past),
        ("two columns of one name", b"ds,y,y\n1,1,1\n".into(), &plain),
        ("Latin-1", b"ds,y\n2024-01-01,1\n2024-01-02,caf\xe9\n".into(), &plain),
        ("UTF-16", b"\xff\xfed\0s\0,\0y\0".into(), &plain),
        ("binary", b"\x7fELF\0\0".into(), &plain),
        ("spreadsheet", b"PK\x03\x04abcdef".into(), &plain),
        ("unclosed quote", b"ds,y\n1,\"2\n2,3\n".into(), &plain),
        ("too many fields", b"ds,y\n1,2\n2,3,4\n".into(), &plain),
        ("too few fields", b"ds,y\n1,2\n2\n".into(), &plain),
        ("text in numbers", b"ds,y\n1,2\n2,abc\n".into(), &plain),
        ("thousands", b"ds;y\n1;1,234.5\n2;2\n".into(), &plain),
        ("thousands or decimal comma", b"ds;y\n1;1,234\n2;2,345\n".into(), &plain),
        ("NaN", b"ds,y\n1,2\n2,NaN\n".into(), &plain),
        ("infinity", b"ds,y\n1,2\n2,-inf\n".into(), &plain),
        ("too large", b"ds,y\n1,2\n2,1e999\n".into(), &plain),
        ("missing value", b"ds,y\n1,2\n2,\n3,4\n".into(), &plain),
        ("missing time", b"ds,y\n1,2\n,3\n".into(), &plain),
        ("missing name", b"unique_id,ds,y\na,1,2\n,2,3\n".into(), &with_id),
        ("no time", b"ds,y\nyesterday,2\n".into(), &plain),
        ("infinite time", b"ds,y\n1,2\ninf,2\n".into(), &plain),
        ("no such day", b"ds,y\n2024-02-29,1\n2024-02-30,2\n".into(), &plain),
        (
            "two forms of times",
            b"ds,y\n2024-01-01,1\n02.01.2024,2\n".into(),
            &plain,
        ),
        ("two-digit years", b"ds,y\n1/2/24,1\n1/3/24,2\n".into(), &plain),
        ("day or month", b"ds,y\n01/02/2024,1\n01/03/2024,2\n".into(), &plain),
        (
            "offset in some rows",
            b"ds,y\n2024-01-01T00:00Z,1\n2024-01-02T00:00,2\n".into(),
            &plain,
        ),
        ("named zone", b"ds,y\n2024-01-01 00:00 Europe/Berlin,1\n".into(), &plain),
        ("zone by letters", b"ds,y\n2024-01-01 00:00 CET,1\n".into(), &plain),
        ("duplicate", b"ds,y\n1,2\n2,3\n2,4\n".into(), &plain),
        ("duplicate further up", b"ds,y\n1,2\n2,3\n1,4\n".into(), &plain),
        (
            "duplicate in a panel",
            b"unique_id,ds,y\na,1,2\nb,1,2\na,1,3\n".into(),
            &with_id,
        ),
        ("unsorted", b"ds,y\n2024-01-02,2\n2024-01-01,3\n".into(), &plain),
        (
            "irregular",
            b"ds,y\n2024-01-01,2\n2024-01-08,3\n2024-01-15,3\n2024-01-17,4\n".into(),
            &plain,
        ),
        ("irregular numbers", b"ds,y\n1,2\n2,3\n3,3\n4.5,4\n".into(), &plain),
        (
            "mixed frequencies",
            b"unique_id,ds,y\na,2024-01-01,2\na,2024-01-08,3\na,2024-01-15,3\nb,2024-01-01,1\nb,2024-01-02,1\n".into(),
            &with_id,
        ),
        (
            "one gap",
            b"ds,y\n2024-01-01,2\n2024-01-02,3\n2024-01-04,3\n".into(),
            &plain,
        ),
        (
            "many gaps",
            (0..30)
                .fold(String::from("ds,y\n"), |text, t| text + &format!("{},1\n", t + t / 3))
                .into(),
            &plain,
        ),
        (
            "gap in a panel",
            b"unique_id,ds,y\na,2024-01-01,2\na,2024-01-02,3\nb,2024-01-01,1\nb,2024-01-05,1\na,2024-01-03,1\n".into(),
            &with_id,
        ),
        ("corrupt Parquet", b"PAR1 this is none PAR1".into(), &plain),
    ];
    let mut shown = String::new();
    for (case, bytes, names) in cases {
        writeln!(shown, "{case}\n    {}", said(bytes, names, &options)).unwrap();
    }
    let wrong_form = PanelOptions {
        time_format: Some("%d/%m/%Y".into()),
        ..options.clone()
    };
    writeln!(
        shown,
        "a form that does not fit\n    {}",
        said("ds,y\n2024-01-01,1\n", &plain, &wrong_form)
    )
    .unwrap();
    let hourly = PanelOptions {
        frequency: Some("hourly".parse().unwrap()),
        ..options
    };
    writeln!(
        shown,
        "a frequency that does not fit\n    {}",
        said("ds,y\n2024-01-01 00:00,1\n2024-01-01 00:30,2\n", &plain, &hourly)
    )
    .unwrap();
    insta::assert_snapshot!(shown);
}

#[test]
fn files_that_cannot_be_read_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let message = |path: &std::path::Path| {
        let error = Table::read(Source::Path(path.to_owned()), &CsvOptions::default()).unwrap_err();
        error
            .to_string()
            .replace(&folder.path().display().to_string(), "FOLDER")
    };
    assert_eq!(
        message(folder.path()),
        "FOLDER: this is a folder; give a CSV or Parquet file"
    );
    assert_eq!(
        message(&folder.path().join("absent.csv")),
        "FOLDER/absent.csv: there is no such file or folder"
    );
}

#[test]
fn a_given_delimiter_and_decimal_mark_are_kept_to() {
    let read = |text: &str, delimiter, decimal| {
        let source = Source::Bytes {
            name: "data.csv".into(),
            bytes: text.into(),
        };
        Table::read(source, &CsvOptions { delimiter, decimal }).and_then(|table| table.numbers("y"))
    };
    assert_eq!(read("ds;y\n1;1,234\n", None, Some(Decimal::Comma)).unwrap(), [1.234]);
    assert_eq!(
        read("ds;y\n1;1,5\n", None, Some(Decimal::Point))
            .unwrap_err()
            .to_string(),
        "data.csv: row 2, column `y`: `1,5` is not a number; write numbers without thousands separators"
    );
    assert_eq!(read("ds y\n1 2.5\n", Some(' '), None).unwrap(), [2.5]);
    assert_eq!(
        read("ds→y\n1→2\n", Some('→'), None).unwrap_err().to_string(),
        "data.csv: fields cannot be split at '→'; give a single ASCII character"
    );
}

/// A Parquet file that is cut off anywhere is refused.
#[test]
fn cut_off_parquet_files_end_in_errors() {
    use recurra_series::{OutputColumn, OutputTable};
    let times = OutputColumn::Times(
        (1..40)
            .map(|t| format!("2024-01-01T00:{t:02}").parse().unwrap())
            .collect(),
    );
    let table = OutputTable::new()
        .with("ds", times)
        .with("y", OutputColumn::Numbers(vec![Some(1.5); 39]));
    let whole = table.to_parquet("data.parquet").unwrap();
    for end in 0..whole.len() {
        assert!(read(&whole[..end]).is_err(), "cut at {end}");
    }
    let mut no_footer = whole.clone();
    no_footer.truncate(whole.len() - 8);
    no_footer.extend_from_slice(b"\xff\xff\xff\xffPAR1");
    assert!(read(no_footer).is_err());
}
