//! The values of a statistic over seeds, and those that are missing.

/// What a statistic gives over the seeds of the plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct PerSeed {
    /// Of the seeds that have a value, in the order of the plan.
    pub(super) values: Vec<f64>,
    /// Seeds that have none because a run diverged.
    pub(super) diverged: usize,
}

/// Stands for a value beyond all others. Finite, and so small that two of them add up: medians and ranks stay defined.
pub(super) const BEYOND: f64 = 1e300;

impl PerSeed {
    /// The values, and `BEYOND` for every seed that diverged: it ranks worst where small is good.
    pub(super) fn diverged_highest(&self) -> Vec<f64> {
        self.with(BEYOND)
    }

    /// The values, and `-BEYOND` for every seed that diverged.
    pub(super) fn diverged_lowest(&self) -> Vec<f64> {
        self.with(-BEYOND)
    }

    fn with(&self, value: f64) -> Vec<f64> {
        let diverged = std::iter::repeat_n(value, self.diverged);
        self.values.iter().copied().chain(diverged).collect()
    }

    /// Seeds that count.
    pub(super) fn count(&self) -> usize {
        self.values.len() + self.diverged
    }

    /// What a claim's text adds about seeds that diverged; empty if none did.
    pub(super) fn note(&self) -> String {
        diverged_note(self.diverged, self.count())
    }
}

/// What a claim's text adds where `diverged` of `count` seeds diverged; empty if none did.
pub(super) fn diverged_note(diverged: usize, count: usize) -> String {
    if diverged == 0 {
        return String::new();
    }
    format!("; {diverged} of {count} seeds diverged, the effect is that of the others")
}
