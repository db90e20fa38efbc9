//! What vanishes by itself (CIM 009 clause 4.22): taken away when its time has come, before anything else is written, and
//! by housekeeping where nobody writes. Readers hide it from that instant on, so that nobody sees whether it is gone yet.

use dinh_access::{Principal, Purpose, Reach};
use dinh_model::{ChangeKind, EntityId, Timestamp};
use dinh_ngsild::mutation::Mutation;
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use super::commit::Context;
use super::history::Keep;
use crate::audit::{Form, Head};
use crate::codec::{Spot, decode_instance};
use crate::history::Kind;
use crate::names::NameId;
use crate::sqlite::failure::Failed;
use crate::{Error, Origin};

/// Who does it, in the feed and in the audit.
const PART: &str = "expiry";
/// Entities looked at by one step.
const STEP: i64 = 500;
/// Records of one attribute looked at when it vanishes. What is left is hidden by its own expiry, and goes with its age.
const RECORDS: i64 = 10_000;

impl Writer {
    /// Keeps in mind when something of an entity vanishes next.
    pub(super) fn watch_expiry(
        &mut self,
        pk: i64,
        before: Option<Timestamp>,
        after: Option<Timestamp>,
    ) -> Failed<()> {
        if before == after {
            return Ok(());
        }
        if let Some(at) = before {
            self.forget_expiry(at.as_micros(), pk)?;
        }
        if let Some(at) = after {
            self.connection
                .prepare_cached("INSERT OR IGNORE INTO expiry (at, pk) VALUES (?1, ?2)")?
                .execute(params![at.as_micros(), pk])?;
            self.place.expiry = Some(self.place.expiry.map_or(at, |known| known.min(at)));
        }
        Ok(())
    }

    fn forget_expiry(&self, at: i64, pk: i64) -> Failed<()> {
        self.connection.prepare_cached("DELETE FROM expiry WHERE at = ?1 AND pk = ?2")?.execute([at, pk])?;
        Ok(())
    }

    /// A step by itself; true if nothing is left that should be gone.
    pub(super) fn expire(&mut self, now: Timestamp) -> Failed<bool> {
        if !self.is_due(now) {
            return Ok(true);
        }
        self.transaction(|writer| {
            writer.expire_due(now)?;
            Ok(!writer.is_due(now))
        })
    }

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.place.expiry.is_some_and(|at| at <= now)
    }

    /// Takes away some of what should be gone, within a transaction.
    pub(super) fn expire_due(&mut self, now: Timestamp) -> Failed<()> {
        let due: Vec<(i64, i64)> = self
            .connection
            .prepare_cached("SELECT at, pk FROM expiry WHERE at <= ?1 ORDER BY at, pk LIMIT ?2")?
            .query_map([now.as_micros(), STEP], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (at, pk) in due {
            self.expire_one(at, pk, now)?;
        }
        let mut counts = std::mem::take(&mut self.group.commit_counts);
        self.group.counts.take(&mut counts);
        let next: Option<i64> =
            self.connection.prepare_cached("SELECT min(at) FROM expiry")?.query_row([], |row| row.get(0))?;
        self.place.expiry = next.map(Timestamp::from_micros);
        Ok(())
    }

    fn expire_one(&mut self, at: i64, pk: i64, now: Timestamp) -> Failed<()> {
        let owner: Option<(NameId, String)> = self
            .connection
            .prepare_cached("SELECT tenant, id FROM entity WHERE pk = ?1")?
            .query_row([pk], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        // What is not as this row says is watched by another row, or by none.
        self.forget_expiry(at, pk)?;
        let Some((tenant_id, id)) = owner else { return Ok(()) };
        let tenant = self.shared.tenant(tenant_id);
        let tenant = tenant.ok_or_else(|| Error::Damaged(format!("tenant {tenant_id} is missing")))?;
        let who = Principal::System(PART.into());
        let (by, reach) = (who.to_string(), Reach::EVERYTHING);
        let head = Head::new(&by, Purpose::Maintenance, &Origin::default());
        let now = now.max(self.place.at).max(self.place.audit.at);
        let context = Context { tenant: &tenant, tenant_id, by: &by, reach: &reach, head: &head, now };
        let Some(found) = self.find(&context, &EntityId::trusted(id))? else { return Ok(()) };
        if found.entity.next_expiry().is_none_or(|at| at > now) {
            return Ok(());
        }
        let told = self.group.feed.len();
        let done = if found.entity.has_expired(now) {
            self.delete_keeping(&context, &found, Keep::Usual)?
        } else {
            self.change_keeping(&context, &found, &Mutation::Expire, Keep::Observed)?
        };
        if let Err(refused) = done {
            tracing::warn!(entity = %found.entity.id, %refused, "what has expired stays, hidden");
            return Ok(());
        }
        self.forget_records(&context, pk, told)?;
        self.enter(&context, Form::of(&who, 1), told)
    }

    /// Takes away the past of instances that have vanished, as far as it was to vanish with them.
    fn forget_records(&mut self, context: &Context<'_>, pk: i64, told: usize) -> Failed<()> {
        let Some((recorded, _)) = self.group.feed.get(told) else { return Ok(()) };
        let change = &recorded.change;
        let gone: Vec<_> = change
            .attributes
            .iter()
            .filter(|one| one.kind == ChangeKind::Deleted)
            .filter(|one| one.before.as_ref().is_some_and(|before| before.expires_at.is_some()))
            .map(|one| (one.name.clone(), one.dataset_id.clone()))
            .collect();
        let entity = change.entity.clone();
        for (name, dataset) in gone {
            let Some(attribute) = self.shared.names.read().id(name.as_str()) else { continue };
            for kind in [Kind::Observed, Kind::Changed] {
                let series: Option<i64> = self
                    .connection
                    .prepare_cached(
                        "SELECT id FROM series WHERE pk = ?1 AND attribute = ?2 AND dataset = ?3 AND kind = ?4",
                    )?
                    .query_row(
                        params![pk, attribute, dataset.as_ref().map_or("", |id| id.as_str()), kind.number()],
                        |row| row.get(0),
                    )
                    .optional()?;
                if let Some(series) = series {
                    let spot = Spot { entity: entity.as_str(), attribute: name.as_str(), base: context.now };
                    self.forget_expired(context, (series, kind), &spot)?;
                }
            }
        }
        Ok(())
    }

    fn forget_expired(
        &mut self,
        context: &Context<'_>,
        (series, kind): (i64, Kind),
        spot: &Spot<'_>,
    ) -> Failed<()> {
        let rows: Vec<(i64, Vec<u8>)> = self
            .connection
            .prepare_cached("SELECT at, body FROM observation WHERE series = ?1 ORDER BY at DESC LIMIT ?2")?
            .query_map([series, RECORDS], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let opening = self.shared.opening(context.tenant_id);
        let mut gone = Vec::new();
        for (at, body) in rows {
            let base = kind.base(Timestamp::from_micros(at));
            let instance =
                decode_instance(&body, &Spot { base, ..*spot }, &self.shared.names.read(), &opening)?;
            if instance.is_some_and(|one| one.expires_at.is_some_and(|at| at <= context.now)) {
                gone.push(at);
            }
        }
        for at in gone {
            self.take_record(series, at)?;
        }
        self.drop_empty(series)
    }
}
