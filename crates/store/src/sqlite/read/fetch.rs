//! From keys to entities.

use std::sync::Arc;

use dinh_access::Sight;
use dinh_model::{EntityId, Term};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row, params};

use crate::codec::decode_entity;
use crate::names::NameId;
use crate::sqlite::failure::Failed;
use crate::sqlite::recall::{Since, Standing};
use crate::sqlite::shared::{Shared, TenantId};
use crate::weight::decoded_bytes;
use crate::written::Written;
use crate::{Error, Stored};

/// Of what one query looks at, so many entities are kept decoded. A queue or a page fits in; a look through all entities of
/// a type must not drive out what is asked for again and again.
const KEPT_OF_A_FETCH: usize = 256;

/// What a read works with: a connection within a transaction, one tenant, and what may be seen of it. What comes out of
/// a scene has passed the sight; every function here that gives out anything of an entity sees to that.
#[derive(Clone, Copy)]
pub(in crate::sqlite) struct Scene<'a> {
    pub(super) connection: &'a Connection,
    pub(super) shared: &'a Shared,
    pub(super) tenant: TenantId,
    pub(super) sight: &'a Arc<Sight>,
    /// When it began.
    pub(super) since: Since,
}

impl<'a> Scene<'a> {
    /// Before the connection has looked at anything.
    pub(in crate::sqlite) fn new(
        connection: &'a Connection,
        shared: &'a Shared,
        tenant: TenantId,
        sight: &'a Arc<Sight>,
    ) -> Self {
        Self { connection, shared, tenant, sight, since: shared.recall.now() }
    }

    /// The number of a name, if any entity ever used it.
    pub(super) fn name(&self, term: &Term) -> Option<NameId> {
        self.shared.names.read().id(term.as_str())
    }

    pub(super) fn term(&self, id: NameId) -> Failed<Term> {
        let names = self.shared.names.read();
        names.term(id).cloned().ok_or_else(|| Error::Damaged(format!("name {id} is missing")))
    }

    /// Refuses pages that are too large.
    pub(super) fn page(&self, limit: usize) -> Failed<usize> {
        crate::plan::check("items of a page", limit, self.shared.options.max_page)?;
        Ok(limit)
    }

    /// The entity of this name, if it may be seen, as it may be seen.
    pub(in crate::sqlite) fn entity(&self, id: &EntityId) -> Failed<Option<Stored>> {
        Ok(self.raw(id)?.and_then(|stored| self.seen(&stored)))
    }

    /// An entity without what should have vanished by now; none if that is all of it.
    pub(super) fn alive(&self, stored: &Stored) -> Option<Stored> {
        self.shared.alive(stored)
    }

    /// What may be seen of an entity.
    pub(super) fn seen(&self, stored: &Stored) -> Option<Stored> {
        self.shared.seen(self.sight, stored)
    }

    /// The entity of this name as it is.
    pub(super) fn raw(&self, id: &EntityId) -> Failed<Option<Stored>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, version, doc, pk FROM entity WHERE tenant = ?1 AND id = ?2")?;
        let mut rows = statement.query(params![self.tenant, id.as_str()])?;
        rows.next()?.map(|row| self.recalled(row, true)).transpose()
    }

    /// The key of the entity of this name.
    pub(super) fn key(&self, id: &EntityId) -> Failed<Option<i64>> {
        let mut statement =
            self.connection.prepare_cached("SELECT pk FROM entity WHERE tenant = ?1 AND id = ?2")?;
        Ok(statement.query_row(params![self.tenant, id.as_str()], |row| row.get(0)).optional()?)
    }

    /// From a row of id, version, document and key.
    fn stored(&self, row: &Row<'_>) -> Failed<Stored> {
        let id = EntityId::trusted(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
        let version: i64 = row.get(1)?;
        let doc = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let opening = self.shared.opening(self.tenant);
        let entity = Arc::new(decode_entity(id, doc, &self.shared.names.read(), &opening)?);
        let pk: i64 = row.get(3)?;
        let (version, place) = (version.cast_unsigned(), pk.cast_unsigned());
        Ok(Stored { entity, version, place, written: Written::default() })
    }

    /// The same, without decoding what is kept decoded; `keep`s what was decoded.
    fn recalled(&self, row: &Row<'_>, keep: bool) -> Failed<Stored> {
        let (version, pk): (i64, i64) = (row.get(1)?, row.get(3)?);
        let version = version.cast_unsigned();
        if let Some(stored) = self.shared.recall.get(pk, version, self.since) {
            return Ok(stored);
        }
        let mut stored = self.stored(row)?;
        if keep {
            let doc = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            let bytes = decoded_bytes(doc.len());
            let standing = Standing { tenant: self.tenant, pk, version, entity: &stored.entity, bytes };
            stored.written = self.shared.recall.put(&standing, self.since);
        }
        Ok(stored)
    }

    /// Fetches entities by key, up to a budget.
    pub(super) fn fetch(&self) -> Failed<Fetch<'a>> {
        let statement =
            self.connection.prepare_cached("SELECT id, version, doc, pk FROM entity WHERE pk = ?1")?;
        Ok(Fetch { scene: *self, statement, left: self.shared.options.scan_budget, keeps: KEPT_OF_A_FETCH })
    }
}

/// Fetches entities by key.
pub(super) struct Fetch<'a> {
    scene: Scene<'a>,
    statement: CachedStatement<'a>,
    left: usize,
    keeps: usize,
}

impl Fetch<'_> {
    /// Keeps all of them decoded: for what is asked for again and again.
    pub(super) fn keeping_all(self) -> Self {
        Self { keeps: usize::MAX, ..self }
    }

    /// The entity, as it may be seen; none if it may not.
    pub(super) fn get(&mut self, pk: i64) -> Failed<Option<Stored>> {
        let stored = self.raw(pk)?;
        Ok(self.scene.seen(&stored))
    }

    /// The entity as it is.
    pub(super) fn raw(&mut self, pk: i64) -> Failed<Stored> {
        self.left = self.left.checked_sub(1).ok_or(Error::TooComplex {
            what: "looking at entities without an index",
            bound: self.scene.shared.options.scan_budget,
        })?;
        let mut rows = self.statement.query([pk])?;
        let row = rows
            .next()?
            .ok_or_else(|| Error::Damaged(format!("an index names entity {pk}, which is gone")))?;
        let keep = self.keeps > 0;
        self.keeps = self.keeps.saturating_sub(1);
        self.scene.recalled(row, keep)
    }
}
