//! Made-up panels of any size, as a folder of Parquet files: the same values for the same seed on every machine.

use std::path::Path;

use recurra_series::{Frequency, OutputColumn, OutputTable, RandomState, Time};

use crate::failure::Failure;
use crate::files::make_folder;
use crate::presets::wave;
use crate::write_file;

/// A panel to be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PanelPreset {
    pub(crate) series: usize,
    pub(crate) length: usize,
    pub(crate) parts: usize,
    pub(crate) seed: u32,
}

impl PanelPreset {
    /// Writes the parts, each with its share of the series, to `folder`; `written` follows.
    pub(crate) fn write(&self, folder: &Path, mut written: impl FnMut(usize)) -> Result<(), Failure> {
        make_folder(folder)?;
        let first: Time = "2024-01-01".parse().map_err(Failure::input)?;
        let days = (0..self.length).map_while(|day| Frequency::Days(1).after(first, day));
        let days: Vec<Time> = days.collect();
        for part in 0..self.parts {
            let share = self.series * part / self.parts..self.series * (part + 1) / self.parts;
            let file = folder.join(format!("part-{part:05}.parquet"));
            let name = file.display().to_string();
            let bytes = self.part(share, &days).to_parquet(&name).map_err(Failure::input)?;
            write_file::write(&file, &bytes)?;
            written(part + 1);
        }
        Ok(())
    }

    fn part(&self, share: std::ops::Range<usize>, days: &[Time]) -> OutputTable {
        let rows = share.len() * days.len();
        let (mut ids, mut times, mut values) = (
            Vec::with_capacity(rows),
            Vec::with_capacity(rows),
            Vec::with_capacity(rows),
        );
        for index in share {
            let id = format!("shop-{index:07}");
            for (day, value) in days.iter().zip(self.series(index, days.len())) {
                ids.push(id.clone());
                times.push(*day);
                values.push(Some(value));
            }
        }
        OutputTable::new()
            .with("unique_id", OutputColumn::Text(ids))
            .with("ds", OutputColumn::Times(times))
            .with("y", OutputColumn::Numbers(values))
    }

    /// `e^(4 + 0.8·a)·(1 + 0.001·b·t + (0.2 + 0.1·c)·sin(2π·(t + index)/7) + 0.1·z)` with two decimals; `a`, `b`, `c` and every
    /// `z` are normal, drawn for each series by a generator of its own.
    fn series(&self, index: usize, length: usize) -> Vec<f64> {
        let mut generator = RandomState::new(self.seed.wrapping_add(index as u32));
        let draws = generator.randn(3 + length);
        let (level, slope, swing) = (libm::exp(4.0 + 0.8 * draws[0]), 0.001 * draws[1], 0.2 + 0.1 * draws[2]);
        let value = |(t, z): (usize, &f64)| {
            let value = level * (1.0 + slope * t as f64 + swing * wave(t + index, 7) + 0.1 * z);
            libm::round(value * 100.0) / 100.0
        };
        draws[3..].iter().enumerate().map(value).collect()
    }
}
