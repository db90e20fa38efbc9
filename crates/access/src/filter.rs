//! What is left of a condition once it is known who asks and why: a filter over entities.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dinh_model::Term;

use crate::catalogue::{Catalogue, TypeMarks};
use crate::{Privacy, Relation};

/// A test of one entity and of how what is asked of it is marked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Filter {
    /// Passes everything or nothing.
    Const(bool),
    /// The contrary.
    Not(Box<Self>),
    /// All of them; at least two.
    All(Vec<Self>),
    /// One of them; at least two.
    Any(Vec<Self>),
    /// The entity has one of these types.
    Type(BTreeSet<Term>),
    /// A pack with one of these names describes its type.
    Sector(BTreeSet<Arc<str>>),
    /// The data asked for is marked with one of these.
    Privacy(BTreeSet<Privacy>),
    /// The entity is tied so to one of these.
    Related(Relation, Arc<BTreeSet<Arc<str>>>),
}

/// What is known of a kind of data before an entity of it is seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind<'a> {
    /// The type.
    pub(crate) entity_type: &'a Term,
    /// The pack that describes it.
    pub(crate) sector: &'a str,
    /// How the data is marked.
    pub(crate) privacy: Privacy,
    /// Whether entities of the type can be assigned to anybody.
    pub(crate) assignable: bool,
}

impl<'a> Kind<'a> {
    /// Data of a type marked so, with the mark `privacy`.
    pub(crate) fn of(entity_type: &'a Term, marks: &'a TypeMarks, privacy: Privacy) -> Self {
        let assignable = marks.attributes.values().any(|own| own.relation == Some(Relation::Assignee));
        Self { entity_type, sector: &marks.sector, privacy, assignable }
    }
}

/// The types about which filters may say something of their own: those that packs describe, and those that the filters
/// name though no pack describes them.
pub(crate) fn types_told<'c>(catalogue: &'c Catalogue, filters: &[&Filter]) -> Vec<(Term, &'c TypeMarks)> {
    let named: BTreeSet<Term> = filters.iter().flat_map(|filter| filter.named()).collect();
    let described = catalogue.types().map(|(entity_type, marks)| (entity_type.clone(), marks));
    let named = named.into_iter().map(|entity_type| {
        let marks = catalogue.marks(&entity_type);
        (entity_type, marks)
    });
    described.chain(named).collect()
}

/// The people and units that an entity is tied to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ties(BTreeMap<Relation, BTreeSet<Arc<str>>>);

impl Ties {
    /// Adds one.
    pub(crate) fn add(&mut self, relation: Relation, to: &str) {
        self.0.entry(relation).or_default().insert(to.into());
    }

    /// Those of one relation.
    pub(crate) fn of(&self, relation: Relation) -> impl Iterator<Item = &Arc<str>> {
        self.0.get(&relation).into_iter().flatten()
    }

    /// True if one of `these` is tied so.
    pub(crate) fn meet(&self, relation: Relation, these: &BTreeSet<Arc<str>>) -> bool {
        self.0.get(&relation).is_some_and(|tied| tied.iter().any(|to| these.contains(to)))
    }
}

impl Filter {
    /// The contrary.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Const(passes) => Self::Const(!passes),
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// All of `parts`, simplified.
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut left = Vec::new();
        for part in parts {
            match part {
                Self::Const(true) => {}
                Self::Const(false) => return part,
                Self::All(inner) => left.extend(inner),
                other => left.push(other),
            }
        }
        one_or(left, true, Self::All)
    }

    /// One of `parts`, simplified.
    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut left = Vec::new();
        for part in parts {
            match part {
                Self::Const(false) => {}
                Self::Const(true) => return part,
                Self::Any(inner) => left.extend(inner),
                other => left.push(other),
            }
        }
        one_or(left, false, Self::Any)
    }

    /// The types that it names.
    fn named(&self) -> BTreeSet<Term> {
        match self {
            Self::Type(types) => types.clone(),
            Self::Not(inner) => inner.named(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::named).collect(),
            Self::Const(_) | Self::Sector(_) | Self::Privacy(_) | Self::Related(..) => BTreeSet::new(),
        }
    }

    /// What is left of it for one kind of data: ties to people and units, or nothing but yes or no.
    pub(crate) fn for_kind(&self, kind: Kind<'_>) -> Self {
        match self {
            // What nobody can be assigned to is assigned to nobody; what is left is often an index away.
            Self::Related(Relation::Assignee, _) if !kind.assignable => Self::Const(false),
            Self::Const(_) | Self::Related(..) => self.clone(),
            Self::Not(inner) => inner.for_kind(kind).negated(),
            Self::All(parts) => Self::all(parts.iter().map(|part| part.for_kind(kind))),
            Self::Any(parts) => Self::any(parts.iter().map(|part| part.for_kind(kind))),
            Self::Type(types) => Self::Const(types.contains(kind.entity_type)),
            Self::Sector(sectors) => Self::Const(sectors.contains(kind.sector)),
            Self::Privacy(marks) => Self::Const(marks.contains(&kind.privacy)),
        }
    }

    /// Persons and units of which every entity that passes points at one, or is one; `None` if there may be others. Only
    /// for what [`Filter::for_kind`] has left.
    pub(crate) fn pointed_at(&self) -> Option<BTreeSet<Arc<str>>> {
        match self {
            Self::Const(false) => Some(BTreeSet::new()),
            Self::Related(Relation::Owner | Relation::Unit, these) => Some((**these).clone()),
            Self::All(parts) => parts.iter().find_map(Self::pointed_at),
            Self::Any(parts) => {
                let lists: Option<Vec<_>> = parts.iter().map(Self::pointed_at).collect();
                lists.map(|lists| lists.into_iter().flatten().collect())
            }
            _ => None,
        }
    }

    /// Tests an entity by its ties. Only for what [`Filter::for_kind`] has left.
    pub(crate) fn passes(&self, ties: &Ties) -> bool {
        match self {
            Self::Const(passes) => *passes,
            Self::Not(inner) => !inner.passes(ties),
            Self::All(parts) => parts.iter().all(|part| part.passes(ties)),
            Self::Any(parts) => parts.iter().any(|part| part.passes(ties)),
            Self::Related(relation, these) => ties.meet(*relation, these),
            Self::Type(_) | Self::Sector(_) | Self::Privacy(_) => false,
        }
    }
}

fn one_or(mut parts: Vec<Filter>, empty: bool, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.len() {
        0 => Filter::Const(empty),
        1 => parts.swap_remove(0),
        _ => many(parts),
    }
}
