//! The audit: the whole chain, what it tells of the feed, the index of its notes, and the seals.

use std::collections::{HashMap, HashSet};

use dinh_model::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::audit::{
    AuditReport, BEFORE_FIRST, Body, Break, ChangesDigest, Did, Digest, KeptSeal, Note, Seal, What, kind_of,
    link, stamp_digest,
};
use crate::report::Check;
use crate::sqlite::failure::Failed;
use crate::sqlite::read;

/// Checks the audit as one check of a whole verification.
pub(super) fn check(connection: &Connection) -> Failed<Check> {
    let report = inspect(connection)?;
    let mut check = Check::new("audit");
    check.checked = report.entries;
    check.fault_count = report.break_count;
    check.faults = report.breaks.iter().map(ToString::to_string).collect();
    Ok(check)
}

/// Checks everything that can be checked without a key. The connection is in a transaction.
pub(in crate::sqlite) fn inspect(connection: &Connection) -> Failed<AuditReport> {
    let mut walk = Walk::new(connection)?;
    let mut statement = connection.prepare("SELECT seq, at, tenant, body, hash FROM audit ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        walk.entry(row)?;
    }
    walk.end()?;
    Ok(walk.report)
}

/// How far the walk along the chain has come.
struct Walk<'a> {
    connection: &'a Connection,
    tenants: HashMap<i64, String>,
    /// The link before.
    before: (u64, i64, Digest),
    /// The change that the next entry with changes begins with.
    next_change: u64,
    /// The first change still in the feed.
    feed_first: u64,
    /// Entities that notes have named.
    subjects: u64,
    /// The entries that seals end with, and those seals.
    sealed: HashMap<u64, Vec<(u64, Digest)>>,
    /// Time stamps that entries tell of: seal and digest.
    stamps: HashSet<(u64, String)>,
    report: AuditReport,
}

impl<'a> Walk<'a> {
    fn new(connection: &'a Connection) -> Failed<Self> {
        let number = |sql: &str| -> Failed<u64> {
            Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?.cast_unsigned())
        };
        let mut statement = connection.prepare("SELECT id, name FROM tenant")?;
        let tenants = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut walk = Self {
            connection,
            tenants: tenants.collect::<Result<_, _>>()?,
            before: (0, i64::MIN, BEFORE_FIRST),
            next_change: number("SELECT ifnull(max(change), 0) FROM audit_begin")? + 1,
            feed_first: number("SELECT ifnull(min(seq), 0) FROM feed")?,
            subjects: 0,
            sealed: HashMap::new(),
            stamps: HashSet::new(),
            report: AuditReport::default(),
        };
        walk.seals()?;
        Ok(walk)
    }

    /// Seals follow one another; which entries they cover is found on the way.
    fn seals(&mut self) -> Failed<()> {
        let mut faults = Vec::new();
        let mut before: Option<KeptSeal> = None;
        let mut last = 0;
        for kept in read::seals(self.connection, 0, usize::MAX)? {
            let number = kept.as_ref().map_or_else(|number| *number, |kept| kept.seal.number);
            if number != last + 1 {
                faults.push(Break::SealGap { after: last, found: number });
            }
            let gap = number != last + 1;
            last = number;
            let Ok(kept) = kept else {
                faults.push(Break::SealUnreadable { number });
                before = None;
                continue;
            };
            let Seal { first, previous, last, entry, .. } = kept.seal;
            let follows = number == 1 || before.is_some();
            if !gap && follows && Seal::after(before.as_ref()) != (number, first, previous) {
                faults.push(Break::SealPrevious { number });
            }
            self.sealed.entry(last).or_default().push((number, entry));
            self.report.seals.push(kept.clone());
            before = Some(kept);
        }
        for fault in faults {
            self.report.found(fault);
        }
        Ok(())
    }

    fn entry(&mut self, row: &Row<'_>) -> Failed<()> {
        let seq = row.get::<_, i64>(0)?.cast_unsigned();
        let (at, tenant): (i64, i64) = (row.get(1)?, row.get(2)?);
        let body = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
        let hash: Result<Digest, _> = row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?.try_into();
        let hash = hash.unwrap_or_default();
        let (last, time, before) = self.before;
        self.report.entries += 1;
        self.report.last = seq;
        self.report.body_bytes += body.len() as u64;
        if seq != last + 1 {
            self.report.found(Break::Gap { after: last, found: seq });
        }
        let name = if tenant == 0 { Some("") } else { self.tenants.get(&tenant).map(String::as_str) };
        let fits = |name| link(&before, seq, Timestamp::from_micros(at), name, body) == hash;
        // Behind a gap the hash before is not known: the gap itself is the fault.
        if seq == last + 1 && !name.is_some_and(fits) {
            self.report.found(Break::Hash { seq });
        }
        if at < time {
            self.report.found(Break::Time { seq });
        }
        for (number, entry) in self.sealed.remove(&seq).unwrap_or_default() {
            if entry != hash {
                self.report.found(Break::SealEntry { number, seq });
            }
        }
        self.before = (seq, at, hash);
        match Body::read(body).map(|body| body.what) {
            Some(What::Did(did)) => self.changes(seq, &did),
            Some(What::Noted(note)) => self.note(seq, tenant, &note),
            None => {
                self.report.found(Break::Unreadable { seq });
                Ok(())
            }
        }
    }

    /// Every change of the feed stands in one entry, and is what it was when the entry was written.
    fn changes(&mut self, seq: u64, did: &Did) -> Failed<()> {
        let Some(changes) = &did.changes else { return Ok(()) };
        let expected = std::mem::replace(&mut self.next_change, changes.first + changes.count);
        if changes.first != expected {
            self.report.found(Break::Changes { seq, expected, found: changes.first });
        }
        if changes.first < self.feed_first || self.feed_first == 0 {
            return Ok(());
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, kind, at, entity, by, body FROM feed WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
        )?;
        let upto = changes.first + changes.count - 1;
        let mut rows = statement.query([changes.first.cast_signed(), upto.cast_signed()])?;
        let mut digest = ChangesDigest::default();
        while let Some(row) = rows.next()? {
            let number = row.get::<_, i64>(0)?.cast_unsigned();
            let Some(kind) = kind_of(row.get::<_, i64>(1)?.cast_unsigned()) else { continue };
            let at = Timestamp::from_micros(row.get(2)?);
            let texts = [row.get_ref(3)?.as_str(), row.get_ref(4)?.as_str()];
            let [entity, by] = texts.map(Result::unwrap_or_default);
            let body = row.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?;
            digest.add(number, kind, at, [entity, by], body);
        }
        self.report.compared += 1;
        if digest.finish() != changes.digest {
            self.report.found(Break::Digest { seq });
        }
        Ok(())
    }

    /// Every entity of a note is in the index.
    fn note(&mut self, seq: u64, tenant: i64, note: &Note) -> Failed<()> {
        self.stamps.extend(note.stamped().map(|(seal, digest)| (seal, digest.to_owned())));
        let mut ids: Vec<&str> = note.entities.iter().map(dinh_model::Iri::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        self.subjects += ids.len() as u64;
        let mut statement = self
            .connection
            .prepare_cached("SELECT 1 FROM audit_subject WHERE tenant = ?1 AND entity = ?2 AND seq = ?3")?;
        for id in ids {
            if !statement.exists(params![tenant, id, seq.cast_signed()])? {
                self.report.found(Break::Subjects { seq });
                break;
            }
        }
        Ok(())
    }

    /// What can be missed only at the end.
    fn end(&mut self) -> Failed<()> {
        let number = |sql: &str| -> Failed<u64> {
            Ok(self.connection.query_row(sql, [], |row| row.get::<_, i64>(0))?.cast_unsigned())
        };
        let found = number("SELECT count(*) FROM audit_subject")?;
        let to = number("SELECT ifnull(max(seq), 0) FROM feed")?;
        if found != self.subjects {
            self.report.found(Break::SubjectsLeft { found, expected: self.subjects });
        }
        if to >= self.next_change {
            self.report.found(Break::Untold { from: self.next_change, to });
        }
        let told = |kept: &&KeptSeal| {
            let token = kept.token.as_deref().map(|token| (kept.seal.number, stamp_digest(token)));
            token.is_some_and(|token| !self.stamps.contains(&token))
        };
        let untold: Vec<u64> = self.report.seals.iter().filter(told).map(|kept| kept.seal.number).collect();
        for number in untold {
            self.report.found(Break::SealStamp { number });
        }
        let mut beyond: Vec<(u64, u64)> = self
            .sealed
            .iter()
            .flat_map(|(sealed, seals)| seals.iter().map(|(number, _)| (*number, *sealed)))
            .collect();
        beyond.sort_unstable();
        let last = self.report.last;
        for (number, sealed) in beyond.into_iter().filter(|(_, sealed)| *sealed > last) {
            self.report.found(Break::CutOff { number, sealed, last });
        }
        Ok(())
    }
}
