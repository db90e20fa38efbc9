//! Reading snapshots, and what changes them (clauses 5.16.1, 5.16.2, 5.16.4 and 5.16.7).

use dinh_model::{Attribute, Entity, Iri, Timestamp, Value};
use serde_json::{Map, Value as Json};

use super::{PRIORITY, Snapshot, Status, end};
use crate::context::Context;
use crate::linked::Join;
use crate::query::Q;
use crate::read::{self, ReadError, entity_id};
use crate::subscription::pairs;
use crate::vocabulary::NULL;

/// Most queries of one snapshot, and as many for evolutions.
pub const MOST_QUERIES: usize = 20;

/// Members that a query for snapshots may name.
const MEMBERS: [&str; 15] = [
    "id",
    "type",
    "snapshotQueries",
    "snapshotTemporalQueries",
    "snapshotLifetime",
    "snapshotPriority",
    "endpoint",
    "receiverInfo",
    "snapshotStatus",
    "snapshotQueriesDetails",
    "snapshotTemporalQueriesDetails",
    "createdAt",
    "modifiedAt",
    "expiresAt",
    "lastUsedAt",
];

impl Snapshot {
    /// Reads a snapshot to create; `fresh` becomes its identifier if it names none. Members that only answers carry are
    /// passed over.
    pub fn read(json: &Json, context: &Context, fresh: &Iri, now: Timestamp) -> Result<Self, ReadError> {
        let object = object(json)?;
        let queries = queries(object, "snapshotQueries", context, false)?;
        let temporal_queries = queries_over_time(object, context)?;
        if queries.is_empty() && temporal_queries.is_empty() {
            return Err(ReadError::at(
                "snapshotQueries",
                "a snapshot needs these or snapshotTemporalQueries",
            ));
        }
        let lifetime = lifetime(object)?;
        Ok(Self {
            id: id(object, fresh)?,
            queries,
            temporal_queries,
            priority: priority(object)?.unwrap_or(PRIORITY),
            endpoint: endpoint(object)?,
            receiver_info: pairs(object, "receiverInfo")?,
            context: context.source().cloned(),
            status: Status::Preparing,
            outcomes: Vec::new(),
            temporal_outcomes: Vec::new(),
            created_at: now,
            modified_at: now,
            expires_at: end(now, lifetime.as_ref().map(|(_, micros)| *micros)),
            lifetime: lifetime.map(|(text, _)| text),
            last_used_at: now,
        })
    }

    /// A snapshot of the same, as `json` asks for it otherwise.
    pub fn cloned(&self, json: &Json, fresh: &Iri, now: Timestamp) -> Result<Self, ReadError> {
        let object = object(json)?;
        refuse_queries(object)?;
        let lifetime = lifetime(object)?;
        Ok(Self {
            id: id(object, fresh)?,
            priority: priority(object)?.unwrap_or(PRIORITY),
            endpoint: endpoint(object)?,
            receiver_info: pairs(object, "receiverInfo")?,
            status: Status::Preparing,
            outcomes: Vec::new(),
            temporal_outcomes: Vec::new(),
            created_at: now,
            modified_at: now,
            expires_at: end(now, lifetime.as_ref().map(|(_, micros)| *micros)),
            lifetime: lifetime.map(|(text, _)| text),
            last_used_at: now,
            ..self.clone()
        })
    }

    /// The snapshot with the members of `fragment` in the place of its own; null takes one away. What it was made of
    /// stays as it is.
    pub fn patched(&self, fragment: &Json, now: Timestamp) -> Result<Self, ReadError> {
        let Some(given) = fragment.as_object() else {
            return Err(ReadError::Syntax("an object was expected".to_owned()));
        };
        if given.get("type").is_some_and(|kind| kind != "Snapshot") {
            return Err(ReadError::at("type", "it must be Snapshot"));
        }
        if given.get("id").is_some_and(|id| id.as_str() != Some(self.id.as_str())) {
            return Err(ReadError::at("id", "the identifier of a snapshot does not change"));
        }
        refuse_queries(given)?;
        let gone = |name: &str| given.get(name).is_some_and(|value| value.is_null() || value == NULL);
        let left: Map<String, Json> = given
            .iter()
            .filter(|(name, _)| !gone(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let mut patched = Self { modified_at: now, ..self.clone() };
        if gone("snapshotPriority") {
            patched.priority = PRIORITY;
        } else if let Some(priority) = priority(&left)? {
            patched.priority = priority;
        }
        if gone("snapshotLifetime") {
            patched.lifetime = None;
        } else if let Some((text, micros)) = lifetime(&left)? {
            (patched.lifetime, patched.expires_at) = (Some(text), end(now, Some(micros)));
        }
        if given.contains_key("endpoint") {
            patched.endpoint = endpoint(&left)?;
        }
        if given.contains_key("receiverInfo") {
            patched.receiver_info = pairs(&left, "receiverInfo")?;
        }
        Ok(patched)
    }

    /// The snapshot as an entity whose attributes are its members: what a query for snapshots is compared with.
    fn as_entity(&self) -> Entity {
        let core = Context::core();
        let mut entity = Entity::new(self.id.clone(), core.expand("Snapshot"), self.created_at);
        entity.modified_at = self.modified_at;
        if let Json::Object(members) = self.to_json() {
            let own = |name: &str| !["id", "type", "createdAt", "modifiedAt"].contains(&name);
            for (name, value) in members.into_iter().filter(|(name, _)| own(name)) {
                entity.set(core.expand(&name), Attribute::new(Value::Property(value), self.created_at));
            }
        }
        entity
    }
}

/// True if a query asks for a snapshot. It may name its members alone, read with the core context.
pub fn selects(q: &Q, snapshot: &Snapshot) -> Result<bool, ReadError> {
    let core = Context::core();
    let mut foreign = (q.link_depth() > 0).then(|| "the entities behind a link".to_owned());
    q.each_path(&mut |path| {
        if !MEMBERS.iter().any(|member| core.expand(member) == path.attribute) {
            foreign = Some(core.compact(&path.attribute).into_owned());
        }
    });
    match foreign {
        Some(name) => Err(ReadError::at("q", format!("{name} is no member of a snapshot"))),
        None => Ok(q.matches(&snapshot.as_entity())),
    }
}

fn object(json: &Json) -> Result<&Map<String, Json>, ReadError> {
    let object = json.as_object().ok_or_else(|| ReadError::Syntax("an object was expected".to_owned()))?;
    let kind = object.get("type").or_else(|| object.get("@type")).and_then(Json::as_str);
    if kind == Some("Snapshot") { Ok(object) } else { Err(ReadError::at("type", "it must be Snapshot")) }
}

fn id(object: &Map<String, Json>, fresh: &Iri) -> Result<Iri, ReadError> {
    match object.get("id").or_else(|| object.get("@id")) {
        None => Ok(fresh.clone()),
        Some(json) => entity_id("id", json.as_str().ok_or_else(|| ReadError::at("id", "it must be a URI"))?),
    }
}

fn refuse_queries(object: &Map<String, Json>) -> Result<(), ReadError> {
    match ["snapshotQueries", "snapshotTemporalQueries"].iter().find(|name| object.contains_key(**name)) {
        Some(name) => Err(ReadError::at(name, "it is said once, when a snapshot is made")),
        None => Ok(()),
    }
}

fn queries_over_time(object: &Map<String, Json>, context: &Context) -> Result<Vec<Json>, ReadError> {
    queries(object, "snapshotTemporalQueries", context, true)
}

fn queries(
    object: &Map<String, Json>,
    at: &str,
    context: &Context,
    over_time: bool,
) -> Result<Vec<Json>, ReadError> {
    let Some(json) = object.get(at) else { return Ok(Vec::new()) };
    let items = json.as_array().filter(|items| (1..=MOST_QUERIES).contains(&items.len()));
    let rule = || ReadError::at(at, format!("it must be an array of 1 to {MOST_QUERIES} queries"));
    let items = items.ok_or_else(rule)?;
    for item in items {
        let mut query = item.clone();
        Join::take(&mut query).map_err(|problem| ReadError::at(at, problem.detail))?;
        let read = read::query(query, context).map_err(|reason| ReadError::at(at, reason.to_string()))?;
        if read.temporal.is_some() != over_time {
            let rule = if over_time { "each query needs temporalQ" } else { "no query has temporalQ" };
            return Err(ReadError::at(at, rule));
        }
    }
    Ok(items.clone())
}

/// A duration of ISO 8601, and how many microseconds it is.
fn lifetime(object: &Map<String, Json>) -> Result<Option<(String, i64)>, ReadError> {
    let Some(json) = object.get("snapshotLifetime") else { return Ok(None) };
    let wrong = || ReadError::at("snapshotLifetime", "it must be a duration of ISO 8601, as in PT5M");
    let text = json.as_str().filter(|text| text.starts_with('P')).ok_or_else(wrong)?;
    let span: jiff::Span = text.parse().map_err(|_unreadable| wrong())?;
    let reference = jiff::civil::date(2026, 1, 1);
    let micros = span.total((jiff::Unit::Microsecond, reference)).map_err(|_unusable| wrong())?;
    // What is longer than a week is a week anyway.
    #[expect(clippy::cast_possible_truncation, reason = "cut to what a number of microseconds holds")]
    let micros = micros.clamp(0.0, 1e15) as i64;
    Ok(Some((text.to_owned(), micros)))
}

fn priority(object: &Map<String, Json>) -> Result<Option<u8>, ReadError> {
    let Some(json) = object.get("snapshotPriority") else { return Ok(None) };
    let whole = json.as_f64().filter(|number| number.fract() == 0.0 && (1.0..=10.0).contains(number));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 1 to 10"
    )]
    let priority = whole.map(|number| number as u8);
    let rule = || ReadError::at("snapshotPriority", "it must be a whole number from 1 to 10");
    priority.map(Some).ok_or_else(rule)
}

fn endpoint(object: &Map<String, Json>) -> Result<Option<String>, ReadError> {
    let Some(json) = object.get("endpoint") else { return Ok(None) };
    let is_web = |text: &&str| {
        url::Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty())
        })
    };
    let rule = || ReadError::at("endpoint", "it must be a URI that begins with http or https");
    json.as_str().filter(is_web).map(|text| Some(text.to_owned())).ok_or_else(rule)
}
