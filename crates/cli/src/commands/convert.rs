//! `recurra convert`: a model's weights for other programs.

use std::path::PathBuf;

use recurra_models::{parameters, to_safetensors};
use recurra_zoo::Registry;
use recurra_zoo::model_file::SavedModel;

use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::{model_path, write_file};

/// Write a model's weights for other programs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra convert reference.safetensors weights.safetensors")]
pub(crate) struct Arguments {
    /// A model file that `recurra fit` wrote
    model: PathBuf,
    /// Where to write; the ending says in which form: .safetensors (Keras' names and shapes)
    output: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<(), Failure> {
    let ending = arguments
        .output
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    if ending.as_deref() != Some("safetensors") {
        return Err(Failure::Input(format!(
            "{}: the ending says in which form to write, and there is .safetensors",
            arguments.output.display()
        )));
    }
    let registry = Registry::builtin();
    let file = model_path::read(&arguments.model, &registry)?;
    let SavedModel::Network(fitted) = &file.model else {
        return Err(Failure::Input(format!(
            "{}: `{}` is a classical method and has no weights to convert",
            arguments.model.display(),
            file.model.name()
        )));
    };
    let weights = parameters(fitted.network());
    let bytes = to_safetensors(&weights, None).map_err(Failure::input)?;
    write_file::write(&arguments.output, &bytes)?;
    terminal.note(&format!(
        "wrote {} tensors to {}",
        weights.len(),
        arguments.output.display()
    ));
    Ok(())
}
