//! The audit's half of the handle.

use std::path::Path;

use dinh_access::{Audit, Feed, Grant, Read};
use dinh_model::{Tenant, Timestamp};

use crate::audit::{AuditPage, AuditQuery, AuditReport, KeptSeal, Link, Note, Origin};
use crate::plan::Planned;
use crate::store::Engine;
use crate::{Commit, Op, Result, Store, sqlite};

impl Store {
    /// Writes entries about what changes no entity, and waits until they are durable: for those who may only look. What
    /// goes with a change is better said in its commit, by [`Op::Note`].
    pub async fn note(&self, grant: &Grant<Read>, origin: Option<Origin>, notes: Vec<Note>) -> Result<()> {
        let commit = Commit { ops: notes.into_iter().map(Op::note).collect(), origin, ..Commit::default() };
        let planned = Planned::of_notes(grant, commit, self.options())?;
        match &self.engine {
            Engine::Sqlite(engine) => engine.commit(planned).await.map(drop),
        }
    }

    /// Entries of the audit of one tenant. Notes about an entity ("who looked at it") are found by an index; other
    /// questions look at entries one by one, so many at a time ([`AuditPage::next`]).
    pub async fn audit(&self, grant: &Grant<Audit>, query: AuditQuery) -> Result<AuditPage> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.audit(grant.tenant(), query).await,
        }
    }

    /// The last entry of the audit before an instant.
    pub async fn audit_before(&self, _grant: &Grant<Feed>, at: Timestamp) -> Result<Option<Link>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.link_before(at).await,
        }
    }

    /// The entry of the audit of this number.
    pub async fn audit_at(&self, _grant: &Grant<Feed>, seq: u64) -> Result<Option<Link>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.link_at(seq).await,
        }
    }

    /// Keeps a seal.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] if it does not go on from the last seal, or covers entries that are not there.
    pub async fn keep_seal(&self, _grant: &Grant<Feed>, seal: KeptSeal) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.keep_seal(seal).await,
        }
    }

    /// Keeps the time stamp of a seal that has none yet.
    pub async fn keep_token(&self, _grant: &Grant<Feed>, number: u64, token: Vec<u8>) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.keep_token(number, token).await,
        }
    }

    /// The last seal.
    pub async fn last_seal(&self, _grant: &Grant<Feed>) -> Result<Option<KeptSeal>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.last_seal().await,
        }
    }

    /// Seals after the one of this number, in order.
    pub async fn seals(&self, _grant: &Grant<Feed>, after: u64, limit: usize) -> Result<Vec<KeptSeal>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.seals(after, limit).await,
        }
    }
}

/// The audit of a store that another process may have open, or of a backup. For whoever has the files: reads only,
/// and blocks.
pub struct AuditTrail(sqlite::TrailFile);

impl std::fmt::Debug for AuditTrail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuditTrail").finish_non_exhaustive()
    }
}

impl AuditTrail {
    /// Opens the audit of the store in a directory.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] if there is no store, or none with an audit.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self> {
        sqlite::TrailFile::open(dir.as_ref()).map(Self)
    }

    /// Entries of one tenant, or of all.
    pub fn search(&self, tenant: Option<&Tenant>, query: &AuditQuery) -> Result<AuditPage> {
        self.0.search(tenant, query)
    }

    /// Checks the whole chain, what it tells of the feed, and that the seals fit. Signatures are for those who have the
    /// key.
    pub fn verify(&self) -> Result<AuditReport> {
        self.0.verify()
    }
}
