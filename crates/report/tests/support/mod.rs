//! A made-up matrix that looks like the real one: the reference's shapes, numbers from a fixed generator.
#![allow(dead_code, reason = "every test file uses its own part")]

pub(crate) mod tool;

use recurra_report::ReportInput;
use recurra_report::input::*;
use recurra_report::records::*;

/// A plain linear congruential generator (Knuth's MMIX constants): uniform in 0..1.
pub(crate) struct Uniform(u64);

impl Uniform {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Roughly normal: twelve uniforms.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

const MATRIX: [(&str, &str, &str, usize, usize, f64); 5] = [
    ("rnn-500", "SimpleRNN, 500 epochs", "about 6.35", 500, 4961, 6.1),
    ("rnn-400", "SimpleRNN, 400 epochs", "a little higher", 400, 4961, 6.0),
    ("bilstm-1", "One bidirectional LSTM", "low sixes", 100, 8769, 6.7),
    ("bilstm-2", "Two bidirectional LSTMs", "much improved", 100, 33601, 5.7),
    ("bilstm-3", "Three bidirectional LSTMs", "", 100, 58433, 5.9),
];

/// The sample with so many seeds: 51 first, then 1, 2, …
pub(crate) fn sample(seeds: u64) -> ReportInput {
    let mut noise = Uniform::new(42);
    let values: Vec<f64> = (0..1461).map(|t| level(t) + 5.0 * noise.normal()).collect();
    let mut input = ReportInput {
        results: Results {
            schema: 1,
            runs: Vec::new(),
            rate_sweep: Vec::new(),
            baselines: baselines(),
            claims: claims(),
            distributions: distributions(),
        },
        experiments: vec![rate_sweep_experiment()],
        curves: Vec::new(),
        forecasts: Vec::new(),
        series: ReferenceSeries {
            values,
            split: 1000,
            noise_floor: Some(4.007),
        },
        keras: Vec::new(),
        provenance: Provenance {
            command: format!("cargo xtask reproduce --seeds {seeds}"),
            version: "recurra 0.1.0".to_owned(),
            machine: "a made-up machine, 2 cores".to_owned(),
            timings: vec![("wall clock".to_owned(), "3 min 12 s".to_owned())],
            keras: "made up for this sample".to_owned(),
        },
    };
    for (id, title, tutorial, epochs, parameters, centre) in MATRIX {
        let zoom_last = (id == "rnn-500").then_some(100);
        let description = format!("{title}, {parameters} parameters, SGD with momentum 0.9 for {epochs} epochs.");
        let experiment = Experiment {
            id: id.into(),
            title: title.into(),
            tutorial: tutorial.into(),
            description,
            rate_sweep: false,
            zoom_last,
            source: Source::Tutorial,
        };
        input.experiments.push(experiment);
        for seed in seed_list(seeds) {
            add_run(&mut input, id, seed, epochs, parameters, centre);
        }
        let mut draw = Uniform::new(7 + epochs as u64 + parameters as u64);
        for seed in 1..20 {
            let val_mae = centre - 0.4 + 0.5 * draw.normal().abs() + 0.6 * draw.next() * draw.next();
            input.keras.push(KerasRow {
                experiment: id.into(),
                seed,
                val_mae,
                val_bias: -2.0 + draw.normal(),
            });
        }
    }
    for seed in seed_list(seeds) {
        input.results.rate_sweep.extend(rate_sweep(seed));
    }
    input
}

fn seed_list(seeds: u64) -> impl Iterator<Item = u64> {
    std::iter::once(51).chain(1..).take(seeds as usize)
}

fn level(t: usize) -> f64 {
    let season = (t % 365) as f64 / 365.0;
    let pattern = if season < 0.4 {
        libm::cos(std::f64::consts::TAU * season)
    } else {
        libm::exp(-3.0 * season)
    };
    10.0 + 0.05 * t as f64 + 40.0 * pattern
}

fn add_run(input: &mut ReportInput, id: &str, seed: u64, epochs: usize, parameters: usize, centre: f64) {
    let mut draw = Uniform::new(seed * 1000 + parameters as u64 + epochs as u64);
    let diverged = id == "bilstm-3" && seed == 4;
    let mae = centre - 0.4 + 0.5 * draw.normal().abs() + 0.6 * draw.next() * draw.next();
    let bias = -3.0 + draw.normal();
    let known = |value: f64| (!diverged).then_some(value);
    let (loss, mean): (Vec<_>, Vec<_>) = (0..epochs)
        .map(|epoch| {
            let wobble = 1.0 + 0.03 * draw.normal() * if epoch > 420 { 3.0 } else { 1.0 };
            let fallen = 4.6 + 40.0 / (1.0 + epoch as f64 * 0.6);
            let value = (!diverged || epoch < 12).then_some(fallen * wobble);
            (value, value.map(|loss| loss + 0.5))
        })
        .unzip();
    input.results.runs.push(Run {
        experiment: id.into(),
        seed,
        epochs,
        parameters,
        val_mae: known(mae),
        val_mse: known(mae * mae * 1.6),
        val_bias: known(bias),
        train_mae: mean.last().copied().flatten(),
        final_loss: loss.last().copied().flatten(),
        diverged: diverged.then_some(Divergence { epoch: 12 }),
    });
    input.curves.push(Curve {
        experiment: id.into(),
        seed,
        loss,
        mae: mean,
    });
    if seed == 51 || seed == 2 {
        let forecast = (1000..1461)
            .map(|t| 0.6 * input.series.values[t - 1] + 0.4 * level(t - 2) + bias / 2.0 + 0.5 * draw.normal());
        let values = forecast.collect();
        input.forecasts.push(ForecastTrace {
            experiment: id.into(),
            seed,
            values,
        });
    }
}

fn rate_sweep(seed: u64) -> Vec<RateSweepPoint> {
    let mut draw = Uniform::new(seed);
    let point = |epoch: usize| {
        let lr = 1e-8 * libm::pow(10.0, epoch as f64 / 20.0);
        let valley = 6.5
            + 22.0 / (1.0 + libm::pow(epoch as f64 / 30.0, 4.0))
            + if epoch > 62 {
                libm::pow(1.3, epoch as f64 - 62.0)
            } else {
                0.0
            };
        RateSweepPoint {
            seed,
            epoch,
            lr,
            loss: (epoch < 96).then_some(valley * (1.0 + 0.02 * draw.normal())),
        }
    };
    (0..100).map(point).collect()
}

fn rate_sweep_experiment() -> Experiment {
    Experiment {
        id: "lr-sweep".into(),
        title: "Learning-rate sweep".into(),
        tutorial: "best between 10⁻⁶ and 10⁻⁵".into(),
        description: "Two SimpleRNN layers of 40 units, Huber loss; the learning rate grows tenfold every 20 epochs."
            .into(),
        rate_sweep: true,
        zoom_last: None,
        source: Source::Tutorial,
    }
}

fn baselines() -> std::collections::BTreeMap<String, Baseline> {
    [
        ("naive", 5.9379, 61.828),
        ("trailing-mean", 7.1424, 80.0),
        ("seasonal-difference", 4.5694, 33.0),
        ("autoregression", 4.91, 40.1),
    ]
    .map(|(name, mae, mse)| (name.to_owned(), Baseline { mae, mse, bias: -0.1 }))
    .into()
}

fn distributions() -> Vec<Distribution> {
    let sample = |n, median: f64| Median {
        n,
        diverged: 0,
        median: Some(median),
        interval: Some([median - 0.2, median + 0.3]),
    };
    let test = |p: f64| PValue {
        p,
        adjusted: (4.0 * p).min(1.0),
    };
    let row = |experiment: &str, ours: f64, keras: f64, p| Distribution {
        experiment: experiment.into(),
        ours: sample(10, ours),
        keras: sample(19, keras),
        difference: Some(ours - keras),
        interval: Some([ours - keras - 0.3, ours - keras + 0.3]),
        kolmogorov_smirnov: test(p),
        mann_whitney: test(2.0 * p),
    };
    vec![row("rnn-500", 6.125, 6.25, 0.31), row("bilstm-2", 7.5, 5.75, 2.1e-5)]
}

fn claims() -> Vec<JudgedClaim> {
    let claim = |id: &str, claim: &str, verdict, effect, interval| JudgedClaim {
        id: id.into(),
        source: Source::Tutorial,
        claim: claim.into(),
        verdict,
        effect: Some(effect),
        interval: Some(interval),
        n: 20,
    };
    vec![
        claim(
            "second-layer",
            "a second bidirectional layer is much better",
            Verdict::Supported,
            -0.87,
            [-1.2, -0.5],
        ),
        claim(
            "third-layer",
            "a third layer helps further",
            Verdict::NotSupported,
            0.14,
            [0.02, 0.31],
        ),
        claim(
            "epochs",
            "400 epochs cost only a little MAE",
            Verdict::Undecided,
            0.02,
            [-0.1, 0.12],
        ),
    ]
}
