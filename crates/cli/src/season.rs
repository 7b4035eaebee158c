//! The season of data whose times are plain numbers.

use recurra_series::{Panel, Series, common_season_length, season_length};

/// Series that are looked at for a season, and values of each.
const LOOKED_AT: (usize, usize) = (50, 5000);

/// The season that most series show, 1 for none; the shorter one of two that are equally frequent. It is looked for in the first four
/// fifths of each series, and only before `end`: the rest is what models are measured on.
pub(crate) fn found(panel: &Panel, end: impl Fn(&Series) -> usize) -> usize {
    let found = panel.series.iter().take(LOOKED_AT.0).map(|series| {
        let early = &series.values()[..end(series).min(series.len() * 4 / 5)];
        let recent = &early[early.len().saturating_sub(LOOKED_AT.1)..];
        season_length(recent, panel.frequency)
    });
    common_season_length(found)
}
