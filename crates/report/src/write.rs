//! The report as files.

use crate::charts::{self, Chart};
use crate::input::ReportInput;
use crate::{ReportError, check, files, html, markdown};
use std::path::{Path, PathBuf};

/// Where the report's files are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The page that opens in any browser and needs nothing beside it.
    pub report_html: PathBuf,
    /// The same for a forge's pages, with the charts beside it.
    pub report_md: PathBuf,
    /// The charts, `charts/*.svg`, in the order of the report.
    pub charts: Vec<PathBuf>,
}

/// Writes `charts/*.svg`, `REPORT.md` and `report.html` into `folder`, which is made if it is not there.
///
/// Every file is written beside its place and renamed, so an interrupted run leaves the old or the new one. The charts
/// have the same bytes for the same records.
///
/// # Errors
/// [`ReportError::Records`] if the records contradict each other (before anything is written), [`ReportError::Write`]
/// if a file cannot be written.
pub fn write(input: &ReportInput, folder: &Path) -> Result<Written, ReportError> {
    check::check(input)?;
    let drawn = charts::all(input)?;
    let page = html::page(input, &drawn)?;
    let pictures = folder.join("charts");
    files::folder(&pictures)?;
    let mut paths = Vec::with_capacity(drawn.len());
    for Chart { name, picture, .. } in &drawn {
        let path = pictures.join(format!("{name}.svg"));
        files::write(&path, picture.svg.as_bytes())?;
        paths.push(path);
    }
    let written = Written {
        report_html: folder.join("report.html"),
        report_md: folder.join("REPORT.md"),
        charts: paths,
    };
    files::write(&written.report_md, markdown::document(input, &drawn).as_bytes())?;
    files::write(&written.report_html, page.as_bytes())?;
    Ok(written)
}
