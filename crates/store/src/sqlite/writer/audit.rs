//! Entries of the audit, written in the transaction of what they tell of.

use dinh_model::{Change, ChangeKind};
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use super::commit::{Context, Stepped, aside};
use crate::audit::{ChangesDigest, Deed, Form, KeptSeal, OnRecord, Records, Seal, commit_bytes, note_bytes};
use crate::sqlite::failure::Failed;
use crate::{DoneKind, Error, Note};

/// What the commit being written has done so far.
#[derive(Default)]
pub(super) struct Deeds {
    /// The key of the entity of each change.
    keys: Vec<i64>,
    /// Over the changes.
    digest: ChangesDigest,
    records: Records,
}

impl Deeds {
    /// A change of an entity, with its stored form.
    pub(super) fn change(&mut self, pk: i64, change: &Change, body: &[u8]) {
        self.keys.push(pk);
        let texts = [change.entity.as_str(), change.by.as_str()];
        self.digest.add(change.seq, change.kind, change.at, texts, body);
    }

    /// A change of a record.
    pub(super) fn record(&mut self, kind: ChangeKind, of: &str, key: &str) {
        self.records.push(OnRecord { kind, of: of.to_owned(), key: key.to_owned() });
    }
}

impl Writer {
    /// Writes the entry of a commit; `told` is where its changes begin among those of the group.
    pub(super) fn enter(&mut self, context: &Context<'_>, form: Form, told: usize) -> Failed<()> {
        let deeds = std::mem::take(&mut self.group.deeds);
        let changes = self.group.feed.get(told..).unwrap_or_default();
        if changes.is_empty() && deeds.records.is_empty() {
            return Ok(());
        }
        let deed = Deed { keys: &deeds.keys, digest: deeds.digest.finish(), records: &deeds.records };
        let changes = changes.iter().map(|(recorded, _bytes)| &recorded.change);
        let body = commit_bytes(context.head, form, changes, &deed);
        self.append(context, &body)
    }

    /// Writes a note.
    pub(super) fn note(&mut self, context: &Context<'_>, note: &Note) -> Stepped {
        self.append(context, &note_bytes(context.head, note))?;
        let seq = self.place.audit.seq.cast_signed();
        for id in &note.entities {
            self.connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO audit_subject (tenant, entity, seq) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![context.tenant_id, id.as_str(), seq])?;
        }
        Ok(Ok(aside(DoneKind::Created)))
    }

    fn append(&mut self, context: &Context<'_>, body: &[u8]) -> Failed<()> {
        let tenant = if context.tenant_id == 0 { "" } else { context.tenant.as_str() };
        let link = self.place.audit.next(context.now, tenant, body);
        let (seq, at) = (link.seq.cast_signed(), link.at.as_micros());
        self.connection
            .prepare_cached("INSERT INTO audit (seq, at, tenant, body, hash) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![seq, at, context.tenant_id, body, link.hash])?;
        self.place.audit = link;
        Ok(())
    }

    /// Keeps a seal, if it goes on from the seal before it and covers entries that are there.
    pub(super) fn keep_seal(&mut self, kept: &KeptSeal) -> Failed<()> {
        self.transaction(|writer| {
            let before = super::super::read::last_seal(&writer.connection)?;
            let Seal { number, first, last, entry, previous, .. } = kept.seal;
            let fits = Seal::after(before.as_ref()) == (number, first, previous);
            if !fits || first > last || writer.entry_hash(last)?.as_slice() != entry {
                return Err(Error::Invalid(format!("seal {number} does not go on from what is sealed")));
            }
            writer
                .connection
                .prepare_cached(
                    "INSERT INTO audit_seal (number, statement, signature, token) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![number.cast_signed(), kept.seal.to_string(), kept.signature, kept.token])?;
            Ok(())
        })
    }

    /// Keeps the time stamp of a seal that has none yet.
    pub(super) fn keep_token(&mut self, number: u64, token: &[u8]) -> Failed<()> {
        self.transaction(|writer| {
            let kept = writer
                .connection
                .prepare_cached("UPDATE audit_seal SET token = ?2 WHERE number = ?1 AND token IS NULL")?
                .execute(params![number.cast_signed(), token])?;
            if kept == 0 {
                return Err(Error::Invalid(format!("there is no seal {number} that lacks a time stamp")));
            }
            Ok(())
        })
    }

    fn entry_hash(&self, seq: u64) -> Failed<Vec<u8>> {
        let mut statement = self.connection.prepare_cached("SELECT hash FROM audit WHERE seq = ?1")?;
        let hash: Option<Vec<u8>> = statement.query_row([seq.cast_signed()], |row| row.get(0)).optional()?;
        Ok(hash.unwrap_or_default())
    }
}
