//! What is measured.

/// One model with the windows that it is trained on.
#[derive(Debug)]
pub(super) struct Model {
    /// The name in the zoo.
    pub(super) name: &'static str,
    /// Steps of a window.
    pub(super) window: usize,
    /// Windows of a batch.
    pub(super) batch: usize,
    /// Windows of an epoch.
    pub(super) windows: usize,
    /// Matrix work of an epoch, forward and backward, in 10⁹ floating-point operations (a multiply-add is two). Gates, loss
    /// and optimizer are not counted.
    pub(super) gflop: f64,
    /// How many threads one training may use, one row each.
    pub(super) threads: &'static [usize],
    /// Whether an epoch takes seconds.
    pub(super) long: bool,
}

/// The reference models with the tutorial's batches, and one that is big enough for several threads.
pub(super) const MODELS: [Model; 5] = [
    Model {
        name: "rnn-2x40",
        window: 20,
        batch: 128,
        windows: 980,
        gflop: 0.552,
        threads: &[1],
        long: false,
    },
    Model {
        name: "bilstm-1x32",
        window: 20,
        batch: 32,
        windows: 980,
        gflop: 0.945,
        threads: &[1],
        long: false,
    },
    Model {
        name: "bilstm-2x32",
        window: 20,
        batch: 32,
        windows: 980,
        gflop: 3.80,
        threads: &[1],
        long: false,
    },
    Model {
        name: "bilstm-3x32",
        window: 20,
        batch: 32,
        windows: 980,
        gflop: 6.65,
        threads: &[1],
        long: false,
    },
    Model {
        name: "bilstm-2x128",
        window: 96,
        batch: 256,
        windows: 4096,
        gflop: 1242.0,
        threads: &[1, 2],
        long: true,
    },
];
