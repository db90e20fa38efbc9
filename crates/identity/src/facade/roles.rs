//! The roles that the packs describe.

use std::collections::BTreeMap;

use dinh_context::packs::{ACCESS, Packs};
use serde::Deserialize;

use crate::Error;

/// Where the packs describe roles.
const FILE: &str = "roles.toml";

/// Codes of the roles, and whether each can be given to an account.
#[derive(Debug, Default)]
pub(super) struct Roles(BTreeMap<String, bool>);

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    role: Vec<OneRole>,
}

#[derive(Deserialize)]
struct OneRole {
    code: String,
    #[serde(default = "given")]
    given: bool,
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
        Ok(Self(file.role.into_iter().map(|role| (role.code, role.given)).collect()))
    }

    /// Refuses a role that cannot be given.
    pub(super) fn check(&self, code: &str) -> Result<(), Error> {
        if self.0.get(code) == Some(&true) { Ok(()) } else { Err(Error::NoRole(code.to_owned())) }
    }
}
