//! What URLs name, and what is in the folders among them: `cargo run -p recurra-objects --example urls -- s3://shop/panel/`

#![allow(clippy::print_stdout)]

use std::path::PathBuf;

use recurra_objects::ObjectUrl;

fn main() {
    let mut given: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let asks = !given.is_empty();
    if !asks {
        given = [
            "s3://shop/panel/",
            "gs://shop/sales.csv",
            "sales.csv",
            "ftp://shop/sales.csv",
        ]
        .map(PathBuf::from)
        .to_vec();
    }
    for path in &given {
        match ObjectUrl::of(path) {
            Ok(None) => println!("{}: a path of the file system", path.display()),
            Ok(Some(url)) if url.is_folder() => {
                println!("{url}: the folder `{}` of {}", url.key(), url.place());
                // Only who names a URL has it asked for.
                match asks.then(|| url.list()) {
                    Some(Ok(objects)) => objects.iter().for_each(|object| println!("  {object}")),
                    Some(Err(error)) => println!("  {error}"),
                    None => {}
                }
            }
            Ok(Some(url)) => println!("{url}: the object `{}` of {}", url.key(), url.place()),
            Err(error) => println!("{error}"),
        }
    }
}
