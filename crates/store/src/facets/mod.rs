//! What the indexes hold of an entity. Pure, and the one source of truth: the writer writes the difference between the
//! facets before and after, backfilling writes them all, and verification compares them with what is there.

mod key;
mod shape;

use dinh_model::{Attribute, Entity, Iri, Term, Value};

pub(crate) use key::{Key, KeyRange, exact_numbers, keys, meet, ranges, span};

use crate::cells;
use crate::names::{NameId, Names};
use crate::query::Bounds;
use crate::spec::Specs;

/// A row of the index of values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ValueRow {
    pub(crate) entity_type: NameId,
    pub(crate) attribute: NameId,
    pub(crate) key: Key,
}

/// A row of the index of points. The degrees are the bits of doubles, so that rows have an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PointRow {
    pub(crate) property: NameId,
    pub(crate) entity_type: NameId,
    pub(crate) cell: i64,
    lon: u64,
    lat: u64,
}

impl PointRow {
    pub(crate) fn new(property: NameId, entity_type: NameId, lon: f64, lat: f64) -> Self {
        // Minus zero is zero, here as in the database.
        let (lon, lat) = (lon + 0.0, lat + 0.0);
        Self { property, entity_type, cell: cells::cell(lon, lat), lon: lon.to_bits(), lat: lat.to_bits() }
    }

    pub(crate) fn lon(&self) -> f64 {
        f64::from_bits(self.lon)
    }

    pub(crate) fn lat(&self) -> f64 {
        f64::from_bits(self.lat)
    }
}

/// Boxes of a property whose geometry is not a point.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ShapeRow {
    pub(crate) property: NameId,
    pub(crate) boxes: Vec<Bounds>,
}

/// A row of the index of links.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LinkRow {
    pub(crate) object: Iri,
    pub(crate) attribute: NameId,
}

/// All rows of an entity, or those of some of its attributes; sorted, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facets {
    pub(crate) values: Vec<ValueRow>,
    pub(crate) points: Vec<PointRow>,
    pub(crate) shapes: Vec<ShapeRow>,
    pub(crate) links: Vec<LinkRow>,
    /// Type and attribute, for counting.
    pub(crate) presence: Vec<(NameId, NameId)>,
}

/// Which attributes to look at.
#[derive(Clone, Copy)]
pub(crate) enum Only<'a> {
    /// Every one.
    All,
    /// These.
    These(&'a [Term]),
}

/// What facets are computed with.
#[derive(Clone, Copy)]
pub(crate) struct Lens<'a> {
    pub(crate) names: &'a Names,
    pub(crate) specs: &'a Specs,
}

impl Lens<'_> {
    /// The numbers of the types of an entity whose names are known, sorted.
    pub(crate) fn types(&self, entity: &Entity) -> Vec<NameId> {
        let mut types: Vec<NameId> = entity.types.iter().filter_map(|t| self.names.id(t.as_str())).collect();
        types.sort_unstable();
        types.dedup();
        types
    }

    /// The facets of an entity.
    pub(crate) fn facets(&self, entity: &Entity, only: Only<'_>) -> Facets {
        let types = self.types(entity);
        let mut facets = Facets::default();
        match only {
            Only::All => {
                for (name, instances) in &entity.attributes {
                    self.attribute(&types, name, instances, &mut facets);
                }
            }
            Only::These(names) => {
                for name in names {
                    if let Some(instances) = entity.attributes.get(name) {
                        self.attribute(&types, name, instances, &mut facets);
                    }
                }
            }
        }
        facets.sort();
        facets
    }

    fn attribute(&self, types: &[NameId], name: &Term, instances: &[Attribute], facets: &mut Facets) {
        let Some(attribute) = self.names.id(name.as_str()) else { return };
        facets.presence.extend(types.iter().map(|t| (*t, attribute)));
        if self.specs.indexed.contains(&attribute) {
            let declared = types.iter().filter(|t| self.specs.indexes.contains_key(&(**t, attribute)));
            let mut known = None;
            for entity_type in declared {
                let keys = known.get_or_insert_with(|| keys(instances));
                facets.values.extend(keys.iter().map(|key| ValueRow {
                    entity_type: *entity_type,
                    attribute,
                    key: key.clone(),
                }));
            }
        }
        let mut boxes = Vec::new();
        for instance in instances {
            match &instance.value {
                Value::Geo(geometry) => match geometry.as_point() {
                    Some((lon, lat)) => {
                        facets.points.extend(types.iter().map(|t| PointRow::new(attribute, *t, lon, lat)));
                    }
                    None => {
                        boxes.extend(geometry.shape().iter().flat_map(shape::boxes));
                    }
                },
                Value::Relationship { object, .. } => {
                    facets.links.extend(object.as_slice().iter().map(|object| link(object, attribute)));
                }
                Value::ListRelationship { objects, .. } => {
                    facets.links.extend(objects.iter().map(|object| link(object, attribute)));
                }
                _ => {}
            }
        }
        if !boxes.is_empty() {
            facets.shapes.push(ShapeRow { property: attribute, boxes });
        }
    }
}

fn link(object: &Iri, attribute: NameId) -> LinkRow {
    LinkRow { object: object.clone(), attribute }
}

impl Facets {
    fn sort(&mut self) {
        sort(&mut self.values);
        sort(&mut self.points);
        sort(&mut self.links);
        sort(&mut self.presence);
        self.shapes.sort_by_key(|shape| shape.property);
    }
}

fn sort<T: Ord>(rows: &mut Vec<T>) {
    rows.sort_unstable();
    rows.dedup();
}

/// What is in `old` and not in `new`, and what is in `new` and not in `old`. Both are sorted.
pub(crate) fn difference<T: Ord>(old: Vec<T>, new: Vec<T>) -> (Vec<T>, Vec<T>) {
    if old == new {
        return (Vec::new(), Vec::new());
    }
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    loop {
        match (old.peek(), new.peek()) {
            (Some(a), Some(b)) => match a.cmp(b) {
                std::cmp::Ordering::Equal => {
                    old.next();
                    new.next();
                }
                std::cmp::Ordering::Less => gone.extend(old.next()),
                std::cmp::Ordering::Greater => come.extend(new.next()),
            },
            (Some(_), None) => gone.extend(old.by_ref()),
            (None, Some(_)) => come.extend(new.by_ref()),
            (None, None) => return (gone, come),
        }
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::{EntityId, GeoValue, OneOrMany, Timestamp};
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_of_sorted_rows() {
        assert_eq!(difference(vec![1, 2, 4], vec![2, 3, 4, 5]), (vec![1], vec![3, 5]));
        assert_eq!(difference(vec![1], vec![1]), (vec![], vec![]));
        assert_eq!(difference(vec![1, 2], vec![]), (vec![1, 2], vec![]));
    }

    #[test]
    fn facets_follow_types_and_declarations() {
        let at = Timestamp::from_micros(0);
        let mut entity = Entity::new(EntityId::trusted("urn:x:1"), Term::from("T"), at);
        entity.types.push(Term::from("U"));
        entity.set(Term::from("a"), Attribute::new(Value::Property(json!(5)), at));
        entity.set(Term::from("place"), Attribute::new(Value::Geo(GeoValue::point(1.0, 2.0)), at));
        let line = json!({"type": "LineString", "coordinates": [[0, 0], [1, 1]]});
        entity.set(Term::from("route"), Attribute::new(Value::Geo(GeoValue::trusted(line)), at));
        let to = Value::Relationship { object: OneOrMany::One(Iri::trusted("urn:x:2")), object_type: vec![] };
        entity.set(Term::from("to"), Attribute::new(to, at));
        let names = Names::load(["T", "U", "a", "place", "route", "to"].map(str::to_owned).into_iter());
        let mut specs = Specs::default();
        specs.declare(2, 3, false);
        let lens = Lens { names: &names, specs: &specs };
        let all = lens.facets(&entity, Only::All);
        assert_eq!(all.values, [ValueRow { entity_type: 2, attribute: 3, key: Key::Number(5.0) }]);
        assert_eq!(all.points, [PointRow::new(4, 1, 1.0, 2.0), PointRow::new(4, 2, 1.0, 2.0)]);
        assert_eq!((all.shapes.len(), all.links.len(), all.presence.len()), (1, 1, 8));
        let some = lens.facets(&entity, Only::These(&[Term::from("to"), Term::from("gone")]));
        assert_eq!((some.values.len(), some.links.len(), some.presence.len()), (0, 1, 2));
    }
}
