//! Flags with nonsense in them, outputs onto inputs, covariates for the wrong times, and files from Keras.

use super::super::fixtures::{daily, write};
use super::super::run;
use super::{Case, case, nothing};

/// The next five days after good.csv, and their covariate as `row` writes it.
fn future(row: impl Fn(usize) -> String) -> String {
    (10..15).fold("ds,promo\n".to_owned(), |text, day| {
        text + &format!("2024-04-{day},{}\n", row(day))
    })
}

/// More of what can be wrong with flags and files.
pub(crate) const CASES: &[Case] = &[
    // Outputs onto inputs.
    case(
        "The model onto the data",
        nothing,
        "fit good.csv --model naive -o good.csv",
        &["good.csv", "one of the inputs", "another name"],
    ),
    case(
        "The forecast onto the model, under another name",
        nothing,
        "forecast gru.model good.csv --horizon 2 -o ./gru.model",
        &["./gru.model", "one of the inputs"],
    ),
    case(
        "The backtest onto the data",
        nothing,
        "backtest good.csv --model theta --horizon 5 -o good.csv",
        &["good.csv", "one of the inputs"],
    ),
    case(
        "The page of a forecast onto the model",
        nothing,
        "forecast gru.model good.csv --horizon 2 --report gru.model",
        &["gru.model", "one of the inputs"],
    ),
    case(
        "The forecast and its page into one file, under two names",
        nothing,
        "forecast gru.model good.csv --horizon 2 -o out.csv --report ./out.csv",
        &["./out.csv", "two outputs", "another name"],
    ),
    case(
        "The model and its page into one file",
        nothing,
        "fit good.csv --model naive -o out.html --report out.html",
        &["out.html", "two outputs"],
    ),
    case(
        "The backtest and its page into one file",
        nothing,
        "backtest good.csv --model theta --horizon 5 -o out.csv --report out.csv",
        &["out.csv", "two outputs"],
    ),
    case(
        "A model file to standard output",
        nothing,
        "fit good.csv --model naive -o -",
        &["standard output", "name of a file"],
    ),
    case(
        "The forecasts of a backtest as JSON",
        nothing,
        "backtest good.csv --model gru-1x8 --epochs 1000000 --horizon 5 -o out.json",
        &["out.json", ".csv or .parquet", "--json"],
    ),
    case(
        "The forecasts of a backtest in a form that there is not",
        nothing,
        "backtest good.csv --model gru-1x8 --epochs 1000000 --horizon 5 -o out.xlsx",
        &["out.xlsx", ".csv"],
    ),
    case(
        "Forecasts and scores of a backtest into one stream",
        nothing,
        "backtest good.csv --model theta --horizon 5 -o - --json",
        &["--output", "--json", "standard output"],
    ),
    case(
        "The weights onto the model",
        |at| {
            write(
                at,
                "a.safetensors",
                std::fs::read(at.join("gru.model")).unwrap_or_default(),
            )
        },
        "convert a.safetensors a.safetensors",
        &["a.safetensors", "one of the inputs"],
    ),
    case(
        "A forecast in an unknown form",
        nothing,
        "forecast gru.model good.csv --horizon 2 -o forecast.xlsx",
        &["forecast.xlsx", ".csv, .parquet and .json"],
    ),
    case(
        "A folder that is not there, for the manual",
        nothing,
        "man -o manuals",
        &["manuals", "no such file or folder"],
    ),
    // Numbers.
    case(
        "A seed below 0",
        nothing,
        "fit good.csv --model gru-1x8 --seed -1 -o out.model",
        &["'-1'", "--seed", "whole number"],
    ),
    case(
        "Half an epoch",
        nothing,
        "fit good.csv --model gru-1x8 --epochs 2.5 -o out.model",
        &["'2.5'", "--epochs", "whole number"],
    ),
    case(
        "A batch of 0 windows",
        nothing,
        "fit good.csv --model gru-1x8 --batch-size 0 -o out.model",
        &["--batch-size is 0"],
    ),
    case(
        "A learning rate in words",
        nothing,
        "fit good.csv --model gru-1x8 --lr fast -o out.model",
        &["'fast'", "--lr", "auto"],
    ),
    case(
        "Half a level",
        nothing,
        "forecast gru.model good.csv --interval 80.5",
        &["80.5", "whole percentage"],
    ),
    case(
        "A length of 0",
        nothing,
        "generate --length 0",
        &["--length is 0", "between 1 and"],
    ),
    case(
        "A share of 1",
        nothing,
        "fit good.csv --model naive --validation 1 -o out.model",
        &["--validation", "share between 0 and 1"],
    ),
    case(
        "A share in words",
        nothing,
        "fit good.csv --model naive --validation some -o out.model",
        &["--validation", "`some`"],
    ),
    // Words.
    case(
        "An optimizer that there is not",
        nothing,
        "fit good.csv --model gru-1x8 --optimizer adagrad -o out.model",
        &["adagrad", "adam, adamw, sgd and rmsprop"],
    ),
    case(
        "A strategy that there is not",
        nothing,
        "fit good.csv --model gru-1x8 --strategy both -o out.model",
        &["both", "recursive and direct"],
    ),
    case(
        "A preset that there is not",
        nothing,
        "generate --preset sales",
        &["sales", "reference, daily, monthly"],
    ),
    case(
        "A delimiter of two characters",
        nothing,
        "fit good.csv --delimiter ab --model naive -o out.model",
        &["'ab'", "--delimiter", "single character"],
    ),
    case(
        "A decimal mark that is none",
        nothing,
        "fit good.csv --decimal x --model naive -o out.model",
        &["'x'", "--decimal", "point or comma"],
    ),
    case(
        "A model in capitals",
        nothing,
        "fit good.csv --model GRU-1x8 -o out.model",
        &["`GRU-1x8`", "did you mean `gru-1x8`"],
    ),
    case(
        "A model twice",
        nothing,
        "backtest good.csv --model theta,theta --horizon 5",
        &["two models called `theta`"],
    ),
    case(
        "A shell that there is not",
        nothing,
        "completions tcsh",
        &["tcsh", "bash"],
    ),
    case(
        "The learning rate of a method that has none",
        nothing,
        "lr-find good.csv --model theta",
        &["`theta`", "no learning rate"],
    ),
    case(
        "Rates the wrong way round",
        nothing,
        "lr-find good.csv --model gru-1x8 --from 1 --to 0.1",
        &["--from 1 --to 0.1", "lower one first"],
    ),
    case(
        "A condition on intervals that a filled gap leaves some forecasts without",
        |at| {
            let rows = (0..160).filter(|day| *day != 110);
            let rows: String = rows.map(|day| format!("{day},{}\n", day * 7 % 11)).collect();
            write(at, "bad.csv", format!("ds,y\n{rows}"));
        },
        "backtest bad.csv --fill linear --model naive --horizon 7 --folds 7 --interval 80 --assert 'coverage-80>=0.1'",
        &["coverage-80", "(1 of 42 lack one:", "fewer --folds"],
    ),
    case(
        "A condition on a model that is not there",
        nothing,
        "backtest good.csv --model theta --horizon 5 --assert 'mae<drift'",
        &["--assert mae<drift", "`drift`"],
    ),
    case(
        "Going on without a folder to go on from",
        nothing,
        "fit good.csv --model gru-1x8 --resume -o out.model",
        &["--checkpoint"],
    ),
    case(
        "Going on with another patience",
        |at| {
            let begun = "fit good.csv --model gru-1x8 --epochs 2 --patience 1 --checkpoint kept -o begun.model";
            assert!(run(at, begun).status.success());
        },
        "fit good.csv --model gru-1x8 --epochs 2 --patience 2 --checkpoint kept --resume -o out.model",
        &["patience", "is 1 in it and 2 here"],
    ),
    // Known-future covariates.
    case(
        "Covariates of the wrong days",
        |at| write(at, "next.csv", daily(100)),
        "forecast promo.model good.csv --future next.csv",
        &["next.csv", "2024-04-10", "up to 2024-04-14"],
    ),
    case(
        "A covariate that is missing on one day",
        |at| {
            write(
                at,
                "next.csv",
                future(|day| if day == 12 { "NaN".to_owned() } else { "1".to_owned() }),
            )
        },
        "forecast promo.model good.csv --future next.csv",
        &["next.csv", "row 4", "column `promo`", "write one"],
    ),
    case(
        "A covariate in words",
        |at| {
            write(
                at,
                "next.csv",
                future(|day| if day == 13 { "yes".to_owned() } else { "1".to_owned() }),
            )
        },
        "forecast promo.model good.csv --future next.csv",
        &["next.csv", "row 5", "column `promo`", "`yes`"],
    ),
    case(
        "A table of covariates without the column",
        |at| write(at, "next.csv", future(|_| "1".to_owned()).replace("promo", "price")),
        "forecast promo.model good.csv --future next.csv",
        &["next.csv", "column `promo`", "`price`"],
    ),
    case(
        "Covariates that are not there",
        nothing,
        "forecast promo.model good.csv --future next.csv",
        &["next.csv", "no such file"],
    ),
    // Conversion.
    case(
        "A model of Keras without a window",
        |at| {
            write(
                at,
                "a.weights.h5",
                include_bytes!("../../../../../xtask/fixtures/data/keras-files/gru-1x8.weights.h5"),
            )
        },
        "convert a.weights.h5 out.safetensors",
        &["a.weights.h5", "--window"],
    ),
    case(
        "Columns that a model of Keras does not see",
        |at| {
            write(
                at,
                "a.weights.h5",
                include_bytes!("../../../../../xtask/fixtures/data/keras-files/gru-1x8.weights.h5"),
            )
        },
        "convert a.weights.h5 out.safetensors --window 20 --past-exog promo,price",
        &["--past-exog names 2", "sees 1"],
    ),
    case(
        "A scale of 0",
        |at| {
            write(
                at,
                "a.weights.h5",
                include_bytes!("../../../../../xtask/fixtures/data/keras-files/gru-1x8.weights.h5"),
            )
        },
        "convert a.weights.h5 out.safetensors --window 20 --past-exog promo --divide 0",
        &["--divide", "above 0"],
    ),
    case(
        "Flags of a model file for weights",
        |at| {
            write(
                at,
                "a.weights.h5",
                include_bytes!("../../../../../xtask/fixtures/data/keras-files/gru-1x8.weights.h5"),
            )
        },
        "convert a.weights.h5 out.onnx --divide 3",
        &["--divide", "model file", "leave it out"],
    ),
    case(
        "Flags of Keras for a model file",
        nothing,
        "convert gru.model out.onnx --output-scale=100",
        &["--output-scale", "gru.model", "leave it out"],
    ),
    case(
        "A season to fill by that nobody knows",
        |at| {
            write(
                at,
                "bad.csv",
                (0..60)
                    .filter(|t| *t != 30)
                    .fold("ds,y\n".to_owned(), |text, t| text + &format!("{t},{}\n", t % 7)),
            )
        },
        "fit bad.csv --model naive --fill seasonal -o out.model",
        &["--fill seasonal", "--season N", "linear"],
    ),
    case(
        "A classical method as weights",
        nothing,
        "convert theta.model out.onnx",
        &["theta.model", "classical method"],
    ),
    // Objects.
    case(
        "A table in an object store, with a tool that was built without",
        nothing,
        "fit s3://shop/sales.csv --model naive -o out.model",
        &["s3://shop/sales.csv", "--features object-store"],
    ),
    case(
        "Forecasts into an object store, with a tool that was built without",
        nothing,
        "forecast gru.model good.csv --horizon 2 -o s3://shop/out.csv",
        &["s3://shop/out.csv", "--features object-store"],
    ),
    case(
        "A URL that is none of an object store",
        nothing,
        "fit ftp://shop/sales.csv --model naive -o out.model",
        &["ftp://shop/sales.csv", "s3://"],
    ),
    case(
        "Checkpoints in an object store",
        nothing,
        "fit good.csv --model gru-1x8 --checkpoint s3://shop/training -o out.model",
        &["--checkpoint s3://shop/training", "on a disk"],
    ),
];
