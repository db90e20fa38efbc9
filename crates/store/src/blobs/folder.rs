//! The folder of blobs.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use dinh_model::Timestamp;

use super::form::{self, HEAD, Spot};
use crate::vault::Vault;
use crate::{Error, Result, hex};

/// Name of the folder in the folder of a store.
const FOLDER: &str = "blobs";

/// What no entity has named for so long is swept away, in microseconds: whoever puts a file names it within seconds.
const PATIENCE: i64 = 24 * 3600 * 1_000_000;

/// The blobs of a store.
pub(crate) struct Folder(PathBuf);

fn lift<T>(path: &Path, result: std::io::Result<T>) -> Result<T> {
    result.map_err(|error| Error::file(path, &error))
}

fn sync(path: &Path) -> Result<()> {
    lift(path, File::open(path).and_then(|file| file.sync_all()))
}

impl Folder {
    /// The blobs of the store in a folder.
    pub(crate) fn of(store: &Path) -> Self {
        Self(store.join(FOLDER))
    }

    /// Where a blob lies; none if that is not the name of one.
    fn place(&self, name: &str) -> Option<PathBuf> {
        let proper =
            name.len() == 32 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let front = name.get(..2)?;
        proper.then(|| self.0.join(front).join(name))
    }

    /// Keeps content sealed with the key of this number; its name.
    pub(crate) fn put(
        &self,
        vault: &Vault,
        (tenant, entity): (&dinh_model::Tenant, &dinh_model::EntityId),
        key: u64,
        content: &[u8],
    ) -> Result<String> {
        let mut name = [0; 16];
        vault.random().fill(&mut name).map_err(|none| Error::Engine(none.to_string()))?;
        let name = hex(&name);
        let cipher = vault.cipher(key)?.ok_or_else(|| Error::Damaged(format!("key {key} is destroyed")))?;
        let spot = Spot { tenant, entity, name: &name };
        let sealed = form::seal(&spot, (key, &cipher), vault.random(), content)?;
        let path = self.place(&name).ok_or_else(|| Error::Engine("a blob has no name".into()))?;
        let folder = path.parent().unwrap_or(&self.0);
        lift(folder, std::fs::create_dir_all(folder))?;
        let written = File::create_new(&path).and_then(|mut file| {
            file.write_all(&sealed)?;
            file.sync_all()
        });
        lift(&path, written)?;
        // The names of the file and of its folders are durable too.
        for folder in [folder, &self.0, self.0.parent().unwrap_or(&self.0)] {
            sync(folder)?;
        }
        Ok(name)
    }

    /// Content; none if its key is destroyed.
    pub(crate) fn get(
        &self,
        vault: &Vault,
        (tenant, entity): (&dinh_model::Tenant, &dinh_model::EntityId),
        name: &str,
    ) -> Result<Option<Vec<u8>>> {
        let missing = || Error::Damaged(format!("the file {name} of {entity} is not there"));
        let path = self.place(name).ok_or_else(missing)?;
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(missing()),
            Err(error) => return Err(Error::file(&path, &error)),
        };
        let key = form::key(&bytes).ok_or_else(missing)?;
        let Some(cipher) = vault.cipher(key)? else { return Ok(None) };
        form::open(&Spot { tenant, entity, name }, &cipher, &bytes).map(Some)
    }

    /// Takes away what `needed` says nobody needs, by the number of its key.
    pub(crate) fn sweep(
        &self,
        vault: &Vault,
        now: Timestamp,
        needed: &mut dyn FnMut(u64) -> Result<bool>,
    ) -> Result<usize> {
        let mut swept = 0;
        for path in files(&self.0)? {
            let Some(key) = lift(&path, head(&path))? else { continue };
            let destroyed = vault.cipher(key).is_ok_and(|cipher| cipher.is_none());
            if destroyed || (is_old(&path, now) && !needed(key)?) {
                lift(&path, std::fs::remove_file(&path))?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

/// The number of the key of a blob; none for what is not one.
fn head(path: &Path) -> std::io::Result<Option<u64>> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(form::key(&head))
}

fn is_old(path: &Path, now: Timestamp) -> bool {
    let changed = std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let since = changed.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let micros = since.and_then(|since| i64::try_from(since.as_micros()).ok());
    micros.is_some_and(|at| now.micros_since(Timestamp::from_micros(at)) > PATIENCE)
}

/// The blobs in a folder, one after the other; none if there is no folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = |folder: &Path| match std::fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    for part in lift(folder, entries(folder))? {
        if part.is_dir() {
            files.extend(lift(&part, entries(&part))?);
        }
    }
    Ok(files)
}

/// Copies the blobs of a store into the folder of another, durably. What is swept away meanwhile is left out.
pub(crate) fn copy_all(from: &Path, to: &Path) -> Result<()> {
    let to = to.join(FOLDER);
    let mut folders = std::collections::BTreeSet::new();
    for path in files(&from.join(FOLDER))? {
        let (Some(part), Some(name)) = (path.parent().and_then(Path::file_name), path.file_name()) else {
            continue;
        };
        let folder = to.join(part);
        lift(&folder, std::fs::create_dir_all(&folder))?;
        let target = folder.join(name);
        match std::fs::copy(&path, &target) {
            Ok(_bytes) => sync(&target)?,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::file(&target, &error)),
        }
        folders.insert(folder);
    }
    for folder in folders {
        sync(&folder)?;
    }
    if to.is_dir() { sync(&to) } else { Ok(()) }
}
