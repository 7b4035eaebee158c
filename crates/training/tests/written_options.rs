//! Options as people write them: a name that is not one is an error, not an option that does nothing.
#![allow(clippy::unwrap_used)]

use recurra_training::{
    Clipping, EarlyStoppingOptions, EmaOptions, FitOptions, Keep, LearningRateFinder, Loss, OptimizerOptions,
    ReduceLrOnPlateauOptions, Schedule,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads `written`, which must come back, and refuses it with one option more.
fn check<T: DeserializeOwned + Serialize>(written: Value) {
    let read: T = serde_json::from_value(written.clone()).unwrap_or_else(|error| panic!("{written}: {error}"));
    let again: T = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
    assert_eq!(
        serde_json::to_value(&read).unwrap(),
        serde_json::to_value(&again).unwrap()
    );
    let mut more = written;
    // In `{"best": {…}}` the options lie one level down.
    let options = match more.get_mut("best") {
        Some(inner) => inner,
        None => &mut more,
    };
    options["momentun"] = json!(0.9);
    let outcome = serde_json::from_value::<T>(more.clone()).map(|_| ());
    assert!(
        outcome
            .as_ref()
            .is_err_and(|error| error.to_string().contains("momentun")),
        "{more}: {outcome:?}"
    );
}

#[test]
fn an_option_that_is_none_is_refused_by_its_name() {
    for loss in [
        "mean-squared-error",
        "mean-absolute-error",
        "huber",
        "log-cosh",
        "mean-absolute-percentage-error",
    ] {
        check::<Loss>(json!({"name": loss}));
    }
    check::<Loss>(json!({"name": "huber", "delta": 2.5}));
    check::<Loss>(json!({"name": "quantile", "quantile": 0.9}));
    check::<Loss>(json!({"name": "quantiles", "quantiles": [0.1, 0.5, 0.9]}));
    for optimizer in ["sgd", "adam", "rms-prop"] {
        check::<OptimizerOptions>(json!({"name": optimizer, "clipping": {"by": "norm", "limit": 1.0}}));
    }
    for by in ["value", "norm", "global-norm"] {
        check::<Clipping>(json!({"by": by, "limit": 1.0}));
    }
    check::<FitOptions>(json!({"epochs": 3}));
    check::<EarlyStoppingOptions>(json!({"patience": 3}));
    check::<ReduceLrOnPlateauOptions>(json!({"factor": 0.5}));
    check::<EmaOptions>(json!({}));
    check::<Keep>(json!({"best": {"monitor": "val_mae", "mode": "min"}}));
    check::<LearningRateFinder>(json!({"epochs": 3}));
    check::<Schedule>(json!({"name": "cosine", "initial": 0.1, "epochs": 5}));
    check::<Schedule>(json!({"name": "exponential", "initial": 0.1, "decay_rate": 0.5, "decay_epochs": 5.0}));
    check::<Schedule>(json!({"name": "step", "initial": 0.1, "factor": 0.5, "every": 5}));
    check::<Schedule>(json!({"name": "one-cycle", "highest": 0.1, "epochs": 5}));
    let then = json!({"name": "one-cycle", "highest": 0.1, "epochs": 5});
    check::<Schedule>(json!({"name": "warm-up", "from": 0.1, "epochs": 5, "then": then}));
}

#[test]
fn hubers_delta_is_one_where_nobody_says() {
    let loss: Loss = serde_json::from_value(json!({"name": "huber"})).unwrap();
    assert_eq!(loss, Loss::Huber { delta: 1.0 });
    assert_eq!(
        serde_json::to_value(loss).unwrap(),
        json!({"name": "huber", "delta": 1.0})
    );
}
