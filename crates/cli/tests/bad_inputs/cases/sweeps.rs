//! What can be wrong with `SWEEP.toml` and the folders of a sweep.

use std::path::Path;

use super::super::fixtures::write;
use super::{Case, case, nothing};

const GOOD: &str = "horizon = 7\nseeds = [1]\n[[data]]\nfile = \"good.csv\"\n[[candidates]]\nmodel = \"theta\"\n";
const SWEEP: &str = "sweep SWEEP.toml --out out";

fn with(at: &Path, old: &str, new: &str) {
    write(at, "SWEEP.toml", GOOD.replace(old, new));
}

/// The file, its lists, its models, its data, and folders that do not merge.
pub(crate) const CASES: &[Case] = &[
    case(
        "A sweep's file that is not there",
        nothing,
        SWEEP,
        &["SWEEP.toml", "no such file"],
    ),
    case(
        "A sweep's key that there is not",
        |at| with(at, "seeds", "sedes"),
        SWEEP,
        &["SWEEP.toml", "sedes"],
    ),
    case(
        "A candidate's key that there is not",
        |at| with(at, "model = \"theta\"", "model = \"gru-1x8\"\nwindw = 7"),
        SWEEP,
        &["candidates 1", "`windw`", "did you mean `window`"],
    ),
    case(
        "A candidate's value that is none",
        |at| with(at, "model = \"theta\"", "model = \"gru-1x8\"\nepochs = [10, -3]"),
        SWEEP,
        &["candidates 1", "--epochs", "whole number"],
    ),
    case(
        "A candidate that there is not",
        |at| with(at, "theta", "thetta"),
        SWEEP,
        &["candidates 1", "`thetta`", "did you mean `theta`"],
    ),
    case(
        "A candidate without a model",
        |at| with(at, "model = \"theta\"", "window = 7"),
        SWEEP,
        &["candidates 1", "`model` is missing"],
    ),
    case(
        "A candidate that stands there twice",
        |at| with(at, "\"theta\"", "[\"theta\", \"theta\"]"),
        SWEEP,
        &["`theta` stands there twice"],
    ),
    case(
        "An empty list of alternatives",
        |at| with(at, "model = \"theta\"", "model = \"gru-1x8\"\nlr = []"),
        SWEEP,
        &["candidates 1", "`lr` is an empty list"],
    ),
    case(
        "A sweep without seeds",
        |at| with(at, "[1]", "[]"),
        SWEEP,
        &["`seeds` is empty"],
    ),
    case(
        "A seed of a candidate's own",
        |at| with(at, "model = \"theta\"", "model = \"gru-1x8\"\nseed = 3"),
        SWEEP,
        &["candidates 1", "seeds = ["],
    ),
    case(
        "A search that there is not",
        |at| with(at, "[[data]]", "[search]\nmethod = \"bayes\"\n[[data]]"),
        SWEEP,
        &["SWEEP.toml", "bayes", "halving"],
    ),
    case(
        "A halving by one",
        |at| with(at, "[[data]]", "[search]\nmethod = \"halving\"\nfactor = 1\n[[data]]"),
        SWEEP,
        &["`search.factor` from 2"],
    ),
    case(
        "A sweep's table that is not there",
        |at| with(at, "good.csv", "sales.csv"),
        SWEEP,
        &["sales.csv", "no such file"],
    ),
    case(
        "More folds than a sweep's table has room for",
        |at| with(at, "seeds", "folds = 1000\nseeds"),
        SWEEP,
        &["good.csv", "100 values", "fewer folds"],
    ),
    case(
        "A folder that is not a sweep's",
        nothing,
        "merge . --out whole",
        &["plan.json", "no such file"],
    ),
    case(
        "Collecting what nobody has run",
        |at| with(at, "", ""),
        "sweep SWEEP.toml --out . --collect",
        &["1 of 1 runs are missing", "theta"],
    ),
    case(
        "Taking back what nobody submitted",
        |at| with(at, "", ""),
        "sweep SWEEP.toml --out . --cancel",
        &["nothing was submitted"],
    ),
    case(
        "A share without a folder for it",
        nothing,
        "backtest good.csv --model theta --horizon 7 --partition slice:1/2",
        &["--out"],
    ),
    case(
        "A share that there is not",
        nothing,
        "backtest good.csv --model theta --horizon 7 --out share --partition slice:9/8",
        &["partition 9 of 8"],
    ),
];
