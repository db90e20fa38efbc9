//! The one-stop shop of a province: a million dossiers with ten actions each, and fifty people who work with them.

mod drive;
mod house;
mod lives;
mod load;
mod measure;

use anyhow::Result;

use crate::options::Options;
use crate::report::Report;

/// Measures all of it.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    let province = load::prepare(options, report).await?;
    measure::all(options, &province, report).await
}
