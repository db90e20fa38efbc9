//! The change feed from the disk: for consumers that have fallen behind.

use std::sync::Arc;

use dinh_model::{Change, ChangeKind, EntityId, Timestamp};
use rusqlite::{Row, params};

use super::fetch::Scene;
use crate::Error;
use crate::codec::decode_changes;
use crate::feed::Recorded;
use crate::sqlite::failure::Failed;

/// Bytes of changes after which a page is full.
const PAGE_BYTES: usize = 8 << 20;

impl Scene<'_> {
    /// The changes after `after`, at most `limit`, of all tenants.
    pub(in crate::sqlite) fn changes(&self, after: u64, limit: usize) -> Failed<Vec<Arc<Recorded>>> {
        let limit = i64::try_from(self.page(limit)?).unwrap_or(i64::MAX);
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, tenant, entity, kind, at, by, body FROM feed WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let mut rows = statement.query(params![after, limit])?;
        let (mut changes, mut bytes, mut expected) = (Vec::new(), 0, after + 1);
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            if changes.is_empty() && seq != expected {
                return Err(Error::Trimmed { first: seq.cast_unsigned() });
            }
            if seq != expected {
                return Err(Error::Damaged(format!("the feed lacks change {expected}")));
            }
            expected += 1;
            let body = row.get_ref(6)?.as_blob().map_err(rusqlite::Error::from)?;
            bytes += body.len();
            changes.push(Arc::new(Recorded { change: self.change(row, body)?, after: None }));
            if bytes >= PAGE_BYTES {
                break;
            }
        }
        Ok(changes)
    }

    fn change(&self, row: &Row<'_>, body: &[u8]) -> Failed<Change> {
        let at = Timestamp::from_micros(row.get(4)?);
        let kind = match row.get::<_, i64>(3)? {
            0 => ChangeKind::Created,
            1 => ChangeKind::Updated,
            2 => ChangeKind::Deleted,
            other => return Err(Error::Damaged(format!("the feed has an unknown kind of change {other}"))),
        };
        let (tenant, entity): (_, String) = (row.get(1)?, row.get(2)?);
        let opening = self.shared.opening(tenant);
        let (version, types, attributes) =
            decode_changes(body, (&entity, at), &self.shared.names.read(), &opening)?;
        Ok(Change {
            seq: row.get::<_, i64>(0)?.cast_unsigned(),
            tenant: self.tenant_of(tenant)?,
            entity: EntityId::trusted(entity),
            types,
            kind,
            at,
            version,
            by: row.get(5)?,
            attributes,
        })
    }
}
