//! One function per reader.

use std::path::Path;

use recurra_interchange::ImportOptions;
use recurra_models::{FirstLayer, Head, LastState, LstmCell, Network, Recurrent, Sequential};
use recurra_runs::Matrix;
use recurra_series::{ColumnNames, CsvOptions, Fill, PanelOptions, Source, Table, WindowOptions, Windows};
use recurra_training::{Checkpoints, FitData, FitOptions, Resume, SaveEvery, Trainer, TrainingError};
use recurra_zoo::{Registry, model_file::ModelFile};

/// A CSV table.
pub fn csv(bytes: &[u8]) {
    // Parquet is read by polars, whose panics are caught: a fuzzer would end there all the same.
    if !bytes.starts_with(b"PAR1") {
        table(bytes);
    }
}

/// A table with its columns found, its gaps filled and its times continued.
pub fn table(bytes: &[u8]) {
    let source = Source::Bytes {
        name: "hostile".to_owned(),
        bytes: bytes.to_vec(),
    };
    let Ok(table) = Table::read(source, &CsvOptions::default()) else {
        return;
    };
    let (names, options) = (ColumnNames::default(), PanelOptions::default());
    let whole = table.panel(&names, &options);
    let filled = table
        .gappy_panel(&names, &options)
        .map(|panel| panel.fill(Fill::Linear, 1));
    for panel in whole.into_iter().chain(filled.into_iter().flatten()) {
        for series in &panel.series {
            assert!(series.values().iter().all(|value| value.is_finite()));
        }
    }
}

/// A model file; one that is read can be written.
pub fn model(bytes: &[u8], zoo: &Registry) {
    if let Ok(model) = ModelFile::from_bytes(bytes, zoo) {
        assert!(model.to_bytes().is_ok());
    }
}

/// A `.keras` or `.weights.h5` file; what is read forecasts.
pub fn keras(bytes: &[u8], zoo: &Registry) {
    if let Ok(imported) = recurra_interchange::from_bytes(bytes, &ImportOptions::default(), zoo) {
        let windows = vec![0.5; 20 * imported.network.columns()];
        assert!(imported.network.predict(&windows, 20).is_ok());
    }
}

/// A matrix of experiments.
pub fn matrix(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Matrix::parse(text);
    }
}

type Small = (Recurrent<LstmCell, usize, 3, LastState>, Head<3>);

/// The network whose training the checkpoints of this file are of.
fn small() -> Result<Sequential<Small>, recurra_models::ModelError> {
    Sequential::new(1, 1, 51, |device| {
        Ok((Recurrent::first(device, 1)?, Head::zeros(device, 1)?))
    })
}

const SERIES: [f32; 12] = [0.1, 0.4, 0.2, 0.5, 0.3, 0.6, 0.4, 0.7, 0.5, 0.8, 0.6, 0.9];

fn options() -> FitOptions {
    FitOptions {
        epochs: 2,
        batch_size: 4,
        seed: 51,
        ..FitOptions::default()
    }
}

fn checkpoints(path: &Path) -> Checkpoints {
    Checkpoints {
        path: path.to_owned(),
        every: Some(SaveEvery::Epochs(1)),
        code: "hostile".to_owned(),
    }
}

fn windows() -> Result<Windows<'static>, recurra_series::WindowError> {
    let options = WindowOptions {
        size: 4,
        ..WindowOptions::default()
    };
    Windows::new(&SERIES, options)
}

/// A checkpoint at `path`, which is to hold `bytes`.
pub fn checkpoint(bytes: &[u8], path: &Path) {
    let (Ok(mut network), Ok(windows)) = (small(), windows()) else {
        return;
    };
    if std::fs::write(path, bytes).is_err() {
        return;
    }
    let resume = Resume {
        allow_code_change: true,
    };
    let data = FitData::new(&windows);
    let options = FitOptions { epochs: 3, ..options() };
    if let Ok(mut trainer) = Trainer::resume(checkpoints(path), resume, options, &mut network, data, &mut []) {
        assert!(network.predict(&[0.5; 4], 4).is_ok());
        // What was read has to do to train on, too.
        drop(trainer.fit(&mut network, data, &mut []));
    }
}

/// Writes a whole checkpoint to `path`, to start from.
///
/// # Errors
/// If the training or the writing fails.
pub fn write_checkpoint(path: &Path) -> Result<(), TrainingError> {
    let mut network = small()?;
    let Ok(windows) = windows() else { return Ok(()) };
    let mut trainer = Trainer::new(options(), &network)?.with_checkpoints(checkpoints(path));
    trainer.fit(&mut network, FitData::new(&windows), &mut [])?;
    Ok(())
}
