//! `recurra models`: the zoo.

use recurra_training::{Loss, OptimizerOptions};
use recurra_zoo::forecaster::Classical;
use recurra_zoo::{Entry, Registry};
use serde::Serialize;

use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::text::{columns, counted};

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
    let mut rows = vec![vec!["name".to_owned(), "parameters".to_owned()]];
    let mut recipes = vec!["recipe".to_owned()];
    let mut text = "classical methods\n".to_owned();
    let width = all.iter().map(|listed| listed.name.len()).max().unwrap_or(0);
    for listed in all.iter().filter(|listed| listed.recipe.is_none()) {
        text += &format!("{:width$}  {}\n", listed.name, listed.description);
    }
    for Listed {
        name,
        parameters,
        recipe,
        ..
    } in &all
    {
        if let Some(recipe) = recipe {
            rows.push(vec![(*name).to_owned(), parameters.to_string()]);
            recipes.push(recipe_in_words(recipe));
        }
    }
    text += "\nnetworks: [bi]{rnn,lstm,gru}-{depth}x{hidden}; parameters for one column and one step\n";
    let lines = || {
        columns(&rows)
            .lines()
            .zip(&recipes)
            .map(|(row, recipe)| format!("{row}  {recipe}\n"))
            .collect::<Vec<_>>()
    };
    if lines().iter().all(|line| line.chars().count() <= terminal.width()) {
        text += &lines().concat();
    } else {
        for (row, recipe) in rows.iter().zip(&recipes).skip(1) {
            text += &format!("{}: {} parameters\n  {recipe}\n", row[0], row[1]);
        }
    }
    terminal.words(&text)
}

fn recipe_in_words(recipe: &recurra_zoo::Recipe) -> String {
    let (optimizer, rate) = match recipe.optimizer {
        OptimizerOptions::Sgd(_) => ("SGD", recipe.optimizer.learning_rate()),
        OptimizerOptions::Adam(_) => ("Adam", recipe.optimizer.learning_rate()),
        _ => ("RMSprop", recipe.optimizer.learning_rate()),
    };
    let loss = match recipe.loss {
        Loss::MeanSquaredError => "MSE",
        Loss::MeanAbsoluteError => "MAE",
        _ => "Huber",
    };
    format!(
        "window {}, {loss}, {optimizer} {rate}, batch {}, {}",
        recipe.window,
        recipe.batch_size,
        counted(recipe.epochs, "epoch")
    )
}
