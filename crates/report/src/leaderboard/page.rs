//! The page of the book.

use super::charts::Chart;
use super::records::{Board, DataSet, Ranked, Ranking, Verdict};
use std::fmt::Write;

/// The leaderboard as Markdown, with the charts in `images/`.
pub fn page(board: &Board, ranking: &Ranking, charts: &[Chart]) -> String {
    let mut page = String::new();
    // Writing to a string does not fail.
    let _ = write_page(&mut page, board, ranking, charts);
    page
}

fn write_page(page: &mut String, board: &Board, ranking: &Ranking, charts: &[Chart]) -> std::fmt::Result {
    let networks = ranking.models.iter().filter(|model| model.network).count();
    let seeds: Vec<String> = seeds(board).iter().map(u64::to_string).collect();
    writeln!(
        page,
        "# Leaderboard\n\n<!-- Made by `cargo xtask leaderboard --accept` from xtask/leaderboard.toml; not written by hand. -->\n\n\
         {networks} networks of the zoo and {} classical methods on the {} data sets of `datasets/`, each by a backtest: fitted once \
         before the first cutoff, then asked at every cutoff for the next values, from those before it alone. Every network has its \
         entry's own recipe on standardised data and forecasts all steps of the horizon at once; what differs from data set to data \
         set stands in the list below and was chosen by their frequency and length, not by results. A network's MASE is the median of \
         its seeds ({}).\n\n\
         `cargo xtask leaderboard --check` computes all of it again and compares every figure bit for bit.\n",
        ranking.models.len() - networks,
        board.sets.len(),
        seeds.join(", "),
    )?;
    for chart in charts {
        writeln!(page, "![{}](images/{}.svg)\n", chart.alt, chart.name)?;
    }
    ranks(page, ranking)?;
    errors(page, board, ranking)?;
    coverage(page, board, ranking)?;
    undefined(page, board)?;
    sets(page, &board.sets)
}

fn ranks(page: &mut String, ranking: &Ranking) -> std::fmt::Result {
    let friedman = ranking.friedman;
    writeln!(
        page,
        "## Ranking\n\n\
         | | model | mean rank | better than naive on | median difference to naive [95 %] | verdict | better than |\n\
         |---|---|---|---|---|---|---|"
    )?;
    for (place, model) in ranking.models.iter().enumerate() {
        let [beats, difference, verdict] = model.beside_naive.map_or_else(Default::default, |found| {
            [
                format!("{} of {}", found.wins, found.sets),
                format!(
                    "{} [{}, {}]",
                    signed(found.difference),
                    signed(found.lower),
                    signed(found.upper)
                ),
                verdict(found.verdict).to_owned(),
            ]
        });
        writeln!(
            page,
            "| {} | {} | {:.2} | {beats} | {difference} | {verdict} | {} |",
            place + 1,
            name(model),
            model.mean_rank,
            model.better_than
        )?;
    }
    writeln!(
        page,
        "\nModels are ranked by MASE on each data set, 1 the lowest, ties sharing theirs; one that has no MASE somewhere ranks last \
         there. *Better* and *worse* are said only where the bootstrap interval of the median difference over data sets excludes zero; \
         the last column counts the models that a model is better than in this sense, without a correction for their number.\n\n\
         Do the models differ at all? Friedman's test: χ² = {:.1}, p = {}; Iman and Davenport's, less conservative: \
         p = {}. Two models differ by Nemenyi's test, at 95 % for all pairs together, where their mean ranks are {:.1} or more \
         apart, which is far for {} models on {} data sets: what it does not separate is undecided, not equal. All of this takes the data \
         sets for independent draws. They are not quite: two are of sunspots, three of the weather of Seattle, and none was drawn \
         at random.\n",
        friedman.chi_squared,
        probability(friedman.p_value),
        probability(friedman.iman_davenport_p_value),
        ranking.critical_difference,
        ranking.models.len(),
        ranking.sets
    )
}

fn errors(page: &mut String, board: &Board, ranking: &Ranking) -> std::fmt::Result {
    let names: Vec<&str> = board.sets.iter().map(|set| set.name.as_str()).collect();
    writeln!(
        page,
        "## MASE by data set\n\nNaive first; the lowest of each data set in bold.\n\n| model | {} |\n|---|{}",
        names.join(" | "),
        "---|".repeat(names.len())
    )?;
    let lowest: Vec<f64> = (0..names.len())
        .map(|set| {
            let values = ranking.models.iter().filter_map(|model| model.mase[set]);
            values.fold(f64::INFINITY, f64::min)
        })
        .collect();
    let (naive, others): (Vec<&Ranked>, Vec<&Ranked>) = ranking.models.iter().partition(|model| model.model == "naive");
    for model in naive.into_iter().chain(others) {
        let cells = model.mase.iter().zip(&lowest).map(|(value, lowest)| match value {
            Some(value) if value == lowest => format!("**{}**", figure(*value)),
            Some(value) => figure(*value),
            None => "–".to_owned(),
        });
        writeln!(page, "| {} | {} |", name(model), cells.collect::<Vec<_>>().join(" | "))?;
    }
    writeln!(page)
}

fn coverage(page: &mut String, board: &Board, ranking: &Ranking) -> std::fmt::Result {
    let measured = |set: &&DataSet| board.of(&set.name, "naive").any(|score| !score.coverage.is_empty());
    let sets: Vec<&DataSet> = board.sets.iter().filter(measured).collect();
    if sets.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = sets.iter().map(|set| set.name.as_str()).collect();
    let level = board
        .scores
        .iter()
        .flat_map(|score| &score.coverage)
        .map(|covered| covered.level)
        .next()
        .unwrap_or(0);
    writeln!(
        page,
        "## Coverage of the {level} % intervals\n\nSplit conformal intervals from the latest errors before each cutoff; the share of \
         values inside, a network's by its first seed. A cross marks a share whose 95 % binomial interval excludes {level} % (it takes the \
         values for independent, which those of one horizon are not). Data sets that are too short for intervals are left out.\n\n\
         | model | {} |\n|---|{}",
        names.join(" | "),
        "---|".repeat(names.len())
    )?;
    let (naive, others): (Vec<&Ranked>, Vec<&Ranked>) = ranking.models.iter().partition(|model| model.model == "naive");
    let mut counts = (0, 0);
    for model in naive.into_iter().chain(others) {
        let cells = sets.iter().map(|set| {
            let covered = board
                .of(&set.name, &model.model)
                .next()
                .and_then(|score| score.coverage.first());
            match covered.filter(|covered| covered.scored > 0) {
                Some(covered) => {
                    let missed = covered.holds == Some(false);
                    counts = (counts.0 + usize::from(missed), counts.1 + 1);
                    let share = 100.0 * covered.covered as f64 / covered.scored as f64;
                    format!("{share:.0} %{}", if missed { " ✗" } else { "" })
                }
                None => "–".to_owned(),
            }
        });
        let cells = cells.collect::<Vec<_>>().join(" | ");
        writeln!(page, "| {} | {cells} |", name(model))?;
    }
    writeln!(page, "\n{} of {} shares miss.\n", counts.0, counts.1)
}

fn undefined(page: &mut String, board: &Board) -> std::fmt::Result {
    let mut lines = Vec::new();
    for score in &board.scores {
        if let Some(reason) = &score.undefined {
            let line = format!("- {} on {}: {reason}", score.model, score.set);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(page, "## What has no value\n\n{}\n", lines.join("\n"))
}

fn sets(page: &mut String, sets: &[DataSet]) -> std::fmt::Result {
    writeln!(
        page,
        "## Data sets\n\n| data set | what it is | series × values | horizon | cutoffs, steps apart | season | window | difference |\n\
         |---|---|---|---|---|---|---|---|"
    )?;
    for set in sets {
        let size = if set.series == 1 {
            set.points.to_string()
        } else {
            format!("{} × {}", set.series, set.points / set.series)
        };
        writeln!(
            page,
            "| {} | {} | {size} | {} | {}, {} | {} | {} | {} |",
            set.name, set.title, set.horizon, set.folds, set.step, set.season, set.window, set.difference
        )?;
    }
    Ok(())
}

/// The seeds, in the order of their first appearance.
fn seeds(board: &Board) -> Vec<u64> {
    let mut seeds = Vec::new();
    for seed in board.scores.iter().filter_map(|score| score.seed) {
        if !seeds.contains(&seed) {
            seeds.push(seed);
        }
    }
    seeds
}

fn name(model: &Ranked) -> String {
    format!("`{}`", model.model)
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::NotShownToDiffer => "not shown to differ",
    }
}

/// Two decimals, none where they would say nothing.
fn figure(value: f64) -> String {
    let decimals = if value.abs() >= 100.0 { 0 } else { 2 };
    format!("{value:.decimals$}")
}

fn signed(value: f64) -> String {
    format!("{value:+.2}").replace('-', "−")
}

fn probability(value: f64) -> String {
    if value < 1e-4 {
        "below 0.0001".to_owned()
    } else {
        format!("{value:.4}")
    }
}
