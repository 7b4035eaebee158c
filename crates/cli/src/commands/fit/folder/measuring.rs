//! Measuring a network on the held-out part of a folder.

use recurra_series::{Panel, Series, SplitPoint};
use recurra_zoo::forecaster::{FittedNetwork, HoldOut, PanelParts};

use super::Job;
use super::sample::{Sample, regular};
use crate::commands::fit::held::{Drawing, MOST_STRETCHES, held_out};
use crate::commands::fit::kept::go_on;
use crate::commands::fit::measure;
use crate::failure::Failure;

/// Series that are measured, however many there are: enough for intervals, few enough to forget.
const MEASURED_SERIES: usize = 2000;
/// Cutoffs at which they are measured, all together: what is kept of them must not grow with the number of parts.
const CUTOFFS: usize = 20_000;

impl Job<'_> {
    /// Measures on a regular choice of the series of every part; with what a page shows of them, if there will be one.
    pub(super) fn measure(
        &self,
        fitted: &FittedNetwork,
        split: SplitPoint,
    ) -> Result<(HoldOut, Option<Sample>), Failure> {
        let parts = self.folder.count();
        let most = MEASURED_SERIES.div_ceil(parts);
        let measured = regular(parts, MEASURED_SERIES);
        let count = measured.clone().count();
        let mut joint: Option<HoldOut> = None;
        let mut sample = self.arguments.report.as_ref().map(|_| Sample::default());
        for (at, part) in measured.enumerate() {
            let words = || format!("interrupted while measuring; {}", go_on(self.arguments));
            let Panel { series, .. } = self.folder.dataset_unless(part, words)?.panel;
            let places: Vec<usize> = regular(series.len(), most).collect();
            let chosen: Vec<&Series> = places.iter().map(|place| &series[*place]).collect();
            let firsts = chosen.iter().map(|series| measure::first(series, split));
            let firsts = firsts.collect::<Result<Vec<_>, _>>()?;
            let observed = measure::observed(&chosen);
            let held = measure::held_out(&chosen, &firsts, &observed);
            let file = self.folder.file(part).display().to_string();
            let cutoffs = CUTOFFS.div_ceil(parts).min(HoldOut::MOST_CUTOFFS);
            let mut hold_out = HoldOut::measure_at(fitted, &held, self.horizon, cutoffs)
                .map_err(|error| Failure::Input(format!("{file}: {error}")))?;
            // A series is measured by its own changes when it is forecast: a scale of each would grow with the panel.
            hold_out.scales.clear();
            if let Some(sample) = &mut sample {
                let drawing = Drawing {
                    model: self.entry.name(),
                    file: &file,
                    season: self.folder.reading().season.unwrap_or(1),
                    horizon: self.horizon,
                    cutoffs,
                    stretches: MOST_STRETCHES.div_ceil(count),
                };
                let held = held_out(&drawing, fitted, &held, &hold_out)?;
                let ids = chosen
                    .iter()
                    .map(|series| series.unique_id().unwrap_or_default().to_owned());
                sample.add(
                    [part, at, count],
                    places.into_iter().zip(ids).collect(),
                    held,
                    hold_out.points,
                );
            }
            match &mut joint {
                Some(joint) => joint.absorb(hold_out),
                empty => *empty = Some(hold_out),
            }
        }
        let hold_out = joint.filter(|hold_out| hold_out.points > 0);
        let hold_out = hold_out.ok_or_else(|| measure::nothing_measured(self.horizon))?;
        Ok((hold_out, sample))
    }
}
