//! Records and cursors.

use std::collections::BTreeMap;

use dinh_model::ChangeKind;
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use super::commit::{Context, Stepped, aside};
use super::counts::add;
use crate::sqlite::failure::Failed;
use crate::{DoneKind, OpError};

impl Writer {
    pub(super) fn put_record(&mut self, context: &Context<'_>, kind: &str, key: &str, body: &str) -> Stepped {
        let (tenant, at) = (context.tenant_id, context.now.as_micros());
        let replaced = self
            .connection
            .prepare_cached(
                "UPDATE record SET at = ?4, body = ?5 WHERE tenant = ?1 AND kind = ?2 AND key = ?3",
            )?
            .execute(params![tenant, kind, key, at, body])?;
        if replaced > 0 {
            self.group.deeds.record(ChangeKind::Updated, kind, key);
            return Ok(Ok(aside(DoneKind::Updated)));
        }
        self.connection
            .prepare_cached("INSERT INTO record (tenant, kind, key, at, body) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![tenant, kind, key, at, body])?;
        add(&mut self.group.commit_counts.records, (tenant, kind.to_owned()), 1);
        self.group.deeds.record(ChangeKind::Created, kind, key);
        Ok(Ok(aside(DoneKind::Created)))
    }

    pub(super) fn add_to(
        &mut self,
        context: &Context<'_>,
        kind: &str,
        key: &str,
        add: &BTreeMap<String, i64>,
    ) -> Stepped {
        let there: Option<String> = self
            .connection
            .prepare_cached("SELECT body FROM record WHERE tenant = ?1 AND kind = ?2 AND key = ?3")?
            .query_row(params![context.tenant_id, kind, key], |row| row.get(0))
            .optional()?;
        let numbers = there.map_or_else(|| Ok(BTreeMap::new()), |body| serde_json::from_str(&body));
        let sum = numbers.ok().and_then(|numbers| added(numbers, add));
        match sum {
            Some(sum) => self.put_record(context, kind, key, &serde_json::json!(sum).to_string()),
            None => Ok(Err(OpError::NoTally)),
        }
    }

    pub(super) fn delete_record(&mut self, context: &Context<'_>, kind: &str, key: &str) -> Stepped {
        let tenant = context.tenant_id;
        let deleted = self
            .connection
            .prepare_cached("DELETE FROM record WHERE tenant = ?1 AND kind = ?2 AND key = ?3")?
            .execute(params![tenant, kind, key])?;
        if deleted == 0 {
            return Ok(Err(OpError::NoRecord));
        }
        add(&mut self.group.commit_counts.records, (tenant, kind.to_owned()), -1);
        self.group.deeds.record(ChangeKind::Deleted, kind, key);
        Ok(Ok(aside(DoneKind::Deleted)))
    }

    /// A cursor may go back: what it has passed comes again, which its consumer must bear anyway.
    pub(super) fn save_cursor(&mut self, context: &Context<'_>, name: &str, seq: u64) -> Stepped {
        if seq > self.place.head {
            return Ok(Err(OpError::AheadOfFeed { head: self.place.head }));
        }
        self.connection
            .prepare_cached(
                "INSERT INTO cursor (name, seq, at) VALUES (?1, ?2, ?3) \
                 ON CONFLICT DO UPDATE SET seq = excluded.seq, at = excluded.at",
            )?
            .execute(params![name, seq.cast_signed(), context.now.as_micros()])?;
        Ok(Ok(aside(DoneKind::Updated)))
    }

    pub(super) fn drop_cursor(&mut self, name: &str) -> Stepped {
        let dropped =
            self.connection.prepare_cached("DELETE FROM cursor WHERE name = ?1")?.execute([name])?;
        Ok(if dropped == 0 { Err(OpError::NoRecord) } else { Ok(aside(DoneKind::Deleted)) })
    }
}

impl Writer {
    /// The place of the slowest cursor; the head if there is none.
    pub(super) fn slowest_cursor(&self) -> Failed<u64> {
        let slowest: Option<i64> =
            self.connection.prepare_cached("SELECT min(seq) FROM cursor")?.query_row([], |row| row.get(0))?;
        Ok(slowest.map_or(self.place.head, i64::cast_unsigned))
    }
}

/// The sums; none beyond the range of numbers. What is zero says nothing and is left out.
fn added(mut numbers: BTreeMap<String, i64>, add: &BTreeMap<String, i64>) -> Option<BTreeMap<String, i64>> {
    for (name, more) in add {
        let sum = numbers.get(name).copied().unwrap_or_default().checked_add(*more)?;
        numbers.insert(name.clone(), sum);
    }
    numbers.retain(|_, sum| *sum != 0);
    Some(numbers)
}
