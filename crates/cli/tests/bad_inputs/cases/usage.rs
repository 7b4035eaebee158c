//! What can be wrong with a command, its output, model files and the rest.

use std::path::Path;

use super::super::fixtures::{changed_model, replaced, write};
use super::{Case, case, nothing};

/// Flags, output, model files, forecasts, backtests, conversion and recurra.toml.
pub(crate) const CASES: &[Case] = &[
    // Flags.
    case(
        "A model that there is not",
        nothing,
        "fit good.csv --model gru-1x9 -o out.model",
        &["`gru-1x9`", "did you mean", "recurra models"],
    ),
    case(
        "A horizon of 0",
        nothing,
        "fit good.csv --model naive --horizon 0 -o out.model",
        &["--horizon is 0"],
    ),
    case(
        "A horizon beyond all bounds",
        nothing,
        "fit good.csv --model naive --horizon 100000000000 -o out.model",
        &["--horizon is 100000000000", "at most 1000000"],
    ),
    case(
        "A window beyond all bounds",
        nothing,
        "fit good.csv --model gru-1x8 --window 18446744073709551615 -o out.model",
        &["--window is 18446744073709551615", "at most 1000000"],
    ),
    case(
        "A season beyond all bounds",
        nothing,
        "fit good.csv --model theta --season 18446744073709551615 -o out.model",
        &["--season", "at most 1000000"],
    ),
    case(
        "Steps between cutoffs beyond all bounds",
        nothing,
        "backtest good.csv --model theta --horizon 5 --step 18446744073709551615",
        &["--step", "at most 1000000"],
    ),
    case(
        "A horizon that is no number",
        nothing,
        "fit good.csv --model naive --horizon soon -o out.model",
        &["soon", "--horizon"],
    ),
    case(
        "A window of 0",
        nothing,
        "fit good.csv --model gru-1x8 --window 0 -o out.model",
        &["--window is 0"],
    ),
    case(
        "A window longer than the data",
        nothing,
        "fit good.csv --model gru-1x8 --window 200 -o out.model",
        &["80 values", "201", "--window"],
    ),
    case(
        "A difference longer than the data",
        nothing,
        "fit good.csv --model gru-1x8 --difference 365 -o out.model",
        &["--window"],
    ),
    case(
        "Epochs of 0",
        nothing,
        "fit good.csv --model gru-1x8 --epochs 0 -o out.model",
        &["--epochs is 0"],
    ),
    case(
        "A learning rate below 0",
        nothing,
        "fit good.csv --model gru-1x8 --lr=-1 -o out.model",
        &["--lr", "above 0"],
    ),
    case(
        "A learning rate that is far too high",
        nothing,
        "fit good.csv --model gru-1x8 --optimizer sgd --loss mse --lr 1e30 -o out.model",
        &["diverged", "learning rate"],
    ),
    case(
        "A loss that there is not",
        nothing,
        "fit good.csv --model gru-1x8 --loss r2 -o out.model",
        &["r2", "mse, mae, huber, log-cosh and quantile"],
    ),
    case(
        "An interval whose quantiles were not asked for",
        nothing,
        "backtest good.csv --model gru-1x8 --horizon 3 --loss quantile:50 --interval 80",
        &["--interval 80", "quantile:50"],
    ),
    case(
        "Quantiles by recursive forecasts",
        nothing,
        "fit good.csv --model gru-1x8 --loss quantile --strategy recursive -o out.model",
        &["strategy is recursive", "direct"],
    ),
    case(
        "A scale that there is not",
        nothing,
        "fit good.csv --model gru-1x8 --scale robust -o out.model",
        &["`robust`", "standard"],
    ),
    case(
        "A way to fill that there is not",
        nothing,
        "fit good.csv --model naive --fill zero -o out.model",
        &["`zero`", "linear"],
    ),
    case(
        "Nothing left to hold out",
        nothing,
        "fit good.csv --model naive --validation 2030-01-01 -o out.model",
        &["--validation", "2030-01-01"],
    ),
    case(
        "A share below 0",
        nothing,
        "fit good.csv --model naive --validation=-0.5 -o out.model",
        &["--validation", "between 0 and 1"],
    ),
    case(
        "Too few values",
        |at| write(at, "bad.csv", "ds,y\n1,5\n2,6\n3,7\n"),
        "fit bad.csv --model gru-1x8 -o out.model",
        &["values", "needs at least"],
    ),
    // With so many epochs this would not end if it were found after the training only.
    case(
        "A past covariate in a recursive forecast",
        nothing,
        "fit good.csv --past-exog promo --model gru-1x8 --epochs 1000000 --horizon 5 -o out.model",
        &["`promo`", "direct"],
    ),
    case(
        "A season of 0",
        nothing,
        "fit good.csv --model theta --season 0 -o out.model",
        &["--season is 0"],
    ),
    case(
        "A flag that there is not",
        nothing,
        "fit good.csv --model naive --epoch 3 -o out.model",
        &["--epoch"],
    ),
    case(
        "A command that there is not",
        nothing,
        "forcast good.csv",
        &["forcast", "forecast"],
    ),
    // Output.
    case(
        "A folder that is not there, for the output",
        nothing,
        "fit good.csv --model naive -o results/out.model",
        &["results/out.model", "no such file or folder"],
    ),
    case(
        "A folder as the output",
        nothing,
        "fit good.csv --model naive -o .",
        &["folder"],
    ),
    case(
        "A chart in an unknown form",
        nothing,
        "plot good.csv -o chart.bmp",
        &[".svg"],
    ),
    // Model files.
    case(
        "A model file that is not there",
        nothing,
        "forecast sales.model good.csv",
        &["sales.model", "no such file"],
    ),
    case(
        "A table as the model file",
        nothing,
        "forecast good.csv good.csv",
        &["good.csv", "no model file"],
    ),
    case(
        "A model file that was cut off",
        |at| {
            write(
                at,
                "bad.model",
                &std::fs::read(at.join("gru.model")).unwrap_or_default()[..3000],
            )
        },
        "forecast bad.model good.csv",
        &["bad.model", "damaged"],
    ),
    case(
        "A model file of another version",
        |at| changed_model(at, "\\\"format\\\":1", "\\\"format\\\":7"),
        "forecast bad.model good.csv",
        &["format 7", "format 1"],
    ),
    case(
        "A model file with other weights",
        flipped,
        "forecast bad.model good.csv",
        &["weights"],
    ),
    case(
        "A model that this version does not have",
        |at| changed_model(at, "gru-1x8", "gru-9x9"),
        "forecast bad.model good.csv",
        &["`gru-9x9`", "version"],
    ),
    case(
        "A safetensors file of another program",
        |at| write(at, "bad.model", b"\x02\0\0\0\0\0\0\0{}"),
        "summary bad.model",
        &["no Recurra model"],
    ),
    case(
        "A header that asks for the whole memory",
        |at| write(at, "bad.model", b"\xff\xff\xff\xff\xff\xff\xff\x7f{}"),
        "summary bad.model",
        &["damaged"],
    ),
    // Forecasts.
    case(
        "Data without the model's columns",
        |at| write(at, "bad.csv", "day,sales\n2024-01-01,5\n2024-01-02,6\n"),
        "forecast gru.model bad.csv",
        &["`ds`"],
    ),
    case(
        "Data of another frequency",
        |at| write(at, "bad.csv", "ds,y\n2024-01-01,5\n2024-01-08,6\n2024-01-15,6\n"),
        "forecast gru.model bad.csv",
        &["weekly", "daily"],
    ),
    case(
        "Less data than a window",
        |at| write(at, "bad.csv", "ds,y\n2024-01-01,5\n2024-01-02,6\n"),
        "forecast gru.model bad.csv",
        &["2 values", "20"],
    ),
    case(
        "A forecast over 0 steps",
        nothing,
        "forecast gru.model good.csv --horizon 0",
        &["--horizon is 0"],
    ),
    case(
        "Further than a direct model goes",
        nothing,
        "forecast direct.model good.csv --horizon 9",
        &["at most 5", "--horizon 9"],
    ),
    case(
        "No known-future covariates",
        nothing,
        "forecast promo.model good.csv",
        &["`promo`", "--future"],
    ),
    case(
        "Known-future covariates that end too early",
        |at| write(at, "next.csv", "ds,promo\n2024-04-10,1\n2024-04-11,0\n"),
        "forecast promo.model good.csv --future next.csv",
        &["next.csv", "2024-04-12"],
    ),
    case(
        "Covariates for a model without any",
        nothing,
        "forecast gru.model good.csv --future good.csv",
        &["--future"],
    ),
    case(
        "Intervals of a model that was not measured",
        nothing,
        "forecast unmeasured.model good.csv --interval 80",
        &["--interval", "without validation"],
    ),
    case(
        "Intervals further than the model was measured",
        nothing,
        "forecast gru.model good.csv --horizon 9 --interval 80",
        &["--interval 80", "5 steps"],
    ),
    case(
        "An interval that is none",
        nothing,
        "forecast gru.model good.csv --interval 101",
        &["101", "1 to 99"],
    ),
    case(
        "Another delimiter than the file's",
        nothing,
        "fit good.csv --delimiter ';' --model naive -o out.model",
        &["good.csv"],
    ),
    // Backtests.
    case(
        "No folds",
        nothing,
        "backtest good.csv --model theta --horizon 5 --folds 0",
        &["--folds is 0"],
    ),
    case(
        "More folds than the data holds",
        nothing,
        "backtest good.csv --model theta --horizon 5 --folds 50",
        &["100 values", "50 folds"],
    ),
    case(
        "Intervals without room for them",
        nothing,
        "backtest good.csv --model theta --horizon 5 --folds 5 --interval 95",
        &["--interval 95", "--step"],
    ),
    case(
        "A metric that there is not",
        nothing,
        "backtest good.csv --model theta --horizon 5 --assert 'error<=3'",
        &["`error`", "mae"],
    ),
    case(
        "A condition without an operator",
        nothing,
        "backtest good.csv --model theta --horizon 5 --assert mae",
        &["mae<=6.0"],
    ),
    case(
        "A condition on an undefined metric",
        nothing,
        "backtest constant.csv --model drift --horizon 3 --assert 'mase<=1'",
        &["mase", "undefined"],
    ),
    case(
        "A condition on a model some of whose forecasts are missing",
        |at| replaced(at, 88, "2024-03-27,-1,0"),
        "backtest bad.csv --model gru-1x8 --epochs 1 --scale log --refit --horizon 5 --folds 4 --assert 'mae<=1000'",
        &["--assert mae<=1000", "gru-1x8 was scored on 10 of 20 values only"],
    ),
    // Conversion.
    case(
        "A form to convert to that there is not",
        nothing,
        "convert gru.model gru.pt",
        &["gru.pt", ".weights.h5"],
    ),
    case(
        "An archive that is no Keras file",
        |at| write(at, "bad.keras", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        "convert bad.keras out.weights.h5",
        &["bad.keras", "config.json"],
    ),
    // recurra.toml.
    case(
        "A key that is no flag",
        |at| write(at, "recurra.toml", "horizn = 5\n"),
        "fit good.csv --model naive -o out.model",
        &["recurra.toml", "`horizn`", "`horizon`"],
    ),
    case(
        "A file that is no TOML",
        |at| write(at, "recurra.toml", "horizon: 5\n"),
        "fit good.csv --model naive -o out.model",
        &["recurra.toml"],
    ),
    case(
        "A switch with a number",
        |at| write(at, "recurra.toml", "calendar = 1\n"),
        "fit good.csv --model naive -o out.model",
        &["`calendar`", "true or false"],
    ),
];

/// gru.model with one bit of its last weight changed.
fn flipped(at: &Path) {
    let mut bytes = std::fs::read(at.join("gru.model")).unwrap_or_default();
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap_or_default()) as usize;
    let text = String::from_utf8_lossy(&bytes[8..8 + header]).into_owned();
    let place = text.find("weights/").and_then(|start| {
        let offsets = text[start..].split("data_offsets\":[").nth(1)?;
        offsets.split(',').next()?.parse::<usize>().ok()
    });
    bytes[8 + header + place.unwrap_or(0)] ^= 1;
    write(at, "bad.model", bytes);
}
