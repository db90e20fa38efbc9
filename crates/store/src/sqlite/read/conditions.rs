//! The conditions of a query that an index can help with.

use dinh_model::{EntityId, Term};
use dinh_ngsild::query::{EntityQuery, Path, Q, ScopeExpr, ScopeLevel, ScopePattern, TypeExpr};
use dinh_ngsild::vocabulary;

use super::fetch::Scene;
use super::source::{Source, ValueLane};
use crate::facets::{Key, KeyRange, meet, ranges, span};
use crate::names::NameId;
use crate::query::Bounds;
use crate::spec::Specs;
use crate::sqlite::failure::Failed;

/// Most ranges of values that one source may have.
pub(super) const MAX_LANES: usize = 1_100;

impl Scene<'_> {
    /// Types of which every match has at least one; `[0]` if the query asks for none. An empty list: nothing matches.
    pub(super) fn any_of_types(&self, query: &EntityQuery) -> Failed<Vec<NameId>> {
        let terms = match &query.types {
            Some(types) => Some(self.fewest(types)?),
            None if query.selectors.is_empty() => None,
            None => {
                let mut terms = Some(Vec::new());
                for selector in &query.selectors {
                    terms = match (&selector.types, terms) {
                        (Some(types), Some(mut terms)) => {
                            terms.extend(self.fewest(types)?);
                            Some(terms)
                        }
                        _ => None,
                    };
                }
                terms
            }
        };
        let Some(terms) = terms else { return Ok(vec![0]) };
        let mut ids: Vec<NameId> = terms.iter().filter_map(|term| self.name(term)).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// Of a conjunction, the part with the fewest entities.
    fn fewest(&self, types: &TypeExpr) -> Failed<Vec<Term>> {
        Ok(match types {
            TypeExpr::Is(term) => vec![term.clone()],
            TypeExpr::Any(parts) => {
                let mut terms = Vec::new();
                for part in parts {
                    terms.extend(self.fewest(part)?);
                }
                terms
            }
            TypeExpr::All(parts) => {
                let mut best: Option<(u64, Vec<Term>)> = None;
                for part in parts {
                    let terms = self.fewest(part)?;
                    let mut count = 0;
                    for term in &terms {
                        count += self.name(term).map_or(Ok(0), |id| self.type_count(id))?;
                    }
                    if best.as_ref().is_none_or(|(fewest, _)| count < *fewest) {
                        best = Some((count, terms));
                    }
                }
                best.map(|(_, terms)| terms).unwrap_or_default()
            }
        })
    }

    /// Every source that holds all matches.
    pub(super) fn sources(&self, query: &EntityQuery, types: &[NameId]) -> Failed<Vec<Source>> {
        let mut sources = Vec::new();
        sources.extend(ids(query).map(Source::Ids));
        if let Some(prefix) = query.id_pattern.as_ref().and_then(|pattern| pattern.prefix()) {
            sources.push(Source::IdPrefix(prefix.to_owned()));
        }
        if let Some(q) = &query.q {
            let specs = self.shared.specs.get();
            let narrowed = self.narrowed(q.conjuncts(), types, &specs);
            let remains = |condition: &&Q| match condition {
                Q::Compare { path, .. } => !narrowed.iter().any(|(other, _)| *other == path),
                _ => true,
            };
            for condition in q.conjuncts().iter().filter(remains) {
                if let Q::Linked(link) = condition {
                    sources.extend(self.in_front(link, types, &specs)?);
                } else if let Some(lanes) = self.value_lanes(condition, types, &specs) {
                    sources.push(if lanes.is_empty() { Source::Nothing } else { Source::Values(lanes) });
                }
            }
            sources.extend(narrowed.into_iter().map(|(_, source)| source));
        }
        if let Some(bounds) = query.geo.as_ref().and_then(|geo| Some((geo.bounds()?, &geo.property))) {
            let (bounds, property) = (Bounds::from(bounds.0), bounds.1);
            sources.push(match self.name(property) {
                Some(property) => {
                    let types = if types == [0] { self.types_with_points(property)? } else { types.to_vec() };
                    Source::Box { property, types, bounds }
                }
                None => Source::Nothing,
            });
        }
        sources.extend(query.scopes.as_ref().and_then(scopes).map(Source::Scopes));
        sources.extend(self.own(types)?);
        Ok(sources)
    }

    /// What is seen of these types, where all of it points at a few persons or units.
    fn own(&self, types: &[NameId]) -> Failed<Option<Source>> {
        if self.sight.is_all() || types == [0] {
            return Ok(None);
        }
        let terms = types.iter().map(|id| self.term(*id)).collect::<Failed<Vec<_>>>()?;
        let Some(at) = self.sight.pointed_at(&terms).filter(|at| at.len() <= MAX_LANES) else {
            return Ok(None);
        };
        let at: Vec<EntityId> = at.iter().map(|uri| EntityId::trusted(&**uri)).collect();
        Ok(Some(if at.is_empty() { Source::Nothing } else { Source::Linked(at) }))
    }

    /// Ranges in which every match of a condition has a value. `None` if the condition, or one of its parts, is not
    /// about indexed values.
    pub(super) fn value_lanes(
        &self,
        condition: &Q,
        types: &[NameId],
        specs: &Specs,
    ) -> Option<Vec<ValueLane>> {
        match condition {
            // An inner `And` is narrowed by any one of its parts.
            Q::And(parts) => parts.iter().find_map(|part| self.value_lanes(part, types, specs)),
            Q::Or(parts) => {
                let mut lanes = Vec::new();
                for part in parts {
                    lanes.extend(self.value_lanes(part, types, specs)?);
                }
                (lanes.len() <= MAX_LANES).then_some(lanes)
            }
            Q::Exists(_) | Q::Linked(_) => None,
            Q::Compare { path, op, value } => {
                let mut found = ranges(*op, value)?;
                found.push((Key::Any, Key::Any));
                self.attribute_lanes(path, &found, types, specs)
            }
        }
    }

    /// The ranges of an attribute, for each of the types. `None` if it is not indexed for one of them.
    fn attribute_lanes(
        &self,
        path: &Path,
        found: &[KeyRange],
        types: &[NameId],
        specs: &Specs,
    ) -> Option<Vec<ValueLane>> {
        if !path.is_plain() || is_built_in(&path.attribute) || types == [0] {
            return None;
        }
        // The index holds what is, not what is seen.
        if !self.finds_by(types, &path.attribute) {
            return None;
        }
        let Some(attribute) = self.name(&path.attribute) else { return Some(Vec::new()) };
        let mut lanes = Vec::new();
        for entity_type in types {
            if !specs.is_ready(*entity_type, attribute) {
                return None;
            }
            let lane =
                |range: &_| ValueLane { entity_type: *entity_type, attribute, range: Clone::clone(range) };
            lanes.extend(found.iter().map(lane));
        }
        (lanes.len() <= MAX_LANES).then_some(lanes)
    }

    /// Indexes that would have led to what a condition asks for, and that nobody has declared. Of what is sealed there is
    /// none.
    pub(super) fn missing_indexes(&self, q: &Q, types: &[NameId]) -> Vec<(NameId, NameId)> {
        if types == [0] {
            return Vec::new();
        }
        let specs = self.shared.specs.get();
        let mut missing = Vec::new();
        for part in q.conjuncts() {
            let Q::Compare { path, op, value } = part else { continue };
            let plain = path.is_plain() && !is_built_in(&path.attribute) && ranges(*op, value).is_some();
            let Some(attribute) = self.name(&path.attribute).filter(|_| plain) else { continue };
            if self.finds_by(types, &path.attribute) && !self.is_sealed(types, &path.attribute) {
                let undeclared = types
                    .iter()
                    .map(|of| (*of, attribute))
                    .filter(|place| !specs.indexes.contains_key(place));
                missing.extend(undeclared);
            }
        }
        missing
    }

    fn is_sealed(&self, types: &[NameId], attribute: &Term) -> bool {
        let terms: Vec<Term> = types.iter().filter_map(|id| self.term(*id).ok()).collect();
        self.shared.vault.as_ref().is_some_and(|vault| vault.is_sealed(&terms, attribute))
    }

    /// True if an index of an attribute may lead to the entities of some types.
    pub(super) fn finds_by(&self, types: &[NameId], attribute: &Term) -> bool {
        let terms: Option<Vec<Term>> = types.iter().map(|id| self.term(*id).ok()).collect();
        terms.is_some_and(|terms| self.sight.finds_by(&terms, attribute))
    }

    /// Sources for several comparisons of one attribute at once: `level>1;level<2` is a range, where each of its parts
    /// may hold half of all entities.
    fn narrowed<'q>(&self, parts: &'q [Q], types: &[NameId], specs: &Specs) -> Vec<(&'q Path, Source)> {
        let mut spans: Vec<(&Path, KeyRange, bool)> = Vec::new();
        for part in parts {
            let Q::Compare { path, op, value } = part else { continue };
            let Some(found) = span(*op, value) else { continue };
            let both = spans.iter_mut().filter(|(other, ..)| *other == path).find_map(|held| {
                let both = meet(&held.1, &found)?;
                Some((held, both))
            });
            match both {
                Some((held, both)) => (held.1, held.2) = (both, true),
                None => spans.push((path, found, false)),
            }
        }
        let several = spans.into_iter().filter(|(_, _, several)| *several);
        let lanes = several.filter_map(|(path, range, _)| {
            let found = [range, (Key::Any, Key::Any), (Key::Inexact, Key::Inexact)];
            let lanes = self.attribute_lanes(path, &found, types, specs)?;
            (!lanes.is_empty()).then_some((path, Source::Values(lanes)))
        });
        lanes.collect()
    }
}

/// Names that lead to members of the entity itself, which no index holds.
pub(super) fn is_built_in(attribute: &Term) -> bool {
    let built_in = [
        vocabulary::ID,
        vocabulary::TYPE,
        vocabulary::CREATED_AT,
        vocabulary::MODIFIED_AT,
        vocabulary::SCOPE,
    ];
    built_in.contains(&attribute.as_str())
}

/// The identifiers of which every match has one.
fn ids(query: &EntityQuery) -> Option<Vec<EntityId>> {
    if !query.ids.is_empty() {
        return Some(query.ids.clone());
    }
    if query.selectors.is_empty() || query.selectors.iter().any(|selector| selector.ids.is_empty()) {
        return None;
    }
    Some(query.selectors.iter().flat_map(|selector| selector.ids.iter().cloned()).collect())
}

/// Scopes such that every match has one of them or one below.
fn scopes(expression: &ScopeExpr) -> Option<Vec<String>> {
    match expression {
        ScopeExpr::Fits(pattern) => prefix(pattern).map(|scope| vec![scope]),
        ScopeExpr::Any(parts) => {
            let lists: Option<Vec<Vec<String>>> = parts.iter().map(scopes).collect();
            lists.map(|lists| lists.concat()).filter(|scopes| scopes.len() <= MAX_LANES)
        }
        ScopeExpr::All(parts) => parts.iter().find_map(scopes),
    }
}

/// The levels of a pattern before the first that may be any.
fn prefix(pattern: &ScopePattern) -> Option<String> {
    let mut prefix = String::new();
    for level in &pattern.levels {
        let ScopeLevel::Name(name) = level else { break };
        prefix.push('/');
        prefix.push_str(name);
    }
    (!prefix.is_empty()).then_some(prefix)
}
