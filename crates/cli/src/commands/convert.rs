//! `recurra convert`: a network's weights for other programs, and Keras' files in.

mod keras;

use std::io::Read;
use std::path::{Path, PathBuf};

use recurra_interchange::{ImportError, ImportOptions, OnnxOptions, onnx, weights_h5, weights_npz};
use recurra_models::{Network, parameters, to_safetensors};
use recurra_zoo::Registry;
use recurra_zoo::model_file::SavedModel;
use serde::Serialize;

use crate::failure::Failure;
use crate::files::on_a_disk;
use crate::terminal::Terminal;
use crate::{model_path, write_file};
use keras::KerasFlags;

/// Write a network's weights for other programs, or make a model file of one of Keras
///
/// The input is a model file or one of Keras' (.keras, .weights.h5). No code in a file is ever run.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra convert reference.safetensors reference.weights.h5
  recurra convert reference.safetensors reference.onnx
  recurra convert reference.safetensors weights.safetensors
  recurra convert tutorial.keras model.safetensors --output-scale 100 --window 20 --time t --value series
  recurra convert trained.weights.h5 model.safetensors --window 28 --subtract 47.5 --divide 12.1")]
pub(crate) struct Arguments {
    /// A model file that `recurra fit` wrote, or a file of Keras
    model: PathBuf,
    /// Where to write; the ending says in which form: .onnx, .weights.h5 (for Keras), .npz (NumPy arrays) or .safetensors (of a model file the
    /// weights by Keras' names; of a Keras file a model file for `recurra forecast`)
    output: PathBuf,
    #[command(flatten)]
    keras: KerasFlags,
}

/// What can be written.
#[derive(Clone, Copy, Serialize)]
enum Form {
    #[serde(rename = "safetensors")]
    Safetensors,
    #[serde(rename = "weights.h5")]
    Hdf5,
    #[serde(rename = "npz")]
    Npz,
    #[serde(rename = "onnx")]
    Onnx,
}

pub(crate) fn run(arguments: &Arguments, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    let name = arguments.output.to_string_lossy().to_lowercase();
    let form = if name.ends_with(".safetensors") {
        Form::Safetensors
    } else if name.ends_with(".weights.h5") {
        Form::Hdf5
    } else if name.ends_with(".npz") {
        Form::Npz
    } else if name.ends_with(".onnx") {
        Form::Onnx
    } else {
        return Err(Failure::Input(format!(
            "{}: the ending says in which form to write; there are .onnx, .weights.h5, .npz and .safetensors",
            arguments.output.display()
        )));
    };
    write_file::check_outputs([arguments.output.as_ref()], [arguments.model.as_ref()])?;
    on_a_disk("the model to convert,", &arguments.model)?;
    let is_keras = is_keras(&arguments.model)?;
    if let Some(flag) = keras::typed(!is_keras).filter(|_| !(is_keras && matches!(form, Form::Safetensors))) {
        return Err(Failure::Input(format!(
            "{flag}: that is for making a model file (.safetensors) of a file of Keras, and {}; leave it out",
            if is_keras {
                format!("{} holds a network as Keras has it", arguments.output.display())
            } else {
                format!("{} is a model file", arguments.model.display())
            }
        )));
    }
    if is_keras {
        let options = ImportOptions {
            output_scale: arguments.keras.output_scale,
        };
        let imported = recurra_interchange::read(&arguments.model, &options, registry);
        let imported = imported.map_err(|error| {
            let hint = match error {
                ImportError::Lambda { .. }
                | ImportError::ScaleNeeded { .. }
                | ImportError::ScaledTwice { .. }
                | ImportError::OutputScale(_) => " (--output-scale)",
                _ => "",
            };
            Failure::Input(format!("{}: {error}{hint}", arguments.model.display()))
        })?;
        terminal.note(&format!("{}: {} of Keras", arguments.model.display(), imported.model));
        if matches!(form, Form::Safetensors) {
            let parameters = imported.network.parameter_count();
            let file = keras::model_file(imported, &arguments.keras, registry)
                .map_err(|failure| failure.about(arguments.model.display()))?;
            let bytes = file.to_bytes().map_err(Failure::input)?;
            write_file::write(&arguments.output, &bytes)?;
            return done(form, parameters, &arguments.output, terminal);
        }
        let scaling = OnnxOptions::default();
        return write(imported.network.as_ref(), form, &scaling, &arguments.output, terminal);
    }
    let file = model_path::read(&arguments.model, registry)?;
    match &file.model {
        SavedModel::Network(fitted) => {
            let scaling = match (form, OnnxOptions::of(fitted)) {
                (Form::Onnx, Err(why)) => {
                    terminal.note(&format!("the ONNX model takes and gives scaled values: {why}"));
                    OnnxOptions::default()
                }
                (_, scaling) => scaling.unwrap_or_default(),
            };
            write(fitted.network(), form, &scaling, &arguments.output, terminal)
        }
        SavedModel::Classical { method, .. } => Err(Failure::Input(format!(
            "{}: `{method}` is a classical method and has no weights to convert",
            arguments.model.display()
        ))),
    }
}

/// Whether a file is a zip archive or HDF5, as Keras' are.
fn is_keras(path: &Path) -> Result<bool, Failure> {
    let mut start = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut start));
    let count = read.map_err(|error| Failure::file("read", path, &error))?;
    Ok(start[..count].starts_with(b"PK") || start[..count] == *b"\x89HDF")
}

fn write(
    network: &dyn Network,
    form: Form,
    scaling: &OnnxOptions,
    output: &Path,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let bytes = match form {
        Form::Safetensors => to_safetensors(&parameters(network), None).map_err(Failure::input)?,
        Form::Hdf5 => weights_h5(network).map_err(Failure::input)?,
        Form::Npz => weights_npz(network).map_err(Failure::input)?,
        Form::Onnx => onnx(network, scaling).map_err(Failure::input)?,
    };
    write_file::write(output, &bytes)?;
    done(form, network.parameter_count(), output, terminal)
}

/// What was written.
#[derive(Serialize)]
struct Written {
    output: String,
    form: Form,
    parameters: usize,
}

fn done(form: Form, parameters: usize, output: &Path, terminal: &Terminal) -> Result<(), Failure> {
    let output = output.display().to_string();
    if terminal.json {
        return terminal.json(&Written {
            output,
            form,
            parameters,
        });
    }
    terminal.note(&format!("wrote {parameters} parameters to {output}"));
    Ok(())
}
