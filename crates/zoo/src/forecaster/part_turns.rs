//! In which order the parts of a panel are read, and what for.

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
    /// What is read from pass `first` on: the part of every pass and, for early stopping, all parts after the passes of an epoch.
    pub(super) fn turns(&self, order: &[usize], count: usize, first: usize) -> Vec<(Turn, usize)> {
        let validated = self.settings().early_stop.is_some();
        let turns = order.iter().enumerate().skip(first).flat_map(|(pass, &part)| {
            let after = if validated && (pass + 1) % count == 0 { count } else { 0 };
            let train = (Turn::Train { pass }, part);
            std::iter::once(train).chain((0..after).map(|part| (Turn::Validate, part)))
        });
        turns.collect()
    }

    /// The part of every pass: the parts in a new uniform order for each epoch, from a generator of its own.
    pub(super) fn order_of_parts(&self, count: usize, epochs: usize) -> Vec<usize> {
        let mut generator = Generator::for_purpose(self.settings().training.seed, "order of parts");
        let seed = u64::from(generator.next_u32()) << 32 | u64::from(generator.next_u32());
        let mut shuffle = ShuffleBuffer::new(usize::MAX, seed);
        (0..epochs).flat_map(|_| shuffle.order(count)).collect()
    }
}
