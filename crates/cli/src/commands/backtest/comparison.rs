//! Which models of a backtest are better than which, in words and for programs.

use recurra_evaluation::backtest::{BacktestResult, Loss, Refit};
use recurra_evaluation::statistics::{Bootstrap, Pair, Pairwise, Verdict};
use serde::Serialize;

use crate::text::figure;

/// Every model against every other.
#[derive(Serialize)]
pub(super) struct Comparison {
    /// What is compared.
    loss: &'static str,
    /// What the test takes for granted.
    assumptions: String,
    #[serde(skip)]
    units: &'static str,
    #[serde(flatten)]
    table: Pairwise,
}

impl Comparison {
    /// Compares the mean absolute errors; or says why they cannot be compared.
    pub(super) fn of(result: &BacktestResult) -> Result<Self, String> {
        let table = result
            .compare(Loss::Absolute, &Bootstrap::default())
            .map_err(|reason| reason.to_string())?;
        let one = result.scales.len() == 1;
        let (loss, units) = if one {
            ("absolute error", "cutoffs")
        } else {
            ("scaled absolute error", "series")
        };
        let pairs = table.pairs.len();
        let adjusted = match pairs {
            0 | 1 => String::new(),
            _ => format!(", adjusted by Holm for {pairs} pairs"),
        };
        let assumptions = match (one, result.plan.refit) {
            (true, Refit::Never) => {
                format!(
                    "Diebold and Mariano's test{adjusted}, which takes losses to keep their mean and variance over time"
                )
            }
            (true, Refit::EveryFolds(_)) => format!(
                "Diebold and Mariano's test{adjusted}, which takes losses to keep their mean and variance over time and models for \
                 given: fitted again and again they are not"
            ),
            (false, _) => format!(
                "Wilcoxon's signed ranks{adjusted}, which take the series for independent of one another and the differences for \
                 symmetric about their median"
            ),
        };
        Ok(Self {
            loss,
            assumptions,
            units,
            table,
        })
    }

    /// How every model stands to naive, then which of the others is better than which, and what that rests on. Better is said only
    /// where the interval of the difference excludes zero.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let with_naive = |pair: &&Pair| pair.left == "naive" || pair.right == "naive";
        let (naive, others): (Vec<&Pair>, Vec<&Pair>) = self.table.pairs.iter().partition(with_naive);
        let decided = others
            .into_iter()
            .filter(|pair| pair.comparison.verdict != Verdict::Undecided);
        let lines: Vec<String> = naive.into_iter().chain(decided).map(|pair| self.line(pair)).collect();
        text.extend(lines.iter().map(|line| format!("{line}\n")));
        for (model, reason) in &self.table.left_out {
            text += &format!("{model}: not compared: {reason}\n");
        }
        if !lines.is_empty() {
            text += &format!("brackets: 95 %, by bootstrap; p: {}\n", self.assumptions);
        }
        text
    }

    fn line(&self, pair: &Pair) -> String {
        // The better one first, or the one that is not naive.
        let turned = match pair.comparison.verdict {
            Verdict::Lower => pair.right == "naive" || pair.left != "naive",
            Verdict::Higher => pair.right == "naive" && pair.left != "naive",
            Verdict::Undecided => pair.right == "naive",
        };
        let (model, other, sign) = if turned {
            (&pair.left, &pair.right, 1.0)
        } else {
            (&pair.right, &pair.left, -1.0)
        };
        let estimate = &pair.comparison.difference;
        let (difference, one, two) = (
            sign * estimate.value,
            sign * estimate.interval.lower,
            sign * estimate.interval.upper,
        );
        let verdict = match pair.comparison.verdict {
            Verdict::Undecided => "not shown to differ from",
            _ if difference < 0.0 => "better than",
            _ => "worse than",
        };
        let p = match pair.adjusted_p {
            Some(p) if p < 0.0001 => ", p < 0.0001".to_owned(),
            Some(p) => format!(", p = {p:.4}"),
            None => String::new(),
        };
        let undecided = pair.comparison.verdict == Verdict::Undecided;
        let few = if undecided && !estimate.interval.contains(0.0) {
            ", too few for a verdict"
        } else {
            ""
        };
        format!(
            "{model}: {verdict} {other}, {} {} [{}, {}] ({} {}{few}{p})",
            self.loss,
            signed(difference),
            signed(one.min(two)),
            signed(one.max(two)),
            pair.comparison.count,
            self.units
        )
    }
}

/// A difference with its sign.
fn signed(value: f64) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    format!("{sign}{}", figure(value))
}
