//! The page of models: every entry of the zoo and every classical method.

use recurra_models::ModelError;
use recurra_zoo::{BuildOptions, Registry, forecaster::Classical};
use std::fmt::Write;

const HEAD: &str = "\
# Models

By the names that `--model`, `Registry::find` and `xtask/matrix.toml` take; `recurra models` shows them with their recipes. This page is made from the zoo: \
`cargo xtask tidy --write`.

## Classical methods

| name | what it forecasts |
|---|---|
";

const NETWORKS: &str = "
## Networks

`[bi]{rnn,lstm,gru}-{depth}x{hidden}`; parameters for one column in and one step ahead.

| name | what it is | parameters |
|---|---|---|
";

/// The page.
pub(super) fn page() -> Result<String, ModelError> {
    let mut page = HEAD.to_owned();
    for method in Classical::ALL {
        let _ = writeln!(page, "| `{}` | {} |", method.name(), method.description());
    }
    page += NETWORKS;
    for entry in Registry::builtin().entries() {
        let parameters = entry.build(&BuildOptions::default())?.parameter_count();
        let _ = writeln!(page, "| `{}` | {} | {parameters} |", entry.name(), entry.description());
    }
    Ok(page)
}

/// Entries that do not say what they are.
pub(super) fn undescribed() -> Vec<String> {
    Registry::builtin()
        .entries()
        .filter(|entry| entry.description().trim().is_empty())
        .map(|entry| format!("the zoo's {} has no description", entry.name()))
        .collect()
}
