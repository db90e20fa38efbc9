//! The roles that the packs describe.

use std::collections::BTreeMap;

use dinh_context::packs::{ACCESS, Packs, Titles};
use serde::Deserialize;

use crate::Error;

/// Where the packs describe roles.
const FILE: &str = "roles.toml";

/// The roles by code.
#[derive(Debug, Default)]
pub(super) struct Roles {
    /// Whether each can be given to an account.
    given: BTreeMap<String, bool>,
    /// What people call them.
    titles: BTreeMap<String, Titles>,
    /// As the packs list them.
    all: Vec<RoleInfo>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    role: Vec<RoleInfo>,
}

/// A role, as the packs describe it. What it may do stands in the policies and nowhere else.
#[derive(Clone, Debug, Deserialize)]
pub struct RoleInfo {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub title: Titles,
    /// More words about it.
    #[serde(default)]
    pub description: Titles,
    /// Whether it can be given to an account. The others say where somebody comes from.
    #[serde(default = "given")]
    pub given: bool,
    /// Whether what it is for asks for a second factor.
    #[serde(default)]
    pub step_up: bool,
}

const fn given() -> bool {
    true
}

impl Roles {
    pub(super) fn read(packs: &Packs) -> Result<Self, Error> {
        // A folder of packs that brings no pack `access` has the roles that ship with the program.
        let own = packs.pack(ACCESS).is_some();
        let file = if own {
            packs.file(ACCESS, FILE)
        } else {
            Packs::embedded().and_then(|all| all.file(ACCESS, FILE))
        };
        let file: File = file.and_then(|file| file.toml()).map_err(dinh_context::Error::from)?;
        let given = file.role.iter().map(|role| (role.code.clone(), role.given)).collect();
        let titles = file.role.iter().map(|role| (role.code.clone(), role.title.clone())).collect();
        Ok(Self { given, titles, all: file.role })
    }

    /// Refuses a role that cannot be given.
    pub(super) fn check(&self, code: &str) -> Result<(), Error> {
        if self.given.get(code) == Some(&true) { Ok(()) } else { Err(Error::NoRole(code.to_owned())) }
    }

    /// As the packs list them.
    pub(super) fn all(&self) -> &[RoleInfo] {
        &self.all
    }

    /// What people call them, by code.
    pub(super) fn titles(&self) -> &BTreeMap<String, Titles> {
        &self.titles
    }
}
