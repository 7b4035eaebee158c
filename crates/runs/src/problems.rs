//! What can be wrong with a matrix, and with folders that are to be merged.

/// What is wrong with a matrix.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MatrixProblem {
    /// Not TOML, or not of this layout.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// A layout of another version.
    #[error("schema {found} is not known; this version reads schema 1")]
    Schema {
        /// The version found.
        found: u32,
    },
    /// A leaderboard that cannot be made.
    #[error("{0}")]
    Leaderboard(String),
    /// No experiment at all.
    #[error("there is no experiment: add an [[experiment]] table")]
    Empty,
    /// A split that leaves a part empty.
    #[error("data.split is {split}, but must leave points on both sides of it: the series has {length} points")]
    Split {
        /// The split.
        split: usize,
        /// Points of the series.
        length: usize,
    },
    /// Two experiments of one name.
    #[error("two experiments are called `{experiment}`")]
    Duplicate {
        /// The name.
        experiment: String,
    },
    /// Two learning-rate sweeps, whose points would be taken for those of one.
    #[error(
        "`{first}` and `{second}` are both learning-rate sweeps; a matrix has one: put the other into a matrix of its own"
    )]
    SecondRateSweep {
        /// The id of the first.
        first: String,
        /// The id of the second.
        second: String,
    },
    /// A value out of range.
    #[error("experiment `{experiment}`: {field} must be {want}")]
    Value {
        /// The experiment's id.
        experiment: String,
        /// The field's path in the experiment's table.
        field: &'static str,
        /// What it must be.
        want: &'static str,
    },
    /// A claim about an experiment or a classical method that there is not.
    #[error("claim `{claim}`: no {kind} is called `{name}`; there are: {}", known.join(", "))]
    ClaimAbout {
        /// The claim's id.
        claim: String,
        /// `experiment` or `baseline`.
        kind: &'static str,
        /// The name that it gives.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// A claim whose region holds no number, or every number.
    #[error(
        "claim `{claim}`: at_least and at_most must leave some numbers between them, and one of them must be given"
    )]
    ClaimRegion {
        /// The claim's id.
        claim: String,
    },
}

/// Why folders cannot be merged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MergeProblem {
    /// `plan.json` is not of its layout.
    #[error("plan.json does not read: {0}")]
    Plan(serde_json::Error),
    /// A layout of another version.
    #[error("plan.json has schema {found}; this version reads schema 1")]
    Schema {
        /// The version found.
        found: u32,
    },
    /// The runs were made by other code than this.
    #[error("its runs were made by other code: merge with the version that made them")]
    Code,
    /// The series is not the one that the matrix names.
    #[error("its runs were made on another series than its matrix names")]
    Data,
    /// A key that does not follow from its cell.
    #[error("the key of {cell} does not follow from its configuration, data and code")]
    Key {
        /// The cell.
        cell: String,
    },
    /// Another plan than the first folder's.
    #[error("its plan is not that of the first folder: all must come from one command")]
    OtherPlan,
    /// Cells that no folder has, that two folders have with different results, or whose file is damaged.
    #[error("{} of the runs cannot be taken:\n{}", faults.len(), faults.join("\n"))]
    Cells {
        /// One line each: which, what is wrong, where.
        faults: Vec<String>,
    },
}
