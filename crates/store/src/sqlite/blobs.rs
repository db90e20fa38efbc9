//! The engine's calls for the contents of files.

use std::sync::Arc;

use dinh_model::{Entity, EntityId, Tenant};
use rusqlite::OptionalExtension as _;

use super::engine::Engine;
use super::failure::Failed;
use super::queue::Job;
use super::shared::Shared;
use super::{connect, writer};
use crate::Error;
use crate::blobs::Folder;

/// Runs what reads and writes files beside the runtime's own threads.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Failed<T> + Send + 'static) -> Failed<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::Engine(format!("work on a file did not finish: {error}")))?
}

fn folder(shared: &Shared) -> Folder {
    Folder::of(shared.file.parent().unwrap_or(&shared.file))
}

impl Engine {
    pub(crate) async fn put_blob(
        &self,
        tenant: Tenant,
        entity: Arc<Entity>,
        content: Vec<u8>,
    ) -> Failed<String> {
        let vault = self.shared.vault.clone().ok_or(Error::NoVault)?;
        let asked = writer::KeyFor { tenant: tenant.clone(), entity: Arc::clone(&entity) };
        let key = self.queue.ask(|reply| Job::Key(Box::new(asked), reply)).await?;
        let shared = Arc::clone(&self.shared);
        aside(move || folder(&shared).put(&vault, (&tenant, &entity.id), key, &content)).await
    }

    pub(crate) async fn blob(
        &self,
        tenant: Tenant,
        entity: EntityId,
        name: String,
    ) -> Failed<Option<Vec<u8>>> {
        self.pool.check_open()?;
        let vault = self.shared.vault.clone().ok_or(Error::NoVault)?;
        let shared = Arc::clone(&self.shared);
        aside(move || folder(&shared).get(&vault, (&tenant, &entity), &name)).await
    }

    pub(crate) async fn sweep_blobs(&self) -> Failed<usize> {
        self.pool.check_open()?;
        let Some(vault) = self.shared.vault.clone() else { return Ok(0) };
        let shared = Arc::clone(&self.shared);
        aside(move || {
            let connection = connect::reader(&shared.file, 1024)?;
            let mut needed = |key: u64| -> Failed<bool> {
                // What is not known to be unneeded stays.
                let Some((tenant, entity)) = vault.whose(key)? else { return Ok(true) };
                let Some(tenant) = shared.tenant_id(&tenant) else { return Ok(false) };
                let found = connection
                    .prepare_cached("SELECT 1 FROM entity WHERE tenant = ?1 AND id = ?2")?
                    .query_row(rusqlite::params![tenant, entity.as_str()], |_row| Ok(()))
                    .optional()?;
                Ok(found.is_some())
            };
            folder(&shared).sweep(&vault, shared.clock.now(), &mut needed)
        })
        .await
    }
}
