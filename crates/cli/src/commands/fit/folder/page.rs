//! The page of a fit on a folder: what was measured, and a choice of the series.

use std::path::Path;

use recurra_report::forecast::SeriesReport;
use recurra_series::{Panel, Series};
use recurra_zoo::forecaster::PanelParts;
use recurra_zoo::model_file::ModelFile;

use super::Job;
use super::sample::{EXTREME, Member, SPREAD, Sample, regular};
use crate::commands::fit::upcoming::next;
use crate::commands::fit::{page as fit_page, scored};
use crate::failure::Failure;
use crate::page::{self, About};

/// The last values of a series that are drawn: a page has no room for many more, and long series may not fill the memory.
const VALUES: usize = 5000;

impl Job<'_> {
    /// Writes the page to `path`. The parts of the series that are drawn are read once more.
    pub(super) fn page(&self, file: &ModelFile, sample: Option<Sample>, path: &Path) -> Result<(), Failure> {
        let (folder, reading) = (self.folder.path.display().to_string(), self.folder.reading());
        let about = About {
            data: &folder,
            series: file.data.series,
            values: file.data.points,
            frequency: reading.options.frequency,
            season: file.data.season,
            value_name: &reading.names.value,
        };
        let mut report = page::report_about(format!("{} on {folder}", file.model.name()), &about);
        let mut fact = |name: &str, words: String| report.facts.push((name.to_owned(), words));
        fact("parts", self.folder.count().to_string());
        for (name, words) in fit_page::model_facts(file, self.horizon) {
            fact(&name, words);
        }
        let measured = sample.is_some();
        let mut sample = sample.unwrap_or_default();
        if let Some(part) = scored(file).filter(|_| measured) {
            fact(
                "held-out part",
                format!(
                    "{} forecasts of {} series, 1 to {} steps ahead; errors by series are those of forecasts over {} steps, one \
                     after the other",
                    part.points,
                    sample.members.len(),
                    part.horizon,
                    part.horizon
                ),
            );
        }
        fact("what is drawn", drawn(measured));
        self.draw(file, &mut sample, measured)?;
        fit_page::training(&mut report, file);
        if measured {
            fit_page::scores(&mut report, sample.methods.iter().map(|(method, mae)| (method, *mae)));
        }
        report.series = sample.members.into_iter().map(|member| member.report).collect();
        page::write(&report, path)
    }

    /// Gives the series that are drawn their values and their next forecasts.
    fn draw(&self, file: &ModelFile, sample: &mut Sample, measured: bool) -> Result<(), Failure> {
        let parts = self.folder.count();
        let mut read: Vec<usize> = match measured {
            true => {
                let drawn = sample.members.iter().filter(|member| member.drawn);
                drawn.map(|member| member.part).collect()
            }
            false => regular(parts, SPREAD).collect(),
        };
        read.dedup();
        for part in read {
            let words = || format!("interrupted; wrote {}, and no page", self.arguments.output.display());
            let Panel { series, frequency } = self.folder.dataset_unless(part, words)?.panel;
            if !measured {
                sample.add_unmeasured(part, parts, series.len());
            }
            let members = sample.members.iter_mut();
            let mut members: Vec<(&mut Member, &Series)> = members
                .filter(|member| member.part == part && member.drawn)
                .filter_map(|member| series.get(member.place).map(|series| (member, series)))
                .collect();
            let shown: Vec<&Series> = members.iter().map(|(_, series)| *series).collect();
            let next = next(file, &shown, frequency, self.horizon);
            for (member, series) in &mut members {
                let SeriesReport {
                    unique_id,
                    times,
                    values,
                    ..
                } = page::series(series);
                (member.report.unique_id, member.report.times, member.report.values) = (unique_id, times, values);
            }
            for ((member, _), next) in members.iter_mut().zip(next) {
                next.follow(&mut member.report);
            }
            for (member, _) in members {
                shorten(&mut member.report, VALUES);
            }
        }
        Ok(())
    }
}

/// By which rule series are drawn.
fn drawn(measured: bool) -> String {
    let spread = format!("up to {SPREAD} that are spread evenly over the parts");
    let rule = match measured {
        true => format!(
            "of the series that were measured, the {EXTREME} that the model does worst on beside the best baseline, the {EXTREME} that \
             it does best on, and {spread}"
        ),
        false => spread,
    };
    format!("{rule}; the last {VALUES} values of each series")
}

/// Leaves the last `most` values of a series, and the forecasts that begin among them or after them.
fn shorten(series: &mut SeriesReport, most: usize) {
    let from = series.values.len().saturating_sub(most);
    series.times.drain(..from);
    series.values.drain(..from);
    series.split = series.split.and_then(|split| split.checked_sub(from));
    series.forecasts.retain(|segment| segment.start >= from);
    for segment in &mut series.forecasts {
        segment.start -= from;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use recurra_report::forecast::Segment;

    use super::*;

    #[test]
    fn a_long_series_keeps_its_end() {
        let segment = |start| Segment {
            start,
            first_step: 1,
            mean: vec![start as f64; 2],
            intervals: Vec::new(),
        };
        let whole = SeriesReport {
            unique_id: "a".to_owned(),
            times: (0..12).map(|time| time.to_string()).collect(),
            values: (0..10).map(|value| Some(f64::from(value))).collect(),
            split: Some(5),
            forecasts: vec![segment(5), segment(7), segment(10)],
            errors: vec![Some(1.0)],
        };
        let mut short = whole.clone();
        shorten(&mut short, 10);
        assert_eq!(short, whole);
        shorten(&mut short, 4);
        assert_eq!((short.times[0].as_str(), short.values[0]), ("6", Some(6.0)));
        assert_eq!((short.times.len(), short.values.len(), short.split), (6, 4, None));
        let starts: Vec<(usize, f64)> = (short.forecasts.iter())
            .map(|segment| (segment.start, segment.mean[0]))
            .collect();
        assert_eq!(starts, [(1, 7.0), (4, 10.0)]);
    }
}
