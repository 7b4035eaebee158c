//! One network as three files that other programs read: `cargo run -p recurra-interchange --example to_onnx_and_keras`.
//!
//! They are written to a folder that the program names: an ONNX model, weights for `keras.Model.load_weights`, and what comes back from the
//! latter forecasts the same bits.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use recurra_interchange::{ImportOptions, OnnxOptions, onnx, read, weights_h5};
use recurra_zoo::{BuildOptions, Registry};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let zoo = Registry::builtin();
    let options = BuildOptions {
        seed: 51,
        ..BuildOptions::default()
    };
    let network = zoo.find("bilstm-2x8")?.build(&options)?;

    let folder = std::env::temp_dir().join("recurra-interchange");
    std::fs::create_dir_all(&folder)?;
    let (keras, graph) = (folder.join("bilstm-2x8.weights.h5"), folder.join("bilstm-2x8.onnx"));
    std::fs::write(&keras, weights_h5(&*network)?)?;
    std::fs::write(&graph, onnx(&*network, &OnnxOptions::default())?)?;
    for file in [&keras, &graph] {
        println!("{:8} bytes  {}", std::fs::metadata(file)?.len(), file.display());
    }

    // Weights alone tell the architecture.
    let imported = read(&keras, &ImportOptions::default(), &zoo)?;
    let window = [0.5; 20];
    let (ours, theirs) = (network.predict(&window, 20)?, imported.network.predict(&window, 20)?);
    println!("read back as {}: {} and {}", imported.model, ours[0], theirs[0]);
    assert_eq!(ours[0].to_bits(), theirs[0].to_bits());
    Ok(())
}
