//! What a query for entities asks (clause 5.7.2).

use dinh_model::{Entity, EntityId, Iri, Term};

use super::{Behind, GeoQuery, IdPattern, OrderKey, Q, ScopeExpr, TypeExpr};
use crate::bounds::DEFAULT_PAGE;

/// One instance of an attribute: its `datasetId`, or `None` for the default instance.
pub type DatasetId = Option<Iri>;

/// A query for entities. All conditions must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityQuery {
    /// One of these identifiers; empty for no condition.
    pub ids: Vec<EntityId>,
    /// The identifier fits.
    pub id_pattern: Option<IdPattern>,
    /// The types fit.
    pub types: Option<TypeExpr>,
    /// One of these holds; empty for no condition. For queries with several selectors (clause 5.2.33); a query with
    /// one has it in `ids`, `id_pattern` and `types`.
    pub selectors: Vec<EntitySelector>,
    /// At least one of these attributes is there; empty for no condition.
    pub attrs: Vec<Term>,
    /// The condition holds.
    pub q: Option<Q>,
    /// The scopes fit.
    pub scopes: Option<ScopeExpr>,
    /// The geometry fits.
    pub geo: Option<GeoQuery>,
    /// Instances to return; empty for all. Not a condition.
    pub dataset_ids: Vec<DatasetId>,
    /// In which order; empty for the store's own.
    pub order: Vec<OrderKey>,
    /// Most entities to return.
    pub limit: usize,
    /// How many to pass over first.
    pub offset: usize,
    /// Whether to count all that match.
    pub count: bool,
    /// Only what entered the graph after this place, in the order in which it entered: for reading everything, page by
    /// page. It goes with neither an order nor an offset nor a count, and is not a condition.
    pub after: Option<u64>,
}

impl Default for EntityQuery {
    /// Everything, the first page of it.
    fn default() -> Self {
        Self {
            ids: Vec::new(),
            id_pattern: None,
            types: None,
            selectors: Vec::new(),
            attrs: Vec::new(),
            q: None,
            scopes: None,
            geo: None,
            dataset_ids: Vec::new(),
            order: Vec::new(),
            limit: DEFAULT_PAGE,
            offset: 0,
            count: false,
            after: None,
        }
    }
}

impl EntityQuery {
    /// How many links deep it looks.
    pub fn link_depth(&self) -> usize {
        self.q.as_ref().map_or(0, Q::link_depth)
    }

    /// All entities of one type.
    pub fn of_type(entity_type: Term) -> Self {
        Self { types: Some(TypeExpr::Is(entity_type)), ..Self::default() }
    }

    /// Exactly whether an entity meets every condition. `limit`, `offset`, `order` and `dataset_ids` are not
    /// conditions. Nothing stands behind relationships; see [`EntityQuery::matches_with`].
    pub fn matches(&self, entity: &Entity) -> bool {
        self.matches_with(entity, &mut |_| None)
    }

    /// The same, where `behind` finds the entities behind relationships.
    pub fn matches_with(&self, entity: &Entity, behind: &mut Behind<'_>) -> bool {
        (self.ids.is_empty() || self.ids.contains(&entity.id))
            && self.id_pattern.as_ref().is_none_or(|pattern| pattern.matches(entity.id.as_str()))
            && self.types.as_ref().is_none_or(|types| types.matches(&entity.types))
            && (self.selectors.is_empty() || self.selectors.iter().any(|selector| selector.matches(entity)))
            && (self.attrs.is_empty() || self.attrs.iter().any(|name| entity.attributes.contains_key(name)))
            && self.scopes.as_ref().is_none_or(|scopes| scopes.matches(&entity.scopes))
            && self.geo.as_ref().is_none_or(|geo| geo.matches(entity))
            && self.q.as_ref().is_none_or(|q| q.matches_with(entity, behind))
    }
}

/// Entities by identifier, pattern and type (clauses 5.2.8 and 5.2.33).
#[derive(Clone, Debug, PartialEq)]
pub struct EntitySelector {
    /// One of these identifiers; empty for no condition.
    pub ids: Vec<EntityId>,
    /// The identifier fits; not looked at when `ids` are given.
    pub id_pattern: Option<IdPattern>,
    /// The types fit; none for any type.
    pub types: Option<TypeExpr>,
}

impl EntitySelector {
    /// True if an entity fits.
    pub fn matches(&self, entity: &Entity) -> bool {
        self.matches_parts(entity.id.as_str(), &entity.types)
    }

    /// True if an entity with this identifier and these types fits.
    pub fn matches_parts(&self, id: &str, types: &[Term]) -> bool {
        let id_fits = if self.ids.is_empty() {
            self.id_pattern.as_ref().is_none_or(|pattern| pattern.matches(id))
        } else {
            self.ids.iter().any(|wanted| wanted.as_str() == id)
        };
        id_fits && self.types.as_ref().is_none_or(|wanted| wanted.matches(types))
    }
}
