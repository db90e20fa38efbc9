//! Packs: what differs between sectors and provinces, as data.
//!
//! A pack is a folder of files (types, feeds, layers, words, tables, recordings). The copy that ships is embedded in
//! the binary; a folder given in the configuration takes its place. This module reads files and the two descriptions
//! that everybody needs, [`PackInfo`] and [`Province`]; each engine reads its own part (`feeds/`, `layers/`, …).

mod files;
mod info;
mod province;

pub use files::{Files, PackFile};
pub use info::{PackInfo, PackSource, Titles};
pub use province::Province;

use std::collections::BTreeMap;
use std::path::Path;

/// The pack with the roles and policies that hold everywhere.
pub const ACCESS: &str = "access";

/// Why the packs cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder cannot be read.
    #[error("cannot read {path}: {reason}")]
    Read {
        /// File or folder.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A file does not say what it should.
    #[error("{path}: {reason}")]
    Invalid {
        /// File within the packs.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// All packs and provinces, read once at start.
#[derive(Clone, Debug)]
pub struct Packs {
    files: Files,
    by_name: BTreeMap<String, PackInfo>,
    provinces: Vec<Province>,
}

impl Packs {
    /// The packs that ship with the program.
    pub fn embedded() -> Result<Self, Error> {
        Self::read(Files::embedded())
    }

    /// The packs of a folder laid out like `packs/`.
    pub fn from_folder(folder: &Path) -> Result<Self, Error> {
        Self::read(Files::folder(folder)?)
    }

    fn read(files: Files) -> Result<Self, Error> {
        let mut by_name = BTreeMap::new();
        for file in files.matching("", "/pack.toml")? {
            let info: PackInfo = file.toml()?;
            by_name.insert(info.name.clone(), info);
        }
        let mut provinces = Vec::new();
        for file in files.matching("provinces/", ".toml")? {
            provinces.push(file.toml::<Province>()?);
        }
        provinces.sort_by(|a, b| (a.order, &a.tenant).cmp(&(b.order, &b.tenant)));
        let all = Self { files, by_name, provinces };
        all.check()?;
        Ok(all)
    }

    fn check(&self) -> Result<(), Error> {
        for province in &self.provinces {
            for pack in &province.packs {
                if !self.by_name.contains_key(pack) {
                    return Err(Error::Invalid {
                        path: format!("provinces/{}.toml", province.tenant),
                        reason: format!("there is no pack named {pack:?}"),
                    });
                }
            }
        }
        Ok(())
    }

    /// The packs by name.
    pub fn packs(&self) -> impl Iterator<Item = &PackInfo> {
        self.by_name.values()
    }

    /// One pack.
    pub fn pack(&self, name: &str) -> Option<&PackInfo> {
        self.by_name.get(name)
    }

    /// The provinces, the first being the one that a visitor sees first.
    pub fn provinces(&self) -> &[Province] {
        &self.provinces
    }

    /// Forgets the provinces for which `keep` says no. Their packs stay: others may use them.
    pub fn retain_provinces(&mut self, keep: impl FnMut(&Province) -> bool) {
        self.provinces.retain(keep);
    }

    /// The province of a tenant.
    pub fn province(&self, tenant: &str) -> Option<&Province> {
        self.provinces.iter().find(|p| p.tenant.as_str() == tenant)
    }

    /// The files of one pack in `folder` whose names end in `ending`, sorted by name.
    pub fn files(&self, pack: &str, folder: &str, ending: &str) -> Result<Vec<PackFile>, Error> {
        self.files.matching(&format!("{pack}/{folder}/"), ending)
    }

    /// The policies of all packs with the names of their packs: those of `access` first, then pack by pack. A folder
    /// that brings no pack `access` has the policies that ship with the program.
    pub fn policies(&self) -> Result<Vec<(String, PackFile)>, Error> {
        let house = if self.by_name.contains_key(ACCESS) { self.files.clone() } else { Files::embedded() };
        let others = self.by_name.keys().map(String::as_str).filter(|name| *name != ACCESS);
        let mut policies = Vec::new();
        for (pack, files) in std::iter::once((ACCESS, &house)).chain(others.map(|name| (name, &self.files))) {
            for file in files.matching(&format!("{pack}/policies/"), ".cedar")? {
                policies.push((pack.to_owned(), file));
            }
        }
        Ok(policies)
    }

    /// One file of a pack.
    pub fn file(&self, pack: &str, path: &str) -> Result<PackFile, Error> {
        self.files.read(&format!("{pack}/{path}"))
    }
}
