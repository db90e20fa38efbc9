//! What somebody sees: entities left out, attributes left out, attributes masked.
//!
//! A sight is made once for somebody with a purpose, and then looks at entities: per type it knows already what does
//! not depend on the entity, so that a type of which everything is seen costs one look into a table.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use dinh_model::{Entity, Term};

use crate::catalogue::{Catalogue, TypeMarks};
use crate::filter::{Filter, Kind, types_told};
use crate::{Mask, Privacy};

/// What somebody sees of the graph.
#[derive(Clone, Debug)]
pub struct Sight(Option<Box<Limits>>);

/// What the policy lets be seen. Without limits, everything is: by the program's own parts.
#[derive(Clone, Debug)]
struct Limits {
    catalogue: Arc<Catalogue>,
    types: HashMap<Term, OfType>,
    unknown: OfType,
    /// True if nothing is hidden after all.
    all: bool,
    audience: Audience,
}

impl Limits {
    fn of(&self, entity_type: &Term) -> &OfType {
        self.types.get(entity_type).unwrap_or(&self.unknown)
    }
}

/// What is seen of the entities of one type.
#[derive(Clone, Debug)]
struct OfType {
    /// Which of them are seen.
    entity: Filter,
    /// True if whoever sees one sees all of it as it is.
    plain: bool,
    /// How attributes that the type does not describe are seen.
    others: OfAttribute,
    attributes: BTreeMap<Term, OfAttribute>,
}

/// How an attribute is seen.
#[derive(Clone, Debug)]
struct OfAttribute {
    /// Of which entities it is seen as it is.
    clear: Filter,
    /// Of which entities it is seen masked.
    masked: Filter,
    mask: Mask,
}

/// Those who see the same. What was made for one of them may be shown to all of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Audience(Option<Arc<(Filter, Filter)>>);

/// Of how many somebody sees something, before any is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Of none.
    OfNone,
    /// Of every one.
    OfAll,
    /// It depends on which one it is.
    OfSome,
}

impl Sight {
    /// Sees everything as it is: for reads that belong to no tenant and give out nothing of an entity.
    pub const EVERYTHING: Self = Self(None);

    /// Sees what `read` passes, and unmasked what `reveal` passes too.
    pub(crate) fn new(catalogue: &Arc<Catalogue>, read: &Filter, reveal: &Filter) -> Self {
        let of = |entity_type: &Term, marks: &TypeMarks| of_type(entity_type, marks, read, reveal);
        let told = types_told(catalogue, &[read, reveal]);
        let types = told.into_iter().map(|(entity_type, marks)| {
            let seen = of(&entity_type, marks);
            (entity_type, seen)
        });
        let types: HashMap<Term, OfType> = types.collect();
        let nameless = Term::from("");
        let unknown = of(&nameless, catalogue.unknown());
        let all = types.values().chain([&unknown]).all(OfType::is_whole);
        let audience = Audience(Some(Arc::new((read.clone(), reveal.clone()))));
        Self(Some(Box::new(Limits { catalogue: Arc::clone(catalogue), types, unknown, all, audience })))
    }

    /// True if nothing at all is hidden from it.
    pub fn is_all(&self) -> bool {
        self.0.as_ref().is_none_or(|limits| limits.all)
    }

    /// Those who see the same.
    pub fn audience(&self) -> Audience {
        self.0.as_ref().map_or(Audience(None), |limits| limits.audience.clone())
    }

    /// Of how many entities of a type it sees anything. One that has a second type is seen if that one lets it be.
    pub fn entities(&self, entity_type: &Term) -> Seen {
        self.0.as_ref().map_or(Seen::OfAll, |limits| seen(&limits.of(entity_type).entity))
    }

    /// Of how many entities of a type, among those that it sees, it knows whether they have an attribute.
    pub fn presence(&self, entity_type: &Term, attribute: &Term) -> Seen {
        let Some(limits) = &self.0 else { return Seen::OfAll };
        let of = limits.of(entity_type);
        let OfAttribute { clear, masked, .. } = of.attribute(attribute);
        let known = if *masked == Filter::Const(false) { clear } else { masked };
        if *known == of.entity { Seen::OfAll } else { seen(known) }
    }

    /// The entity as it sees it: the very same where nothing is hidden, `None` where all of it is.
    pub fn view(&self, entity: &Arc<Entity>) -> Option<Arc<Entity>> {
        let Some(limits) = &self.0 else { return Some(Arc::clone(entity)) };
        let of = |entity_type: &Term| limits.of(entity_type);
        if entity.types.iter().all(|t| of(t).is_whole()) {
            return Some(Arc::clone(entity));
        }
        let ties = limits.catalogue.ties(entity);
        if !entity.types.iter().all(|t| of(t).entity.passes(&ties)) {
            return None;
        }
        if entity.types.iter().all(|t| of(t).plain) {
            return Some(Arc::clone(entity));
        }
        let mut seen = Entity::clone(entity);
        seen.attributes.retain(|name, instances| {
            for part in entity.types.iter().map(|t| of(t).attribute(name)) {
                if part.clear.passes(&ties) {
                    continue;
                }
                if !part.masked.passes(&ties) {
                    return false;
                }
                for instance in instances.iter_mut() {
                    *instance = part.mask.over(instance);
                }
            }
            true
        });
        Some(Arc::new(seen))
    }

    /// Persons and units of which every entity of these types that it sees points at one, or is one: an index of who
    /// points at whom then leads to all that is seen. `None` if there may be others.
    pub fn pointed_at<'t>(&self, types: impl IntoIterator<Item = &'t Term>) -> Option<BTreeSet<Arc<str>>> {
        let limits = self.0.as_ref()?;
        let lists: Option<Vec<_>> =
            types.into_iter().map(|entity_type| limits.of(entity_type).entity.pointed_at()).collect();
        lists.map(|lists| lists.into_iter().flatten().collect())
    }

    /// True if it sees an attribute as it is of every entity that it sees at all: comparing by an index of what is then
    /// gives nothing away.
    pub fn sees_as_it_is(&self, attribute: &Term) -> bool {
        self.holds_for_all(|of| of.is_clear(attribute))
    }

    /// True if it sees an attribute as it is of every entity of these types that it sees at all, as far as they decide: an
    /// index may then lead to those that are looked at. One that has another type besides may hide it still, so that a
    /// count by the index alone needs [`Sight::sees_as_it_is`].
    pub fn finds_by<'t>(&self, types: impl IntoIterator<Item = &'t Term>, attribute: &Term) -> bool {
        let Some(limits) = &self.0 else { return true };
        types.into_iter().all(|entity_type| limits.of(entity_type).is_clear(attribute))
    }

    /// True if it sees an attribute as it is of every entity whatever: what was observed of it may be shown even when
    /// the entity is gone, and its types with it.
    pub fn sees_everywhere(&self, attribute: &Term) -> bool {
        self.holds_for_all(|of| {
            of.entity == Filter::Const(true) && of.attribute(attribute).clear == Filter::Const(true)
        })
    }

    fn holds_for_all(&self, test: impl Fn(&OfType) -> bool) -> bool {
        self.0.as_ref().is_none_or(|limits| limits.types.values().chain([&limits.unknown]).all(test))
    }
}

impl OfType {
    /// True if every entity of it is seen, and all of it.
    fn is_whole(&self) -> bool {
        self.plain && self.entity == Filter::Const(true)
    }

    fn attribute(&self, name: &Term) -> &OfAttribute {
        self.attributes.get(name).unwrap_or(&self.others)
    }

    /// True if an attribute of every entity that is seen is seen as it is.
    fn is_clear(&self, attribute: &Term) -> bool {
        let clear = &self.attribute(attribute).clear;
        self.entity == Filter::Const(false) || *clear == Filter::Const(true) || *clear == self.entity
    }
}

impl OfAttribute {
    fn is_plain(&self) -> bool {
        self.clear == Filter::Const(true)
    }
}

fn seen(filter: &Filter) -> Seen {
    match filter {
        Filter::Const(true) => Seen::OfAll,
        Filter::Const(false) => Seen::OfNone,
        _ => Seen::OfSome,
    }
}

fn of_type(entity_type: &Term, marks: &TypeMarks, read: &Filter, reveal: &Filter) -> OfType {
    let look = |privacy: Privacy, mask: Mask| {
        let privacy = privacy.max(marks.privacy);
        let kind = Kind::of(entity_type, marks, privacy);
        if privacy.is_of_a_person() {
            let masked = read.for_kind(kind);
            let clear = Filter::all([masked.clone(), reveal.for_kind(kind)]);
            OfAttribute { clear, masked, mask }
        } else {
            OfAttribute { clear: read.for_kind(kind), masked: Filter::Const(false), mask }
        }
    };
    let attributes: BTreeMap<Term, OfAttribute> =
        marks.attributes.iter().map(|(name, own)| (name.clone(), look(own.privacy, own.mask))).collect();
    let others = look(marks.privacy, Mask::default());
    let kind = Kind::of(entity_type, marks, marks.privacy);
    let entity = read.for_kind(kind);
    // Where what is left to decide of an attribute is what was decided of the entity, nothing is left to decide.
    let as_entity = |part: &OfAttribute| part.is_plain() || part.clear == entity;
    let plain = as_entity(&others) && attributes.values().all(as_entity);
    OfType { entity, plain, others, attributes }
}
