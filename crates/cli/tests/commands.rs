//! Commands of the real program that have to work, and what they print.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use support::{program, succeeded, words};

fn run(folder: &Path, words: &[&str]) -> Output {
    program(folder, words).env_remove("RECURRA_ISA").output().unwrap()
}

fn succeed(folder: &Path, words: &[&str]) -> Output {
    succeeded(run(folder, words), &words.join(" "))
}

/// A hundred monthly values on the last day of a month, with fields after semicolons and decimal commas, of which `missing`
/// rows are left out.
fn months(missing: &[usize]) -> String {
    let last = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut text = String::from("when;sold;promo\n");
    for at in (0..100).filter(|at| !missing.contains(at)) {
        let (year, month) = (2001 + at / 12, at % 12);
        let day = if month == 1 && year % 4 == 0 { 29 } else { last[month] };
        text += &format!("{year}-{:02}-{day};{},5;{}\n", month + 1, 40 + at * 7 % 12, at % 2);
    }
    text
}

/// The words of the last line that begins with `next: recurra`.
fn next(output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("next: recurra "))
        .unwrap();
    words(line.split(" (").next().unwrap())
}

/// Numbered values with a season of 7, and of 10 from 125 to 160 if `planted`.
fn numbered(planted: bool) -> String {
    let value = |at: usize| {
        let other = if planted && (125..160).contains(&at) {
            900 * (at % 10)
        } else {
            0
        };
        100 + 10 * (at % 7) + at * 5 % 3 + other
    };
    (0..200).fold("t,y\n".to_owned(), |text, at| text + &format!("{at},{}\n", value(at)))
}

/// The first cutoff is at 120: the season that is found may not hang on anything behind it.
#[test]
fn a_season_is_looked_for_before_the_first_cutoff_of_a_backtest() {
    let folder = tempfile::tempdir().unwrap();
    let seen = [false, true].map(|planted| {
        std::fs::write(folder.path().join("a.csv"), numbered(planted)).unwrap();
        let words = "backtest a.csv --model seasonal-naive --horizon 4 --folds 20 -o out.csv --json".split(' ');
        let output = succeed(folder.path(), &words.collect::<Vec<_>>());
        let scores: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let table = std::fs::read_to_string(folder.path().join("out.csv")).unwrap();
        let first: Vec<String> = table
            .lines()
            .filter(|line| line.contains(",119,"))
            .map(str::to_owned)
            .collect();
        assert_eq!(first.len(), 8, "{table}");
        (scores["season"].as_u64(), first)
    });
    assert_eq!(seen[0].0, Some(7));
    assert_eq!(seen[0], seen[1]);
}

/// What is held out begins at 120, and may not decide the season either, though it begins within the first four fifths.
#[test]
fn a_season_is_looked_for_before_the_held_out_part_of_a_fit() {
    let folder = tempfile::tempdir().unwrap();
    let seen = [false, true].map(|planted| {
        std::fs::write(folder.path().join("a.csv"), numbered(planted)).unwrap();
        let words = "fit a.csv --model seasonal-naive --horizon 7 --validation 0.4 -o a.model".split(' ');
        succeed(folder.path(), &words.collect::<Vec<_>>());
        let summary = succeed(folder.path(), &["summary", "a.model", "--json"]);
        let summary: serde_json::Value = serde_json::from_slice(&summary.stdout).unwrap();
        summary["data"]["season"].as_u64()
    });
    assert_eq!(seen, [Some(7); 2]);
}

/// Two series, of which the second never changes before its last values: its naive forecast has no error to scale by.
#[test]
fn scores_by_series_and_by_step_and_how_many_series_have_none() {
    let folder = tempfile::tempdir().unwrap();
    let rows = (0..60).map(|at| format!("a,{at},{}\nb,{at},{}\n", at * 7 % 11, if at < 58 { 4 } else { at }));
    std::fs::write(
        folder.path().join("two.csv"),
        "shop,t,y\n".to_owned() + &rows.collect::<String>(),
    )
    .unwrap();
    let backtest = |more: &str| {
        let words = "backtest two.csv --id shop --time t --value y --model drift,trailing-mean --season 1 --horizon 2 --folds 3";
        let output = succeed(
            folder.path(),
            &words.split(' ').chain(more.split(' ')).collect::<Vec<_>>(),
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let json: serde_json::Value = serde_json::from_str(&backtest("--by series,step --json")).unwrap();
    let (series, steps) = (
        json["by_series"].as_array().unwrap(),
        json["by_step"].as_array().unwrap(),
    );
    // Six metrics, three models, two groups.
    assert_eq!((series.len(), steps.len()), (36, 36));
    let mase = series
        .iter()
        .find(|score| score["metric"] == "mase" && score["unique_id"] == "b")
        .unwrap();
    assert!(mase["value"].is_null() && mase["undefined"].is_string(), "{mase}");
    assert!(json["comparison"].is_null() && json["not_compared"].is_string());

    let said = backtest("--by step");
    assert!(said.contains("(1 of 2 series have no value)"), "{said}");
    assert!(said.contains("the models are not compared: series `b`"), "{said}");
    let table: Vec<&str> = said
        .lines()
        .skip_while(|line| !line.starts_with("MAE by step"))
        .collect();
    assert_eq!(table.len(), 3, "{said}");
    assert!(
        table[0]
            .split_whitespace()
            .eq(["MAE", "by", "step", "naive", "drift", "trailing-mean"])
    );
}

#[test]
fn the_next_command_works_as_it_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("sales.csv"), months(&[13, 40])).unwrap();
    let data =
        "fit sales.csv --time when --value sold --delimiter ; --decimal comma --fill linear -o a.model --season 12";
    for model in [
        "--model naive --horizon 5",
        "--model gru-1x8 --epochs 1 --horizon 5 --past-exog promo --strategy direct",
        "--model gru-1x8 --epochs 1 --horizon 5 --past-exog promo --validation 0",
        "--model gru-1x8 --epochs 1 --horizon 12 --optimizer adamw --loss mae --patience 2 --lr 1e-9 --scale minmax --frequency",
    ] {
        let mut words: Vec<&str> = data.split(' ').chain(model.split(' ')).collect();
        if model.ends_with("--frequency") {
            words.push("monthly, on day 31");
        }
        let words = next(&succeed(folder, &words));
        succeed(folder, &words.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn a_condition_compares_with_a_model_that_is_named_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    succeed(
        folder,
        &"generate --preset daily --length 120 -o d.csv"
            .split(' ')
            .collect::<Vec<_>>(),
    );
    let code = |models: &str, condition: &str| {
        let line = format!("backtest d.csv --model {models} --horizon 7 --folds 4 -q --assert {condition}");
        support::run(folder, &line).status.code()
    };
    // Theta is better than naive here, and naive not than theta.
    assert_eq!(code("theta,naive", "mae<naive"), Some(0));
    assert_eq!(code("theta,naive", "mae<theta"), Some(1));
    assert_eq!(code("naive,theta", "mae>theta"), Some(0));
    // Of itself alone a model is neither.
    assert_eq!(code("theta", "mae<=theta"), Some(2));
}

#[test]
fn the_next_command_asks_for_known_future_covariates() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let dates = |from: usize, to: usize| {
        (from..to).fold(String::from("ds,y,promo\n"), |text, at| {
            text + &format!("{at},{},{}\n", at % 7 * 3, at % 2)
        })
    };
    std::fs::write(folder.join("sales.csv"), dates(0, 100)).unwrap();
    std::fs::write(folder.join("future.csv"), dates(100, 105)).unwrap();
    let fit = "fit sales.csv --model gru-1x8 --epochs 1 --horizon 5 --future-exog promo --validation 0 -o a.model";
    let words = next(&succeed(folder, &fit.split(' ').collect::<Vec<_>>()));
    assert!(
        words.ends_with(&["--future".to_owned(), "future.csv".to_owned()]),
        "{words:?}"
    );
    succeed(folder, &words.iter().map(String::as_str).collect::<Vec<_>>());
}

/// Two rows of 30-day months would be read as a step of so many days.
#[test]
fn a_forecast_has_the_frequency_of_the_model() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("sales.csv"), months(&[])).unwrap();
    let fit = "fit sales.csv --time when --value sold --model naive --horizon 3 -o a.model --frequency";
    let words: Vec<&str> = fit.split(' ').chain(["monthly, on day 31"]).collect();
    succeed(folder, &words);
    std::fs::write(folder.join("late.csv"), "when;sold\n2024-04-30;4,5\n2024-05-31;5,5\n").unwrap();
    std::fs::write(folder.join("one.csv"), "when;sold\n2024-04-30;4,5\n").unwrap();
    for (data, times) in [
        ("late.csv", ["2024-06-30", "2024-07-31", "2024-08-31"]),
        ("one.csv", ["2024-05-31", "2024-06-30", "2024-07-31"]),
    ] {
        let output = succeed(folder, &["forecast", "a.model", data, "--decimal", "comma"]);
        let text = String::from_utf8(output.stdout).unwrap();
        let found: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!(found, times, "{data}");
    }
}

#[test]
fn help_needs_no_flags_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("recurra.toml"), "horizon = 5\n").unwrap();
    let plain = tempfile::tempdir().unwrap();
    let help = succeed(plain.path(), &["help", "fit"]).stdout;
    assert_eq!(succeed(folder.path(), &["help", "fit"]).stdout, help);
}

#[test]
fn a_level_given_twice_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    succeed(folder, &["generate", "--preset", "reference", "-o", "a.csv"]);
    succeed(
        folder,
        &["fit", "a.csv", "--model", "naive", "--horizon", "2", "-o", "a.model"],
    );
    for words in [
        &["forecast", "a.model", "a.csv", "--interval"][..],
        &["backtest", "a.csv", "--model", "theta", "--horizon", "2", "--interval"],
    ] {
        let of = |levels| succeed(folder, &[words, &[levels]].concat()).stdout;
        assert_eq!(of("80,80"), of("80"), "{words:?}");
    }
}

#[test]
fn a_kernel_path_that_there_is_not_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_recurra"))
        .args(["generate", "-o", "a.csv"])
        .current_dir(folder.path())
        .env("RECURRA_ISA", "mmx")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("RECURRA_ISA") && said.contains("mmx"), "{said}");
    assert!(!folder.path().join("a.csv").exists());
}

#[test]
fn reports_of_a_fit_and_a_forecast_say_what_the_json_says() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("sales.csv"), months(&[])).unwrap();
    let data = ["sales.csv", "--time", "when", "--value", "sold"];
    let fit = [
        "--model",
        "gru-1x8",
        "--epochs",
        "2",
        "--horizon",
        "3",
        "-o",
        "a.model",
        "--report",
        "fit.html",
        "--json",
    ];
    let output = succeed(folder, &[&["fit"], &data[..], &fit].concat());
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let forecast = [
        "forecast",
        "a.model",
        "sales.csv",
        "-o",
        "b.csv",
        "--report",
        "forecast.html",
    ];
    succeed(folder, &forecast);
    for name in ["fit.html", "forecast.html"] {
        let page = std::fs::read_to_string(folder.join(name)).unwrap();
        for error in ["mae", "naive_mae"] {
            let error = printed["hold_out"][error].as_f64().unwrap();
            assert!(page.contains(&format!(">{error:.3}</td>")), "{name}: {error}");
        }
        // The trainings stand in the model file.
        for loss in [
            "training loss, first fit",
            "training loss, final fit",
            "autocorrelation",
        ] {
            assert!(page.contains(loss), "{name}: {loss}");
        }
    }
    succeed(
        folder,
        &[&["plot"], &data[..], &["--forecast", "b.csv", "-o", "c.png"]].concat(),
    );
    assert_eq!(std::fs::read(folder.join("c.png")).unwrap()[..4], *b"\x89PNG");
}
