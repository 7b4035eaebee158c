//! A damaged Parquet file is an error and nothing else, although polars panics on it.
//!
//! In a file of its own, as a panic hook is there for the whole process.
#![allow(clippy::unwrap_used)]

use recurra_series::{CsvOptions, OutputColumn, OutputTable, Source, Table};
use std::panic;
use std::sync::Mutex;

static REPORTED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The message that stands for a panic of polars.
const PANICKED: &str = "its pages do not fit its header";

#[test]
fn polars_panics_are_not_reported_and_others_still_are() {
    panic::set_hook(Box::new(|info| REPORTED.lock().unwrap().push(info.to_string())));
    let numbers = |factor: f64| OutputColumn::Numbers((0..40).map(|row| Some(f64::from(row) * factor)).collect());
    let table = OutputTable::new().with("ds", numbers(1.0)).with("y", numbers(0.5));
    let whole = table.to_parquet("data.parquet").unwrap();
    let mut panics = 0;
    // There stands how many values a page has. Polars asks for as much memory, and no caller can catch it if that fails.
    for at in (0..whole.len()).filter(|at| ![14, 224].contains(at)) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x11;
        let name = "data.parquet".to_owned();
        let read = Table::read(Source::Bytes { name, bytes }, &CsvOptions::default());
        panics += usize::from(read.is_err_and(|error| error.to_string().contains(PANICKED)));
    }
    let reported = REPORTED.lock().unwrap().clone();
    panic::catch_unwind(|| panic!("somebody else's")).unwrap_err();
    let count = REPORTED.lock().unwrap().len();

    // What fails from here on is to be seen.
    drop(panic::take_hook());
    assert!(panics > 0, "no byte of {} makes polars panic", whole.len());
    assert_eq!(reported, Vec::<String>::new());
    assert_eq!(count, 1);
}
