//! Records and cursors.

use dinh_model::{Tenant, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

use super::fetch::Scene;
use crate::sqlite::failure::Failed;
use crate::sqlite::shared::TenantId;
use crate::{Cursor, Error, Record};

impl Scene<'_> {
    pub(in crate::sqlite) fn record(&self, kind: &str, key: &str) -> Failed<Option<Record>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT tenant, key, at, body FROM record WHERE tenant = ?1 AND kind = ?2 AND key = ?3",
        )?;
        let mut rows = statement.query(params![self.tenant, kind, key])?;
        rows.next()?.map(|row| self.as_record(row)).transpose()
    }

    /// Records of a kind of one tenant, by key.
    pub(in crate::sqlite) fn records(&self, kind: &str, after: &str, limit: usize) -> Failed<Vec<Record>> {
        let limit = i64::try_from(self.page(limit)?).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(
            "SELECT tenant, key, at, body FROM record WHERE tenant = ?1 AND kind = ?2 AND key > ?3 \
             ORDER BY key LIMIT ?4",
        )?;
        let mut rows = statement.query(params![self.tenant, kind, after, limit])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(self.as_record(row)?);
        }
        Ok(records)
    }

    /// Records of a kind of all tenants, by tenant and key.
    pub(in crate::sqlite) fn all_records(
        &self,
        kind: &str,
        after: (TenantId, &str),
        limit: usize,
    ) -> Failed<Vec<Record>> {
        let limit = i64::try_from(self.page(limit)?).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(
            "SELECT r.tenant, r.key, r.at, r.body FROM tenant AS t \
             JOIN record AS r ON r.tenant = t.id AND r.kind = ?1 \
             WHERE t.id >= ?2 AND (t.id > ?2 OR r.key > ?3) ORDER BY r.tenant, r.key LIMIT ?4",
        )?;
        let mut rows = statement.query(params![kind, after.0, after.1, limit])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(self.as_record(row)?);
        }
        Ok(records)
    }

    pub(in crate::sqlite) fn record_count(&self, kind: &str) -> Failed<u64> {
        let mut statement =
            self.connection.prepare_cached("SELECT n FROM record_count WHERE tenant = ?1 AND kind = ?2")?;
        let count: Option<i64> =
            statement.query_row(params![self.tenant, kind], |row| row.get(0)).optional()?;
        Ok(count.map_or(0, i64::cast_unsigned))
    }

    fn as_record(&self, row: &Row<'_>) -> Failed<Record> {
        let body: String = row.get(3)?;
        let body = serde_json::from_str(&body)
            .map_err(|error| Error::Damaged(format!("a record is not JSON: {error}")))?;
        Ok(Record {
            tenant: self.tenant_of(row.get(0)?)?,
            key: row.get(1)?,
            at: Timestamp::from_micros(row.get(2)?),
            body,
        })
    }

    pub(super) fn tenant_of(&self, id: u32) -> Failed<Tenant> {
        self.shared.tenant(id).ok_or_else(|| Error::Damaged(format!("tenant {id} is missing")))
    }

    pub(in crate::sqlite) fn cursors(&self) -> Failed<Vec<Cursor>> {
        let mut statement =
            self.connection.prepare_cached("SELECT name, seq, at FROM cursor ORDER BY name")?;
        let rows = statement.query_map([], |row| {
            Ok(Cursor {
                name: row.get(0)?,
                seq: row.get::<_, i64>(1)?.cast_unsigned(),
                at: Timestamp::from_micros(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
