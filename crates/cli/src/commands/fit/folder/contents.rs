//! The first reading of a folder, before anything is trained.

use recurra_zoo::forecaster::PanelParts;

use crate::failure::Failure;
use crate::folder::{Contents, Folder};
use crate::progress::PartBar;
use crate::terminal::Terminal;
use crate::text::counted;

/// Reads all parts, and says what they hold.
pub(super) fn read_once(folder: &Folder, terminal: &Terminal) -> Result<Contents, Failure> {
    let bar = PartBar::new(terminal, "reading", folder.count());
    let contents = folder.contents(|part| bar.show(part, None))?;
    drop(bar);
    let frequency = folder.reading().options.frequency;
    let range = contents.first.zip(contents.last);
    terminal.note(&format!(
        "{}: {}, {} series, {} values of `{}` by `{}`, {}{}",
        folder.path.display(),
        counted(folder.count(), "part"),
        contents.series,
        contents.points,
        folder.reading().names.value,
        folder.reading().names.time,
        frequency.map_or_else(|| "no frequency".to_owned(), |found| found.to_string()),
        range.map_or_else(String::new, |(first, last)| format!(", {first} to {last}")),
    ));
    Ok(contents)
}
