//! What is read: answers and the questions that `dinh_ngsild` has no words for.

use std::sync::Arc;

use dinh_model::{Attribute, Entity, EntityId, Iri, Tenant, Term, Timestamp};
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::temporal::{Aggregation, TemporalEntity, TemporalQuery};
use serde_json::Value as Json;

use crate::written::Written;

/// A box in degrees of longitude and latitude, edges included. West is never east of east: a box across the date line
/// is two boxes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Smallest longitude.
    pub west: f64,
    /// Smallest latitude.
    pub south: f64,
    /// Largest longitude.
    pub east: f64,
    /// Largest latitude.
    pub north: f64,
}

impl Bounds {
    /// True if the position lies in the box or on its edge.
    pub fn contains(&self, lon: f64, lat: f64) -> bool {
        (self.west..=self.east).contains(&lon) && (self.south..=self.north).contains(&lat)
    }
}

impl From<geo::Rect<f64>> for Bounds {
    fn from(rect: geo::Rect<f64>) -> Self {
        let (min, max) = (rect.min(), rect.max());
        Self { west: min.x, south: min.y, east: max.x, north: max.y }
    }
}

/// An entity as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The entity.
    pub entity: Arc<Entity>,
    /// Its version: 1 when created, one more with every change.
    pub version: u64,
    /// Its place in the order in which entities entered the store. No other entity ever has the same.
    pub place: u64,
    /// What was written of it, if it is shown as it is and kept in memory.
    pub written: Written,
}

/// A page of the answer to a query.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Page {
    /// The entities, in the order asked for, or else in the order in which they entered the store.
    pub entities: Vec<Stored>,
    /// How many match in all, if it was asked for.
    pub total: Option<u64>,
}

/// Entities in an area.
#[derive(Clone, Debug)]
pub struct AreaQuery {
    /// The area.
    pub bounds: Bounds,
    /// Entities of one of these types; empty for every type.
    pub types: Vec<Term>,
    /// Which `GeoProperty`.
    pub property: Term,
    /// Most entities to return.
    pub limit: usize,
}

/// What was found in an area.
#[derive(Clone, Debug, Default)]
pub struct Area {
    /// The entities.
    pub entities: Vec<Stored>,
    /// True if there are more than were asked for.
    pub more: bool,
}

/// One cell of the coarse grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridCell {
    /// Where it is.
    pub bounds: Bounds,
    /// How many points it holds.
    pub count: u64,
}

/// A hit of a full-text search, best first.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What was found.
    pub found: Stored,
    /// True if the words stand there as typed, accents included.
    pub exact: bool,
    /// True if the words stand in a name.
    pub in_name: bool,
}

/// A type and how many entities have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeCount {
    /// The type.
    pub entity_type: Term,
    /// How many entities.
    pub count: u64,
}

/// An attribute of the entities of a type and how many of them have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeCount {
    /// The attribute.
    pub attribute: Term,
    /// How many entities.
    pub count: u64,
}

/// An entity that points at another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Referrer {
    /// The entity that points.
    pub id: EntityId,
    /// By which relationship.
    pub attribute: Term,
}

/// A question for the history of one entity.
#[derive(Clone, Debug)]
pub struct HistoryQuery {
    /// Which entity. It need not exist any more.
    pub id: EntityId,
    /// Which attributes; empty for all.
    pub attributes: Vec<Term>,
    /// Observed at this instant or later.
    pub from: Option<Timestamp>,
    /// Observed before this instant.
    pub to: Option<Timestamp>,
    /// Only so many of the last observations of each series.
    pub last: Option<usize>,
    /// Most observations to return.
    pub limit: usize,
    /// Where the page before has ended.
    pub after: Option<HistoryPosition>,
}

impl HistoryQuery {
    /// The first thousand observations of every attribute of an entity.
    pub fn of(id: EntityId) -> Self {
        Self { id, attributes: Vec::new(), from: None, to: None, last: None, limit: 1000, after: None }
    }
}

/// A place in the answer to a history question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPosition {
    pub(crate) series: i64,
    pub(crate) at: Timestamp,
}

impl HistoryPosition {
    /// As a text that a page link can carry.
    pub fn token(&self) -> String {
        format!("{}.{}", self.series, self.at.as_micros())
    }

    /// From [`HistoryPosition::token`].
    pub fn parse(token: &str) -> Option<Self> {
        let (series, at) = token.split_once('.')?;
        Some(Self { series: series.parse().ok()?, at: Timestamp::from_micros(at.parse().ok()?) })
    }
}

/// Part of the history of an entity.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct History {
    /// The series, in the order in which they began.
    pub series: Vec<Series>,
    /// Where to go on, if there is more.
    pub next: Option<HistoryPosition>,
}

/// Observations of one attribute instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Which attribute.
    pub attribute: Term,
    /// Which instance of it.
    pub dataset_id: Option<Iri>,
    /// What was observed, earliest first.
    pub observations: Vec<Attribute>,
}

/// A question for evolutions of entities (CIM 009 clauses 5.7.3 and 5.7.4).
#[derive(Clone, Debug)]
pub struct EvolutionQuery {
    /// Which entities, there or gone. Identifiers and types are those that they have; `attrs`, `q`, `geo` and `scopes` are
    /// conditions on what they said in the time asked for; only by `id` can they be ordered.
    pub entities: EntityQuery,
    /// Which time.
    pub time: TemporalQuery,
    /// Which attributes to tell; empty for all.
    pub attributes: Vec<Term>,
    /// Most records to tell, of all entities together: what is more is cut off in time.
    pub most: usize,
    /// What to tell instead of the records.
    pub aggregation: Option<Aggregation>,
}

impl Default for EvolutionQuery {
    /// Everything of everybody, up to ten thousand records.
    fn default() -> Self {
        Self {
            entities: EntityQuery::default(),
            time: TemporalQuery::default(),
            attributes: Vec::new(),
            most: 10_000,
            aggregation: None,
        }
    }
}

/// Evolutions, as far as they were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EvolutionPage {
    /// One for each entity.
    pub entities: Vec<TemporalEntity>,
    /// How many entities match in all, if it was asked for.
    pub total: Option<u64>,
    /// True if more entities match than this page has.
    pub more: bool,
    /// True if records were cut off: there is more further on in time, or further back if the last ones were asked for.
    pub cut: bool,
}

/// A small document of the program's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Whose.
    pub tenant: Tenant,
    /// Which one of its kind.
    pub key: String,
    /// When it was last written.
    pub at: Timestamp,
    /// Its content.
    pub body: Json,
}

/// How far a consumer of the feed has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Which consumer.
    pub name: String,
    /// The last change that it is done with.
    pub seq: u64,
    /// When it said so.
    pub at: Timestamp,
}

/// Sizes of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Entities of all tenants.
    pub entities: u64,
    /// Entities by tenant.
    pub tenants: Vec<(Tenant, u64)>,
    /// Type and attribute names known.
    pub names: u64,
    /// Oldest change kept in the feed; 0 if there never was one.
    pub feed_first: u64,
    /// Last change in the feed; 0 if there never was one.
    pub feed_head: u64,
    /// Series of observations.
    pub series: u64,
    /// Size of the database in bytes, the write-ahead log not included.
    pub database_bytes: u64,
    /// Size of the write-ahead log in bytes.
    pub log_bytes: u64,
    /// Bytes in the database that hold nothing at present.
    pub free_bytes: u64,
}
