//! A panel that is read part by part, since it is larger than memory.

use recurra_series::Panel;

/// Why a part could not be read.
pub type PartError = Box<dyn std::error::Error + Send + Sync>;

/// A panel in parts, of which a few are in memory at once. Every series lies in one part as a whole, and the parts have an
/// order: with the seed it decides the bits of a training.
pub trait PanelParts: Sync {
    /// How many parts there are.
    fn count(&self) -> usize;

    /// Reads part `index`. It is called from a thread of its own while another part is trained on.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read(&self, index: usize) -> Result<Panel, PartError>;
}

/// One part, in memory.
impl PanelParts for Panel {
    fn count(&self) -> usize {
        1
    }

    fn read(&self, _index: usize) -> Result<Panel, PartError> {
        Ok(self.clone())
    }
}
