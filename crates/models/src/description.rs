//! What a layer is, as data: for summaries and for files that other programs read.

use crate::activation::ActivationKind;
use crate::recurrent_options::RecurrentOptions;
use serde::{Deserialize, Serialize};

/// The kind of a recurrent cell, under Keras' names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CellKind {
    /// Keras' `SimpleRNN`.
    #[serde(rename = "SimpleRNN")]
    SimpleRnn,
    /// Keras' `LSTM`.
    #[serde(rename = "LSTM")]
    Lstm,
    /// Keras' `GRU` with `reset_after=True`, its default.
    #[serde(rename = "GRU")]
    Gru,
    /// Keras' `GRU` with `reset_after=False`.
    #[serde(rename = "GRU-reset-before")]
    GruResetBefore,
}

impl CellKind {
    /// Gates per unit: 1, 4 or 3.
    #[must_use]
    pub fn gates(self) -> usize {
        recurra_kernels::Cell::from(self).gates()
    }

    /// Keras' class name.
    #[must_use]
    pub fn class_name(self) -> &'static str {
        match self {
            Self::SimpleRnn => "SimpleRNN",
            Self::Lstm => "LSTM",
            Self::Gru | Self::GruResetBefore => "GRU",
        }
    }

    /// The stem of the names that Keras gives such layers.
    #[must_use]
    pub fn name_stem(self) -> &'static str {
        match self {
            Self::SimpleRnn => "simple_rnn",
            Self::Lstm => "lstm",
            Self::Gru | Self::GruResetBefore => "gru",
        }
    }
}

impl From<recurra_kernels::Cell> for CellKind {
    fn from(cell: recurra_kernels::Cell) -> Self {
        match cell {
            recurra_kernels::Cell::SimpleRnn => Self::SimpleRnn,
            recurra_kernels::Cell::Lstm => Self::Lstm,
            recurra_kernels::Cell::Gru { reset_after: true } => Self::Gru,
            recurra_kernels::Cell::Gru { reset_after: false } => Self::GruResetBefore,
        }
    }
}

impl From<CellKind> for recurra_kernels::Cell {
    fn from(kind: CellKind) -> Self {
        match kind {
            CellKind::SimpleRnn => Self::SimpleRnn,
            CellKind::Lstm => Self::Lstm,
            CellKind::Gru => Self::Gru { reset_after: true },
            CellKind::GruResetBefore => Self::Gru { reset_after: false },
        }
    }
}

/// How a bidirectional layer joins its two readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MergeMode {
    /// Forward, then backward: twice as wide.
    Concat,
    /// Their sum.
    Sum,
    /// Their product.
    Mul,
    /// Their mean; Keras' `ave`.
    Average,
}

/// A layer's kind and its sizes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "class", rename_all = "snake_case")]
#[non_exhaustive]
pub enum LayerDescription {
    /// One reading of the window.
    Recurrent {
        /// The cell.
        cell: CellKind,
        /// Hidden units.
        units: usize,
        /// Whether the output has every step.
        return_sequences: bool,
        /// Recurrent dropout and the like.
        #[serde(default, skip_serializing_if = "RecurrentOptions::is_default")]
        options: RecurrentOptions,
    },
    /// Two readings of the window, from both ends.
    Bidirectional {
        /// The cell.
        cell: CellKind,
        /// Hidden units of one reading.
        units: usize,
        /// Whether the output has every step.
        return_sequences: bool,
        /// How the readings are joined.
        merge: MergeMode,
        /// Recurrent dropout and the like.
        #[serde(default, skip_serializing_if = "RecurrentOptions::is_default")]
        options: RecurrentOptions,
    },
    /// `y = x·W + b`.
    Dense {
        /// Values out.
        units: usize,
    },
    /// `y = factor·x`.
    Scale {
        /// The constant factor.
        factor: f32,
    },
    /// A share of the values set to zero in training.
    Dropout {
        /// The share.
        rate: f32,
    },
    /// A function of each value.
    Activation {
        /// The function.
        kind: ActivationKind,
    },
}

impl LayerDescription {
    /// Keras' class name (`Scale` stands for a `Lambda` or `Rescaling` there).
    #[must_use]
    pub fn class_name(&self) -> &'static str {
        match self {
            Self::Recurrent { cell, .. } => cell.class_name(),
            Self::Bidirectional { .. } => "Bidirectional",
            Self::Dense { .. } => "Dense",
            Self::Scale { .. } => "Scale",
            Self::Dropout { .. } => "Dropout",
            Self::Activation { .. } => "Activation",
        }
    }

    /// The options of a recurrent layer; those of any other layer are all off.
    #[must_use]
    pub fn recurrent_options(&self) -> RecurrentOptions {
        match *self {
            Self::Recurrent { options, .. } | Self::Bidirectional { options, .. } => options,
            _ => RecurrentOptions::default(),
        }
    }

    /// The stem of the layer's name: the first such layer of a network bears it, the next ones `_1`, `_2`, … behind it.
    #[must_use]
    pub fn name_stem(&self) -> &'static str {
        match self {
            Self::Recurrent { cell, .. } => cell.name_stem(),
            Self::Bidirectional { .. } => "bidirectional",
            Self::Dense { .. } => "dense",
            Self::Scale { .. } => "scale",
            Self::Dropout { .. } => "dropout",
            Self::Activation { .. } => "activation",
        }
    }

    /// The output's shape without the batch, for an input's shape without the batch.
    #[must_use]
    pub fn output_shape(&self, input: &[Extent]) -> Vec<Extent> {
        let with_width = |shape: &[Extent], width: usize| {
            let mut shape = shape.to_vec();
            if let Some(last) = shape.last_mut() {
                *last = Extent::Fixed(width);
            }
            shape
        };
        let (width, return_sequences) = match *self {
            Self::Recurrent {
                units,
                return_sequences,
                ..
            } => (units, return_sequences),
            Self::Bidirectional {
                units,
                return_sequences,
                merge,
                ..
            } => (
                if merge == MergeMode::Concat { 2 * units } else { units },
                return_sequences,
            ),
            Self::Dense { units } => return with_width(input, units),
            Self::Scale { .. } | Self::Dropout { .. } | Self::Activation { .. } => return input.to_vec(),
        };
        if return_sequences {
            with_width(input, width)
        } else {
            vec![Extent::Fixed(width)]
        }
    }
}

/// One dimension of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Any number (the batch, the steps of a window), printed as Keras' `None`.
    Any,
    /// That many.
    Fixed(usize),
}

impl std::fmt::Display for Extent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Any => f.write_str("None"),
            Self::Fixed(size) => size.fmt(f),
        }
    }
}
