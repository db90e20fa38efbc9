//! All registrations in memory, with an index: a question looks at those that name its types or entities, and at no others.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use dinh_model::{EntityId, Tenant, Term};
use dinh_ngsild::registration::{Registration, Types, Wanted};

use super::Registered;

/// Registrations by tenant.
#[derive(Debug, Default)]
pub(super) struct Book {
    shelves: BTreeMap<Tenant, Shelf>,
    len: usize,
}

/// The registrations of one tenant, by identifier.
#[derive(Debug, Default)]
struct Shelf {
    all: BTreeMap<Arc<str>, Arc<Registered>>,
    /// Those that name a type.
    by_type: HashMap<Term, Names>,
    /// Those that name an entity.
    by_id: HashMap<EntityId, Names>,
    /// Those that name types, or nothing, and no single entity.
    of_many: Names,
    /// Those that are about entities of any type.
    of_any: Names,
}

type Names = BTreeSet<Arc<str>>;

impl Book {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether a tenant has any registration.
    pub(super) fn has_any(&self, tenant: &Tenant) -> bool {
        !self.shelves.is_empty() && self.shelves.contains_key(tenant)
    }

    /// The tenants that have any.
    pub(super) fn tenants(&self) -> Vec<Tenant> {
        self.shelves.keys().cloned().collect()
    }

    pub(super) fn get(&self, tenant: &Tenant, id: &str) -> Option<&Arc<Registered>> {
        self.shelves.get(tenant)?.all.get(id)
    }

    /// The registrations of a tenant, by identifier.
    pub(super) fn of(&self, tenant: &Tenant) -> impl Iterator<Item = &Arc<Registered>> {
        self.shelves.get(tenant).into_iter().flat_map(|own| own.all.values())
    }

    /// Puts a registration into the place of what had its identifier.
    pub(super) fn insert(&mut self, entry: Arc<Registered>) {
        let tenant = entry.tenant.clone();
        self.remove(&tenant, entry.registration.id.as_str());
        let own = self.shelves.entry(tenant).or_default();
        let id: Arc<str> = entry.registration.id.as_str().into();
        own.each_place(&entry.registration, |names| {
            names.insert(Arc::clone(&id));
        });
        own.all.insert(id, entry);
        self.len += 1;
    }

    pub(super) fn remove(&mut self, tenant: &Tenant, id: &str) {
        let Some(own) = self.shelves.get_mut(tenant) else { return };
        let Some(entry) = own.all.remove(id) else { return };
        own.each_place(&entry.registration, |names| {
            names.remove(id);
        });
        own.by_type.retain(|_, names| !names.is_empty());
        own.by_id.retain(|_, names| !names.is_empty());
        self.len -= 1;
        if own.all.is_empty() {
            self.shelves.remove(tenant);
        }
    }

    /// The registrations of a tenant that may be about what is wanted, by identifier: all that are, and perhaps some more.
    pub(super) fn candidates<'b>(&'b self, tenant: &Tenant, wanted: &Wanted<'_>) -> Vec<&'b Arc<Registered>> {
        let Some(own) = self.shelves.get(tenant) else { return Vec::new() };
        let types: Option<Vec<&Term>> = match wanted.types {
            Types::Any => None,
            Types::Selected(selected) => Some(selected.terms()),
            Types::Of(types) => Some(types.iter().collect()),
        };
        let by_type = types.map(|types| {
            let named = types.into_iter().filter_map(|one| own.by_type.get(one));
            named.chain([&own.of_any]).collect::<Vec<_>>()
        });
        let by_id = (!wanted.ids.is_empty() && wanted.id_pattern.is_none()).then(|| {
            let named = wanted.ids.iter().filter_map(|id| own.by_id.get(id));
            named.chain([&own.of_many]).collect::<Vec<_>>()
        });
        let size = |sets: &Vec<&Names>| sets.iter().map(|names| names.len()).sum::<usize>();
        let Some(narrowest) = [by_type, by_id].into_iter().flatten().min_by_key(size) else {
            return own.all.values().collect();
        };
        let names: BTreeSet<&Arc<str>> = narrowest.into_iter().flatten().collect();
        names.into_iter().filter_map(|id| own.all.get(id)).collect()
    }
}

impl Shelf {
    /// Every place of the index where a registration stands.
    fn each_place(&mut self, registration: &Registration, mut act: impl FnMut(&mut Names)) {
        for part in &registration.information {
            if part.entities.is_empty() {
                act(&mut self.of_any);
                act(&mut self.of_many);
            }
            for entity in &part.entities {
                match &entity.id {
                    Some(id) => act(self.by_id.entry(id.clone()).or_default()),
                    None => act(&mut self.of_many),
                }
                if entity.types.is_empty() {
                    act(&mut self.of_any);
                }
                for one in &entity.types {
                    act(self.by_type.entry(one.clone()).or_default());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::{Iri, Timestamp};
    use dinh_ngsild::context::Context as LdContext;
    use dinh_ngsild::query::{IdPattern, TypeExpr};
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use super::*;

    fn entry(number: usize, information: &Json) -> Arc<Registered> {
        let json =
            json!({"type": "ContextSourceRegistration", "endpoint": "http://a", "information": information});
        let id = Iri::trusted(format!("urn:x:{number:04}"));
        let registration =
            Registration::read(&json, &LdContext::core(), &id, Timestamp::from_micros(0)).expect("valid");
        Arc::new(Registered::new(Tenant::default_tenant(), registration))
    }

    fn information() -> impl Strategy<Value = Json> {
        let named = (0..4u8, 0..3u8).prop_map(
            |(t, id)| json!({"entities": [{"type": format!("T{t}"), "id": format!("urn:x:{id}")}]}),
        );
        let patterned = (0..4u8)
            .prop_map(|t| json!({"entities": [{"type": format!("T{t}"), "idPattern": "urn:x:[01]"}]}));
        let typed = (0..4u8, 0..4u8).prop_map(
            |(t, u)| json!({"entities": [{"type": format!("T{t}")}, {"type": [format!("T{u}"), "U"]}]}),
        );
        let any = Just(json!({"propertyNames": ["p"]}));
        prop::collection::vec(prop_oneof![named, patterned, typed, any], 1..3).prop_map(Json::from)
    }

    proptest! {
        /// The index leaves out nothing that trying each registration finds.
        #[test]
        fn the_index_finds_what_trying_each_finds(
            all in prop::collection::vec(information(), 0..12),
            gone in prop::collection::vec(0usize..12, 0..4),
            kind in 0..4u8, types in prop::collection::vec(0..5u8, 1..3), ids in prop::collection::vec(0..4u8, 0..3),
        ) {
            let mut book = Book::default();
            let tenant = Tenant::default_tenant();
            let entries: Vec<_> = all.iter().enumerate().map(|(number, one)| entry(number, one)).collect();
            for one in &entries {
                book.insert(Arc::clone(one));
            }
            for one in &entries {
                book.insert(Arc::clone(one));
            }
            for number in &gone {
                book.remove(&tenant, &format!("urn:x:{number:04}"));
            }
            let core = LdContext::core();
            let terms: Vec<Term> = types.iter().map(|t| core.expand(&format!("T{t}"))).collect();
            let of: Vec<Term> = terms.iter().cloned().chain([core.expand("U")]).collect();
            let selected = TypeExpr::Any(terms.iter().cloned().chain(terms.first().cloned()).map(TypeExpr::Is).collect());
            let ids: Vec<EntityId> = ids.iter().map(|id| EntityId::trusted(format!("urn:x:{id}"))).collect();
            let pattern = IdPattern::parse("urn:x:2").expect("a pattern");
            let wanted = Wanted {
                ids: &ids,
                id_pattern: (kind == 3).then_some(&pattern),
                types: match kind { 0 => Types::Any, 1 => Types::Of(&of), _ => Types::Selected(&selected) },
                ..Wanted::default()
            };
            let fits = |entry: &&Arc<Registered>| wanted.of(&entry.registration).is_some();
            let name = |entry: &Arc<Registered>| entry.registration.id.to_string();
            let tried: Vec<String> = book.of(&tenant).filter(fits).map(name).collect();
            let looked_up: Vec<String> =
                book.candidates(&tenant, &wanted).into_iter().filter(fits).map(name).collect();
            prop_assert_eq!(tried, looked_up);
            prop_assert_eq!(book.has_any(&tenant), book.len() > 0);
        }
    }
}
