//! `recurra models`: the zoo.

use recurra_training::{Loss, OptimizerOptions};
use recurra_zoo::forecaster::Classical;
use recurra_zoo::{Entry, Registry};
use serde::Serialize;

use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::text::counted;

/// List the models that --model accepts, with their recipes
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recurra models
  recurra models --json | jq -r '.[].name'")]
pub(crate) struct Arguments {}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    kind: &'static str,
    description: &'a str,
    /// For one column and one output.
    parameters: usize,
    recipe: Option<&'a recurra_zoo::Recipe>,
}

pub(crate) fn run(_: &Arguments, registry: &Registry, terminal: &Terminal) -> Result<(), Failure> {
    let classical = Classical::ALL.into_iter().map(|method| {
        Ok(Listed {
            name: method.name(),
            kind: "classical",
            description: method.description(),
            parameters: 0,
            recipe: None,
        })
    });
    let networks = registry.entries().map(|entry: &Entry| {
        let layers = entry.architecture().map_err(Failure::input)?;
        Ok(Listed {
            name: entry.name(),
            kind: "network",
            description: entry.description(),
            parameters: layers.iter().map(|layer| layer.parameters).sum(),
            recipe: Some(entry.recipe()),
        })
    });
    let all = classical.chain(networks).collect::<Result<Vec<_>, Failure>>()?;
    if terminal.json {
        return terminal.json(&all);
    }
    let mut text = "classical methods\n".to_owned();
    let width = all.iter().map(|listed| listed.name.len()).max().unwrap_or(0);
    for listed in all.iter().filter(|listed| listed.recipe.is_none()) {
        text += &format!("{:width$}  {}\n", listed.name, listed.description);
    }
    text += "\nnetworks (parameters for one column and one step)\n";
    let networks: Vec<&Listed<'_>> = all.iter().filter(|listed| listed.recipe.is_some()).collect();
    // Neighbours with one recipe share its line.
    for group in networks.chunk_by(|left, right| left.recipe == right.recipe) {
        if let Some(recipe) = group.first().and_then(|listed| listed.recipe) {
            text += &format!("recipe: {}\n", recipe_in_words(recipe));
        }
        for Listed {
            name,
            parameters,
            description,
            ..
        } in group
        {
            text += &format!("{name:width$}  {parameters:>7}  {description}\n");
        }
    }
    terminal.words(&text)
}

fn recipe_in_words(recipe: &recurra_zoo::Recipe) -> String {
    let (optimizer, rate) = match recipe.optimizer {
        OptimizerOptions::Sgd(_) => ("SGD".to_owned(), recipe.optimizer.learning_rate()),
        OptimizerOptions::Adam(adam) if adam.weight_decay.is_some() => ("AdamW".to_owned(), adam.learning_rate),
        OptimizerOptions::Adam(_) => ("Adam".to_owned(), recipe.optimizer.learning_rate()),
        OptimizerOptions::RmsProp(_) => ("RMSprop".to_owned(), recipe.optimizer.learning_rate()),
        other => (name_of(&other), other.learning_rate()),
    };
    let loss = match recipe.loss {
        Loss::MeanSquaredError => "MSE".to_owned(),
        Loss::MeanAbsoluteError => "MAE".to_owned(),
        Loss::Huber { .. } => "Huber".to_owned(),
        other => name_of(&other),
    };
    format!(
        "window {}, {loss}, {optimizer} {rate}, batch {}, {}",
        recipe.window,
        recipe.batch_size,
        counted(recipe.epochs, "epoch")
    )
}

/// The name that a recipe gives it.
fn name_of(options: &impl Serialize) -> String {
    let written = serde_json::to_value(options).unwrap_or_default();
    written["name"].as_str().unwrap_or("another").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use recurra_training::Adam;
    use recurra_zoo::Recipe;

    #[test]
    fn a_recipe_is_told_as_it_is() {
        let words = |loss, weight_decay| {
            recipe_in_words(&Recipe {
                loss,
                optimizer: OptimizerOptions::Adam(Adam {
                    weight_decay,
                    ..Adam::default()
                }),
                ..Recipe::default()
            })
        };
        assert_eq!(
            words(Loss::LogCosh, Some(0.01)),
            "window 20, log-cosh, AdamW 0.001, batch 32, 60 epochs"
        );
        assert_eq!(
            words(Loss::Quantile { quantile: 0.9 }, None),
            "window 20, quantile, Adam 0.001, batch 32, 60 epochs"
        );
    }
}
