//! The mapper: all maps of a feed, compiled.

use dinh_model::{Attributes, EntityId, Iri, OneOrMany, Scope, Term, Timestamp, Value};
use serde_json::Value as Json;

use super::attribute::{AttributeRule, Surroundings};
use super::condition::Condition;
use super::{Fault, Mapped, Record, Rejection, Template, Vocabulary, compile};
use crate::definition::{DefinitionError, FeedDefinition, FeedName, Mode};

/// One map, compiled.
#[derive(Clone, Debug)]
pub(super) struct MapRule {
    pub(super) id: Template,
    pub(super) types: Vec<Term>,
    pub(super) scopes: Vec<Template>,
    pub(super) mode: Mode,
    pub(super) when: Vec<Condition>,
    pub(super) attributes: Vec<AttributeRule>,
}

/// What one record became.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// The fragments, one for each map whose conditions held.
    pub fragments: Vec<Mapped>,
    /// What could not be mapped.
    pub rejections: Vec<Rejection>,
}

impl Mapping {
    /// True for a record that no map is interested in.
    pub fn is_empty(&self) -> bool {
        self.fragments.is_empty() && self.rejections.is_empty()
    }
}

/// Turns records into fragments of entities.
#[derive(Clone, Debug)]
pub struct Mapper {
    maps: Vec<MapRule>,
    vocabulary: Vocabulary,
    max_ahead_micros: i64,
    max_ahead: String,
    on_create: Vec<(Term, Value)>,
}

impl Mapper {
    /// Compiles the maps of a feed.
    pub fn new(feed: &FeedDefinition, vocabulary: &Vocabulary) -> Result<Self, DefinitionError> {
        let link =
            Value::Relationship { object: OneOrMany::One(feed_id(&feed.name)), object_type: Vec::new() };
        let provider = if feed.owner.vi.is_empty() { &feed.title.vi } else { &feed.owner.vi };
        Ok(Self {
            maps: compile::maps(feed, vocabulary)?,
            vocabulary: vocabulary.clone(),
            max_ahead_micros: feed.max_ahead.micros(),
            max_ahead: feed.max_ahead.to_string(),
            on_create: vec![
                (vocabulary.term("dataProvider"), Value::Property(Json::String(provider.clone()))),
                (vocabulary.term("feed"), link),
            ],
        })
    }

    /// What `record` becomes, at `now`.
    pub fn map(&self, record: &Record, now: Timestamp) -> Mapping {
        let around = Surroundings {
            now,
            max_ahead_micros: self.max_ahead_micros,
            max_ahead: &self.max_ahead,
            vocabulary: &self.vocabulary,
        };
        let mut mapping = Mapping::default();
        for map in &self.maps {
            if map.when.iter().all(|condition| condition.holds(record)) {
                match self.fragment(map, record, &around) {
                    Ok(fragment) => mapping.fragments.push(fragment),
                    Err(rejection) => mapping.rejections.push(rejection),
                }
            }
        }
        mapping
    }

    fn fragment(
        &self,
        map: &MapRule,
        record: &Record,
        around: &Surroundings<'_>,
    ) -> Result<Mapped, Rejection> {
        let id = entity_id(&map.id, record)?;
        let mut scopes = Vec::with_capacity(map.scopes.len());
        for template in &map.scopes {
            match template.fill(record) {
                Err((_, Fault::Missing)) => {}
                Err((field, fault)) => return Err(Rejection::new(field, &fault)),
                Ok(text) => scopes
                    .push(Scope::parse(&text).map_err(|_rule| Rejection::new("scope", &Fault::Scope(text)))?),
            }
        }
        let mut fragment = Mapped {
            id,
            types: map.types.clone(),
            scopes,
            mode: map.mode,
            attributes: Attributes::new(),
            on_create: self.on_create(around.now),
            position: record.position.clone(),
            replayed: record.replayed,
        };
        for rule in &map.attributes {
            if let Some(attribute) = rule.fill(record, around)? {
                fragment.set(rule.name.clone(), attribute);
            }
        }
        Ok(fragment)
    }

    fn on_create(&self, now: Timestamp) -> Attributes {
        let attributes = self.on_create.iter();
        attributes
            .map(|(name, value)| (name.clone(), vec![dinh_model::Attribute::new(value.clone(), now)]))
            .collect()
    }

    /// The vocabulary it was compiled with.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }
}

fn entity_id(template: &Template, record: &Record) -> Result<EntityId, Rejection> {
    let text = template.fill(record).map_err(|(field, fault)| Rejection::new(field, &fault))?;
    Iri::parse(&text).map_err(|_not_a_uri| Rejection::new("id", &Fault::Uri(text)))
}

/// The entity that stands for a feed in the graph.
pub(crate) fn feed_id(name: &FeedName) -> EntityId {
    Iri::trusted(format!("urn:ngsi-ld:Feed:{}:{}", name.pack, name.feed))
}
