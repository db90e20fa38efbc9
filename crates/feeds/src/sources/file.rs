//! Kind `file`: a file that ships with the pack, loaded once for each content of the file and of the definition.

use super::Site;
use super::load::Load;
use crate::Words;
use crate::definition::{FileSource, Format};
use crate::runner::Outlet;
use crate::text::hex_digest;

/// Loads the file; then there is nothing more to say.
pub(super) async fn run(site: &Site, source: &FileSource, outlet: &Outlet) -> Result<(), Words> {
    let bytes = site.pack_file(&source.path)?;
    let format = source.format.format.or_else(|| Format::of_name(&source.path)).ok_or_else(|| {
        Words::new(
            format!("không rõ định dạng của {}, hãy khai báo format", source.path),
            format!("the format of {} is not clear; give format in the definition", source.path),
        )
    })?;
    let hash = hex_digest(&[site.definition.fingerprint.as_bytes(), &bytes]);
    let load = Load { name: &source.path, hash, bytes, format, how: source.format.clone() };
    load.run(site, outlet).await
}
