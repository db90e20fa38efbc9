//! The files of a pack, for the feeds in it.

use std::borrow::Cow;

use dinh_context::packs::Packs;
use dinh_feeds::files::PackFiles;

/// The files of one pack.
pub(crate) struct FilesOfPack {
    packs: Packs,
    pack: String,
}

impl FilesOfPack {
    pub(crate) fn new(packs: &Packs, pack: &str) -> Self {
        Self { packs: packs.clone(), pack: pack.to_owned() }
    }
}

impl PackFiles for FilesOfPack {
    fn read(&self, path: &str) -> Result<Cow<'static, [u8]>, String> {
        let (pack, path) = match path.strip_prefix('/') {
            Some(path) => path.split_once('/').ok_or("write /pack/path")?,
            None => (self.pack.as_str(), path),
        };
        self.packs.file(pack, path).map(|file| file.bytes).map_err(|error| error.to_string())
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let start = format!("{}/", self.pack);
        let files = self.packs.files(&self.pack, folder.trim_matches('/'), "").unwrap_or_default();
        let paths = files.iter().filter_map(|file| file.path.strip_prefix(&start).map(str::to_owned));
        paths
            .filter(|path| path.matches('/').count() == folder.trim_matches('/').matches('/').count() + 1)
            .collect()
    }
}
