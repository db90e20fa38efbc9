//! The folder of the keys that this server makes for itself, copied while it runs.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Error, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use dinh_store::Store;

/// Longest file of a key.
const MOST: u64 = 64 << 10;

/// Copies the keys in a folder into another one, which must be new or empty: those in files as they are, those in the
/// database as they are at one moment.
pub(crate) async fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(to)?;
    if std::fs::read_dir(to)?.next().is_some() {
        return Err(Error::new(ErrorKind::AlreadyExists, "the folder is not empty").into());
    }
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if path.is_file() && matches!(ending, Some("key" | "pem")) {
            copy_file(&path, &to.join(path.file_name().unwrap_or_default()))?;
        }
    }
    Store::copy_keys(from, to).await?;
    Ok(File::open(to)?.sync_all()?)
}

fn copy_file(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    File::open(from)?.take(MOST).read_to_end(&mut bytes)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    file.write_all(&bytes)?;
    file.sync_all()
}
