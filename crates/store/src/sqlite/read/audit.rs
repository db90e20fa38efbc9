//! The audit, in one transaction of any connection: that of a reader, or one to a store that another process has open.

use dinh_model::{EntityId, Tenant, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::Value as Json;

use crate::audit::{
    AuditOrder, AuditPage, AuditQuery, Body, Digest, Entry, KeptSeal, Link, Seal, Subject, Wanted, What,
};
use crate::sqlite::failure::Failed;
use crate::sqlite::shared::TenantId;
use crate::{Act, Error, plan};

/// Entries that one page looks at.
const LOOKS: usize = 50_000;
/// Bytes of bodies that one page looks at.
const LOOKED_BYTES: usize = 64 << 20;
/// Bytes of bodies after which a page is full.
const PAGE_BYTES: usize = 8 << 20;
/// Most entities that a question may name.
const MOST_ENTITIES: usize = 1_000;
/// Places in the store that one page turns into identifiers.
const NAMED: usize = 20_000;

/// The audit as one tenant sees it, or as all do.
pub(in crate::sqlite) struct Trail<'a> {
    pub(in crate::sqlite) connection: &'a Connection,
    /// The name of a tenant's number.
    pub(in crate::sqlite) name_of: &'a dyn Fn(TenantId) -> Option<Tenant>,
    /// Whose entries; 0 for all.
    pub(in crate::sqlite) tenant: TenantId,
}

impl Trail<'_> {
    pub(in crate::sqlite) fn search(&self, query: &AuditQuery) -> Failed<AuditPage> {
        let (low, high) = self.span(query)?;
        plan::check("entities of a question for the audit", query.entities().count(), MOST_ENTITIES)?;
        let mut places = Vec::new();
        for id in query.entities() {
            places.extend(self.places(id)?);
        }
        let wanted = Wanted::new(query, places);
        let order = match query.order {
            AuditOrder::NewestFirst => "DESC",
            AuditOrder::OldestFirst => "ASC",
        };
        // Notes about an entity are found by its name; what else touched it is looked for.
        let act = query.action.as_deref().and_then(Act::from_name);
        let by_name = (act.is_some() || query.noted) && self.tenant != 0 && query.entities().next().is_some();
        let noted = by_name.then(|| query.entities().map(|id| Json::from(id.as_str())).collect::<Json>());
        let sql = match noted {
            Some(_) => format!(
                "SELECT seq, at, tenant, body, hash FROM audit WHERE seq IN \
                 (SELECT seq FROM audit_subject WHERE tenant = ?4 AND seq BETWEEN ?1 AND ?2 \
                 AND entity IN (SELECT value FROM json_each(?3))) ORDER BY seq {order}"
            ),
            None => format!(
                "SELECT seq, at, tenant, body, hash FROM audit \
                 WHERE seq BETWEEN ?1 AND ?2 AND ?3 IS NULL AND ?4 >= 0 ORDER BY seq {order}"
            ),
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let noted = noted.map(|ids| ids.to_string());
        let mut rows = statement.query(params![low, high, noted, self.tenant])?;
        let (mut page, mut bytes, mut last) = (AuditPage::default(), 0, None);
        let (mut looked, mut looked_bytes) = (0, 0);
        while let Some(row) = rows.next()? {
            let full = page.entries.len() >= query.limit || bytes >= PAGE_BYTES;
            if full || looked >= LOOKS || looked_bytes >= LOOKED_BYTES {
                page.next = last;
                break;
            }
            (looked, last) = (looked + 1, Some(row.get::<_, i64>(0)?.cast_unsigned()));
            if self.tenant != 0 && row.get::<_, TenantId>(2)? != self.tenant {
                continue;
            }
            let entry = self.entry(row)?;
            let length = row.get_ref(3)?.as_blob().map_or(0, <[u8]>::len);
            looked_bytes += length;
            if wanted.matches(&entry) {
                bytes += length;
                page.entries.push(entry);
            }
        }
        self.name(&mut page.entries)?;
        Ok(page)
    }

    /// The numbers between which entries that were asked for lie.
    fn span(&self, query: &AuditQuery) -> Failed<(i64, i64)> {
        let mut low = query.from.map_or(Ok(1), |at| self.first_since(at))?;
        let mut high = query.to.map_or(Ok(i64::MAX), |at| Ok::<_, Error>(self.first_since(at)? - 1))?;
        if let Some(after) = query.after {
            let after = i64::try_from(after).unwrap_or(i64::MAX);
            match query.order {
                AuditOrder::NewestFirst => high = high.min(after.saturating_sub(1)),
                AuditOrder::OldestFirst => low = low.max(after.saturating_add(1)),
            }
        }
        Ok((low, high))
    }

    /// Number of the first entry at an instant or later, or of the one that is next: time never goes back in the audit,
    /// so halving finds it, and nothing has to be indexed by time.
    fn first_since(&self, at: Timestamp) -> Failed<i64> {
        let sql = "SELECT ifnull(min(seq), 1), ifnull(max(seq), 0) + 1 FROM audit";
        let (mut low, mut high): (i64, i64) =
            self.connection.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut statement =
            self.connection.prepare_cached("SELECT at FROM audit WHERE seq >= ?1 ORDER BY seq LIMIT 1")?;
        while low < high {
            let middle = low + (high - low) / 2;
            let found: Option<i64> = statement.query_row([middle], |row| row.get(0)).optional()?;
            if found.is_some_and(|found| found < at.as_micros()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// The places of entities of this name that are there, or that are gone and have left history.
    fn places(&self, id: &EntityId) -> Failed<Vec<u64>> {
        let sql = "SELECT e.pk FROM tenant AS t JOIN entity AS e ON e.tenant = t.id AND e.id = ?2 \
                   WHERE ?1 = 0 OR t.id = ?1 \
                   UNION SELECT d.pk FROM tenant AS t JOIN departed AS d ON d.tenant = t.id AND d.id = ?2 \
                   WHERE ?1 = 0 OR t.id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let places = statement
            .query_map(params![self.tenant, id.as_str()], |row| Ok(row.get::<_, i64>(0)?.cast_unsigned()))?
            .collect::<Result<_, _>>()?;
        Ok(places)
    }

    fn entry(&self, row: &Row<'_>) -> Failed<Entry> {
        let seq = row.get::<_, i64>(0)?.cast_unsigned();
        let damaged = || Error::Damaged(format!("entry {seq} of the audit cannot be read"));
        let tenant: TenantId = row.get(2)?;
        let tenant = if tenant == 0 { None } else { Some((self.name_of)(tenant).ok_or_else(damaged)?) };
        let body = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
        let Body { principal, purpose, origin, what } = Body::read(body).ok_or_else(damaged)?;
        let hash: Vec<u8> = row.get(4)?;
        let hash: Digest = hash.try_into().map_err(|_other_length| damaged())?;
        let at = Timestamp::from_micros(row.get(1)?);
        Ok(Entry { seq, at, tenant, principal, purpose, origin, what, hash })
    }

    /// Names the entities that entries in the short form name by their places, as far as they are still known.
    fn name(&self, entries: &mut [Entry]) -> Failed<()> {
        let sql = "SELECT id FROM entity WHERE pk = ?1 UNION ALL SELECT id FROM departed WHERE pk = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let touched = entries.iter_mut().filter_map(|entry| match &mut entry.what {
            What::Did(did) => Some(&mut did.entities),
            What::Noted(_) => None,
        });
        for touched in touched.flatten().take(NAMED) {
            if let Subject::At(place) = touched.subject {
                let id: Option<String> =
                    statement.query_row([place.cast_signed()], |row| row.get(0)).optional()?;
                touched.subject = id.map_or(Subject::At(place), |id| Subject::Named(EntityId::trusted(id)));
            }
        }
        Ok(())
    }
}

/// The last link of the chain.
pub(in crate::sqlite) fn last_link(connection: &Connection) -> Failed<Link> {
    Ok(link_between(connection, 0, i64::MAX)?.unwrap_or(Link::START))
}

/// The last link before an instant.
pub(in crate::sqlite) fn last_link_before(connection: &Connection, at: Timestamp) -> Failed<Option<Link>> {
    let trail = Trail { connection, name_of: &|_| None, tenant: 0 };
    link_between(connection, 0, trail.first_since(at)? - 1)
}

/// The link of an entry.
pub(in crate::sqlite) fn link_at(connection: &Connection, seq: u64) -> Failed<Option<Link>> {
    link_between(connection, seq.cast_signed(), seq.cast_signed())
}

/// The last link of those numbered so.
fn link_between(connection: &Connection, low: i64, high: i64) -> Failed<Option<Link>> {
    let row = connection
        .prepare_cached(
            "SELECT seq, at, hash FROM audit WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([low, high], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get::<_, Vec<u8>>(2)?)))
        .optional()?;
    Ok(row.map(|(seq, at, hash)| {
        // A hash of another length is damage; verification tells, and the chain goes on from what cannot fit.
        let hash = hash.try_into().unwrap_or_default();
        Link { seq: seq.cast_unsigned(), at: Timestamp::from_micros(at), hash }
    }))
}

/// Seals after the one of this number, in order; `Err` holds the number of one that cannot be read.
pub(in crate::sqlite) fn seals(
    connection: &Connection,
    after: u64,
    limit: usize,
) -> Failed<Vec<Result<KeptSeal, u64>>> {
    let mut statement = connection.prepare_cached(
        "SELECT number, statement, signature, token FROM audit_seal WHERE number > ?1 ORDER BY number LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![after.cast_signed(), limit], |row| {
        let (number, statement): (i64, String) = (row.get(0)?, row.get(1)?);
        let (signature, token) = (row.get(2)?, row.get(3)?);
        let number = number.cast_unsigned();
        Ok(match statement.parse::<Seal>() {
            Ok(seal) if seal.number == number => Ok(KeptSeal { seal, signature, token }),
            _ => Err(number),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The last seal.
pub(in crate::sqlite) fn last_seal(connection: &Connection) -> Failed<Option<KeptSeal>> {
    let last: i64 = connection
        .prepare_cached("SELECT ifnull(max(number), 0) FROM audit_seal")?
        .query_row([], |row| row.get(0))?;
    let damaged = |number| Error::Damaged(format!("seal {number} of the audit cannot be read"));
    let last = seals(connection, last.saturating_sub(1).cast_unsigned(), 1)?.pop();
    last.transpose().map_err(damaged)
}
