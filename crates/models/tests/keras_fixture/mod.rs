//! Reads `xtask/fixtures/data/layers-*.safetensors`, and the bound that ours is held to.

use std::collections::BTreeMap;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors};

/// A tensor of a fixture, in f64 whatever the file holds.
pub(crate) struct Array {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f64>,
}

impl Array {
    /// The values as f32, for tensors that the file holds as such.
    pub(crate) fn f32(&self) -> Vec<f32> {
        #[expect(clippy::cast_possible_truncation, reason = "they were f32 before they were widened")]
        self.values.iter().map(|&value| value as f32).collect()
    }
}

/// All tensors of `layers-{cell}.safetensors`.
pub(crate) struct Fixture {
    arrays: BTreeMap<String, Array>,
}

impl Fixture {
    pub(crate) fn read(cell: &str) -> Self {
        Self::open(&format!("layers-{cell}"))
    }

    /// All tensors of `{file}.safetensors`.
    pub(crate) fn open(file: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../xtask/fixtures/data/{file}.safetensors"));
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let array = |view: safetensors::tensor::TensorView<'_>| {
            let values = match view.dtype() {
                Dtype::F32 => view
                    .data()
                    .as_chunks()
                    .0
                    .iter()
                    .map(|&b| f64::from(f32::from_le_bytes(b)))
                    .collect(),
                Dtype::F64 => view
                    .data()
                    .as_chunks()
                    .0
                    .iter()
                    .map(|&b| f64::from_le_bytes(b))
                    .collect(),
                other => panic!("a fixture holds {other:?}"),
            };
            Array {
                shape: view.shape().to_vec(),
                values,
            }
        };
        let arrays = file.iter().map(|(name, view)| (name.to_owned(), array(view))).collect();
        Self { arrays }
    }

    pub(crate) fn get(&self, name: &str) -> &Array {
        self.arrays
            .get(name)
            .unwrap_or_else(|| panic!("the fixture has no {name}"))
    }

    /// The cases: `size/wrapper/sequences` or `size/wrapper/last`.
    pub(crate) fn cases(&self) -> Vec<Case> {
        let cases: Vec<_> = self
            .arrays
            .keys()
            .filter_map(|name| name.strip_suffix("/dy"))
            .map(|name| {
                let [size, wrapper, returns] = name.split('/').collect::<Vec<_>>().try_into().unwrap();
                Case {
                    name: name.to_owned(),
                    size: size.to_owned(),
                    wrapper: wrapper.to_owned(),
                    sequences: returns == "sequences",
                }
            })
            .collect();
        assert_eq!(cases.len(), 36, "six sizes of four cases, one of twelve");
        cases
    }

    /// How far `ours` lies from Keras' f64 result, as a share of what is allowed: the larger of 2e-6 of the largest
    /// magnitude and twice the distance of Keras' own f32 result.
    pub(crate) fn share_of_bound(&self, case: &Case, name: &str, ours: &[f32]) -> f64 {
        let exact = self.get(&format!("{}/{name}/float64", case.name));
        let keras = self.get(&format!("{}/{name}/float32", case.name));
        assert_eq!(ours.len(), exact.values.len(), "{}/{name}", case.name);
        let largest = exact.values.iter().fold(0.0_f64, |largest, v| largest.max(v.abs()));
        let distance = |other: &mut dyn Iterator<Item = f64>| {
            exact.values.iter().zip(other).fold(0.0_f64, |worst, (e, o)| {
                assert!(o.is_finite());
                worst.max((e - o).abs())
            })
        };
        let of_keras = distance(&mut keras.values.iter().copied());
        let of_ours = distance(&mut ours.iter().map(|&v| f64::from(v)));
        if of_ours == 0.0 {
            return 0.0; // also where all is zero: the recurrent kernel of one step
        }
        of_ours / (2.0 * of_keras).max(2e-6 * largest)
    }
}

/// One layer applied to one batch.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) size: String,
    pub(crate) wrapper: String,
    pub(crate) sequences: bool,
}

/// The worst share of the bound, and where.
#[derive(Default)]
pub(crate) struct Worst {
    pub(crate) share: f64,
    pub(crate) at: String,
}

impl Worst {
    pub(crate) fn note(&mut self, share: f64, at: String) {
        if share > self.share {
            *self = Self { share, at };
        }
    }

    /// Fails when a share is above one; `cargo test -- --nocapture` shows the worst.
    pub(crate) fn judge(&self, what: &str) {
        eprintln!("{what}: at most {:.3} of the bound, at {}", self.share, self.at);
        assert!(self.share <= 1.0, "{what}: {} of the bound at {}", self.share, self.at);
        assert!(self.share > 0.0, "{what}: nothing was compared");
    }
}
