//! A made-up backtest with intervals, as the tool would report it.

use super::Uniform;
use recurra_report::forecast::{Band, Earlier, ForecastReport, MethodScore, Segment, SeriesReport};

pub(crate) fn report() -> ForecastReport {
    let mut draw = Uniform::new(3);
    let values: Vec<Option<f64>> = (0..160_u32)
        .map(|t| {
            Some(
                100.0
                    + 0.3 * f64::from(t)
                    + 12.0 * libm::sin(f64::from(t) / 12.0 * std::f64::consts::TAU)
                    + 3.0 * draw.normal(),
            )
        })
        .collect();
    let values: Vec<Option<f64>> = values
        .into_iter()
        .enumerate()
        .map(|(t, value)| value.filter(|_| t % 41 != 7))
        .collect();
    let times = (0..184)
        .map(|t| format!("{}-{:02}", 2010 + t / 12, t % 12 + 1))
        .collect();
    let mean: Vec<f64> = (120..184)
        .map(|t| 100.0 + 0.3 * f64::from(t) + 11.0 * libm::sin(f64::from(t) / 12.0 * std::f64::consts::TAU))
        .collect();
    let interval = |level: f64, half: f64| Band {
        level,
        lower: mean.iter().map(|mean| mean - half).collect(),
        upper: mean.iter().map(|mean| mean + half).collect(),
    };
    let intervals = vec![interval(90.0, 5.0), interval(50.0, 2.1)];
    let curve = |floor: f64| {
        (0..80)
            .map(|epoch| Some(floor + 1.0 / (1.0 + f64::from(epoch))))
            .collect()
    };
    ForecastReport {
        title: "gru-1x32 on sales.csv".to_owned(),
        command: "recurra backtest sales.csv --model gru-1x32 --horizon 12 --report report.html".to_owned(),
        facts: vec![
            ("model".to_owned(), "gru-1x32, 3,393 parameters".to_owned()),
            ("seed".to_owned(), "51".to_owned()),
        ],
        value_name: "sales".to_owned(),
        series: vec![SeriesReport {
            unique_id: "<sales & more>".to_owned(),
            times,
            values,
            split: Some(120),
            forecasts: vec![Segment {
                start: 120,
                first_step: 1,
                mean: mean.clone(),
                intervals,
            }],
            errors: Vec::new(),
        }],
        curves: vec![
            ("training loss".to_owned(), curve(0.05)),
            ("validation loss".to_owned(), curve(0.08)),
        ],
        metrics: vec!["MAE".to_owned(), "MASE".to_owned()],
        scores: vec![
            MethodScore {
                method: "gru-1x32".to_owned(),
                values: vec![Some(2.51), None],
            },
            MethodScore {
                method: "naive".to_owned(),
                values: vec![Some(5.9379), Some(1.0)],
            },
            MethodScore {
                method: "seasonal-naive".to_owned(),
                values: vec![Some(3.4), Some(0.58)],
            },
        ],
        earlier: None,
    }
}

/// Six shops, each forecast twice; the model is worse than naive on the last two. Its residuals from an earlier
/// measurement are there as well.
pub(crate) fn shops() -> ForecastReport {
    let mut draw = Uniform::new(5);
    let shop = |shop: u32, draw: &mut Uniform| {
        let values: Vec<f64> = (0..60_u32)
            .map(|t| f64::from(10 * (shop + 1)) + f64::from(t % 7) + draw.normal())
            .collect();
        let segment = |start: usize, draw: &mut Uniform| Segment {
            start,
            first_step: 1,
            mean: values[start..start + 7]
                .iter()
                .map(|value| value + f64::from(shop + 1) / 4.0 * draw.normal())
                .collect(),
            intervals: Vec::new(),
        };
        SeriesReport {
            unique_id: format!("shop-{shop}"),
            times: (1..=60).map(|day| format!("day {day}")).collect(),
            values: values.iter().copied().map(Some).collect(),
            split: None,
            forecasts: vec![segment(46, draw), segment(53, draw)],
            errors: vec![Some(f64::from(shop + 1) / 4.0), Some(1.125)],
        }
    };
    let score = |method: &str, mae: f64| MethodScore {
        method: method.to_owned(),
        values: vec![Some(mae)],
    };
    ForecastReport {
        title: "gru-1x32 on shops.csv".to_owned(),
        series: (0..6).map(|number| shop(number, &mut draw)).collect(),
        curves: Vec::new(),
        metrics: vec!["MAE".to_owned()],
        scores: vec![score("gru-1x32", 0.875), score("naive", 1.125)],
        earlier: Some(Earlier {
            residuals: (0..30).map(|_| draw.normal()).collect(),
            unit: "typical changes of a series".to_owned(),
        }),
        ..report()
    }
}
