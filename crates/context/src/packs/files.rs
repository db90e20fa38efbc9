//! Where the files of packs come from: the binary or a folder.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::Error;

/// Largest file of a pack, in bytes.
const MAX_FILE: u64 = 64 << 20;
/// Most files in a folder of packs.
const MAX_FILES: usize = 10_000;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../packs"]
struct Embedded;

/// The files of all packs, by path relative to `packs/`.
#[derive(Clone, Debug)]
pub struct Files {
    root: Option<PathBuf>,
    names: Vec<String>,
}

/// One file of a pack.
#[derive(Clone, Debug)]
pub struct PackFile {
    /// Path relative to `packs/`, e.g. `hydromet/layers/rain.toml`.
    pub path: String,
    /// What it holds.
    pub bytes: Cow<'static, [u8]>,
}

impl PackFile {
    /// The file's name without folders and ending: `rain` of `hydromet/layers/rain.toml`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.split('.').next().unwrap_or(name)
    }

    /// The file as text.
    pub fn text(&self) -> Result<&str, Error> {
        std::str::from_utf8(&self.bytes).map_err(|reason| self.invalid(&reason))
    }

    /// The file read as TOML.
    pub fn toml<T: DeserializeOwned>(&self) -> Result<T, Error> {
        toml::from_str(self.text()?).map_err(|reason| self.invalid(&reason))
    }

    /// The file read as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.bytes).map_err(|reason| self.invalid(&reason))
    }

    /// The error that names this file.
    pub fn invalid(&self, reason: &dyn std::fmt::Display) -> Error {
        Error::Invalid { path: self.path.clone(), reason: reason.to_string() }
    }
}

impl Files {
    pub(super) fn embedded() -> Self {
        let mut names: Vec<String> = Embedded::iter().map(Cow::into_owned).collect();
        names.sort();
        Self { root: None, names }
    }

    pub(super) fn folder(root: &Path) -> Result<Self, Error> {
        let mut names = Vec::new();
        let mut waiting = vec![root.to_path_buf()];
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(&folder).map_err(|e| unreadable(&folder, &e))? {
                let path = entry.map_err(|e| unreadable(&folder, &e))?.path();
                if path.is_dir() {
                    waiting.push(path);
                } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
                    names.push(name.to_owned());
                }
                if names.len() > MAX_FILES {
                    let reason = format!("more than {MAX_FILES} files");
                    return Err(Error::Read { path: root.display().to_string(), reason });
                }
            }
        }
        names.sort();
        Ok(Self { root: Some(root.to_path_buf()), names })
    }

    pub(super) fn matching(&self, start: &str, ending: &str) -> Result<Vec<PackFile>, Error> {
        self.names
            .iter()
            .filter(|n| n.starts_with(start) && n.ends_with(ending))
            .map(|n| self.read(n))
            .collect()
    }

    pub(super) fn read(&self, name: &str) -> Result<PackFile, Error> {
        let absent = || Error::Read { path: name.to_owned(), reason: "there is no such file".to_owned() };
        if self.names.binary_search_by(|n| n.as_str().cmp(name)).is_err() {
            return Err(absent());
        }
        let bytes = match &self.root {
            None => Embedded::get(name).ok_or_else(absent)?.data,
            Some(root) => {
                let path = root.join(name);
                let size = std::fs::metadata(&path).map_err(|e| unreadable(&path, &e))?.len();
                if size > MAX_FILE {
                    let reason = format!("larger than {MAX_FILE} bytes");
                    return Err(Error::Read { path: name.to_owned(), reason });
                }
                Cow::Owned(std::fs::read(&path).map_err(|e| unreadable(&path, &e))?)
            }
        };
        Ok(PackFile { path: name.to_owned(), bytes })
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::Read { path: path.display().to_string(), reason: error.to_string() }
}
