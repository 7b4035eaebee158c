//! Model files: what comes back is what was saved, and what is no model file ends in an error.

#![allow(clippy::unwrap_used)]

use recurra_evaluation::{FittedForecaster, History, Training};
use recurra_series::Frequency;
use recurra_training::{Loss, Quantiles};
use recurra_zoo::Registry;
use recurra_zoo::forecaster::{Classical, HeldOutSeries, HoldOut, NetworkForecaster, NetworkSettings, Strategy};
use recurra_zoo::model_file::{DataDescription, LossCurve, ModelFile, ModelFileError, SavedModel, weights_sha256};

fn values() -> Vec<f64> {
    (0..70)
        .map(|day| 50.0 + f64::from(day % 7) * 1.7 + f64::from(day * 11 % 13) * 0.3)
        .collect()
}

fn description() -> DataDescription {
    DataDescription {
        time: "ds".into(),
        value: "y".into(),
        unique_id: None,
        past: Vec::new(),
        future: Vec::new(),
        calendar: false,
        time_format: None,
        frequency: Some(Frequency::Days(1)),
        fill: None,
        season: 7,
        series: 1,
        points: 70,
        first: "2024-01-01".into(),
        last: "2024-03-10".into(),
        sha256: String::new(),
    }
}

fn saved() -> ModelFile {
    saved_with(|_| {})
}

fn saved_with(change: impl FnOnce(&mut NetworkSettings)) -> ModelFile {
    let zoo = Registry::builtin();
    let entry = zoo.find("gru-1x8").unwrap();
    let mut settings = NetworkSettings::of(entry.recipe(), 51);
    settings.training.epochs = 1;
    change(&mut settings);
    let values = values();
    let history = History::new(&values);
    let forecaster = NetworkForecaster::new(entry, settings);
    let (fitted, _) = forecaster
        .fit_with(&Training::new(&[history.until(50).unwrap()], 3), &mut [], None)
        .unwrap();
    let part = HeldOutSeries {
        history,
        first: 50,
        observed: &|_| true,
    };
    let hold_out = Some(HoldOut::measure(&fitted, &[part], 3).unwrap());
    ModelFile {
        version: "0.1.0".into(),
        model: SavedModel::Network(fitted),
        data: description(),
        hold_out,
        refitted: false,
        losses: vec![LossCurve {
            name: "training loss".into(),
            values: vec![Some(0.1), None, Some(1.0 / 3.0)],
        }],
    }
}

fn network(file: &ModelFile) -> &dyn FittedForecaster {
    match &file.model {
        SavedModel::Network(fitted) => fitted,
        SavedModel::Classical { .. } => panic!("a network was saved"),
    }
}

#[test]
fn how_far_values_lay_outside_a_networks_bands_comes_back() {
    let file = || {
        saved_with(|settings| {
            let quantiles = Quantiles::new(&[0.025, 0.1, 0.5, 0.9, 0.975]).unwrap();
            settings.training.loss = Loss::Quantiles { quantiles };
            settings.strategy = Strategy::Direct;
        })
    };
    let read = ModelFile::from_bytes(&file().to_bytes().unwrap(), &Registry::builtin()).unwrap();
    let hold_out = read.hold_out.unwrap();
    assert_eq!(hold_out.outside.len(), 2);
    assert_eq!(Some(hold_out), file().hold_out);

    // Levels that do not rise, of which a file could name any number.
    let mut twice = file();
    twice.hold_out.as_mut().unwrap().quantile_levels.swap(0, 1);
    let error = ModelFile::from_bytes(&twice.to_bytes().unwrap(), &Registry::builtin()).unwrap_err();
    assert!(
        error.to_string().contains("`quantile_levels` is 80 after 95"),
        "{error}"
    );
}

#[test]
fn errors_that_are_not_finite_are_not_written() {
    type Change = fn(&mut HoldOut);
    let changes: [Change; 4] = [
        |hold_out| hold_out.mae = f64::INFINITY,
        |hold_out| hold_out.naive_mae = f64::NAN,
        |hold_out| hold_out.scales.values_mut().for_each(|scale| *scale = f64::INFINITY),
        |hold_out| hold_out.residuals[2][0] = f64::NAN,
    ];
    for change in changes {
        let mut file = saved();
        change(file.hold_out.as_mut().unwrap());
        assert!(matches!(file.to_bytes(), Err(ModelFileError::HoldOut)));
    }
}

#[test]
fn a_model_comes_back_bit_for_bit() {
    let registry = Registry::builtin();
    let file = saved();
    let bytes = file.to_bytes().unwrap();
    assert_eq!(
        bytes,
        saved().to_bytes().unwrap(),
        "the same model gives the same bytes"
    );
    let read = ModelFile::from_bytes(&bytes, &registry).unwrap();
    let values = values();
    let history = History::new(&values);
    assert_eq!(
        network(&read).forecast(&history, 9).unwrap(),
        network(&file).forecast(&history, 9).unwrap()
    );
    assert_eq!(read.hold_out, file.hold_out);
    assert_eq!(read.losses, file.losses);
    assert_eq!(read.data, file.data);
    assert_eq!(read.to_bytes().unwrap(), bytes);
    let (SavedModel::Network(left), SavedModel::Network(right)) = (&read.model, &file.model) else {
        panic!()
    };
    assert_eq!(weights_sha256(left.network()), weights_sha256(right.network()));
}

#[test]
fn a_quantile_head_comes_back_and_outputs_that_do_not_fit_it_are_refused() {
    let zoo = Registry::builtin();
    let entry = zoo.find("gru-1x8").unwrap();
    let mut settings = NetworkSettings::of(entry.recipe(), 51);
    settings.training.epochs = 1;
    settings.strategy = Strategy::Direct;
    let quantiles = Quantiles::new(&[0.1, 0.5, 0.9]).unwrap();
    settings.training.loss = Loss::Quantiles { quantiles };
    let values = values();
    let history = History::new(&values);
    let forecaster = NetworkForecaster::new(entry, settings);
    let (fitted, _) = forecaster
        .fit_with(&Training::new(&[history], 2), &mut [], None)
        .unwrap();
    let file = ModelFile {
        model: SavedModel::Network(fitted),
        hold_out: None,
        ..saved()
    };
    let bytes = file.to_bytes().unwrap();
    let read = ModelFile::from_bytes(&bytes, &zoo).unwrap();
    let of = |file| {
        network(file)
            .forecast_quantiles(&[history], 2, &[0.1, 0.5, 0.9])
            .unwrap()
    };
    assert_eq!(of(&read), of(&file));
    // Another quantile in the list, of the same length in bytes: six outputs are not groups of four.
    let from: &[u8] = b"[0.1,0.5,0.9]";
    let at = bytes.windows(from.len()).position(|part| part == from).unwrap();
    let mut changed = bytes.clone();
    changed[at..at + from.len()].copy_from_slice(b"[.1,.2,.5,.9]");
    assert!(ModelFile::from_bytes(&changed, &zoo).is_err());
    changed[at..at + from.len()].copy_from_slice(b"[0.9,0.5,0.1]");
    let error = ModelFile::from_bytes(&changed, &zoo).unwrap_err().to_string();
    assert!(error.contains("rising"), "{error}");
}

#[test]
fn a_classical_method_comes_back_by_name() {
    let file = ModelFile {
        model: SavedModel::Classical {
            method: Classical::Theta,
            window: 20,
        },
        hold_out: None,
        losses: Vec::new(),
        ..saved()
    };
    let read = ModelFile::from_bytes(&file.to_bytes().unwrap(), &Registry::builtin()).unwrap();
    assert_eq!(read.losses, []);
    assert!(matches!(
        read.model,
        SavedModel::Classical {
            method: Classical::Theta,
            window: 20
        }
    ));
}

#[test]
fn damage_anywhere_is_an_error_and_never_a_crash() {
    let registry = Registry::builtin();
    let bytes = saved().to_bytes().unwrap();
    for length in (0..bytes.len()).step_by(97) {
        assert!(
            ModelFile::from_bytes(&bytes[..length], &registry).is_err(),
            "{length} bytes"
        );
    }
    // One changed byte: an error, or (in the middle of a name or a number of the header) another sound model.
    for at in (0..bytes.len()).step_by(31) {
        for change in [1, 0x20, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            drop(ModelFile::from_bytes(&changed, &registry));
        }
    }
    let weights = bytes.len() - 3;
    let mut changed = bytes;
    changed[weights] ^= 0x10;
    assert!(
        ModelFile::from_bytes(&changed, &registry).is_err(),
        "a changed weight is seen by its digest"
    );
}

/// The file with a part of its header replaced; the length of the header is set right again.
fn edited(from: &str, to: &str) -> Vec<u8> {
    let bytes = saved().to_bytes().unwrap();
    let length = usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    let header = std::str::from_utf8(&bytes[8..8 + length]).unwrap();
    assert!(header.contains(from), "{header}");
    let mut header = header.replace(from, to);
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    [
        &(header.len() as u64).to_le_bytes()[..],
        header.as_bytes(),
        &bytes[8 + length..],
    ]
    .concat()
}

#[test]
fn impossible_fields_are_named() {
    let error = |from: &str, to: &str| ModelFile::from_bytes(&edited(from, to), &Registry::builtin()).unwrap_err();
    let q = "\\\"";
    assert!(matches!(
        error(&format!("{q}format{q}:1"), &format!("{q}format{q}:2")),
        ModelFileError::Format { found: 2, known: 1, .. }
    ));
    let cases = [
        (
            "window",
            format!("{q}window{q}:20"),
            format!("{q}window{q}:99999999999"),
        ),
        ("window", format!("{q}window{q}:20"), format!("{q}window{q}:0")),
        (
            "outputs",
            format!("{q}outputs{q}:1"),
            format!("{q}outputs{q}:4000000000"),
        ),
        ("season", format!("{q}season{q}:7"), format!("{q}season{q}:0")),
        ("frequency", format!("{q}days{q}:1"), format!("{q}days{q}:0")),
        (
            "difference",
            format!("{q}difference{q}:0"),
            format!("{q}difference{q}:9000000000000"),
        ),
    ];
    for (field, from, to) in cases {
        let error = error(&from, &to);
        assert!(
            matches!(&error, ModelFileError::Field { field: found, .. } if *found == field),
            "{field}: {error}"
        );
    }
    assert!(matches!(error("gru-1x8", "gru-1x77"), ModelFileError::UnknownModel(_)));
    assert!(matches!(error("gru-1x8", "gru-1x16"), ModelFileError::Weights(_)));
    assert!(matches!(
        error(&format!("{q}refitted{q}"), &format!("{q}other{q}")),
        ModelFileError::Header(_)
    ));
}

/// A file of some kilobytes must not ask for a network that is many times as large: it is refused before it is built.
#[test]
fn more_outputs_than_the_weights_are_for_are_refused_before_the_network_is_built() {
    let q = "\\\"";
    let bytes = edited(
        &format!("{q}strategy{q}:{q}recursive{q}"),
        &format!("{q}strategy{q}:{q}direct{q}"),
    );
    let length = usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    let header = std::str::from_utf8(&bytes[8..8 + length]).unwrap();
    let with_outputs = |outputs: usize| {
        let mut changed = header.replace(&format!("{q}outputs{q}:1"), &format!("{q}outputs{q}:{outputs}"));
        while !changed.len().is_multiple_of(8) {
            changed.push(' ');
        }
        let file = [
            &(changed.len() as u64).to_le_bytes()[..],
            changed.as_bytes(),
            &bytes[8 + length..],
        ];
        ModelFile::from_bytes(&file.concat(), &Registry::builtin())
    };
    assert!(with_outputs(1).is_ok());
    // gru-1x8 with one column has 24 + 192 + 48 weights before its head and 9 an output.
    for outputs in [2, 200] {
        let error = with_outputs(outputs).unwrap_err();
        let weights = format!("{} weights, and the file holds 273", 264 + 9 * outputs);
        assert!(
            matches!(&error, ModelFileError::Field { field: "outputs", value } if value.contains(&weights)),
            "{error}"
        );
    }
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = std::env::temp_dir().join(format!("recurra-model-file-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("a.model");
    saved().write(&path).unwrap();
    assert!(ModelFile::read(&path, &Registry::builtin()).is_ok());
    assert!(saved().write(&folder.join("none/a.model")).is_err());
    assert!(ModelFile::read(&folder, &Registry::builtin()).is_err());
    let names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["a.model"]);
    std::fs::remove_dir_all(&folder).unwrap();
}
