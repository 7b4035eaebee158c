//! A backtest in pieces takes the outcomes of its own pieces and no others.

use super::weekly;
use recurra_evaluation::backtest::{Backtest, BacktestError, BlockOutcome};
use recurra_evaluation::baselines::Drift;

fn plan(horizon: usize) -> Backtest {
    Backtest {
        folds: 3,
        ..Backtest::new(horizon)
    }
}

#[test]
fn outcomes_of_another_number_or_another_plan_are_refused() {
    let panel = [weekly("north", 6, 60)];
    let (plan, other) = (plan(2), plan(3));
    let pieces = plan.blocks(&[&Drift], &panel).unwrap();
    let outcome = |index| pieces.run(index);
    let foreign = || other.blocks(&[&Drift], &panel).unwrap().run(1);
    let gathered = pieces.gather(vec![outcome(0), outcome(1)]).unwrap();
    assert_eq!(gathered.table, plan.run(&[&Drift], &panel).unwrap().table);
    let refused = |outcomes: Vec<BlockOutcome>| matches!(pieces.gather(outcomes), Err(BacktestError::OtherBlocks));
    assert!(refused(vec![outcome(0)]), "one of two");
    assert!(refused(vec![outcome(0), outcome(1), outcome(1)]), "one more");
    assert!(refused(vec![outcome(0), foreign()]), "of another horizon");
}
