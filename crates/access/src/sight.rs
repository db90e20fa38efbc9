//! What somebody sees: entities left out, attributes left out, attributes masked.
//!
//! A sight is made once for somebody with a purpose, and then looks at entities: per type it knows already what does
//! not depend on the entity, so that a type of which everything is seen costs one look into a table.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use dinh_model::{Entity, Term};

use crate::catalogue::{Catalogue, TypeMarks};
use crate::filter::{Filter, Kind};
use crate::{Mask, Privacy};

/// What somebody sees of the graph.
#[derive(Clone, Debug)]
pub struct Sight(Kinds);

#[derive(Clone, Debug)]
enum Kinds {
    /// Everything, as it is: the program's own parts.
    All,
    /// What the policy lets be seen.
    Some { catalogue: Arc<Catalogue>, types: HashMap<Term, OfType>, unknown: OfType },
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

/// What of a type somebody sees, whichever entity it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// No entity of it.
    Nothing,
    /// Every entity of it, whole.
    Everything,
    /// It depends on the entity, or parts are hidden.
    Something,
}

impl Sight {
    /// Sees everything as it is.
    pub(crate) const fn all() -> Self {
        Self(Kinds::All)
    }

    /// Sees what `read` passes, and unmasked what `reveal` passes too.
    pub(crate) fn new(catalogue: &Arc<Catalogue>, read: &Filter, reveal: &Filter) -> Self {
        let of = |entity_type: &Term, marks: &TypeMarks| of_type(entity_type, marks, read, reveal);
        let types = catalogue.types().map(|(t, marks)| (t.clone(), of(t, marks))).collect();
        let nameless = Term::from("");
        let unknown = of(&nameless, catalogue.unknown());
        Self(Kinds::Some { catalogue: Arc::clone(catalogue), types, unknown })
    }

    /// True if nothing at all is hidden from it.
    pub fn is_all(&self) -> bool {
        match &self.0 {
            Kinds::All => true,
            Kinds::Some { types, unknown, .. } => {
                types.values().chain([unknown]).all(|of| of.seen() == Seen::Everything)
            }
        }
    }

    /// What it sees of a type, whichever entity it is.
    pub fn of_type(&self, entity_type: &Term) -> Seen {
        match &self.0 {
            Kinds::All => Seen::Everything,
            Kinds::Some { types, unknown, .. } => types.get(entity_type).unwrap_or(unknown).seen(),
        }
    }

    /// The entity as it sees it: the very same where nothing is hidden, `None` where all of it is.
    pub fn view(&self, entity: &Arc<Entity>) -> Option<Arc<Entity>> {
        let Kinds::Some { catalogue, types, unknown } = &self.0 else { return Some(Arc::clone(entity)) };
        let of = |entity_type: &Term| types.get(entity_type).unwrap_or(unknown);
        if entity.types.iter().all(|t| of(t).seen() == Seen::Everything) {
            return Some(Arc::clone(entity));
        }
        let ties = catalogue.ties(entity);
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
                instances.iter_mut().for_each(|instance| *instance = part.mask.over(instance));
            }
            true
        });
        Some(Arc::new(seen))
    }

    /// True if it sees an attribute of every entity of a type as it is: what was observed of it may be shown even when
    /// the entity itself is gone.
    pub fn sees_always(&self, entity_type: &Term, attribute: &Term) -> bool {
        match &self.0 {
            Kinds::All => true,
            Kinds::Some { types, unknown, .. } => {
                let of = types.get(entity_type).unwrap_or(unknown);
                of.entity == Filter::Const(true) && of.attribute(attribute).clear == Filter::Const(true)
            }
        }
    }

    /// True if it sees an attribute, wherever it stands, always as it is: comparing by an index then gives nothing away.
    pub fn sees_everywhere(&self, attribute: &Term) -> bool {
        match &self.0 {
            Kinds::All => true,
            Kinds::Some { types, unknown, .. } => types.values().chain([unknown]).all(|of| {
                of.entity == Filter::Const(false) || of.attribute(attribute).clear == Filter::Const(true)
            }),
        }
    }
}

impl OfType {
    fn seen(&self) -> Seen {
        match (&self.entity, self.plain) {
            (Filter::Const(false), _) => Seen::Nothing,
            (Filter::Const(true), true) => Seen::Everything,
            _ => Seen::Something,
        }
    }

    fn attribute(&self, name: &Term) -> &OfAttribute {
        self.attributes.get(name).unwrap_or(&self.others)
    }
}

impl OfAttribute {
    fn is_plain(&self) -> bool {
        self.clear == Filter::Const(true)
    }
}

fn of_type(entity_type: &Term, marks: &TypeMarks, read: &Filter, reveal: &Filter) -> OfType {
    let look = |privacy: Privacy, mask: Mask| {
        let privacy = privacy.max(marks.privacy);
        let kind = Kind { entity_type, sector: &marks.sector, privacy };
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
    let kind = Kind { entity_type, sector: &marks.sector, privacy: marks.privacy };
    let entity = read.for_kind(kind);
    // Where what is left to decide of an attribute is what was decided of the entity, nothing is left to decide.
    let as_entity = |part: &OfAttribute| part.is_plain() || part.clear == entity;
    let plain = as_entity(&others) && attributes.values().all(as_entity);
    OfType { entity, plain, others, attributes }
}
