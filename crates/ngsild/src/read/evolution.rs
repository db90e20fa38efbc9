//! Evolutions of entities (clauses 4.5.6–4.5.8, 5.2.20, 5.6.11, 5.6.12 and 5.6.14): the same attributes as everywhere,
//! with as many instances at different times as there are.

use std::collections::btree_map::Entry;

use dinh_model::{Attribute, EntityId, Iri, LanguageText, OneOrMany, Scope, Term, Timestamp, Value};
use serde_json::{Map, Value as Json};

use super::attribute::{Place, is_instance};
use super::entity::{object, scopes};
use super::members::Member;
use super::text::{entity_id, expiry, instant};
use super::{Nulls, ReadError, Reader};
use crate::bounds::ATTRIBUTES;
use crate::kind::AttributeKind;
use crate::mutation::{Edit, ValuePatch};
use crate::names;
use crate::temporal::{Records, TemporalInstance};
use crate::vocabulary::{NONE, NULL, SCOPE};

/// Most records in one document.
const RECORDS: usize = 20_000;

/// What a document says of the evolution of an entity.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct EvolutionRequest {
    /// Its URI, if the document names it.
    pub id: Option<EntityId>,
    /// Its types.
    pub types: Vec<Term>,
    /// Its scopes, told without a time.
    pub scopes: Option<Vec<Scope>>,
    /// When the entity vanishes by itself.
    pub expires_at: Option<Timestamp>,
    /// Its records by attribute; the evolution of the scope stands under its name.
    pub records: Records,
}

/// Reads the evolution of an entity, or a part of it.
pub fn evolution(reader: &Reader<'_>, json: Json) -> Result<EvolutionRequest, ReadError> {
    let object = object(json)?;
    if object.keys().all(|member| member == "@context") {
        return Err(ReadError::Syntax("it says nothing".to_owned()));
    }
    let mut request = EvolutionRequest::default();
    let mut left = RECORDS;
    for (member, json) in object {
        match member.as_str() {
            "id" | "@id" => {
                let text = json.as_str().ok_or_else(|| ReadError::at("id", "it must be a URI"))?;
                request.id = Some(entity_id("id", text)?);
            }
            "type" | "@type" => request.types = reader.types(&json)?,
            "scope" if !has_time(&json) => request.scopes = Some(scopes(&json, Nulls::Refused)?),
            "scope" => {
                let records = reader.records("scope", json, &mut left)?;
                request
                    .records
                    .insert(SCOPE.into(), records.into_iter().map(checked_scope).collect::<Result<_, _>>()?);
            }
            "@context" | "createdAt" | "modifiedAt" | "deletedAt" => {}
            "expiresAt" => {
                let Edit::Set(at) = expiry("expiresAt", &json, Nulls::Refused)? else { continue };
                request.expires_at = Some(at);
            }
            name => reader.evolution_of(&mut request.records, name, json, &mut left)?,
        }
    }
    Ok(request)
}

/// Reads the record of the attribute `name` that is to take the place of another: the record itself, or an object that
/// holds it under its name.
pub fn record(reader: &Reader<'_>, name: &str, json: Json) -> Result<Attribute, ReadError> {
    let mut object = object(json)?;
    object.remove("@context");
    if object.is_empty() {
        return Err(ReadError::Syntax("it says nothing".to_owned()));
    }
    let json = match object.remove(name) {
        Some(inner) if object.is_empty() => inner,
        Some(inner) => {
            object.insert(name.to_owned(), inner);
            Json::Object(object)
        }
        None => Json::Object(object),
    };
    let mut records = reader.records(name, json, &mut RECORDS.clone())?;
    match (records.pop(), records.is_empty()) {
        (Some(one), true) if one.deleted_at.is_none() => Ok(one.attribute),
        _ => Err(ReadError::at(name, "exactly one instance of the attribute is expected")),
    }
}

impl Reader<'_> {
    fn evolution_of(
        &self,
        records: &mut Records,
        name: &str,
        json: Json,
        left: &mut usize,
    ) -> Result<(), ReadError> {
        names::check(name).map_err(|reason| ReadError::at(name, reason.to_string()))?;
        let term = self.context.expand(name);
        if term.as_str().starts_with('@') || Member::of(term.as_str()).is_reserved() {
            let reason = format!("{name} is a name of NGSI-LD itself, not of an attribute");
            return Err(ReadError::at(name, reason));
        }
        if records.len() >= ATTRIBUTES {
            return Err(ReadError::at(name, format!("there are more than {ATTRIBUTES} attributes")));
        }
        let read = self.records(name, json, left)?;
        match records.entry(term) {
            Entry::Vacant(free) => drop(free.insert(read)),
            Entry::Occupied(_) => {
                return Err(ReadError::at(name, format!("the attribute {name} stands there twice")));
            }
        }
        Ok(())
    }

    /// One record, or an array of them.
    fn records(&self, name: &str, json: Json, left: &mut usize) -> Result<Vec<TemporalInstance>, ReadError> {
        let items = match json {
            Json::Array(items) if items.iter().all(is_instance) && !items.is_empty() => items,
            one => vec![one],
        };
        *left = left
            .checked_sub(items.len())
            .ok_or_else(|| ReadError::at(name, format!("the document has more than {RECORDS} instances")))?;
        items.into_iter().map(|item| self.record(name, item)).collect()
    }

    fn record(&self, name: &str, json: Json) -> Result<TemporalInstance, ReadError> {
        let about = json.as_object().map(About::of).transpose()?.unwrap_or_default();
        let place = Place { at: name, nulls: Nulls::Members, partial: false, depth: 0 };
        let mut patch = self.instance(name, json, place)?;
        let is_deletion = patch.value == ValuePatch::Delete;
        if is_deletion {
            patch.value = ValuePatch::Set(nothing(about.kind));
        }
        let attribute = patch
            .into_attribute(self.now)
            .ok_or_else(|| ReadError::at(name, "an attribute needs a value"))?;
        // A deletion that says when it was observed is a value like others: it says that there was none.
        let untimed = is_deletion && attribute.observed_at.is_none();
        let deleted_at = about.deleted_at.filter(|_| is_deletion).or(untimed.then_some(self.now));
        Ok(TemporalInstance { deleted_at, ..TemporalInstance::new(attribute) })
    }
}

/// What an instance says beside what everybody reads.
#[derive(Default)]
struct About {
    kind: Option<AttributeKind>,
    deleted_at: Option<Timestamp>,
}

impl About {
    fn of(object: &Map<String, Json>) -> Result<Self, ReadError> {
        let stated = object.get("type").or_else(|| object.get("@type")).and_then(Json::as_str);
        let kind = stated.and_then(AttributeKind::parse).or_else(|| {
            object.keys().find_map(|member| match Member::of(member) {
                Member::Special(kind) => Some(kind),
                _ => None,
            })
        });
        let deleted_at = object.get("deletedAt").and_then(Json::as_str);
        Ok(Self { kind, deleted_at: deleted_at.map(|text| instant("deletedAt", text)).transpose()? })
    }
}

/// The value that says that there is none (clauses 4.5.7 and 4.5.8).
fn nothing(kind: Option<AttributeKind>) -> Value {
    let iri = || Iri::trusted(NULL);
    match kind {
        Some(AttributeKind::Relationship) => {
            Value::Relationship { object: OneOrMany::One(iri()), object_type: Vec::new() }
        }
        Some(AttributeKind::ListRelationship) => {
            Value::ListRelationship { objects: vec![iri()], object_type: Vec::new() }
        }
        Some(AttributeKind::LanguageProperty) => {
            Value::Language(LanguageText::from([(NONE.to_owned(), OneOrMany::One(NULL.to_owned()))]))
        }
        Some(AttributeKind::VocabProperty) => Value::Vocab(OneOrMany::One(NULL.into())),
        Some(AttributeKind::JsonProperty) => Value::Json(NULL.into()),
        Some(AttributeKind::ListProperty) => Value::List(vec![NULL.into()]),
        _ => Value::Property(NULL.into()),
    }
}

/// True for scopes with their times, as instances of a property.
fn has_time(json: &Json) -> bool {
    match json {
        Json::Array(items) => items.iter().any(Json::is_object),
        one => one.is_object(),
    }
}

/// A scope with a time says one scope or several, and when.
fn checked_scope(mut record: TemporalInstance) -> Result<TemporalInstance, ReadError> {
    let attribute = &mut record.attribute;
    attribute.sub.clear();
    attribute.unit_code = None;
    attribute.dataset_id = None;
    let Value::Property(value) = &attribute.value else {
        return Err(ReadError::at("scope", "its evolution is that of a Property"));
    };
    if record.deleted_at.is_none() && value.as_str() != Some(NULL) {
        scopes(value, Nulls::Refused)?;
    }
    if attribute.observed_at.is_none() && record.deleted_at.is_none() {
        attribute.observed_at = Some(attribute.modified_at);
    }
    Ok(record)
}
