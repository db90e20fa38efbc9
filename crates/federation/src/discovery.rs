//! Asking others which types and attributes they have (clauses 5.7.5 to 5.7.11).

use std::collections::{BTreeMap, BTreeSet};

use dinh_access::Seen;
use dinh_context::registrations::Match;
use dinh_model::Term;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::TypeExpr;
use dinh_ngsild::registration::{Discovery, Operation, Types, Wanted};
use futures::{StreamExt as _, stream};
use http::Method;
use serde_json::Value as Json;

use crate::call::call;
use crate::question::segment;
use crate::{Asker, Call, Failure, Tongue, Warning};

/// Calls on their way at once for one request.
const AT_ONCE: usize = 64;
/// Most types, and most attributes, that are taken of others.
const MOST: usize = 10_000;

/// What others are asked for.
#[derive(Clone, Debug)]
pub enum Inquiry {
    /// All types, with their attributes or without.
    Types(bool),
    /// One type.
    Type(Term),
    /// All attributes, with the types that have them or without.
    Attributes(bool),
    /// One attribute.
    Attribute(Term),
}

impl Inquiry {
    fn operation(&self) -> Operation {
        match self {
            Self::Types(false) => Operation::RetrieveEntityTypes,
            Self::Types(true) => Operation::RetrieveEntityTypeDetails,
            Self::Type(_) => Operation::RetrieveEntityTypeInfo,
            Self::Attributes(false) => Operation::RetrieveAttrTypes,
            Self::Attributes(true) => Operation::RetrieveAttrTypeDetails,
            Self::Attribute(_) => Operation::RetrieveAttrTypeInfo,
        }
    }

    fn call(&self, context: &LdContext) -> Call {
        let (path, details) = match self {
            Self::Types(details) => ("/types".to_owned(), *details),
            Self::Type(name) => (format!("/types/{}", segment(&context.compact(name))), false),
            Self::Attributes(details) => ("/attributes".to_owned(), *details),
            Self::Attribute(name) => (format!("/attributes/{}", segment(&context.compact(name))), false),
        };
        let query = if details { vec![("details", "true".to_owned())] } else { Vec::new() };
        Call { method: Method::GET, path, query, body: None }
    }
}

/// What others have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Types, each with its attributes as far as they are told.
    pub types: BTreeMap<Term, BTreeSet<Term>>,
    /// Attributes, each with the types that have it as far as they are told.
    pub attributes: BTreeMap<Term, BTreeSet<Term>>,
    /// Of which kinds attributes are.
    pub kinds: BTreeMap<Term, BTreeSet<String>>,
    /// How many entities have the type or the attribute that was asked for.
    pub count: u64,
}

impl Inventory {
    /// True if others have nothing.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty() && self.attributes.is_empty()
    }

    /// Takes what one source told, in its words: one of the objects of clauses 5.2.24 to 5.2.28.
    fn take(&mut self, json: &Json, context: &LdContext) {
        let names = |member: &str| {
            let all = json.get(member).and_then(Json::as_array).into_iter().flatten();
            all.filter_map(Json::as_str)
                .map(|name| context.expand(name))
                .take(MOST)
                .collect::<BTreeSet<Term>>()
        };
        let name = |json: &Json, member: &str| {
            let name = json.get(member).or_else(|| json.get("id")).and_then(Json::as_str);
            name.map(|name| context.expand(name))
        };
        let kinds = |json: &Json| {
            let all = json.get("attributeTypes").and_then(Json::as_array).into_iter().flatten();
            all.filter_map(Json::as_str).map(str::to_owned).take(MOST).collect::<BTreeSet<String>>()
        };
        let count = |member: &str| json.get(member).and_then(Json::as_u64).unwrap_or_default();
        match json.get("type").and_then(Json::as_str) {
            Some("EntityTypeList") => {
                for one in names("typeList") {
                    self.types.entry(one).or_default();
                }
            }
            Some("EntityType") => {
                if let Some(one) = name(json, "typeName") {
                    self.types.entry(one).or_default().extend(names("attributeNames"));
                }
            }
            Some("EntityTypeInfo") => {
                let Some(one) = name(json, "typeName") else { return };
                self.count += count("entityCount");
                let attributes = self.types.entry(one).or_default();
                let details = json.get("attributeDetails").and_then(Json::as_array).into_iter().flatten();
                for detail in details.take(MOST) {
                    let Some(attribute) = name(detail, "attributeName") else { continue };
                    self.kinds.entry(attribute.clone()).or_default().extend(kinds(detail));
                    attributes.insert(attribute);
                }
            }
            Some("AttributeList") => {
                for one in names("attributeList") {
                    self.attributes.entry(one).or_default();
                }
            }
            Some("Attribute") => {
                let Some(one) = name(json, "attributeName") else { return };
                self.count += count("attributeCount");
                self.kinds.entry(one.clone()).or_default().extend(kinds(json));
                self.attributes.entry(one).or_default().extend(names("typeNames"));
            }
            _ => {}
        }
    }

    /// Leaves what a source is registered for.
    fn within(&mut self, source: &Match) {
        let parts: Vec<_> = source.information().collect();
        let types: Option<Vec<&Term>> = if parts.iter().any(|part| part.entities.is_empty()) {
            None
        } else {
            Some(parts.iter().flat_map(|part| &part.entities).flat_map(|entity| &entity.types).collect())
        };
        let attributes: Option<Vec<&Term>> = if parts.iter().any(|part| !part.names_attributes()) {
            None
        } else {
            Some(parts.iter().flat_map(|part| part.attributes()).collect())
        };
        self.leave(
            |one| types.as_ref().is_none_or(|types| types.contains(&one)),
            |_, one| attributes.as_ref().is_none_or(|attributes| attributes.contains(&one)),
        );
    }

    /// Leaves the types and the attributes of types that hold; an attribute may be told of without a type.
    fn leave(&mut self, is_type: impl Fn(&Term) -> bool, has: impl Fn(Option<&Term>, &Term) -> bool) {
        self.types.retain(|one, _| is_type(one));
        self.types.iter_mut().for_each(|(of, all)| all.retain(|one| has(Some(of), one)));
        self.attributes.retain(|one, types| {
            if types.is_empty() {
                return has(None, one);
            }
            types.retain(|of| is_type(of) && has(Some(of), one));
            !types.is_empty()
        });
        let named: BTreeSet<&Term> = self.types.values().flatten().chain(self.attributes.keys()).collect();
        self.kinds.retain(|one, _| named.contains(one));
        if self.is_empty() {
            self.count = 0;
        }
    }

    fn add(&mut self, other: Self) {
        for (one, attributes) in other.types {
            self.types.entry(one).or_default().extend(attributes);
        }
        for (one, types) in other.attributes {
            self.attributes.entry(one).or_default().extend(types);
        }
        for (one, kinds) in other.kinds {
            self.kinds.entry(one).or_default().extend(kinds);
        }
        self.count += other.count;
    }
}

impl Asker {
    /// What others have of types and attributes, as far as whoever asks may see it, and what went wrong.
    pub async fn inventory(&self, inquiry: &Inquiry) -> (Inventory, Vec<Warning>) {
        let selected = match inquiry {
            Inquiry::Type(one) => Some(TypeExpr::Is(one.clone())),
            _ => None,
        };
        let named = match inquiry {
            Inquiry::Attribute(one) => std::slice::from_ref(one),
            _ => &[],
        };
        let types = selected.as_ref().map_or(Types::Any, Types::Selected);
        let wanted = Wanted { types, attributes: named, ..Wanted::default() };
        let sources = self.matching(&[inquiry.operation()], &Discovery { wanted, ..Discovery::default() });
        let calls: Vec<_> = sources.iter().map(|source| self.ask_inventory(source, inquiry)).collect();
        let told: Vec<_> = stream::iter(calls).buffered(AT_ONCE).collect().await;
        let (mut all, mut warnings) = (Inventory::default(), Vec::new());
        let alias = self.alias();
        for result in told {
            match result {
                Ok(told) => all.add(told),
                Err(failure) => warnings.extend(Warning::of(&alias, &failure)),
            }
        }
        match self.session.sight() {
            Ok(sight) => {
                all.leave(
                    |one| sight.entities(one) != Seen::OfNone,
                    |of, one| match of {
                        Some(of) => sight.presence(of, one) != Seen::OfNone,
                        None => sight.sees_as_it_is(one),
                    },
                );
            }
            Err(_) => all = Inventory::default(),
        }
        (all, warnings)
    }

    async fn ask_inventory(&self, source: &Match, inquiry: &Inquiry) -> Result<Inventory, Failure> {
        let tongue = Tongue::of(self, &source.registered.registration).await;
        let answer = call(self, source, &tongue, inquiry.call(&tongue.context)).await?;
        let mut told = Inventory::default();
        match answer.body.unwrap_or_default() {
            Json::Array(items) => {
                for item in items.into_iter().take(MOST) {
                    let (item, context) = self.with_words(item, &tongue.context).await?;
                    told.take(&item, &context);
                }
            }
            one => {
                let (one, context) = self.with_words(one, &tongue.context).await?;
                told.take(&one, &context);
            }
        }
        told.within(source);
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_several_become_one() {
        let core = LdContext::core();
        let term = |name: &str| core.expand(name);
        let mut all = Inventory::default();
        for json in [
            json!({"type": "EntityTypeList", "typeList": ["Bus"]}),
            json!({"type": "EntityType", "typeName": "Bus", "attributeNames": ["speed"]}),
            json!({"type": "EntityTypeInfo", "typeName": "Bus", "entityCount": 3,
                "attributeDetails": [{"attributeName": "line", "attributeTypes": ["Relationship"]}]}),
            json!({"type": "Attribute", "attributeName": "speed", "attributeCount": 2, "attributeTypes": ["Property"],
                "typeNames": ["Bus", "Car"]}),
            json!({"type": "Nonsense"}),
        ] {
            all.take(&json, &core);
        }
        assert_eq!(all.types, [(term("Bus"), [term("speed"), term("line")].into())].into());
        assert_eq!((all.count, all.attributes.len()), (5, 1));
        all.leave(|one| *one != term("Bus"), |_, _| true);
        assert!(all.types.is_empty());
        assert_eq!(all.attributes, [(term("speed"), [term("Car")].into())].into());
        all.leave(|_| false, |_, _| true);
        assert_eq!((all.is_empty(), all.count), (true, 0));
    }
}
