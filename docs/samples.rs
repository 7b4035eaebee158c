//! The Rust samples of the README and of the book, compiled and run as documentation tests. `cargo xtask tidy` says which page is missing here.

/// Makes a page's samples documentation tests.
macro_rules! pages {
    ($($name:ident: $file:literal),+ $(,)?) => {
        $(
            #[cfg(doctest)]
            #[doc = include_str!($file)]
            pub struct $name;
        )+
    };
}

pages! {
    Readme: "../README.md",
    Tutorial: "tutorial.md",
    HowTo: "how-to.md",
    OwnModel: "how-to/own-model.md",
    OwnCallback: "how-to/callback.md",
    Intervals: "how-to/intervals.md",
    Resume: "how-to/resume.md",
    KerasAndOnnx: "how-to/keras-and-onnx.md",
}
