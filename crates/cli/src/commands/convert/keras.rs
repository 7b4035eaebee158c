//! A network that came from Keras as a model file.

use recurra_interchange::Imported;
use recurra_series::{Frequency, StandardScaler};
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{
    CovariateScaling, FittedNetwork, NetworkSettings, ScaledColumn, Scaling, Strategy, Transform,
};
use recurra_zoo::model_file::{DataDescription, ModelFile, SavedModel};

use crate::failure::Failure;
use crate::model_flags::count;

/// What a file of Keras does not say, and a model file has to.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "From Keras to a model file")]
pub(crate) struct KerasFlags {
    /// What the model multiplies its output by, where that is a Lambda layer
    #[arg(long, value_name = "FACTOR")]
    pub(super) output_scale: Option<f32>,
    /// Values that the model sees [default: the file's, if it says so]
    #[arg(long, value_name = "N")]
    window: Option<usize>,
    /// How each series is scaled by its own history: standard, minmax, log or none
    #[arg(long, value_name = "HOW", default_value = "none", conflicts_with_all = ["subtract", "divide"])]
    scale: Scaling,
    /// What was subtracted from the values before Keras saw them (and is added to its forecasts)
    #[arg(long, value_name = "NUMBER")]
    subtract: Option<f64>,
    /// What they were divided by after that
    #[arg(long, value_name = "NUMBER")]
    divide: Option<f64>,
    /// The column of times in the data to forecast
    #[arg(long, value_name = "COLUMN", default_value = "ds")]
    time: String,
    /// The column of values
    #[arg(long, value_name = "COLUMN", default_value = "y")]
    value: String,
    /// The column that tells several series apart
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// The columns that the model sees beside the values, in its order
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    past_exog: Vec<String>,
    /// The frequency [default: that of the data to forecast]
    #[arg(long, value_name = "FREQUENCY")]
    frequency: Option<Frequency>,
}

/// The flags above, of which only the output scale has a meaning without a model file to write.
const OF_A_MODEL_FILE: [&str; 9] = [
    "--window",
    "--scale",
    "--subtract",
    "--divide",
    "--time",
    "--value",
    "--id",
    "--past-exog",
    "--frequency",
];

/// The first flag on the command line that says what a model file of a network of Keras is to hold. Those of `recurra.toml` do not
/// count: they are there for other commands, too.
pub(super) fn typed(output_scale: bool) -> Option<&'static str> {
    let words: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    let is = |flag: &str, word: &std::ffi::OsString| {
        let word = word.to_string_lossy();
        word.strip_prefix(flag)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    };
    let flags = OF_A_MODEL_FILE
        .into_iter()
        .chain(output_scale.then_some("--output-scale"));
    flags.into_iter().find(|flag| words.iter().any(|word| is(flag, word)))
}

/// A network of Keras as a model that `recurra forecast` takes.
pub(super) fn model_file(imported: Imported, flags: &KerasFlags, registry: &Registry) -> Result<ModelFile, Failure> {
    let Imported {
        model, window, network, ..
    } = imported;
    let window = match (flags.window, window) {
        (Some(given), Some(said)) if given != said => {
            return Err(Failure::Input(format!(
                "--window is {given}, but the file says that its model sees {said} values"
            )));
        }
        (None, None) => {
            return Err(Failure::input(
                "the file does not say how many values its model sees; give that number with --window",
            ));
        }
        (given, said) => count("--window", given.or(said).unwrap_or(0))?,
    };
    let beside = network.columns() - 1;
    if flags.past_exog.len() != beside {
        return Err(Failure::Input(format!(
            "--past-exog names {} columns, but the model sees {beside} beside the values; name those, in its order",
            flags.past_exog.len()
        )));
    }
    let affine = flags.subtract.is_some() || flags.divide.is_some();
    let transform = Transform::of_affine(flags.subtract.unwrap_or(0.0), flags.divide.unwrap_or(1.0));
    if !transform.is_sound() {
        return Err(Failure::input(
            "--subtract and --divide need finite numbers, the latter above 0",
        ));
    }
    if affine && flags.id.is_some() {
        return Err(Failure::input(
            "--subtract and --divide are those of one series; leave out --id, or give --scale",
        ));
    }
    let entry = registry.find(&model).map_err(Failure::input)?;
    let mut settings = NetworkSettings::of(entry.recipe(), 0);
    settings.window = window;
    settings.scale = if affine { Scaling::Standard } else { flags.scale };
    // Nothing was trained here.
    settings.training.epochs = 0;
    settings.strategy = if network.outputs() == 1 {
        Strategy::Recursive
    } else {
        Strategy::Direct
    };
    let as_they_are = StandardScaler {
        mean: 0.0,
        deviation: 1.0,
    };
    let past = flags.past_exog.iter().map(|name| ScaledColumn {
        name: name.clone(),
        scaler: as_they_are,
    });
    let covariates = CovariateScaling {
        past: past.collect(),
        future: Vec::new(),
    };
    // The one series of a table without names has the empty name.
    let transforms = affine.then(|| (String::new(), transform)).into_iter().collect();
    Ok(ModelFile {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model: SavedModel::Network(FittedNetwork::from_parts(
            model, network, settings, transforms, covariates,
        )),
        data: DataDescription {
            time: flags.time.clone(),
            value: flags.value.clone(),
            unique_id: flags.id.clone(),
            past: flags.past_exog.clone(),
            future: Vec::new(),
            calendar: false,
            time_format: None,
            frequency: flags.frequency,
            fill: None,
            season: flags
                .frequency
                .and_then(|frequency| frequency.usual_season())
                .unwrap_or(1),
            series: 0,
            points: 0,
            first: String::new(),
            last: String::new(),
            sha256: String::new(),
        },
        hold_out: None,
        refitted: false,
        losses: Vec::new(),
    })
}
