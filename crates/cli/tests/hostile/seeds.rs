//! The whole files that are damaged.

use std::path::Path;
use std::process::Command;

/// The whole files of a reader.
pub(crate) fn seeds(name: &str) -> Vec<Vec<u8>> {
    let files = match name {
        "csv" => tables(),
        "parquet" => vec![parquet()],
        "model" => vec![model("gru-1x8"), model("theta")],
        "checkpoint" => vec![checkpoint()],
        "keras" => ["gru-1x8.keras", "gru-1x8.weights.h5", "bilstm-2x8.weights.h5"]
            .map(keras)
            .to_vec(),
        "matrix" => vec![read("xtask/matrix.toml"), read("xtask/tests/data/tiny.toml")],
        _ => Vec::new(),
    };
    if std::env::var_os("RECURRA_WRITE_SEEDS").is_some() {
        let folder = root().join("fuzz/seeds").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (index, bytes) in files.iter().enumerate() {
            std::fs::write(folder.join(index.to_string()), bytes).unwrap();
        }
    }
    files
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).unwrap()
}

fn keras(name: &str) -> Vec<u8> {
    read(&format!("xtask/fixtures/data/keras-files/{name}"))
}

/// Tables as people have them.
fn tables() -> Vec<Vec<u8>> {
    let mut long = String::from("unique_id,ds,y,promo\n");
    for day in 1..=28 {
        for shop in ["north", "south"] {
            long += &format!("{shop},2024-02-{day:02},{}.5,{}\n", day * 7 % 13, day % 2);
        }
    }
    vec![
        long.into_bytes(),
        b"\xef\xbb\xbfds;y\r\n01.01.2024;1,5\r\n02.01.2024;2,5\r\n03.01.2024;NA\r\n04.01.2024;3\r\n".to_vec(),
        b"ds\ty\n2024-01-01T00:00:00+01:00\t\"1\"\n2024-01-01T01:00:00+01:00\t2\n2024-01-01T02:00:00+01:00\t3\n"
            .to_vec(),
        b"ds,y\n0,1e3\n1,-2\n2,3.25\n3,4\n4,5\n".to_vec(),
        b"ds,y\n2024-01-31,1\n2024-02-29,2\n2024-03-31,3\n2024-04-30,4\n".to_vec(),
    ]
}

/// Three columns of 40 rows.
fn parquet() -> Vec<u8> {
    use recurra_series::{OutputColumn, OutputTable};
    let names = (0..40).map(|row| ["north", "south"][row / 20].to_owned());
    let days = (0..40).map(|row| format!("2024-01-{:02}", row % 20 + 1));
    let values = (0..40).map(|row| (row != 7).then(|| f64::from(row * 7 % 13)));
    let table = OutputTable::new()
        .with("unique_id", OutputColumn::Text(names.collect()))
        .with("ds", OutputColumn::Text(days.collect()))
        .with("y", OutputColumn::Numbers(values.collect()));
    table.to_parquet("whole.parquet").unwrap()
}

/// A model file as `recurra fit` writes it.
fn model(name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_recurra"))
            .args(line.split_whitespace())
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run("generate --preset daily --length 80 -o data.csv");
    run(&format!(
        "fit data.csv --model {name} --horizon 2 -o model.safetensors{}",
        if name == "theta" { "" } else { " --epochs 1" }
    ));
    std::fs::read(folder.path().join("model.safetensors")).unwrap()
}

fn checkpoint() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole.checkpoint");
    crate::readers::write_checkpoint(&path).unwrap();
    std::fs::read(path).unwrap()
}
