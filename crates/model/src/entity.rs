//! Entities.

use serde::{Deserialize, Serialize};

use crate::{Attribute, Attributes, EntityId, GeoValue, Scope, Term, Timestamp, Value};

/// One thing in the graph, with every name as a full IRI. The serde form is the stored form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Its URI.
    #[serde(rename = "i")]
    pub id: EntityId,
    /// Its types, at least one, without repeats, in the order given.
    #[serde(rename = "t")]
    pub types: Vec<Term>,
    /// Its scopes.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Scope>,
    /// When it entered the graph.
    #[serde(rename = "c")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(rename = "m")]
    pub modified_at: Timestamp,
    /// When it vanishes by itself (CIM 009 clause 4.22); none for what stays.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What is known of it.
    #[serde(rename = "a")]
    pub attributes: Attributes,
}

impl Entity {
    /// An entity of one type without attributes.
    pub fn new(id: EntityId, entity_type: Term, at: Timestamp) -> Self {
        Self {
            id,
            types: vec![entity_type],
            scopes: Vec::new(),
            created_at: at,
            modified_at: at,
            expires_at: None,
            attributes: Attributes::new(),
        }
    }

    /// Adds or replaces the instance of `name` with the same `datasetId`.
    pub fn set(&mut self, name: Term, attribute: Attribute) {
        let instances = self.attributes.entry(name).or_default();
        match instances.iter_mut().find(|old| old.dataset_id == attribute.dataset_id) {
            Some(old) => *old = attribute,
            None => instances.push(attribute),
        }
    }

    /// The default instance of an attribute, or else its first one.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        let instances = self.attributes.get(name)?;
        instances.iter().find(|a| a.dataset_id.is_none()).or_else(|| instances.first())
    }

    /// The geometry of a `GeoProperty`.
    pub fn geometry(&self, name: &str) -> Option<&GeoValue> {
        match &self.attribute(name)?.value {
            Value::Geo(geometry) => Some(geometry),
            _ => None,
        }
    }

    /// True if it should have vanished by `now`.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// When it, or something of it, vanishes next; none if nothing ever does.
    pub fn next_expiry(&self) -> Option<Timestamp> {
        let of_attributes = next_expiry(&self.attributes);
        self.expires_at.into_iter().chain(of_attributes).min()
    }

    /// Takes away what of it should have vanished by `now`.
    pub fn drop_expired(&mut self, now: Timestamp) {
        drop_expired(&mut self.attributes, now);
    }

    /// True if one of the types is `entity_type`.
    pub fn is_a(&self, entity_type: &str) -> bool {
        self.types.iter().any(|t| t.as_str() == entity_type)
    }
}

fn next_expiry(attributes: &Attributes) -> Option<Timestamp> {
    attributes.values().flatten().filter_map(Attribute::next_expiry).min()
}

fn drop_expired(attributes: &mut Attributes, now: Timestamp) {
    attributes.retain(|_, instances| {
        instances.retain_mut(|instance| {
            drop_expired(&mut instance.sub, now);
            instance.expires_at.is_none_or(|at| at > now)
        });
        !instances.is_empty()
    });
}

impl Attribute {
    /// When it, or an attribute of it, vanishes next.
    fn next_expiry(&self) -> Option<Timestamp> {
        let of_sub = if self.sub.is_empty() { None } else { next_expiry(&self.sub) };
        self.expires_at.into_iter().chain(of_sub).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_expired_is_dropped_and_the_next_one_known() {
        let at = Timestamp::from_micros;
        let lasting = |text: &str| Attribute::new(Value::Property(text.into()), at(0));
        let mut entity = Entity::new(EntityId::trusted("urn:x:1"), Term::from("T"), at(0));
        assert_eq!(entity.next_expiry(), None);
        let mut short = lasting("short");
        short.expires_at = Some(at(5));
        entity.set(Term::from("a"), short.clone());
        let mut around = lasting("around");
        around.sub.insert(Term::from("sub"), vec![short]);
        entity.set(Term::from("b"), around);
        entity.set(Term::from("c"), lasting("stays"));
        assert_eq!(entity.next_expiry(), Some(at(5)));
        entity.expires_at = Some(at(9));
        assert!(!entity.has_expired(at(8)) && entity.has_expired(at(9)));
        entity.drop_expired(at(4));
        assert_eq!(entity.attributes.len(), 3);
        entity.drop_expired(at(5));
        let left: Vec<&str> = entity.attributes.keys().map(Term::as_str).collect();
        assert_eq!(left, ["b", "c"]);
        assert!(entity.attribute("b").is_some_and(|kept| kept.sub.is_empty()));
        assert_eq!(entity.next_expiry(), Some(at(9)));
    }
}
