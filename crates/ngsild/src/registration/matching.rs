//! Which registrations a question or a write concerns (clauses 5.10.2.4 and 5.12).

use dinh_model::{Attribute, Entity, EntityId, GeoValue, Geometry, Scope, Term, Timestamp, Value};
use serde_json::Value as Json;

use super::{EntityInfo, Information, Mode, Registration};
use crate::context::Context;
use crate::query::{DatasetId, GeoQuery, GeoRelation, IdPattern, Q, ScopeExpr, TypeExpr};
use crate::temporal::{TimeProperty, TimeRelation};

/// The types that somebody asks for.
#[derive(Clone, Copy, Debug, Default)]
pub enum Types<'a> {
    /// Any, or nobody knows.
    #[default]
    Any,
    /// Those that a selector leaves.
    Selected(&'a TypeExpr),
    /// Those of an entity that is known.
    Of(&'a [Term]),
}

/// Which entities and attributes somebody asks for or writes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// These entities; empty for any.
    pub ids: &'a [EntityId],
    /// Entities whose identifier fits.
    pub id_pattern: Option<&'a IdPattern>,
    /// Entities of these types.
    pub types: Types<'a>,
    /// These attributes; empty for all.
    pub attributes: &'a [Term],
    /// These instances; empty for all.
    pub dataset_ids: &'a [DatasetId],
}

impl Wanted<'_> {
    /// The parts of what a source can tell that are asked for; none if the registration does not match.
    pub fn of<'r>(&self, registration: &'r Registration) -> Option<Vec<&'r Information>> {
        let instances = self.dataset_ids.is_empty()
            || registration.dataset_ids.is_empty()
            || self.dataset_ids.iter().any(|id| registration.dataset_ids.contains(id));
        let parts: Vec<_> = registration.information.iter().filter(|part| self.is_in(part)).collect();
        (instances && !parts.is_empty()).then_some(parts)
    }

    /// True if a part of what a source can tell is asked for.
    pub fn is_in(&self, part: &Information) -> bool {
        let entities = part.entities.is_empty() || part.entities.iter().any(|entity| self.concerns(entity));
        let attributes = self.attributes.is_empty()
            || !part.names_attributes()
            || part.attributes().any(|name| self.attributes.contains(name));
        entities && attributes
    }

    /// True if entities that a source can tell of are asked for.
    pub fn concerns(&self, entity: &EntityInfo) -> bool {
        let types = match self.types {
            Types::Any => true,
            Types::Selected(selector) => selector.matches(&entity.types),
            Types::Of(types) => entity.types.iter().all(|one| types.contains(one)),
        };
        types && self.identifies(entity)
    }

    fn identifies(&self, entity: &EntityInfo) -> bool {
        match (&entity.id, &entity.id_pattern) {
            _ if self.ids.is_empty() && self.id_pattern.is_none() => true,
            (Some(id), _) => {
                self.ids.contains(id) || self.id_pattern.is_some_and(|pattern| pattern.matches(id.as_str()))
            }
            (None, Some(pattern)) => {
                self.id_pattern.is_some() || self.ids.iter().any(|id| pattern.matches(id.as_str()))
            }
            (None, None) => true,
        }
    }
}

/// A search for registrations: what is wanted, and conditions on the registrations themselves.
#[derive(Clone, Debug, Default)]
pub struct Discovery<'a> {
    /// What is wanted.
    pub wanted: Wanted<'a>,
    /// Sources of a place.
    pub geo: Option<&'a GeoQuery>,
    /// Sources of a time; without one only sources of the present.
    pub time: Option<(TimeProperty, TimeRelation)>,
    /// Properties of the source.
    pub csf: Option<&'a Q>,
    /// Scopes of the source.
    pub scopes: Option<&'a ScopeExpr>,
}

impl Registration {
    /// False if a question about a place lies outside of the places that the source tells of: where it says none, it may tell of
    /// any (clause 4.3.6.1).
    pub fn may_tell_of(&self, geo: &GeoQuery) -> bool {
        place_of(geo, self).is_none() || geo.relation == GeoRelation::Disjoint || is_there(geo, self)
    }
}

impl Discovery<'_> {
    /// The parts of what a source can tell that are asked for; none if the registration does not match.
    pub fn of<'r>(&self, registration: &'r Registration) -> Option<Vec<&'r Information>> {
        let fits = self.geo.is_none_or(|geo| is_there(geo, registration))
            && is_then(self.time, registration)
            && self.csf.is_none_or(|csf| csf.matches(&registration.as_entity()))
            && self.scopes.is_none_or(|scopes| scopes.matches(&registration.scopes));
        if fits { self.wanted.of(registration) } else { None }
    }
}

/// Where a source tells something of, by the property that a question is about.
fn place_of<'r>(geo: &GeoQuery, registration: &'r Registration) -> Option<&'r Geometry> {
    let places = &registration.places;
    match geo.property.as_str().rsplit(['/', '#']).next() {
        Some("observationSpace") => places.observation.as_ref(),
        Some("operationSpace") => places.operation.as_ref(),
        _ => places.location.as_ref(),
    }
}

/// True if a source tells of a place that is asked for, or of one that may hold it.
fn is_there(geo: &GeoQuery, registration: &Registration) -> bool {
    let place = place_of(geo, registration);
    let Some(place) = place else { return false };
    geo.matches_geometry(place)
        || (geo.relation != GeoRelation::Disjoint
            && GeoQuery::new(GeoRelation::Intersects, geo.geometry.clone(), geo.property.clone())
                .matches_geometry(place))
}

fn is_then(time: Option<(TimeProperty, TimeRelation)>, registration: &Registration) -> bool {
    let Some((property, relation)) = time else { return !registration.is_temporal() };
    let interval = match property {
        TimeProperty::ObservedAt => registration.observed,
        TimeProperty::CreatedAt | TimeProperty::ModifiedAt | TimeProperty::DeletedAt => registration.managed,
    };
    interval.is_some_and(|interval| match relation {
        TimeRelation::Before(at) => interval.start <= at,
        TimeRelation::After(at) => interval.end.is_none_or(|end| end >= at),
        TimeRelation::Between(from, to) => interval.start <= to && interval.end.is_none_or(|end| end >= from),
    })
}

impl Registration {
    /// True if it stands in the way of another: both say where the same attributes are, and one of them says that they are
    /// nowhere else (clause 4.3.6.3).
    pub fn is_in_conflict_with(&self, other: &Self) -> bool {
        let proxied = self.mode.is_proxied() && other.mode.is_proxied();
        let exclusive = self.mode == Mode::Exclusive || other.mode == Mode::Exclusive;
        proxied
            && exclusive
            && self.information.iter().any(|part| other.information.iter().any(|o| part.overlaps(o)))
    }

    /// Its members as attributes, for conditions on them.
    fn as_entity(&self) -> Entity {
        let core = Context::core();
        let zero = Timestamp::from_micros(0);
        let mut entity = Entity::new(self.id.clone(), core.expand("ContextSourceRegistration"), zero);
        entity.scopes.clone_from(&self.scopes);
        let own = self.members.iter().map(|(name, json)| (core.expand(name), json));
        for (name, json) in own.chain(self.properties.iter().map(|(name, json)| (name.clone(), json))) {
            entity.set(name, Attribute::new(value(json), zero));
        }
        entity
    }
}

/// The value of a member, which may be written as the property of an entity.
fn value(json: &Json) -> Value {
    let bare = match json.get("type").and_then(Json::as_str) {
        Some("Property" | "GeoProperty") => json.get("value").unwrap_or(json),
        _ => json,
    };
    GeoValue::parse(bare.clone()).map_or_else(|_| Value::Property(bare.clone()), Value::Geo)
}

impl Information {
    fn overlaps(&self, other: &Self) -> bool {
        let attributes = !self.names_attributes()
            || !other.names_attributes()
            || self.attributes().any(|name| other.attributes().any(|one| one == name));
        let entities = self.entities.is_empty()
            || other.entities.is_empty()
            || self.entities.iter().any(|one| other.entities.iter().any(|two| one.overlaps(two)));
        attributes && entities
    }

    /// True if an entity is one that the source tells of, with any of these scopes or none.
    pub fn holds(&self, entity: &Entity) -> bool {
        let wanted = Wanted {
            ids: std::slice::from_ref(&entity.id),
            types: Types::Of(&entity.types),
            ..Wanted::default()
        };
        let is_one = self.entities.is_empty() || self.entities.iter().any(|info| wanted.concerns(info));
        is_one
            && (!self.names_attributes()
                || self.attributes().any(|name| entity.attributes.contains_key(name)))
    }
}

impl EntityInfo {
    fn overlaps(&self, other: &Self) -> bool {
        match (&self.id, &other.id) {
            (Some(one), Some(two)) => one == two,
            (Some(id), None) => other.id_pattern.as_ref().is_none_or(|pattern| pattern.matches(id.as_str())),
            (None, Some(id)) => self.id_pattern.as_ref().is_none_or(|pattern| pattern.matches(id.as_str())),
            (None, None) => self.types.iter().any(|one| other.types.contains(one)),
        }
    }
}

/// True if one of the scopes of a source is asked for, or it names none.
pub fn within_scopes(asked: Option<&ScopeExpr>, scopes: &[Scope]) -> bool {
    scopes.is_empty() || asked.is_none_or(|asked| asked.matches(scopes))
}
