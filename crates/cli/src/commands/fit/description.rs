//! What a model file says of the data, whether they were read at once or part by part.

use recurra_series::{Frequency, Time};
use recurra_zoo::model_file::{DataDescription, data_sha256};

use crate::dataset::{Dataset, Reading};
use crate::folder::{Contents, Folder};

/// What all series hold together.
struct Extent {
    frequency: Option<Frequency>,
    season: usize,
    series: usize,
    points: usize,
    first: Option<Time>,
    last: Option<Time>,
    sha256: String,
}

/// The description of a table.
pub(super) fn of_dataset(dataset: &Dataset) -> DataDescription {
    let panel = &dataset.panel;
    let times = || panel.series.iter().flat_map(|series| series.times()).copied();
    let order = |a: &Time, b: &Time| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal);
    let extent = Extent {
        frequency: panel.frequency,
        season: dataset.season,
        series: panel.series.len(),
        points: panel.points(),
        first: times().min_by(order),
        last: times().max_by(order),
        sha256: data_sha256(panel),
    };
    described(&dataset.reading, extent)
}

/// The description of a folder of tables.
pub(super) fn of_folder(folder: &Folder, contents: &Contents) -> DataDescription {
    let reading = folder.reading();
    let extent = Extent {
        frequency: reading.options.frequency,
        season: contents.season,
        series: contents.series,
        points: contents.points,
        first: contents.first,
        last: contents.last,
        sha256: contents.sha256.clone(),
    };
    described(reading, extent)
}

fn described(reading: &Reading, extent: Extent) -> DataDescription {
    let names = &reading.names;
    let text = |time: Option<Time>| time.map_or_else(String::new, |time| time.to_string());
    DataDescription {
        time: names.time.clone(),
        value: names.value.clone(),
        unique_id: names.unique_id.clone(),
        past: names.past.clone(),
        future: names.future.clone(),
        calendar: reading.calendar,
        time_format: reading.options.time_format.clone(),
        frequency: extent.frequency,
        fill: reading.fill,
        season: extent.season,
        series: extent.series,
        points: extent.points,
        first: text(extent.first),
        last: text(extent.last),
        sha256: extent.sha256,
    }
}
