//! A model of the zoo: its name, what it is, how to train it, and how to build it.

use std::fmt;

use recurra_models::{LayerDescription, ModelError, NamedLayer, Network};

use crate::recipe::Recipe;

/// What a network is built for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BuildOptions {
    /// Values per step of an input window: one for the series itself, one more for each covariate.
    pub columns: usize,
    /// Values of a forecast: the horizon.
    pub outputs: usize,
    /// A constant that the network's outputs are multiplied by: 1 for scaled data, the magnitude of the targets otherwise.
    pub output_scale: f32,
    /// The seed of the run; the initial values have a generator of their own that follows from it.
    pub seed: u64,
    /// Whether the initial values are drawn at all.
    pub weights: InitialWeights,
}

/// What weights a network is built with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InitialWeights {
    /// Keras' initial values, drawn from the seed, to train from.
    #[default]
    Drawn,
    /// Any: they are set afterwards, or only their number matters. Saves the time that drawing them takes.
    Any,
}

impl Default for BuildOptions {
    /// One column, one output, scale 1, seed 0, initial values.
    fn default() -> Self {
        Self {
            columns: 1,
            outputs: 1,
            output_scale: 1.0,
            seed: 0,
            weights: InitialWeights::Drawn,
        }
    }
}

type Build = Box<dyn Fn(&BuildOptions) -> Result<Box<dyn Network>, ModelError> + Send + Sync>;

/// A model of the zoo.
pub struct Entry {
    name: String,
    description: String,
    recipe: Recipe,
    build: Build,
}

impl Entry {
    /// An entry whose networks `build` makes. The name is what people type; the description is one line.
    ///
    /// `build` must make networks of the options' columns and outputs, whose outputs are multiplied by their `output_scale`: the stack
    /// ends with `Scale::new(options.output_scale)`, and has no other [`Scale`](recurra_models::Scale) unless the product of all is that
    /// constant. The same options must give the same layers and, from the seed, the same initial values; with [`InitialWeights::Any`]
    /// it may leave them out. [`Entry::build`] refuses networks of other sizes or another constant, for files that were written of such
    /// a network would be read as one that forecasts something else.
    pub fn new(
        name: impl Into<String>,
        description: impl Into<String>,
        recipe: Recipe,
        build: impl Fn(&BuildOptions) -> Result<Box<dyn Network>, ModelError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            recipe,
            build: Box::new(build),
        }
    }

    /// The name, such as `bilstm-2x32`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is, in one line.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// How to train it on scaled data that nobody tuned it to.
    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The network.
    ///
    /// # Errors
    /// If a size is zero, or the entry's function did not heed the options.
    pub fn build(&self, options: &BuildOptions) -> Result<Box<dyn Network>, ModelError> {
        let network = (self.build)(options)?;
        let sizes = [
            ("columns", options.columns, network.columns()),
            ("outputs", options.outputs, network.outputs()),
        ];
        for (what, said, found) in sizes {
            if said != found {
                return Err(ModelError::StackSize { what, said, found });
            }
        }
        let (asked, found) = (options.output_scale, output_scale(network.as_ref()));
        if asked.to_bits() != found.to_bits() {
            return Err(ModelError::OutputScale { asked, found });
        }
        Ok(network)
    }

    /// The layers of the network for one column and one output.
    ///
    /// # Errors
    /// If the network cannot be built so.
    pub fn architecture(&self) -> Result<Vec<NamedLayer>, ModelError> {
        let options = BuildOptions {
            weights: InitialWeights::Any,
            ..BuildOptions::default()
        };
        Ok(self.build(&options)?.layers())
    }
}

/// The constant that the network's outputs are multiplied by: the product of its `Scale` layers' factors.
pub(crate) fn output_scale(network: &dyn Network) -> f32 {
    let factor = |layer: NamedLayer| match layer.description {
        LayerDescription::Scale { factor } => Some(factor),
        _ => None,
    };
    network.layers().into_iter().filter_map(factor).product()
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("name", &self.name)
            .field("recipe", &self.recipe)
            .finish_non_exhaustive()
    }
}
