//! Tables as people have them.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use recurra_series::{
    ColumnNames, Covariate, CsvOptions, DataErrorKind, Decimal, Fill, OutputColumn, OutputTable, Panel, PanelOptions,
    Series, Source, Table, Time,
};

fn table(bytes: impl Into<Vec<u8>>) -> Table {
    Table::read(
        Source::Bytes {
            name: "data.csv".into(),
            bytes: bytes.into(),
        },
        &CsvOptions::default(),
    )
    .unwrap()
}

fn panel(bytes: impl Into<Vec<u8>>) -> Panel {
    table(bytes)
        .panel(&ColumnNames::default(), &PanelOptions::default())
        .unwrap()
}

fn many() -> ColumnNames {
    ColumnNames {
        unique_id: Some("unique_id".into()),
        ..ColumnNames::default()
    }
}

#[test]
fn the_same_data_in_many_dialects() {
    let expected = panel("ds,y\n2024-01-30,1.5\n2024-01-31,-2\n2024-02-01,1000.25\n");
    assert_eq!(expected.frequency.unwrap().to_string(), "daily");
    let dialects: [(&str, &[u8]); 15] = [
        (
            "semicolon, decimal comma",
            b"ds;y\n2024-01-30;1,5\n2024-01-31;-2\n2024-02-01;1000,25\n",
        ),
        ("tab", b"ds\ty\n2024-01-30\t1.5\n2024-01-31\t-2\n2024-02-01\t1000.25\n"),
        (
            "bar, other columns",
            b"x|ds|y\na|2024-01-30|1.5\nb|2024-01-31|-2\nc|2024-02-01|1000.25\n",
        ),
        (
            "quotes, decimal comma",
            b"\"ds\",\"y\"\n\"2024-01-30\",\"1,5\"\n\"2024-01-31\",\"-2\"\n\"2024-02-01\",\"1000,25\"\n",
        ),
        (
            "byte order mark, CRLF, no last line end",
            b"\xef\xbb\xbfds,y\r\n2024-01-30,1.5\r\n2024-01-31,-2\r\n2024-02-01,1000.25",
        ),
        (
            "old Macintosh",
            b"ds,y\r2024-01-30,1.5\r2024-01-31,-2\r2024-02-01,1000.25\r",
        ),
        (
            "empty lines and spaces",
            b"ds , y\n\n2024-01-30, 1.5\n  \n2024-01-31 ,-2 \n2024-02-01,1.00025e3\n\n",
        ),
        (
            "German dates",
            b"ds,y\n30.01.2024,1.5\n31.01.2024,-2\n01.02.2024,1000.25\n",
        ),
        (
            "day first",
            b"ds,y\n30/01/2024,1.5\n31/01/2024,-2\n01/02/2024,1000.25\n",
        ),
        ("month first", b"ds,y\n1/30/2024,1.5\n1/31/2024,-2\n2/1/2024,1000.25\n"),
        ("compact", b"ds,y\n20240130,1.5\n20240131,-2\n20240201,1000.25\n"),
        (
            "month names",
            b"ds,y\n30 Jan 2024,1.5\n31 Jan 2024,-2\n1 Feb 2024,1000.25\n",
        ),
        ("slashes", b"ds,y\n2024/01/30,1.5\n2024/01/31,-2\n2024/02/01,1000.25\n"),
        (
            "month names, US",
            b"ds;y\nJan 30, 2024;1.5\nJan 31, 2024;-2\nFeb 1, 2024;1000.25\n",
        ),
        (
            "comma in another field",
            b"n,ds,y\n\"a, \"\"b\"\"\",2024-01-30,1.5\n\"line\nend\",2024-01-31,-2\nc,2024-02-01,1000.25\n",
        ),
    ];
    for (dialect, bytes) in dialects {
        assert_eq!(panel(bytes), expected, "{dialect}");
    }
}

#[test]
fn rows_are_the_lines_of_the_file() {
    let text = "n,ds,y\n\n\"two\nlines\",1,1\n\nx,2,oops\n";
    let error = table(text)
        .panel(&ColumnNames::default(), &PanelOptions::default())
        .unwrap_err();
    assert_eq!((error.row, error.column.as_deref()), (Some(6), Some("y")));
}

/// Polars splits large files between threads; quoted line ends must not confuse it.
#[test]
fn large_files_with_quoted_line_ends_are_read_whole() {
    let mut text = String::from("ds,note,y\n");
    for row in 0..60_000 {
        let note = match row % 7 {
            0 => "\"two\nlines, and a comma\"",
            3 => "\"a \"\"quoted\"\" word\"",
            5 => "a 5\" pipe",
            _ => "plain",
        };
        text.push_str(&format!("{row},{note},{}\n", row * 2));
    }
    let panel = panel(text);
    assert_eq!(panel.points(), 60_000);
    assert!(
        panel.series[0]
            .values()
            .iter()
            .enumerate()
            .all(|(row, &value)| value == row as f64 * 2.0)
    );
}

#[test]
fn times_of_the_usual_forms() {
    let read = |texts: &[&str]| {
        let rows: Vec<String> = texts
            .iter()
            .enumerate()
            .map(|(y, text)| format!("{text};{y}"))
            .collect();
        let panel = panel(format!("ds;y\n{}\n", rows.join("\n")));
        let times: Vec<String> = panel.series[0].times().iter().map(Time::to_string).collect();
        format!(
            "{} -> {} | {}",
            texts.join(", "),
            times.join(", "),
            panel.frequency.unwrap()
        )
    };
    let shown = [
        read(&["2024-01-01T00:00:00", "2024-01-01T01:00:00"]),
        read(&["2024-01-01 00:00", "2024-01-01 00:15"]),
        read(&["2024-01-01 00:00:00.250", "2024-01-01 00:00:01.250"]),
        read(&["1/31/2024 11:30 PM", "2/1/2024 12:30 AM"]),
        read(&["2024-03-31T01:00:00+01:00", "2024-03-31T03:00:00+02:00"]),
        read(&["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"]),
        read(&["2024-01-01 00:00:00 UTC", "2024-01-01 02:00:00 UTC"]),
        read(&["2024-01", "2024-02", "2024-03"]),
        read(&["Jan 2024", "Feb 2024"]),
        read(&["2024-Q1", "2024-Q2"]),
        read(&["2024Q4", "2025Q1"]),
        read(&["2024-W52", "2025-W01"]),
        read(&["1999", "2000", "2001"]),
        read(&["0.1", "0.2", "0.3"]),
        read(&["-2", "0", "2"]),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_given_form_decides() {
    let options = PanelOptions {
        time_format: Some("%d/%m/%Y".into()),
        ..PanelOptions::default()
    };
    let panel = table("ds,y\n01/02/2024,1\n01/03/2024,2\n")
        .panel(&ColumnNames::default(), &options)
        .unwrap();
    assert_eq!(panel.frequency.unwrap().to_string(), "monthly");
    let options = PanelOptions {
        time_format: Some("%b-%y".into()),
        ..PanelOptions::default()
    };
    let panel = table("ds,y\nJan-99,1\nFeb-99,2\n")
        .panel(&ColumnNames::default(), &options)
        .unwrap();
    assert_eq!(panel.series[0].times()[1].to_string(), "1999-02-01");
}

#[test]
fn a_panel_in_long_form() {
    let text = "unique_id,ds,y,price,holiday\nb,2024-01-01,1,10,0\na,2024-01-01,2,20,0\nb,2024-01-02,3,11,1\na,2024-01-02,4,21,1\na,2024-01-03,5,22,0\n";
    let names = ColumnNames {
        past: vec!["price".into()],
        future: vec!["holiday".into()],
        ..many()
    };
    let mut panel = table(text).panel(&names, &PanelOptions::default()).unwrap();
    let ids: Vec<_> = panel.series.iter().map(|series| series.unique_id().unwrap()).collect();
    assert_eq!(ids, ["b", "a"]);
    let a = panel.get("a").unwrap();
    assert_eq!(a.values(), [2.0, 4.0, 5.0]);
    assert_eq!(
        a.past_covariates(),
        [Covariate {
            name: "price".into(),
            values: vec![20.0, 21.0, 22.0]
        }]
    );
    assert_eq!(panel.points(), 5);
    assert!(panel.single().is_none());

    let future = "holiday,ds,unique_id\n7,2024-01-04,a\n5,2024-01-03,b\n8,2024-01-05,a\n6,2024-01-04,b\n";
    table(future)
        .continue_future(&names, &PanelOptions::default(), &mut panel, 2)
        .unwrap();
    assert_eq!(panel.series[0].future_covariates()[0].values, [0.0, 1.0, 5.0, 6.0]);
    assert_eq!(panel.series[1].future_covariates()[0].values, [0.0, 1.0, 0.0, 7.0, 8.0]);

    let mut panel = table(text).panel(&names, &PanelOptions::default()).unwrap();
    let error = table(future)
        .continue_future(&names, &PanelOptions::default(), &mut panel, 3)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "data.csv: column `ds`: there is no row for 2024-01-05 of series `b`; the forecast needs one for each of its \
         times, up to 2024-01-05"
    );
}

#[test]
fn gaps_are_filled_on_request_and_marked() {
    let text = "ds,y\n2024-01-30,1\n2024-01-31,\n2024-02-02,4\n2024-02-03,5\n";
    let gappy = table(text)
        .gappy_panel(&ColumnNames::default(), &PanelOptions::default())
        .unwrap();
    assert_eq!(gappy.missing(), 2);
    let series = &gappy.fill(Fill::Linear, 1).unwrap().series[0];
    assert_eq!(series.values(), [1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(series.times()[2].to_string(), "2024-02-01");
    assert_eq!(
        (0..5).map(|at| series.is_filled(at)).collect::<Vec<_>>(),
        [false, true, true, false, false]
    );
    // Up to a cutoff nothing of what comes after it is seen.
    let until = gappy.series[0].fill_until(3, Fill::Linear, 1).unwrap();
    assert_eq!(until.values(), [1.0, 1.0, 1.0]);
}

#[test]
fn month_ends_and_fractions_stay_on_their_grid_when_filled() {
    let read = |text: &str| {
        let gappy = table(text)
            .gappy_panel(&ColumnNames::default(), &PanelOptions::default())
            .unwrap();
        gappy.series[0]
            .times()
            .iter()
            .map(Time::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        read("ds,y\n2023-12-31,1\n2024-01-31,1\n2024-04-30,1\n"),
        "2023-12-31 2024-01-31 2024-02-29 2024-03-31 2024-04-30"
    );
    assert_eq!(
        read("ds,y\n0,1\n0.1,1\n0.2,1\n0.7,1\n"),
        "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7"
    );
    assert_eq!(
        read("ds,y\n2024-01-04,1\n2024-01-05,1\n2024-01-10,1\n2024-01-11,1\n2024-01-12,1\n"),
        "2024-01-04 2024-01-05 2024-01-08 2024-01-09 2024-01-10 2024-01-11 2024-01-12"
    );
}

#[test]
fn a_wrong_year_does_not_fill_the_memory() {
    let text = "ds,y\n2024-01-01 00:00,1\n2024-01-01 00:01,2\n9999-01-01 00:02,3\n";
    let error = table(text)
        .gappy_panel(&ColumnNames::default(), &PanelOptions::default())
        .unwrap_err();
    assert!(
        error.to_string().contains("filling would make 4194444963 points of 3"),
        "{error}"
    );
}

/// Writes a panel and reads it again.
fn round_trip(panel: &Panel, path: &std::path::Path) -> Panel {
    OutputTable::from_panel(panel).write(path).unwrap();
    let table = Table::read(Source::Path(path.to_owned()), &CsvOptions::default()).unwrap();
    let covariates = |of: &[Covariate]| of.iter().map(|covariate| covariate.name.clone()).collect();
    let first = &panel.series[0];
    let names = ColumnNames {
        unique_id: first.unique_id().map(|_| "unique_id".into()),
        past: covariates(first.past_covariates()),
        ..ColumnNames::default()
    };
    table
        .panel(
            &names,
            &PanelOptions {
                frequency: panel.frequency,
                ..PanelOptions::default()
            },
        )
        .unwrap()
}

fn finite() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("finite", |value| value.is_finite())
}

prop_compose! {
    /// Panels with any finite values, any names, and times of any kind.
    fn any_panel()(
        kind in 0..4_usize,
        ids in prop::collection::hash_set("[ -~]{0,6}[a-zäß,;\"#]", 1..4),
        rows in prop::collection::vec((finite(), finite()), 2..20),
        named: bool,
    ) -> Panel {
        let (start, frequency) = [
            ("2024-01-31", "monthly, on day 31"),
            ("2023-12-31T23:59:58.123456", "15 minutes"),
            ("1900", "step 0.25"),
            ("2024-02-28", "business days"),
        ][kind];
        let frequency: recurra_series::Frequency = frequency.parse().unwrap();
        let start: Time = start.parse().unwrap();
        let times: Vec<Time> = (0..rows.len()).map(|step| frequency.after(start, step).unwrap()).collect();
        let series = ids.into_iter().map(|id| {
            let (values, past): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
            let past = Covariate { name: "a \"b\", c".into(), values: past };
            let series = Series::new(times.clone(), values).unwrap().with_past_covariate(past).unwrap();
            if named { series.with_unique_id(id.trim()) } else { series }
        });
        let mut series: Vec<Series> = series.collect();
        series.dedup_by_key(|series| series.unique_id().map(str::to_owned));
        if !named {
            series.truncate(1);
        }
        series.retain(|series| series.unique_id() != Some(""));
        Panel { series, frequency: Some(frequency) }
    }
}

#[test]
fn the_decimal_mark_counts_in_parquet_too() {
    let text = |values: [&str; 2]| OutputColumn::Text(values.map(str::to_owned).to_vec());
    let table = OutputTable::new()
        .with("ds", text(["1", "2"]))
        .with("y", text(["1,500", "2,250"]));
    let read = |decimal| {
        let source = Source::Bytes {
            name: "data.parquet".into(),
            bytes: table.to_parquet("data.parquet").unwrap(),
        };
        let options = CsvOptions {
            decimal,
            ..CsvOptions::default()
        };
        Table::read(source, &options).unwrap().numbers("y")
    };
    assert!(matches!(
        *read(None).unwrap_err().kind,
        DataErrorKind::AmbiguousComma { .. }
    ));
    assert_eq!(read(Some(Decimal::Comma)).unwrap(), [1.5, 2.25]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn csv_and_parquet_round_trip(panel in any_panel()) {
        prop_assume!(!panel.series.is_empty());
        let mut ids: Vec<_> = panel.series.iter().map(Series::unique_id).collect();
        ids.sort();
        ids.dedup();
        prop_assume!(ids.len() == panel.series.len());
        let folder = tempfile::tempdir().unwrap();
        for name in ["data.csv", "data.parquet"] {
            prop_assert_eq!(&round_trip(&panel, &folder.path().join(name)), &panel, "{}", name);
        }
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        prop_assert_eq!(left, 2, "nothing is left beside the files");
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[\\-0-9,;\"\n\r\t dsyQTZ:./é]{0,60}") {
        let source = Source::Bytes { name: "data.csv".into(), bytes: format!("ds,y\n{text}").into() };
        if let Ok(table) = Table::read(source, &CsvOptions::default()) {
            table.panel(&ColumnNames::default(), &PanelOptions::default()).ok();
            table.gappy_panel(&ColumnNames::default(), &PanelOptions::default()).ok();
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        Table::read(Source::Bytes { name: "data.csv".into(), bytes }, &CsvOptions::default()).ok();
    }
}
