//! In which order the parts of a panel are read, and what for.

use std::ops::Range;

use recurra_models::Generator;
use recurra_series::ShuffleBuffer;

use super::network_forecaster::NetworkForecaster;

/// What a part is read for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Turn {
    /// To train on it, in a pass counted from 0 over all epochs.
    Train { pass: usize },
    /// To measure the network on what is held back from it.
    Validate,
}

impl NetworkForecaster<'_> {
    /// What is read for these passes over `count` parts, counted from 0 over all epochs: the part of every pass and, for early stopping,
    /// all parts after the passes of an epoch.
    ///
    /// Every epoch takes the parts in a new uniform order, from a generator of its own. It is drawn when the epoch begins: who stops early
    /// may have asked for a million epochs.
    pub(super) fn turns(&self, count: usize, passes: Range<usize>) -> impl Iterator<Item = (Turn, usize)> + use<> {
        let validated = self.settings().early_stop.is_some();
        let mut generator = Generator::for_purpose(self.settings().training.seed, "order of parts");
        let seed = u64::from(generator.next_u32()) << 32 | u64::from(generator.next_u32());
        let mut shuffle = ShuffleBuffer::new(usize::MAX, seed);
        let epochs = passes.end.div_ceil(count.max(1));
        let order = (0..epochs).flat_map(move |_| shuffle.order(count)).enumerate();
        let trained = order.take(passes.end).skip(passes.start);
        trained.flat_map(move |(pass, part)| {
            let after = if validated && (pass + 1) % count == 0 { count } else { 0 };
            let train = (Turn::Train { pass }, part);
            std::iter::once(train).chain((0..after).map(|part| (Turn::Validate, part)))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::Registry;
    use crate::forecaster::{EarlyStop, NetworkSettings};

    #[test]
    fn turns_are_drawn_as_they_come_and_from_any_pass_on_alike() {
        let zoo = Registry::builtin();
        let entry = zoo.find("gru-1x8").unwrap();
        let mut settings = NetworkSettings::of(entry.recipe(), 51);
        settings.early_stop = Some(EarlyStop::after(1));
        let forecaster = NetworkForecaster::new(entry, settings);
        // So many would never fit in memory.
        let all: Vec<_> = forecaster.turns(3, 0..usize::MAX).take(60).collect();
        for (epoch, turns) in all.chunks(6).enumerate() {
            let (trained, validated) = turns.split_at(3);
            let mut parts: Vec<usize> = trained.iter().map(|(_, part)| *part).collect();
            for (at, (turn, _)) in trained.iter().enumerate() {
                assert_eq!(*turn, Turn::Train { pass: epoch * 3 + at });
            }
            parts.sort_unstable();
            assert_eq!(parts, [0, 1, 2]);
            assert_eq!(validated, [0, 1, 2].map(|part| (Turn::Validate, part)));
        }
        let order = |turns: &[(Turn, usize)]| [turns[0].1, turns[1].1, turns[2].1];
        assert!(
            all.chunks(6).any(|turns| order(turns) != order(&all)),
            "one order for all"
        );
        let later: Vec<_> = forecaster.turns(3, 4..5).collect();
        assert_eq!(later, all[7..8]);
        assert_eq!(forecaster.turns(3, 4..6).collect::<Vec<_>>(), all[7..12]);
    }
}
