//! The one-stop shop of a province: a million dossiers with ten actions each, and fifty people who work with them.

mod drive;
mod house;
mod lives;
mod load;
mod measure;
mod papers;
mod signs;

use anyhow::Result;

use crate::options::Options;
use crate::report::Report;

/// Measures papers: the receipt of a dossier, and a register of two hundred pages.
pub(crate) async fn measure_papers(options: &Options, report: &mut Report) -> Result<()> {
    papers::measure(options, report).await
}

/// Measures signing: a batch of a thousand documents.
pub(crate) async fn measure_signs(options: &Options, report: &mut Report) -> Result<()> {
    Box::pin(signs::measure(options, report)).await
}

/// Measures all of it.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    let province = load::prepare(options, report).await?;
    measure::all(options, &province, report).await
}
