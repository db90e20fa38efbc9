//! Asking others for the past: of one entity, or of those that meet conditions (clauses 5.7.3 and 5.7.4).

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_context::registrations::Match;
use dinh_model::{Entity, EntityId, Timestamp};
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::query::{EntityQuery, Q};
use dinh_ngsild::read::{self, Reader};
use dinh_ngsild::registration::{Information, Operation};
use dinh_ngsild::temporal::{TemporalEntity, TemporalQuery, TimeProperty, TimeRelation};
use dinh_ngsild::write::instant_text;
use futures::{StreamExt as _, stream};
use http::Method;
use serde_json::Value as Json;

use crate::call::call;
use crate::question::{conditions, names, narrowed, paged, segment};
use crate::read::is_registered;
use crate::series::Reach;
use crate::stamps::Stamps;
use crate::{Asker, Call, Failure, QueryTexts, Series, Tongue, Warning};

/// Calls on their way at once for one request.
const AT_ONCE: usize = 64;
/// Most pages that one source is asked for.
const MOST_PAGES: usize = 10;
/// Most records that are taken of one source.
const MOST_RECORDS: usize = 100_000;

/// A question about the past.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// Which entities.
    pub query: &'a EntityQuery,
    /// Which time.
    pub time: &'a TemporalQuery,
    /// Conditions as they were written.
    pub texts: &'a QueryTexts,
    /// Which sources.
    pub csf: Option<&'a Q>,
    /// The one entity that is asked for.
    pub one: Option<&'a EntityId>,
}

impl Past<'_> {
    fn operations(&self) -> &'static [Operation] {
        match self.one {
            Some(_) => &[Operation::RetrieveTemporal, Operation::QueryTemporal],
            None => &[Operation::QueryTemporal],
        }
    }
}

/// What others told of the past, and what went wrong.
#[derive(Debug, Default)]
pub struct FoundPast {
    /// What they told; of one entity several may tell.
    pub parts: Vec<Series>,
    /// How far it reaches, where somebody cut it.
    pub reach: Option<Reach>,
    /// What went wrong.
    pub warnings: Vec<Warning>,
}

struct Told {
    entities: Vec<TemporalEntity>,
    cut: bool,
}

impl Asker {
    /// The sources that tell of the past that is asked for: those of that time, and those that do not say of which time they are.
    pub fn sources_of_past(&self, past: &Past<'_>) -> Vec<Match> {
        self.sources_of_past_by(past, past.operations())
    }

    pub(crate) fn sources_of_past_by(&self, past: &Past<'_>, operations: &[Operation]) -> Vec<Match> {
        let any = TimeRelation::After(Timestamp::from_micros(i64::MIN));
        let relation = past.time.relation.unwrap_or(any);
        let mut sources = self.sources_at(past.query, past.csf, operations, None);
        for found in self.sources_at(past.query, past.csf, operations, Some((past.time.property, relation))) {
            if !sources.iter().any(|one| Arc::ptr_eq(&one.registered, &found.registered)) {
                sources.push(found);
            }
        }
        sources
    }

    /// What others tell of the past.
    pub async fn past(&self, past: &Past<'_>) -> FoundPast {
        let sources = self.sources_of_past(past);
        let questions =
            sources.iter().flat_map(|source| source.information().map(move |part| (source, part)));
        let calls: Vec<_> = questions.map(|(source, part)| self.ask_past(source, part, past)).collect();
        let told: Vec<_> = stream::iter(calls).buffered(AT_ONCE).collect().await;
        let mut found = FoundPast::default();
        let alias = self.alias();
        for (source, result) in told {
            match result {
                Ok(told) => self.take(&mut found, source, told, past.time),
                Err(failure) => found.warnings.extend(Warning::of(&alias, &failure)),
            }
        }
        found
    }

    fn take(&self, found: &mut FoundPast, source: &Match, told: Told, time: &TemporalQuery) {
        if told.cut {
            found.reach = match (found.reach, Reach::of(&told.entities, time)) {
                (Some(Reach::UpTo(a)), Some(Reach::UpTo(b))) => Some(Reach::UpTo(a.min(b))),
                (Some(Reach::BackTo(a)), Some(Reach::BackTo(b))) => Some(Reach::BackTo(a.max(b))),
                (a, b) => a.or(b),
            };
        }
        let registration = &source.registered.registration;
        let seen = told.entities.into_iter().filter_map(|entity| self.seen_of(entity));
        found.parts.extend(seen.map(|entity| Series {
            mode: registration.mode,
            registration: registration.id.clone(),
            entity,
        }));
    }

    /// What whoever asks may see of an evolution: what is masked has no past.
    fn seen_of(&self, mut told: TemporalEntity) -> Option<TemporalEntity> {
        let sight = self.session.sight().ok()?;
        let mut present = Entity::new(told.id.clone(), told.types.first()?.clone(), told.created_at);
        present.types.clone_from(&told.types);
        present.scopes.clone_from(&told.scopes);
        for (name, records) in &told.attributes {
            if let Some(last) = records.last() {
                present.set(name.clone(), last.attribute.clone());
            }
        }
        let present = Arc::new(present);
        let seen = sight.view(&present)?;
        told.attributes.retain(|name, _| seen.attributes.get(name) == present.attributes.get(name));
        Some(told)
    }

    async fn ask_past<'m>(
        &self,
        source: &'m Match,
        part: &Information,
        asked: &Past<'_>,
    ) -> (&'m Match, Result<Told, Failure>) {
        let registration = &source.registered.registration;
        let tongue = Tongue::of(self, registration).await;
        let narrowed = narrowed(asked.query, part, &tongue.context);
        let mut told = Told { entities: Vec::new(), cut: false };
        for page in 0..MOST_PAGES {
            let (path, mut pairs) = match asked.one {
                Some(id) if registration.supports(Operation::RetrieveTemporal) => {
                    let attrs = names(&narrowed.attributes, &tongue.context).join(",");
                    let attrs = (!attrs.is_empty()).then_some(("attrs", attrs));
                    (format!("/temporal/entities/{}", segment(id.as_str())), attrs.into_iter().collect())
                }
                _ => {
                    let mut pairs = conditions(&narrowed, asked.query, asked.texts, &tongue.context);
                    pairs.extend(paged(page));
                    ("/temporal/entities".to_owned(), pairs)
                }
            };
            pairs.extend(timed(asked.time));
            let call_of = Call { method: Method::GET, path, query: pairs, body: None };
            let answer = match call(self, source, &tongue, call_of).await {
                Ok(answer) => answer,
                Err(failure) => return (source, Err(failure)),
            };
            told.cut |= answer.status == 206;
            let (items, single) = match answer.body {
                Some(Json::Array(items)) => (items, false),
                Some(object @ Json::Object(_)) => (vec![object], true),
                Some(_) => {
                    let failure = Failure::Unreadable("neither an evolution nor a list of them".to_owned());
                    return (source, Err(failure));
                }
                None => (Vec::new(), true),
            };
            let full = !single && items.len() >= PAGE;
            for item in items {
                match self.read_past(item, &tongue).await {
                    Ok(entity) => told.entities.extend(registered_of(entity, part)),
                    Err(failure) => return (source, Err(failure)),
                }
            }
            let records = |entity: &TemporalEntity| entity.attributes.values().map(Vec::len).sum::<usize>();
            if told.entities.iter().map(records).sum::<usize>() > MOST_RECORDS {
                return (source, Err(Failure::TooLarge));
            }
            if !full {
                break;
            }
        }
        (source, Ok(told))
    }

    /// Reads an evolution as it was told.
    async fn read_past(&self, json: Json, tongue: &Tongue) -> Result<TemporalEntity, Failure> {
        let (json, context) = self.with_words(json, &tongue.context).await?;
        let stamps = Stamps::of(&json, &context);
        let now = self.session.context().clock().now();
        let request = read::evolution(&Reader::new(&context, now), json)
            .map_err(|error| Failure::Unreadable(error.to_string()))?;
        let id = request.id.ok_or_else(|| Failure::Unreadable("an evolution of nobody".to_owned()))?;
        let created_at = stamps.whole.created_at.unwrap_or(now);
        let mut attributes = request.records;
        for (name, records) in &mut attributes {
            let Some(stamps) = stamps.attributes.get(name).filter(|all| all.len() == records.len()) else {
                continue;
            };
            for (record, stamp) in records.iter_mut().zip(stamps) {
                stamp.put(&mut record.attribute);
                record.instance_id.clone_from(&stamp.instance_id);
            }
        }
        Ok(TemporalEntity {
            id,
            types: request.types,
            scopes: request.scopes.unwrap_or_default(),
            created_at,
            modified_at: stamps.whole.modified_at.unwrap_or(created_at),
            deleted_at: stamps.whole.deleted_at,
            attributes,
            aggregated: BTreeMap::new(),
        })
    }
}

/// What of an evolution the source is registered for; nothing if it is not registered for the entity.
fn registered_of(mut told: TemporalEntity, part: &Information) -> Option<TemporalEntity> {
    if !is_registered(&told.id, &told.types, part) {
        return None;
    }
    if part.names_attributes() {
        told.attributes.retain(|name, _| part.attributes().any(|one| one == name));
    }
    Some(told)
}

/// The time as parameters, and what makes records comparable.
fn timed(time: &TemporalQuery) -> Vec<(&'static str, String)> {
    let mut pairs = in_time(time);
    pairs.extend(time.last.map(|last| ("lastN", last.to_string())));
    pairs.push(("options", "sysAttrs".to_owned()));
    pairs
}

/// The time as parameters.
pub(crate) fn in_time(time: &TemporalQuery) -> Vec<(&'static str, String)> {
    let mut pairs = Vec::new();
    match time.relation {
        None => {}
        Some(TimeRelation::Before(to)) => {
            pairs.extend([("timerel", "before".to_owned()), ("timeAt", instant_text(to))]);
        }
        Some(TimeRelation::After(from)) => {
            pairs.extend([("timerel", "after".to_owned()), ("timeAt", instant_text(from))]);
        }
        Some(TimeRelation::Between(from, to)) => pairs.extend([
            ("timerel", "between".to_owned()),
            ("timeAt", instant_text(from)),
            ("endTimeAt", instant_text(to)),
        ]),
    }
    if time.stated || time.property != TimeProperty::ObservedAt {
        pairs.push(("timeproperty", time.property.as_str().to_owned()));
    }
    pairs
}
