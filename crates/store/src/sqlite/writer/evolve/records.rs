//! One record: found by its name, corrected, removed.

use dinh_model::{Attribute, Iri, Term, Timestamp};
use dinh_ngsild::mutation::{Fragment, Instance, Mutation, MutationError};
use dinh_ngsild::query::DatasetId;
use dinh_ngsild::temporal::{InstanceName, TemporalInstance};
use rusqlite::{OptionalExtension as _, params};

use super::super::Writer;
use super::super::commit::{Context, Stepped, aside};
use super::super::history::{Keep, Observation};
use super::Subject;
use crate::codec::{Spot, decode_instance};
use crate::history::Kind;
use crate::sqlite::failure::Failed;
use crate::{Done, DoneKind, OpError};

/// One record of history.
struct Spotted {
    series: i64,
    kind: Kind,
    at: i64,
    instance: Attribute,
}

impl Writer {
    pub(super) fn modify_record(
        &mut self,
        context: &Context<'_>,
        subject: &Subject,
        (name, uri): (&Term, &str),
        told: &Attribute,
    ) -> Stepped {
        let mut new = told.clone();
        let Some(spotted) = self.spotted(context, subject, name, uri)? else {
            return self.modify_present(context, subject, (name, uri), new);
        };
        let old = &spotted.instance;
        new.dataset_id.clone_from(&old.dataset_id);
        new.observed_at = new.observed_at.or(old.observed_at);
        (new.created_at, new.modified_at) = (old.created_at, context.now);
        let record = TemporalInstance::new(new.clone());
        if let Err(refused) = self.guarded(&subject.entity, name, &record) {
            return Ok(Err(refused));
        }
        let old_at = Timestamp::from_micros(spotted.at);
        let place = new.observed_at.map_or((spotted.kind, old_at), |at| (Kind::Observed, at));
        let sealing = self.sides(context, None, Some(&subject.entity))?.after;
        let row = match Observation::new(name, &new, place, &self.shared.names, sealing.as_ref()) {
            Ok(row) => row,
            Err(refused) => return Ok(Err(refused.into())),
        };
        let mut done = aside(DoneKind::Updated);
        if let (true, Some(found)) = (is_present(subject, name, &spotted), &subject.found) {
            let mutation = setting(name, new.clone());
            match self.change_keeping(context, found, &mutation, Keep::Observed)? {
                Ok(changed) => done = changed,
                Err(refused) => return Ok(Err(refused)),
            }
        }
        self.take_record(spotted.series, spotted.at)?;
        let key = (context.tenant_id, subject.entity.id.clone());
        self.observe(&key, subject.pk, vec![row])?;
        let attribute =
            self.shared.names.intern(name.as_str()).map_err(|e| crate::Error::Engine(e.to_string()))?;
        let series = self.series(&key, subject.pk, (attribute, place.0), new.dataset_id)?;
        if (series, place.1.as_micros()) != (spotted.series, spotted.at) {
            self.connection
                .prepare_cached("INSERT OR REPLACE INTO moved_record (series, at, name) VALUES (?1, ?2, ?3)")?
                .execute(params![series, place.1.as_micros(), uri])?;
        }
        self.drop_empty(spotted.series)?;
        Ok(Ok(Done { kind: DoneKind::Updated, ..done }))
    }

    /// What was not observed and is still so stands in the entity alone.
    fn modify_present(
        &mut self,
        context: &Context<'_>,
        subject: &Subject,
        (name, uri): (&Term, &str),
        mut new: Attribute,
    ) -> Stepped {
        let (Some(found), Some(present)) = (&subject.found, present_of(subject, name, uri)) else {
            return Ok(Err(nothing_of(name)));
        };
        new.dataset_id.clone_from(&present.dataset_id);
        self.change_keeping(context, found, &setting(name, new), Keep::Observed)
    }

    pub(super) fn remove_record(
        &mut self,
        context: &Context<'_>,
        subject: &Subject,
        name: &Term,
        uri: &str,
    ) -> Stepped {
        let delete = |dataset_id: &DatasetId| Mutation::DeleteAttribute {
            name: name.clone(),
            dataset_id: dataset_id.clone(),
            all: false,
        };
        let Some(spotted) = self.spotted(context, subject, name, uri)? else {
            let (Some(found), Some(present)) = (&subject.found, present_of(subject, name, uri)) else {
                return Ok(Err(nothing_of(name)));
            };
            return self.change_keeping(context, found, &delete(&present.dataset_id), Keep::Observed);
        };
        let mut done = aside(DoneKind::Deleted);
        if let (true, Some(found)) = (is_present(subject, name, &spotted), &subject.found) {
            let before = self.last_before(context, subject, name, &spotted)?;
            let mutation = match before {
                Some(before) => setting(name, before),
                None => delete(&spotted.instance.dataset_id),
            };
            match self.change_keeping(context, found, &mutation, Keep::Observed)? {
                Ok(changed) => done = changed,
                Err(refused) => return Ok(Err(refused)),
            }
        }
        self.take_record(spotted.series, spotted.at)?;
        self.drop_empty(spotted.series)?;
        Ok(Ok(done))
    }

    /// The record of a name.
    fn spotted(
        &self,
        context: &Context<'_>,
        subject: &Subject,
        name: &Term,
        uri: &str,
    ) -> Failed<Option<Spotted>> {
        let Some(attribute) = self.shared.names.read().id(name.as_str()) else { return Ok(None) };
        let moved: Option<(i64, i64)> = self
            .connection
            .prepare_cached("SELECT series, at FROM moved_record WHERE name = ?1")?
            .query_row([uri], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let parsed = InstanceName::parse(uri);
        let series: Vec<(i64, String, u8)> = self
            .connection
            .prepare_cached("SELECT id, dataset, kind FROM series WHERE pk = ?1 AND attribute = ?2")?
            .query_map(params![subject.pk, attribute], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        for (series, dataset, kind) in series {
            let Some(kind) = Kind::of(kind) else { continue };
            let dataset = (!dataset.is_empty()).then(|| Iri::trusted(dataset));
            let owner = InstanceName::owner(subject.entity.id.as_str(), name.as_str(), dataset.as_ref());
            let at = match (moved, parsed) {
                (Some((of, at)), _) if of == series => at,
                (None, Some(parsed)) if parsed.owner == owner && parsed.kind == kind.number() => {
                    parsed.at.as_micros()
                }
                _ => continue,
            };
            let body: Option<Vec<u8>> = self
                .connection
                .prepare_cached("SELECT body FROM observation WHERE series = ?1 AND at = ?2")?
                .query_row([series, at], |row| row.get(0))
                .optional()?;
            let Some(body) = body else { continue };
            let Some(instance) = self.decoded(context, subject, name, (kind, at), &body)? else { continue };
            return Ok(Some(Spotted { series, kind, at, instance }));
        }
        Ok(None)
    }

    fn decoded(
        &self,
        context: &Context<'_>,
        subject: &Subject,
        name: &Term,
        (kind, at): (Kind, i64),
        body: &[u8],
    ) -> Failed<Option<Attribute>> {
        let base = kind.base(Timestamp::from_micros(at));
        let spot = Spot { entity: subject.entity.id.as_str(), attribute: name.as_str(), base };
        let opening = self.shared.opening(context.tenant_id);
        Ok(decode_instance(body, &spot, &self.shared.names.read(), &opening)?)
    }

    /// The last observation but for this one.
    fn last_before(
        &self,
        context: &Context<'_>,
        subject: &Subject,
        name: &Term,
        spotted: &Spotted,
    ) -> Failed<Option<Attribute>> {
        let row: Option<(i64, Vec<u8>)> = self
            .connection
            .prepare_cached(
                "SELECT at, body FROM observation WHERE series = ?1 AND at <> ?2 ORDER BY at DESC LIMIT 1",
            )?
            .query_row([spotted.series, spotted.at], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((at, body)) = row else { return Ok(None) };
        self.decoded(context, subject, name, (Kind::Observed, at), &body)
    }

    pub(in crate::sqlite::writer) fn take_record(&self, series: i64, at: i64) -> Failed<()> {
        for sql in [
            "DELETE FROM observation WHERE series = ?1 AND at = ?2",
            "DELETE FROM moved_record WHERE series = ?1 AND at = ?2",
        ] {
            self.connection.prepare_cached(sql)?.execute([series, at])?;
        }
        Ok(())
    }

    /// A series without records is none.
    pub(in crate::sqlite::writer) fn drop_empty(&mut self, series: i64) -> Failed<()> {
        let gone = self
            .connection
            .prepare_cached(
                "DELETE FROM series WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM observation WHERE series = ?1)",
            )?
            .execute([series])?;
        if gone > 0 {
            self.cache.forget_series();
        }
        Ok(())
    }
}

fn setting(name: &Term, attribute: Attribute) -> Mutation {
    let mut fragment = Fragment::default();
    fragment.attributes.insert(name.clone(), vec![Instance::Set(attribute)]);
    Mutation::Append { fragment, overwrite: true }
}

pub(super) fn nothing_of(name: &Term) -> OpError {
    OpError::Mutation(MutationError::NoAttribute { name: name.clone(), dataset_id: None })
}

/// True if the present value is this observation.
fn is_present(subject: &Subject, name: &Term, spotted: &Spotted) -> bool {
    let instances = subject.entity.attributes.get(name).map(Vec::as_slice).unwrap_or_default();
    let same = |one: &&Attribute| one.dataset_id == spotted.instance.dataset_id;
    let at = Some(Timestamp::from_micros(spotted.at));
    spotted.kind == Kind::Observed && instances.iter().find(same).is_some_and(|one| one.observed_at == at)
}

/// The present instance of a name, where it was not observed.
fn present_of<'s>(subject: &'s Subject, name: &Term, uri: &str) -> Option<&'s Attribute> {
    let parsed = InstanceName::parse(uri).filter(|parsed| parsed.kind == Kind::Changed.number())?;
    let instances = subject.entity.attributes.get(name)?;
    instances.iter().find(|one| {
        let owner = InstanceName::owner(subject.entity.id.as_str(), name.as_str(), one.dataset_id.as_ref());
        one.observed_at.is_none() && one.modified_at == parsed.at && owner == parsed.owner
    })
}
