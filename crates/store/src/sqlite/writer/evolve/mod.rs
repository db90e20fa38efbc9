//! Changes of the past (CIM 009 clauses 5.6.11–5.6.16).
//!
//! The present value of an attribute is the last point of its history, so that what is added behind that point becomes
//! the present, and whoever corrects or removes the point itself corrects the present. Taking away the history of an
//! attribute, or all of it, leaves the present as it is, unless the entity came with its past and nobody has written it
//! otherwise: then it goes as it came.

mod records;
mod sorted;

use std::sync::Arc;

use dinh_model::{AttributeChange, Attributes, ChangeKind, Entity, EntityId, Iri, Scope, Term, Timestamp};
use dinh_ngsild::mutation::{Fragment, Instance, Mutation};
use dinh_ngsild::temporal::{Evolution, Records, TemporalInstance};
use dinh_ngsild::vocabulary::SCOPE;
use rusqlite::params;
use serde_json::json;

use self::records::nothing_of;
use self::sorted::{becomes_present, newest_scopes, sort};
use super::Writer;
use super::cache::Found;
use super::commit::{Context, Stepped, aside};
use super::entity::out_of_reach;
use super::history::{Keep, Observation};
use crate::history::Kind;
use crate::sqlite::failure::Failed;
use crate::{Act, Done, DoneKind, Note, OpError};

/// Whose past it is.
struct Subject {
    pk: i64,
    entity: Arc<Entity>,
    /// The entity, if it is there.
    found: Option<Found>,
}

impl Writer {
    pub(super) fn evolve(&mut self, context: &Context<'_>, id: &EntityId, evolution: &Evolution) -> Stepped {
        let subject = match self.subject(context, id)? {
            Ok(subject) => subject,
            Err(refused) => return Ok(Err(refused)),
        };
        let (subject, names) = match (subject, evolution) {
            (Some(subject), evolution) => (subject, names_of(evolution)),
            (None, Evolution::Add { create: true, .. }) => {
                return self.create_evolved(context, id, evolution);
            }
            (None, _) => return Ok(Err(OpError::NotFound)),
        };
        let all = subject.entity.attributes.keys().cloned();
        let names: Vec<Term> = if *evolution == Evolution::End { all.collect() } else { names };
        if let Err(refused) = context.reach.check(Some(&subject.entity), None, &names.iter().cloned()) {
            return Ok(Err(OpError::Denied(refused.to_string())));
        }
        let done = match evolution {
            Evolution::Add { types, scopes, records, .. } => {
                self.add_records(context, &subject, (types, scopes.as_deref()), records)?
            }
            Evolution::Modify { name, instance, attribute } => {
                self.modify_record(context, &subject, (name, instance), attribute)?
            }
            Evolution::Remove { name, instance } => self.remove_record(context, &subject, name, instance)?,
            Evolution::RemoveAttribute { name, dataset_id, all } => {
                self.remove_series(context, &subject, name, (dataset_id.as_ref(), *all))?
            }
            Evolution::End => self.end(context, &subject)?,
        };
        if done.is_ok() {
            self.note_history(context, id, &names, evolution)?;
        }
        Ok(done)
    }

    fn subject(&mut self, context: &Context<'_>, id: &EntityId) -> Failed<Result<Option<Subject>, OpError>> {
        if let Some(found) = self.find(context, id)? {
            if let Some(refused) = out_of_reach(context, &found.entity) {
                return Ok(Err(refused));
            }
            let entity = Arc::clone(&found.entity);
            return Ok(Ok(Some(Subject { pk: found.pk, entity, found: Some(found) })));
        }
        let departed = self.departed(context, id)?;
        Ok(Ok(departed.map(|gone| Subject { pk: gone.pk, entity: gone.entity, found: None })))
    }

    /// What the audit says of it: changes of the past are in no feed.
    fn note_history(
        &mut self,
        context: &Context<'_>,
        id: &EntityId,
        names: &[Term],
        evolution: &Evolution,
    ) -> Failed<()> {
        let how = match evolution {
            Evolution::Add { .. } => "added",
            Evolution::Modify { .. } => "corrected",
            Evolution::Remove { .. } => "removed",
            Evolution::RemoveAttribute { .. } => "attribute removed",
            Evolution::End => "ended",
        };
        let records = match evolution {
            Evolution::Add { records, .. } => records.values().map(Vec::len).sum(),
            _ => 1,
        };
        let note = Note {
            entities: vec![id.clone()],
            attributes: names.iter().take(1_000).cloned().collect(),
            details: json!({"how": how, "records": records}),
            ..Note::of(Act::History)
        };
        self.note(context, &note).map(drop)
    }

    fn create_evolved(&mut self, context: &Context<'_>, id: &EntityId, evolution: &Evolution) -> Stepped {
        let Evolution::Add { types, scopes, records, expires_at, .. } = evolution else {
            return Ok(Err(OpError::NotFound));
        };
        if types.is_empty() {
            return Ok(Err(OpError::NotFound));
        }
        let sorted = sort(records, context.now, &mut |_, _| true);
        let mut attributes = Attributes::new();
        for (name, attribute) in sorted.present {
            attributes.entry(name).or_default().push(attribute);
        }
        let told = scopes.clone().or_else(|| newest_scopes(records, None));
        let entity = Arc::new(Entity {
            id: id.clone(),
            types: types.clone(),
            scopes: told.unwrap_or_default(),
            created_at: context.now,
            modified_at: context.now,
            expires_at: *expires_at,
            attributes,
        });
        let rows = match self.rows(context, &entity, &sorted.past)? {
            Ok(rows) => rows,
            Err(refused) => return Ok(Err(refused)),
        };
        let pk = self.place.next_pk;
        let done = match self.insert(context, &entity)? {
            Ok(done) => done,
            Err(refused) => return Ok(Err(refused)),
        };
        self.observe(&(context.tenant_id, id.clone()), pk, rows)?;
        self.connection.prepare_cached("INSERT OR IGNORE INTO evolved (pk) VALUES (?1)")?.execute([pk])?;
        self.place.evolved = true;
        self.note_history(context, id, &names_of(evolution), evolution)?;
        Ok(Ok(done))
    }

    fn add_records(
        &mut self,
        context: &Context<'_>,
        subject: &Subject,
        (types, scopes): (&[Term], Option<&[Scope]>),
        records: &Records,
    ) -> Stepped {
        let Some(found) = &subject.found else {
            let sealed = self.shared.vault.as_ref().is_some_and(|v| v.any_sealed(&subject.entity.types));
            if sealed {
                let reason =
                    "the entity is gone, and its types hold personal data: nothing is added to its past";
                return Ok(Err(OpError::Refused(reason.to_owned())));
            }
            let all: Vec<_> =
                records.iter().flat_map(|(name, all)| all.iter().map(move |one| (name, one))).collect();
            return match self.rows(context, &subject.entity, &all)? {
                Ok(rows) => {
                    self.observe(&(context.tenant_id, subject.entity.id.clone()), subject.pk, rows)?;
                    Ok(Ok(aside(DoneKind::Updated)))
                }
                Err(refused) => Ok(Err(refused)),
            };
        };
        let deleted = self.deletions(subject)?;
        let entity = Arc::clone(&subject.entity);
        let sorted = sort(records, context.now, &mut |name, candidate| {
            becomes_present(&entity, name, candidate, &deleted)
        });
        let rows = match self.rows(context, &entity, &sorted.past)? {
            Ok(rows) => rows,
            Err(refused) => return Ok(Err(refused)),
        };
        let last_scope = self.last_scope(subject.pk)?;
        let mut fragment = Fragment { types: types.to_vec(), ..Fragment::default() };
        fragment.scopes = scopes.map(<[Scope]>::to_vec).or_else(|| newest_scopes(records, last_scope));
        for (name, attribute) in sorted.present {
            fragment.attributes.entry(name).or_default().push(Instance::Set(attribute));
        }
        let mutation = Mutation::Append { fragment, overwrite: true };
        let done = match self.change_keeping(context, found, &mutation, Keep::Told)? {
            Ok(done) => done,
            Err(refused) => return Ok(Err(refused)),
        };
        self.observe(&(context.tenant_id, entity.id.clone()), subject.pk, rows)?;
        Ok(Ok(Done { kind: DoneKind::Updated, ..done }))
    }

    /// Records as rows of history, checked by the rule that every entity keeps.
    fn rows(
        &self,
        context: &Context<'_>,
        entity: &Entity,
        records: &[(&Term, &TemporalInstance)],
    ) -> Failed<Result<Vec<Observation>, OpError>> {
        let sides = self.sides(context, None, Some(entity))?;
        let mut rows = Vec::with_capacity(records.len());
        for (name, record) in records {
            let mut attribute = record.attribute.clone();
            (attribute.created_at, attribute.modified_at) = (context.now, context.now);
            if let Err(refused) = self.guarded(entity, name, record) {
                return Ok(Err(refused));
            }
            let place = match (record.deleted_at, attribute.observed_at) {
                (Some(at), _) => (Kind::Deleted, at),
                (None, Some(at)) => (Kind::Observed, at),
                (None, None) => (Kind::Changed, context.now),
            };
            match Observation::new(name, &attribute, place, &self.shared.names, sides.after.as_ref()) {
                Ok(row) => rows.push(row),
                Err(refused) => return Ok(Err(refused.into())),
            }
        }
        Ok(Ok(rows))
    }

    fn guarded(&self, entity: &Entity, name: &Term, record: &TemporalInstance) -> Result<(), OpError> {
        let Some(guard) = &self.shared.options.guard else { return Ok(()) };
        if record.deleted_at.is_some() || record.says_nothing() {
            return Ok(());
        }
        let change = AttributeChange {
            name: name.clone(),
            dataset_id: record.attribute.dataset_id.clone(),
            kind: ChangeKind::Updated,
            before: None,
            after: Some(record.attribute.clone()),
        };
        guard.check(entity, std::slice::from_ref(&change), false).map_err(OpError::Guarded)
    }

    /// When instances of an entity were last deleted.
    fn deletions(&self, subject: &Subject) -> Failed<Vec<(String, String, i64)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT n.text, s.dataset, (SELECT max(at) FROM observation AS o WHERE o.series = s.id) \
             FROM series AS s JOIN name AS n ON n.id = s.attribute WHERE s.pk = ?1 AND s.kind = ?2",
        )?;
        let rows = statement.query_map(params![subject.pk, Kind::Deleted.number()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?.unwrap_or(i64::MIN)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Since when the scope is known to be what it is.
    fn last_scope(&self, pk: i64) -> Failed<Option<Timestamp>> {
        let Some(name) = self.shared.names.read().id(SCOPE) else { return Ok(None) };
        let last: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT max(o.at) FROM series AS s JOIN observation AS o ON o.series = s.id \
                 WHERE s.pk = ?1 AND s.attribute = ?2",
            )?
            .query_row(params![pk, name], |row| row.get(0))?;
        Ok(last.map(Timestamp::from_micros))
    }

    fn remove_series(
        &mut self,
        context: &Context<'_>,
        subject: &Subject,
        name: &Term,
        (dataset, all): (Option<&Iri>, bool),
    ) -> Stepped {
        let attribute = self.shared.names.read().id(name.as_str());
        let text = dataset.map_or("", |id| id.as_str());
        let gone = match attribute {
            Some(attribute) => self
                .connection
                .prepare_cached(
                    "UPDATE series SET pk = -id WHERE pk = ?1 AND attribute = ?2 AND (?3 OR dataset = ?4)",
                )?
                .execute(params![subject.pk, attribute, all, text])?,
            None => 0,
        };
        self.cache.forget_series();
        let instances = subject.entity.attributes.get(name).map(Vec::as_slice).unwrap_or_default();
        let is_there = instances.iter().any(|one| all || one.dataset_id.as_ref() == dataset);
        if gone == 0 && !is_there {
            return Ok(Err(nothing_of(name)));
        }
        if let (Some(found), true, true) = (&subject.found, is_there, self.is_evolved(subject.pk)?) {
            let mutation =
                Mutation::DeleteAttribute { name: name.clone(), dataset_id: dataset.cloned(), all };
            return self.change_keeping(context, found, &mutation, Keep::Nothing);
        }
        Ok(Ok(aside(DoneKind::Deleted)))
    }

    fn end(&mut self, context: &Context<'_>, subject: &Subject) -> Stepped {
        // Not in one transaction: it may be very much. Housekeeping takes away what belongs to nobody.
        self.connection.prepare_cached("UPDATE series SET pk = -id WHERE pk = ?1")?.execute([subject.pk])?;
        self.cache.forget_series();
        match &subject.found {
            Some(found) if self.is_evolved(subject.pk)? => self.delete_keeping(context, found, Keep::Nothing),
            Some(_) => Ok(Ok(aside(DoneKind::Deleted))),
            None => {
                self.connection
                    .prepare_cached("DELETE FROM departed WHERE pk = ?1")?
                    .execute([subject.pk])?;
                self.forget_types_departed(subject.pk)?;
                Ok(Ok(aside(DoneKind::Deleted)))
            }
        }
    }

    fn is_evolved(&self, pk: i64) -> Failed<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM evolved WHERE pk = ?1)";
        Ok(self.place.evolved && self.connection.prepare_cached(sql)?.query_row([pk], |row| row.get(0))?)
    }
}

fn names_of(evolution: &Evolution) -> Vec<Term> {
    match evolution {
        Evolution::Add { records, .. } => {
            records.keys().filter(|name| name.as_str() != SCOPE).cloned().collect()
        }
        Evolution::Modify { name, .. }
        | Evolution::Remove { name, .. }
        | Evolution::RemoveAttribute { name, .. } => vec![name.clone()],
        Evolution::End => Vec::new(),
    }
}
