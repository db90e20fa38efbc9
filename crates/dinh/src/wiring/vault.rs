//! The keys that personal data is sealed with.

use std::io::{Error, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use dinh_context::graph::{StoreError, VaultOptions};
use dinh_context::{SystemRandomness, fresh_seed};

use crate::config::Config;
use crate::keyfile;
use crate::said::{OrSay as _, place};

/// The master key, in the folder of keys.
const MASTER: &str = "vault.key";
/// The keys that it opens, in the same folder.
const KEYS: &str = "vault.sqlite";

/// Where the keys are and what opens them; a new master key if there are no keys yet.
pub(super) fn options(config: &Config) -> anyhow::Result<VaultOptions> {
    let folder = config.keys_folder();
    let file = folder.join(MASTER);
    let unusable = || {
        place(
            "không dùng được khoá niêm phong dữ liệu cá nhân",
            "cannot use the key that seals personal data,",
            &file,
        )
    };
    let master = master(&folder).or_say(unusable)?;
    Ok(VaultOptions::new(folder, master, Arc::new(SystemRandomness::default())))
}

/// A new master key would open none of the keys that are there.
fn master(folder: &Path) -> std::io::Result<[u8; 32]> {
    let file = folder.join(MASTER);
    if !file.exists() && folder.join(KEYS).exists() {
        let lost = "it is gone, and the keys beside it are opened by no other; bring it back";
        return Err(Error::new(ErrorKind::NotFound, lost));
    }
    keyfile::open_or_create(&file, fresh_seed)
}

/// Whether the master key opens the keys; none if there are none yet. Changes nothing.
pub(crate) fn look(config: &Config) -> Result<Option<()>, LookError> {
    let folder = config.keys_folder();
    if !folder.join(KEYS).exists() {
        return Ok(None);
    }
    let master = master(&folder).map_err(LookError::File)?;
    let random = Arc::new(SystemRandomness::default());
    let found = VaultOptions::new(folder, master, random).look().map_err(LookError::Store)?;
    Ok(found.then_some(()))
}

/// Why the keys do not open.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookError {
    /// The file of the master key.
    #[error(transparent)]
    File(Error),
    /// The keys.
    #[error(transparent)]
    Store(StoreError),
}
