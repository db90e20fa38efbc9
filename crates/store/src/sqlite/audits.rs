//! The engine's calls for the audit, and the audit of a store that is not open here.

use std::path::Path;
use std::sync::Arc;

use dinh_model::{Tenant, Timestamp};
use rusqlite::{Connection, OptionalExtension as _};

use super::engine::{Engine, FILE};
use super::failure::Failed;
use super::queue::Job;
use super::read::{self, Trail};
use super::verify::inspect_audit;
use super::{connect, migrate};
use crate::audit::{AuditPage, AuditQuery, AuditReport, KeptSeal, Link};
use crate::{Error, plan};

impl Engine {
    /// Entries of one tenant.
    pub(crate) async fn audit(&self, tenant: &Tenant, query: AuditQuery) -> Failed<AuditPage> {
        plan::check("items of a page", query.limit, self.shared.options.max_page)?;
        let Some(tenant) = self.shared.tenant_id(tenant) else { return Ok(AuditPage::default()) };
        let shared = Arc::clone(&self.shared);
        let search = move |connection: &Connection| {
            let name_of = |id| shared.tenant(id);
            Trail { connection, name_of: &name_of, tenant }.search(&query)
        };
        self.pool.read(search).await
    }

    /// The last link before an instant.
    pub(crate) async fn link_before(&self, at: Timestamp) -> Failed<Option<Link>> {
        self.pool.read(move |connection| read::last_link_before(connection, at)).await
    }

    /// The link of an entry.
    pub(crate) async fn link_at(&self, seq: u64) -> Failed<Option<Link>> {
        self.pool.read(move |connection| read::link_at(connection, seq)).await
    }

    pub(crate) async fn last_seal(&self) -> Failed<Option<KeptSeal>> {
        self.pool.read(read::last_seal).await
    }

    pub(crate) async fn seals(&self, after: u64, limit: usize) -> Failed<Vec<KeptSeal>> {
        plan::check("items of a page", limit, self.shared.options.max_page)?;
        let damaged = |number| Error::Damaged(format!("seal {number} of the audit cannot be read"));
        let read = move |connection: &Connection| read::seals(connection, after, limit);
        self.pool.read(read).await?.into_iter().map(|kept| kept.map_err(damaged)).collect()
    }

    pub(crate) async fn keep_seal(&self, seal: KeptSeal) -> Failed<()> {
        self.queue.ask(|reply| Job::Seal(Box::new(seal), reply)).await
    }

    pub(crate) async fn keep_token(&self, number: u64, token: Vec<u8>) -> Failed<()> {
        self.queue.ask(|reply| Job::Token(number, token, reply)).await
    }
}

/// The audit of a store in a directory, whoever has it open.
pub(crate) struct TrailFile(Connection);

impl TrailFile {
    pub(crate) fn open(dir: &Path) -> Failed<Self> {
        let file = dir.join(FILE);
        if !file.is_file() {
            return Err(Error::Invalid(format!("{} holds no store", dir.display())));
        }
        let open = || {
            let connection = connect::reader(&file, 8 * 1024)?;
            let found = migrate::schema(&connection)?;
            Ok::<_, Error>((connection, found))
        };
        // Where nothing can be written, nobody writes.
        let (connection, found) = open().or_else(|_unwritable| {
            let connection = connect::resting(&file)?;
            let found = migrate::schema(&connection)?;
            Ok::<_, Error>((connection, found))
        })?;
        if found > migrate::newest() {
            return Err(Error::Newer { found, known: migrate::newest() });
        }
        if found < 2 {
            return Err(Error::Invalid(format!("{} holds no audit yet; open it once first", dir.display())));
        }
        Ok(Self(connection))
    }

    /// Entries of one tenant, or of all.
    pub(crate) fn search(&self, tenant: Option<&Tenant>, query: &AuditQuery) -> Failed<AuditPage> {
        let whose = match tenant {
            None => 0,
            Some(tenant) => {
                let sql = "SELECT id FROM tenant WHERE name = ?1";
                let id = self.0.query_row(sql, [tenant.as_str()], |row| row.get(0)).optional()?;
                let Some(id) = id else { return Ok(AuditPage::default()) };
                id
            }
        };
        let name_of = |id: u32| {
            let sql = "SELECT name FROM tenant WHERE id = ?1";
            let name: Option<String> =
                self.0.prepare_cached(sql).and_then(|mut s| s.query_row([id], |row| row.get(0))).ok();
            name.map(Tenant::trusted)
        };
        self.whole(|| Trail { connection: &self.0, name_of: &name_of, tenant: whose }.search(query))
    }

    pub(crate) fn verify(&self) -> Failed<AuditReport> {
        self.whole(|| inspect_audit(&self.0))
    }

    /// Reads one state.
    fn whole<T>(&self, read: impl FnOnce() -> Failed<T>) -> Failed<T> {
        self.0.execute_batch("BEGIN")?;
        let value = read();
        self.0.execute_batch("COMMIT")?;
        value
    }
}
