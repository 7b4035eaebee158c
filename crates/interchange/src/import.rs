//! From a file of Keras to a network of the zoo.

use std::path::Path;

use recurra_models::{CellKind, NamedTensor, NamedTensors, Network, set_parameters};
use recurra_zoo::{BuildOptions, InitialWeights, Registry};

use crate::config::Recurrent;
use crate::error::ImportError;
use crate::fold::fold;
use crate::names::{keras_path, numbered};
use crate::plan::{Plan, plan};
use crate::weight_file::WeightFile;
use crate::{archive, config, infer};

/// The largest file that is read. The largest model of the zoo, with its optimizer's state, takes a sixth of it.
pub const MOST_BYTES: u64 = 64 << 20;

/// What a file of Keras does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ImportOptions {
    /// The constant that the model's output is multiplied by, where the file has it as a `Lambda` (or, in a file of
    /// weights alone, not at all). With it, `Lambda` layers are taken for those of the reference: before the first
    /// layer one that adds the axis of the columns, behind the last one this multiplication.
    pub output_scale: Option<f32>,
}

/// A network that came from Keras.
pub struct Imported {
    /// The zoo's name of its architecture.
    pub model: String,
    /// Steps of a window, where the file says it.
    pub window: Option<usize>,
    /// The constant that the outputs are multiplied by.
    pub output_scale: f32,
    /// The network; [`Network::columns`] and [`Network::outputs`] say what it takes and gives.
    pub network: Box<dyn Network>,
}

impl std::fmt::Debug for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Imported")
            .field("model", &self.model)
            .field("window", &self.window)
            .field("output_scale", &self.output_scale)
            .finish_non_exhaustive()
    }
}

/// Reads a `.keras` or `.weights.h5` file.
///
/// # Errors
/// As [`from_bytes`], and if the file cannot be read.
pub fn read(path: &Path, options: &ImportOptions, registry: &Registry) -> Result<Imported, ImportError> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory).into());
    }
    check_size(metadata.len())?;
    from_bytes(&std::fs::read(path)?, options, registry)
}

/// The network in the bytes of a `.keras` or `.weights.h5` file. Its architecture is looked for in `registry`.
///
/// # Errors
/// If the bytes are no such file, or hold a model that the zoo has not: the error names the layer and what to do. Nothing
/// larger than a small multiple of the bytes is ever allocated, whatever they say.
pub fn from_bytes(bytes: &[u8], options: &ImportOptions, registry: &Registry) -> Result<Imported, ImportError> {
    check_size(bytes.len() as u64)?;
    let (layers, file) = if bytes.starts_with(b"PK") {
        let layers = config::layers(archive::entry(bytes, "config.json")?)?;
        (
            Some(layers),
            WeightFile::open(archive::entry(bytes, "model.weights.h5")?)?,
        )
    } else if hdf5_pure::is_hdf5_bytes(bytes) {
        let file = WeightFile::open(bytes)?;
        if file.is_old_model() {
            return Err(ImportError::OldFormat);
        }
        (None, file)
    } else {
        return Err(ImportError::NotKeras);
    };
    let layers = layers.map_or_else(|| infer::layers(&file, options.output_scale), Ok)?;
    build(&plan(&layers, options.output_scale)?, &file, registry)
}

fn check_size(found: u64) -> Result<(), ImportError> {
    if found > MOST_BYTES {
        Err(ImportError::TooLarge {
            found,
            most: MOST_BYTES,
        })
    } else {
        Ok(())
    }
}

fn build(plan: &Plan, file: &WeightFile, registry: &Registry) -> Result<Imported, ImportError> {
    let entry = plan.entry(registry)?;
    let mut reader = Reader {
        file,
        weights: NamedTensors::new(),
    };
    let (columns, first_ways) = reader.read_recurrent(plan)?;
    let outputs = reader.read_dense(plan)?;
    let mut weights = reader.weights;

    #[expect(clippy::cast_possible_truncation, reason = "Keras multiplies in f32")]
    let output_scale = plan.output.scale as f32;
    if !output_scale.is_finite() || output_scale == 0.0 {
        return Err(ImportError::OutputScale(output_scale));
    }
    fold(plan, &first_ways, &mut weights)?;
    let mut network = entry.build(&BuildOptions {
        columns,
        outputs,
        output_scale,
        seed: 0,
        weights: InitialWeights::Any,
    })?;
    set_parameters(&mut *network, &weights)?;
    Ok(Imported {
        model: plan.model(),
        window: plan.window,
        output_scale,
        network,
    })
}

/// Collects weights under our names.
struct Reader<'a> {
    file: &'a WeightFile,
    weights: NamedTensors,
}

impl Reader<'_> {
    /// Reads the recurrent layers. Gives the number of columns, and what the names of the first layer's weights begin with: one for each way in
    /// which it reads the window.
    fn read_recurrent(&mut self, plan: &Plan) -> Result<(usize, Vec<String>), ImportError> {
        let Recurrent { cell, units, .. } = plan.recurrent;
        let stem = cell.name_stem();
        let width = cell.gates() * units;
        let biases = match cell {
            CellKind::Gru => vec![2, width],
            _ => vec![width],
        };
        let (mut columns, mut first_ways) = (0, Vec::new());
        for (index, keras_name) in plan.names.iter().enumerate() {
            let ways = if plan.recurrent.bidirectional {
                let layer = numbered("bidirectional", index);
                vec![format!("{layer}/forward_{stem}/"), format!("{layer}/backward_{stem}/")]
            } else {
                vec![format!("{}/", numbered(stem, index))]
            };
            for (number, way) in ways.iter().enumerate() {
                let kernel = format!("{way}kernel");
                let rows = self.read(&kernel, keras_name)?.shape.first().copied();
                if (index, number) == (0, 0) {
                    // How many columns there are, this kernel alone says; the file's size bounds it.
                    columns = rows.unwrap_or(0);
                }
                let inputs = if index == 0 { columns } else { plan.output_width() };
                self.expect(&kernel, keras_name, &[inputs, width])?;
                self.read_shaped(&format!("{way}recurrent_kernel"), keras_name, &[units, width])?;
                self.read_shaped(&format!("{way}bias"), keras_name, &biases)?;
            }
            if index == 0 {
                first_ways = ways;
            }
        }
        Ok((columns, first_ways))
    }

    /// Reads the dense layer, and gives the number of its outputs.
    fn read_dense(&mut self, plan: &Plan) -> Result<usize, ImportError> {
        let bias = self.read("dense/bias", &plan.dense)?;
        let outputs = plan.outputs.unwrap_or(bias.values.len());
        self.expect("dense/bias", &plan.dense, &[outputs])?;
        self.read_shaped("dense/kernel", &plan.dense, &[plan.output_width(), outputs])?;
        Ok(outputs)
    }

    fn read(&mut self, name: &str, layer: &str) -> Result<&NamedTensor, ImportError> {
        let path = keras_path(name).unwrap_or_default();
        let tensor = self.file.tensor(&path, layer, variable(name))?;
        Ok(self.weights.entry(name.to_owned()).or_insert(tensor))
    }

    fn read_shaped(&mut self, name: &str, layer: &str, expected: &[usize]) -> Result<(), ImportError> {
        self.read(name, layer)?;
        self.expect(name, layer, expected)
    }

    fn expect(&self, name: &str, layer: &str, expected: &[usize]) -> Result<(), ImportError> {
        match self.weights.get(name) {
            Some(tensor) if tensor.shape == expected => Ok(()),
            found => Err(ImportError::Shape {
                layer: layer.to_owned(),
                variable: variable(name).to_owned(),
                expected: expected.to_vec(),
                found: found.map(|tensor| tensor.shape.clone()).unwrap_or_default(),
            }),
        }
    }
}

/// `bias` of `lstm/bias`.
fn variable(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, variable)| variable)
}
