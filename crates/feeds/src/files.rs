//! The files of a pack, wherever packs are kept.

use std::borrow::Cow;

/// The files of one pack. Reading one is quick: packs are in memory or on the local disk.
pub trait PackFiles: Send + Sync {
    /// A file by its path within the pack; a path that begins with `/` names another pack first. `Err` says in English why it cannot be read.
    fn read(&self, path: &str) -> Result<Cow<'static, [u8]>, String>;

    /// The paths of the files directly in a folder of the pack.
    fn list(&self, folder: &str) -> Vec<String>;
}
