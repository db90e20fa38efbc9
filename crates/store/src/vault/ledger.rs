//! The ledger of erasures: what was erased for good, and which keys go with it.

use dinh_model::{EntityId, Tenant, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::file;
use super::keys::{Vault, last};
use crate::Result;

/// One erasure in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Erased {
    pub(crate) tenant: Tenant,
    /// Whose data it was.
    pub(crate) subject: EntityId,
    /// Whether all that is about the subject was meant, and not only the entities named.
    pub(crate) whole: bool,
    /// The entities that it took.
    pub(crate) entities: Vec<EntityId>,
    /// Entities of the subject that it left, for a reason that the law knows.
    pub(crate) kept: Vec<EntityId>,
    pub(crate) reason: String,
    pub(crate) at: Timestamp,
}

/// A key that is still there.
pub(crate) struct LiveKey {
    pub(crate) number: u64,
    pub(crate) entity: EntityId,
}

impl Vault {
    /// Number of the last erasure.
    pub(crate) fn last_erasure(&self) -> Result<u64> {
        last(&self.writing(), "erasure")
    }

    /// Writes an erasure into the ledger, durably; its number. To be called before the graph is without the entities.
    pub(crate) fn enter(&self, erased: &Erased) -> Result<u64> {
        let mut connection = self.writing();
        let transaction = connection.transaction()?;
        transaction.execute(
            "INSERT INTO erasure (tenant, subject, whole, reason, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                erased.tenant.as_str(),
                erased.subject.as_str(),
                erased.whole,
                erased.reason,
                erased.at.as_micros()
            ],
        )?;
        let number = transaction.last_insert_rowid();
        for (ids, kept) in [(&erased.entities, false), (&erased.kept, true)] {
            let mut statement = transaction
                .prepare_cached("INSERT OR IGNORE INTO erased (number, entity, kept) VALUES (?1, ?2, ?3)")?;
            for id in ids {
                statement.execute(params![number, id.as_str(), kept])?;
            }
        }
        transaction.commit()?;
        Ok(number.cast_unsigned())
    }

    /// Takes an erasure back that has not happened.
    pub(crate) fn withdraw(&self, number: u64) -> Result<()> {
        let mut connection = self.writing();
        let transaction = connection.transaction()?;
        for table in ["erasure", "erased"] {
            transaction.execute(&format!("DELETE FROM {table} WHERE number = ?1"), [number.cast_signed()])?;
        }
        Ok(transaction.commit()?)
    }

    /// The first erasure after `after`, or before it one whose keys are not destroyed yet.
    pub(crate) fn erasure_due(&self, after: u64) -> Result<Option<(u64, Erased)>> {
        let connection = self.writing();
        let row: Option<(i64, Erased)> = connection
            .query_row(
                "SELECT number, tenant, subject, whole, reason, at FROM erasure \
                 WHERE number > ?1 OR carried_out IS NULL ORDER BY number LIMIT 1",
                [after.cast_signed()],
                |row| Ok((row.get(0)?, without_entities(row)?)),
            )
            .optional()?;
        let Some((number, mut erased)) = row else { return Ok(None) };
        erased.entities = entities(&connection, number, false)?;
        erased.kept = entities(&connection, number, true)?;
        Ok(Some((number.cast_unsigned(), erased)))
    }

    /// What erasures up to this one have left of the data of its subject.
    pub(crate) fn left_by(&self, number: u64, erased: &Erased) -> Result<Vec<EntityId>> {
        let connection = self.writing();
        let mut statement = connection.prepare_cached(
            "SELECT DISTINCT d.entity FROM erasure AS e JOIN erased AS d ON d.number = e.number AND d.kept = 1 \
             WHERE e.tenant = ?1 AND e.subject = ?2 AND e.number <= ?3",
        )?;
        let rows = statement.query_map(
            params![erased.tenant.as_str(), erased.subject.as_str(), number.cast_signed()],
            |row| row.get::<_, String>(0),
        )?;
        rows.map(|id| Ok(EntityId::trusted(id?))).collect()
    }

    /// The keys of an entity that are still there.
    pub(crate) fn keys_of_entity(&self, tenant: &Tenant, entity: &EntityId) -> Result<Vec<u64>> {
        let connection = self.writing();
        let mut statement = connection.prepare_cached(
            "SELECT number FROM key WHERE tenant = ?1 AND entity = ?2 AND wrapped IS NOT NULL",
        )?;
        let rows = statement.query_map([tenant.as_str(), entity.as_str()], |row| row.get::<_, i64>(0))?;
        rows.map(|number| Ok(number?.cast_unsigned())).collect()
    }

    /// The keys that are still there and name somebody as their subject, with the entities that they seal.
    pub(crate) fn keys_of_subject(&self, tenant: &Tenant, subject: &EntityId) -> Result<Vec<LiveKey>> {
        let connection = self.writing();
        let mut statement = connection.prepare_cached(
            "SELECT k.number, k.entity FROM key_subject AS s JOIN key AS k ON k.number = s.key \
             WHERE s.tenant = ?1 AND s.subject = ?2 AND k.wrapped IS NOT NULL",
        )?;
        let rows = statement.query_map([tenant.as_str(), subject.as_str()], |row| {
            let number: i64 = row.get(0)?;
            Ok(LiveKey {
                number: number.cast_unsigned(),
                entity: EntityId::trusted(row.get::<_, String>(1)?),
            })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// The entities that ever had a key of this subject alone.
    pub(crate) fn entities_of_subject(&self, tenant: &Tenant, subject: &EntityId) -> Result<Vec<EntityId>> {
        let connection = self.writing();
        let mut statement = connection.prepare_cached(
            "SELECT DISTINCT k.entity FROM key_subject AS s JOIN key AS k ON k.number = s.key \
             WHERE s.tenant = ?1 AND s.subject = ?2 AND k.subjects = ?2",
        )?;
        let rows = statement.query_map([tenant.as_str(), subject.as_str()], |row| row.get::<_, String>(0))?;
        rows.map(|id| Ok(EntityId::trusted(id?))).collect()
    }

    /// Destroys keys, and closes the erasure that asked for it. They are gone from memory, the database and its log when
    /// this returns.
    pub(crate) fn destroy(&self, keys: &[u64], erasure: u64, now: Timestamp) -> Result<()> {
        let mut connection = self.writing();
        let transaction = connection.transaction()?;
        for number in keys {
            transaction
                .prepare_cached("UPDATE key SET wrapped = NULL, destroyed = ?2 WHERE number = ?1")?
                .execute([number.cast_signed(), now.as_micros()])?;
        }
        transaction
            .prepare_cached("UPDATE erasure SET carried_out = ?2 WHERE number = ?1")?
            .execute([erasure.cast_signed(), now.as_micros()])?;
        transaction.commit()?;
        self.forget_opened();
        file::empty_log(&connection)
    }
}

fn without_entities(row: &Row<'_>) -> rusqlite::Result<Erased> {
    Ok(Erased {
        tenant: Tenant::trusted(row.get::<_, String>(1)?),
        subject: EntityId::trusted(row.get::<_, String>(2)?),
        whole: row.get(3)?,
        entities: Vec::new(),
        kept: Vec::new(),
        reason: row.get(4)?,
        at: Timestamp::from_micros(row.get(5)?),
    })
}

fn entities(connection: &Connection, number: i64, kept: bool) -> Result<Vec<EntityId>> {
    let mut statement =
        connection.prepare_cached("SELECT entity FROM erased WHERE number = ?1 AND kept = ?2")?;
    let rows = statement.query_map(params![number, kept], |row| row.get::<_, String>(0))?;
    rows.map(|id| Ok(EntityId::trusted(id?))).collect()
}
