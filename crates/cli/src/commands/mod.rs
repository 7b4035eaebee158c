//! The commands, one file each.

pub(crate) mod backtest;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod doctor;
pub(crate) mod fit;
pub(crate) mod forecast;
pub(crate) mod generate;
pub(crate) mod lr_find;
pub(crate) mod man;
pub(crate) mod merge;
pub(crate) mod models;
pub(crate) mod plot;
pub(crate) mod summary;
pub(crate) mod sweep;
