//! What can be wrong with a folder of tables.

use super::super::fixtures::write;
use super::{Case, case};

/// Two tables of two series each.
fn shops(at: &std::path::Path) {
    std::fs::create_dir(at.join("shops")).unwrap_or(());
    for (file, names) in [("a.csv", ["east", "north"]), ("b.csv", ["south", "west"])] {
        let mut text = String::from("shop,ds,y\n");
        for (name, step) in names.iter().flat_map(|name| (0..40).map(move |step| (name, step))) {
            text += &format!("{name},{step},{}\n", 10 + step % 7);
        }
        write(&at.join("shops"), file, text);
    }
}

/// Folders of tables.
pub(crate) const CASES: &[Case] = &[
    case(
        "A folder without tables",
        |at| std::fs::create_dir(at.join("data")).unwrap_or(()),
        "fit data --model gru-1x8 -o out.model",
        &["data", "no .parquet and no .csv"],
    ),
    case(
        "A folder of tables without a column of names",
        |at| {
            shops(at);
            write(&at.join("shops"), "a.csv", "ds,y\n1,2\n2,3\n");
        },
        "fit shops --model gru-1x8 -o out.model",
        &["shops", "--id"],
    ),
    case(
        "A folder of tables, one of them damaged",
        |at| {
            shops(at);
            write(&at.join("shops"), "b.csv", "shop,ds,y\nsouth,0,1\nsouth,1,x\n");
        },
        "fit shops --id shop --model gru-1x8 -o out.model",
        &["shops/b.csv", "row 3", "`x`"],
    ),
    case(
        "A series that goes on in the next table of a folder",
        |at| {
            shops(at);
            write(&at.join("shops"), "b.csv", "shop,ds,y\nnorth,40,1\nnorth,41,2\n");
        },
        "fit shops --id shop --model gru-1x8 -o out.model",
        &["shops/b.csv", "`north`", "shops/a.csv", "one file as a whole"],
    ),
    case(
        "Two tables of one name in a folder",
        |at| {
            shops(at);
            write(&at.join("shops"), "a.parquet", "");
        },
        "fit shops --id shop --model gru-1x8 -o out.model",
        &["a.csv", "a.parquet", "rename"],
    ),
    case(
        "A classical method for a folder",
        shops,
        "fit shops --id shop --model theta -o out.model",
        &["--model theta", "choose a network"],
    ),
    case(
        "A folder, for a model that has to know a covariate beforehand",
        shops,
        "forecast promo.model shops --horizon 2 -o out",
        &["shops", "`promo`", "one by one"],
    ),
    case(
        "A page of the forecasts of a folder",
        |at| {
            shops(at);
            std::fs::rename(at.join("shops"), at.join("f")).unwrap_or(());
        },
        "forecast gru.model f --horizon 2 -o out --report out.html",
        &["--report", "one of its files"],
    ),
    case(
        "Early stopping on a folder whose series are too short to hold values back",
        shops,
        "fit shops --id shop --model gru-1x8 --window 39 --validation 0 -o out.model --patience 3",
        &["shops", "`south`", "41", "--patience"],
    ),
    case(
        "A folder to backtest on",
        shops,
        "backtest shops --id shop --model gru-1x8 --horizon 2 --folds 2",
        &["shops", "folder"],
    ),
    case(
        "Forecasts of a folder without a folder for them",
        |at| {
            shops(at);
            std::fs::rename(at.join("shops"), at.join("f")).unwrap_or(());
        },
        "forecast gru.model f --horizon 2",
        &["-o FOLDER"],
    ),
    case(
        "A folder for a preset that is a single file",
        |_| (),
        "generate --preset daily --series 5 -o out.csv",
        &["--series", "--preset panel"],
    ),
    case(
        "A panel without a folder",
        |_| (),
        "generate --preset panel",
        &["-o FOLDER"],
    ),
    case(
        "More parts than series",
        |_| (),
        "generate --preset panel --series 3 --parts 4 -o out",
        &["--parts is 4", "3 series"],
    ),
];
