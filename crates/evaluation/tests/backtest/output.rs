//! What is written of a backtest.

use super::weekly;
use recurra_evaluation::backtest::{Backtest, Calibration, Grouping};
use recurra_evaluation::baselines::Drift;
use recurra_evaluation::metrics::{Level, Metric};
use recurra_series::Series;

#[test]
fn undefined_scores_name_their_series() {
    let flat = Series::from_values(vec![5.0; 30]).unwrap().with_unique_id("flat");
    let zero = Series::from_values(vec![0.0; 30]).unwrap().with_unique_id("zero");
    let plan = Backtest {
        folds: 3,
        ..Backtest::new(2)
    };
    let result = plan.run(&[], &[weekly("north", 3, 30), flat, zero]).unwrap();
    assert_eq!(result.table.series(), ["north", "flat", "zero"]);
    let by_series = result.scores(Metric::Mase, Grouping::Series);
    assert!(by_series[0].value.is_some() && by_series[1].value.is_none());
    let reasons: Vec<String> = [Metric::Mase, Metric::Mape, Metric::Crps]
        .into_iter()
        .map(|metric| result.pooled(metric)[0].undefined.as_ref().unwrap().to_string())
        .collect();
    insta::assert_snapshot!(reasons.join("\n"), @r#"
series `flat`: the seasonal naive error of the training part is zero (season length 1)
series `zero`: actual value 0 is zero, and a percentage divides by it
not all forecasts have quantiles
"#);
    insta::assert_json_snapshot!(result.scores(Metric::Rmsse, Grouping::Step)[1], @r#"
{
  "model": "naive",
  "step": 2,
  "metric": "rmsse",
  "value": null,
  "undefined": "series `flat`: the seasonal naive error of the training part is zero (season length 1)",
  "count": 9
}
"#);
}

#[test]
fn the_table_is_written_in_the_usual_columns() {
    let series = Series::from_values((0..12).map(|step| f64::from(step % 3)).collect())
        .unwrap()
        .with_unique_id("a");
    let calibration = Some(Calibration {
        levels: vec![Level::EIGHTY],
        errors: 4,
    });
    let plan = Backtest {
        folds: 2,
        calibration,
        ..Backtest::new(2)
    };
    let result = plan.run(&[&Drift], &[series]);
    let error = result.unwrap_err();
    insta::assert_snapshot!(error, @"series `a` has 12 values, but 6 folds need at least 13; use fewer folds, or fewer errors to calibrate on");
    let series = Series::from_values((0..13).map(|step| f64::from(step % 3)).collect())
        .unwrap()
        .with_unique_id("a");
    let result = plan.run(&[&Drift], &[series]).unwrap();
    let csv = result.table.to_output().to_csv("forecasts.csv").unwrap();
    insta::assert_snapshot!(String::from_utf8(csv).unwrap(), @r#"
unique_id,ds,cutoff,model,y,yhat,lo-80,hi-80
a,9,8,naive,0.0,2.0,0.0,4.0
a,10,8,naive,1.0,2.0,0.0,4.0
a,11,10,naive,2.0,1.0,-1.0,3.0
a,12,10,naive,0.0,1.0,-1.0,3.0
a,9,8,drift,0.0,2.25,,
a,10,8,drift,1.0,2.5,,
a,11,10,drift,2.0,1.1,-1.9,4.1
a,12,10,drift,0.0,1.2,-1.8,4.2
"#);
}
