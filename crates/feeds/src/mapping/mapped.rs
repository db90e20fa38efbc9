//! What a record becomes.

use dinh_model::{Attribute, Attributes, EntityId, GeometryError, Scope, Term, Timestamp};

use super::{Fault, Position, Replayed, geometry};
use crate::definition::Mode;

/// A fragment of one entity: what a feed wants written.
///
/// Every attribute given replaces the instance of the same name and `datasetId` as a whole, sub-attributes
/// included, so that a flag of the last value does not stick to the next one. Attributes not given stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapped {
    /// The entity.
    pub id: EntityId,
    /// Its types.
    pub types: Vec<Term>,
    /// Its scopes.
    pub scopes: Vec<Scope>,
    /// Whether the entity may be created.
    pub mode: Mode,
    /// The attributes.
    pub attributes: Attributes,
    /// Attributes written only when the entity is created: who provides it, through which feed.
    pub on_create: Attributes,
    /// Where the record came from.
    pub position: Position,
    /// Set where the record is played from a recording.
    pub replayed: Option<Replayed>,
}

impl Mapped {
    /// The latest observation in it.
    pub fn observed_at(&self) -> Option<Timestamp> {
        self.instances().filter_map(|(_, attribute)| attribute.observed_at).max()
    }

    /// The attribute instances.
    pub fn instances(&self) -> impl Iterator<Item = (&Term, &Attribute)> {
        self.attributes.iter().flat_map(|(name, instances)| instances.iter().map(move |one| (name, one)))
    }

    /// Adds an instance, in the place of one with the same `datasetId`.
    pub fn set(&mut self, name: Term, attribute: Attribute) {
        let instances = self.attributes.entry(name).or_default();
        match instances.iter_mut().find(|old| old.dataset_id == attribute.dataset_id) {
            Some(old) => *old = attribute,
            None => instances.push(attribute),
        }
    }

    /// Checks what could not be checked before the quality checks ran: that points lie on the earth.
    pub(crate) fn check(&self) -> Result<(), (String, Fault)> {
        for (name, attribute) in self.instances() {
            if let dinh_model::Value::Geo(geometry) = &attribute.value
                && let Some((lon, lat)) = geometry.as_point()
                && !((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat))
            {
                let off = GeometryError::OutOfRange(lon.to_string(), lat.to_string());
                return Err((short(name).to_owned(), Fault::Geometry(geometry::words(&off))));
            }
        }
        Ok(())
    }
}

/// The last part of a full name, for people.
pub(crate) fn short(term: &Term) -> &str {
    term.as_str().rsplit(['/', '#']).next().unwrap_or(term.as_str())
}
