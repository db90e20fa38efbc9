//! The contents of files: beside the graph, each sealed with the key of the entity that names it.
//!
//! An entity names a blob by 32 hexadecimal digits that nobody can guess; the blob lies in `blobs/ab/ab…` of the store's
//! folder. It is durable before the entity is written that names it, so that no entity names what is not there. What no
//! entity has named for a day, or whose key is destroyed, is swept away.

mod folder;
mod form;

pub(crate) use self::folder::{Folder, copy_all};

use std::sync::Arc;

use dinh_access::{Feed, Grant, Read, Write};
use dinh_model::{Entity, EntityId};

use crate::plan::check;
use crate::store::Engine;
use crate::{Result, Store};

/// Largest content of a file, in bytes.
pub(crate) const MOST: usize = 20 << 20;

impl Store {
    /// Largest content of a file, in bytes: 20 MiB.
    pub const MAX_BLOB: usize = MOST;

    /// Seals the content of a file and keeps it, durably; what to name it in `entity`, which is to be written next.
    ///
    /// # Errors
    /// [`crate::Error::NoVault`] if the store seals nothing, [`crate::Error::TooLarge`] beyond [`Store::MAX_BLOB`].
    pub async fn put_blob(
        &self,
        grant: &Grant<Write>,
        entity: Arc<Entity>,
        content: Vec<u8>,
    ) -> Result<String> {
        check("bytes of a file", content.len(), MOST)?;
        match &self.engine {
            Engine::Sqlite(engine) => engine.put_blob(grant.tenant().clone(), entity, content).await,
        }
    }

    /// The content of the file that an entity names; none if its key is destroyed.
    ///
    /// # Errors
    /// [`crate::Error::Damaged`] if it is not there, or not what was put there for this entity.
    pub async fn blob(&self, grant: &Grant<Read>, entity: &EntityId, name: &str) -> Result<Option<Vec<u8>>> {
        match &self.engine {
            Engine::Sqlite(engine) => {
                engine.blob(grant.tenant().clone(), entity.clone(), name.to_owned()).await
            }
        }
    }

    /// Takes away what no entity names, or whose key is destroyed; how many files that were.
    pub async fn sweep_blobs(&self, _grant: &Grant<Feed>) -> Result<usize> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.sweep_blobs().await,
        }
    }
}
