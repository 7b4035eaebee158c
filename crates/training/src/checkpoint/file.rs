//! The file of a checkpoint.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use recurra_models::{NamedTensor, NamedTensors, from_safetensors, to_safetensors};
use recurra_series::ShuffleBuffer;
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::difference::difference;
use super::error::CheckpointError;
use super::history::SavedHistory;
use super::identity::Identity;
use crate::callbacks::CallbackState;
use crate::crc32c::Crc32c;
use crate::history::{History, StopReason};
use crate::running::Running;

/// What `format` says in every checkpoint.
const FORMAT: &str = "recurra-checkpoint";
/// The version that this code writes, and the only one that it reads. Version 1 held the history's numbers as JSON numbers,
/// and the states of only those callbacks that remember something.
const VERSION: u64 = 2;
/// The one entry in the safetensors metadata: safetensors does not keep the order of several, and the same checkpoint
/// should be the same bytes. It holds the checksum in 8 hexadecimal digits, a line feed, and the header in JSON.
const ENTRY: &str = "recurra";

/// Where a training stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) epoch: usize,
    pub(crate) batch: usize,
    pub(crate) shuffle: ShuffleBuffer,
    /// Bits, because JSON has no NaN.
    learning_rate: u64,
    pub(crate) steps: u64,
    loss: u64,
    absolute_errors: u64,
    pub(super) windows: usize,
    pub(crate) stop: Option<StopReason>,
}

impl Position {
    pub(crate) fn new(
        [epoch, batch]: [usize; 2],
        shuffle: ShuffleBuffer,
        (learning_rate, steps): (f64, u64),
        running: Running,
        stop: Option<StopReason>,
    ) -> Self {
        let Running {
            loss,
            absolute_errors,
            windows,
        } = running;
        let (loss, absolute_errors) = (loss.to_bits(), absolute_errors.to_bits());
        let learning_rate = learning_rate.to_bits();
        Self {
            epoch,
            batch,
            shuffle,
            learning_rate,
            steps,
            loss,
            absolute_errors,
            windows,
            stop,
        }
    }

    /// Whether a training with so many batches an epoch can stand here.
    pub(crate) fn is_possible(&self, batches: usize, batch_size: usize) -> bool {
        // Further steps must be countable: no training takes half as many.
        self.batch < batches.max(1)
            && self.windows <= self.batch.saturating_mul(batch_size)
            && self.steps.max(self.shuffle.drawn()) < u64::MAX / 2
    }

    pub(crate) fn learning_rate(&self) -> f64 {
        f64::from_bits(self.learning_rate)
    }

    pub(crate) fn running(&self) -> Running {
        let (loss, absolute_errors) = (f64::from_bits(self.loss), f64::from_bits(self.absolute_errors));
        Running {
            loss,
            absolute_errors,
            windows: self.windows,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    format: String,
    version: u64,
    code: String,
    identity: Identity,
    position: Position,
    history: SavedHistory,
    /// All callbacks, in their order.
    callbacks: Vec<(String, Value)>,
}

/// A training as it is saved.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    pub(crate) code: String,
    pub(crate) identity: Identity,
    pub(crate) position: Position,
    pub(crate) history: History,
    pub(crate) parameters: NamedTensors,
    /// What stateful layers carry; none for most networks.
    pub(crate) states: NamedTensors,
    pub(crate) moments: Vec<Vec<f32>>,
    pub(crate) callbacks: Vec<(String, CallbackState)>,
}

impl Checkpoint {
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError> {
        let mut tensors = NamedTensors::new();
        let flat = |values: &[f32]| NamedTensor {
            shape: vec![values.len()],
            values: values.to_vec(),
        };
        for (prefix, given) in [("parameters", &self.parameters), ("states", &self.states)] {
            for (name, tensor) in given {
                tensors.insert(format!("{prefix}/{name}"), tensor.clone());
            }
        }
        for (index, values) in self.moments.iter().enumerate() {
            tensors.insert(format!("optimizer/{index}"), flat(values));
        }
        for (index, (_, state)) in self.callbacks.iter().enumerate() {
            for (name, values) in &state.tensors {
                tensors.insert(format!("callbacks/{index}/{name}"), flat(values));
            }
        }
        let header = Header {
            format: FORMAT.to_owned(),
            version: VERSION,
            code: self.code.clone(),
            identity: self.identity.clone(),
            position: self.position.clone(),
            history: SavedHistory::from(&self.history),
            callbacks: self
                .callbacks
                .iter()
                .map(|(name, state)| (name.clone(), state.values.clone()))
                .collect(),
        };
        let header = serde_json::to_string(&header).map_err(CheckpointError::Unsaved)?;
        let entry = format!("{:08x}\n{header}", checksum(&header, &tensors));
        Ok(to_safetensors(
            &tensors,
            Some(HashMap::from([(ENTRY.to_owned(), entry)])),
        )?)
    }

    pub(crate) fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self, CheckpointError> {
        let broken = |problem: String| CheckpointError::NotWhole {
            path: path.to_owned(),
            problem,
        };
        let mut tensors = from_safetensors(bytes).map_err(|error| broken(error.to_string()))?;
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| broken(error.to_string()))?;
        let entry = metadata.metadata().as_ref().and_then(|entries| entries.get(ENTRY));
        let (sum, header) = entry
            .and_then(|entry| entry.split_once('\n'))
            .ok_or_else(|| broken("it has no header of a checkpoint".to_owned()))?;
        if u32::from_str_radix(sum, 16) != Ok(checksum(header, &tensors)) {
            return Err(broken("its checksum does not fit its content".to_owned()));
        }
        let value: Value = serde_json::from_str(header).map_err(|error| broken(error.to_string()))?;
        if value["format"] != FORMAT {
            return Err(broken(format!("its format is {}", value["format"])));
        }
        let found = value["version"].as_u64().unwrap_or(u64::MAX);
        if found > VERSION {
            return Err(CheckpointError::Version {
                path: path.to_owned(),
                found,
                known: VERSION,
            });
        }
        if found < VERSION {
            let problem = format!("its format {found} is of an earlier program, which alone can go on from it");
            return Err(broken(problem));
        }
        let header: Header = serde_json::from_value(value).map_err(|error| broken(error.to_string()))?;
        let parameters = take(&mut tensors, "parameters/");
        let states = take(&mut tensors, "states/");
        let moments = (0..)
            .map_while(|index| tensors.remove(&format!("optimizer/{index}")))
            .map(|tensor| tensor.values);
        let moments = moments.collect();
        let with_tensors = |(index, (name, values)): (usize, (String, Value))| {
            let vectors = take(&mut tensors, &format!("callbacks/{index}/"));
            let tensors: BTreeMap<String, Vec<f32>> = vectors
                .into_iter()
                .map(|(name, tensor)| (name, tensor.values))
                .collect();
            (name, CallbackState { values, tensors })
        };
        let callbacks = header.callbacks.into_iter().enumerate().map(with_tensors).collect();
        let Header {
            code,
            identity,
            position,
            history,
            ..
        } = header;
        Ok(Self {
            code,
            identity,
            position,
            history: history.into(),
            parameters,
            states,
            moments,
            callbacks,
        })
    }

    /// Refuses a checkpoint of another training. The number of epochs may differ: that is how one trains on.
    pub(crate) fn check(&self, path: &Path, here: &Identity) -> Result<(), CheckpointError> {
        let mut identity = self.identity.clone();
        identity.options.epochs = here.options.epochs;
        let json = |identity: &Identity| serde_json::to_value(identity).map_err(CheckpointError::Unsaved);
        match difference(&json(&identity)?, &json(here)?) {
            None => Ok(()),
            Some((field, checkpoint, here)) => Err(CheckpointError::Differs {
                path: path.to_owned(),
                field,
                checkpoint,
                here,
            }),
        }
    }
}

/// Removes the tensors whose names begin with `prefix`, and the prefix from their names.
fn take(tensors: &mut NamedTensors, prefix: &str) -> NamedTensors {
    let names: Vec<String> = tensors
        .keys()
        .filter(|name| name.starts_with(prefix))
        .cloned()
        .collect();
    let mut taken = NamedTensors::new();
    for name in names {
        if let Some(tensor) = tensors.remove(&name) {
            taken.insert(name[prefix.len()..].to_owned(), tensor);
        }
    }
    taken
}

/// CRC-32C of the header and of all names, shapes and values.
fn checksum(header: &str, tensors: &NamedTensors) -> u32 {
    let mut sum = Crc32c::new();
    sum.add(header.as_bytes());
    for (name, tensor) in tensors {
        sum.add(name.as_bytes());
        tensor
            .shape
            .iter()
            .for_each(|&extent| sum.add(&(extent as u64).to_le_bytes()));
        tensor.values.iter().for_each(|value| sum.add(&value.to_le_bytes()));
    }
    sum.value()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::Path;

    use super::{Checkpoint, ENTRY, NamedTensor, NamedTensors, checksum, to_safetensors};

    /// What a file with this header and no tensors is refused for. Its checksum is right.
    fn refusal(header: &str) -> String {
        let tensors = NamedTensors::new();
        let entry = format!("{:08x}\n{header}", checksum(header, &tensors));
        refusal_of([(ENTRY.to_owned(), entry)])
    }

    fn refusal_of(metadata: impl IntoIterator<Item = (String, String)>) -> String {
        let metadata = HashMap::from_iter(metadata);
        let bytes = to_safetensors(&NamedTensors::new(), Some(metadata)).unwrap_or_default();
        let outcome = Checkpoint::from_bytes(Path::new("file"), &bytes);
        outcome.map_or_else(|error| error.to_string(), |_| "it is read".to_owned())
    }

    #[test]
    fn every_part_of_the_header_is_looked_at() {
        assert_eq!(
            refusal_of([("other".to_owned(), "0\n{}".to_owned())]),
            "file is not a whole checkpoint: it has no header of a checkpoint"
        );
        assert_eq!(
            refusal_of([(ENTRY.to_owned(), "00000000\n{}".to_owned())]),
            "file is not a whole checkpoint: its checksum does not fit its content"
        );
        assert_eq!(
            refusal(r#"{"format":"another","version":2}"#),
            "file is not a whole checkpoint: its format is \"another\""
        );
        assert_eq!(
            refusal(r#"{"format":"recurra-checkpoint","version":3}"#),
            "file has checkpoint format 3, this program reads up to 2; use a newer program"
        );
        assert_eq!(
            refusal(r#"{"format":"recurra-checkpoint","version":1}"#),
            "file is not a whole checkpoint: its format 1 is of an earlier program, which alone can go on from it"
        );
        assert_eq!(
            refusal(r#"{"format":"recurra-checkpoint","version":2}"#),
            "file is not a whole checkpoint: missing field `code`"
        );
    }

    /// A changed shape of as many values passes every other check.
    #[test]
    fn the_checksum_is_of_header_names_shapes_and_values() {
        let tensors = |name: &str, shape: [usize; 2], first: f32| {
            let (shape, values) = (shape.to_vec(), vec![first, 0.0, 0.0, 0.0, 0.0, 0.0]);
            NamedTensors::from([(name.to_owned(), NamedTensor { shape, values })])
        };
        let same = checksum("header", &tensors("name", [2, 3], 1.0));
        assert_eq!(checksum("header", &tensors("name", [2, 3], 1.0)), same);
        let others = [
            checksum("headen", &tensors("name", [2, 3], 1.0)),
            checksum("header", &tensors("nane", [2, 3], 1.0)),
            checksum("header", &tensors("name", [3, 2], 1.0)),
            checksum("header", &tensors("name", [2, 3], 2.0)),
        ];
        assert!(!others.contains(&same));
    }
}
