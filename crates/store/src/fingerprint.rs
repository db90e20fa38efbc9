//! The fingerprint of a commit, so that an idempotency key can tell a repeated request from another one.
//!
//! Time stamps that the graph keeps by itself (`createdAt`, `modifiedAt`) are left out: a repeated request is read at
//! another time. Everything else counts. Each part is preceded by a tag and each text by its length, so that two
//! different commits never give the same bytes to the hash.

use dinh_model::{Attribute, Attributes, Entity, Iri, OneOrMany, Scope, Term, Timestamp, Value};
use dinh_ngsild::mutation::{AttributePatch, Edit, Fragment, Instance, Mutation, ValuePatch};
use dinh_ngsild::temporal::Evolution;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::{Note, Op, UpsertMode};

/// SHA-256.
pub(crate) type Digest = [u8; 32];

/// The fingerprint of the operations of a commit.
pub(crate) fn of(ops: &[Op], atomic: bool) -> Digest {
    let mut print = Print(Sha256::new());
    print.tag(u8::from(atomic));
    for op in ops {
        print.op(op);
    }
    print.0.finalize().into()
}

/// The tag before an expiry: one that no operation has.
const EXPIRES: u8 = 99;

struct Print(Sha256);

impl Print {
    fn tag(&mut self, tag: u8) {
        self.0.update([tag]);
    }

    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], each: impl Fn(&mut Self, &T)) {
        self.number(items.len() as u64);
        for item in items {
            each(self, item);
        }
    }

    fn option<T: ?Sized>(&mut self, item: Option<&T>, each: impl Fn(&mut Self, &T)) {
        self.tag(u8::from(item.is_some()));
        if let Some(item) = item {
            each(self, item);
        }
    }

    fn expect(&mut self, expect: Option<u64>) {
        self.option(expect.as_ref(), |print, version| print.number(*version));
    }

    fn time(&mut self, at: Timestamp) {
        self.number(at.as_micros().cast_unsigned());
    }

    fn json(&mut self, json: &Json) {
        match json {
            // Equal objects may hold their members in different orders.
            Json::Object(members) => {
                let mut sorted: Vec<_> = members.iter().collect();
                sorted.sort_unstable_by_key(|(name, _)| *name);
                self.text("{");
                self.list(&sorted, |print, (name, value)| {
                    print.text(name);
                    print.json(value);
                });
            }
            Json::Array(items) => {
                self.text("[");
                self.list(items, Self::json);
            }
            plain => self.text(&plain.to_string()),
        }
    }

    fn terms(&mut self, terms: &[Term]) {
        self.list(terms, |print, term| print.text(term.as_str()));
    }

    fn scopes(&mut self, scopes: &[Scope]) {
        self.list(scopes, |print, scope| print.text(scope.as_str()));
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::Create(entity) => {
                self.tag(1);
                self.entity(entity);
            }
            Op::Replace { entity, expect } => {
                self.tag(2);
                self.entity(entity);
                self.expect(*expect);
            }
            Op::Upsert { entity, mode, expect } => {
                self.tag(3);
                self.entity(entity);
                self.tag(match mode {
                    UpsertMode::Replace => 1,
                    UpsertMode::Update { no_overwrite: false } => 2,
                    UpsertMode::Update { no_overwrite: true } => 3,
                    UpsertMode::Merge => 4,
                });
                self.expect(*expect);
            }
            Op::Mutate { id, mutation, expect, types } => {
                self.tag(4);
                self.text(id.as_str());
                self.mutation(mutation);
                self.expect(*expect);
                self.text(&format!("{types:?}"));
            }
            Op::Delete { id, expect, types } => {
                self.tag(5);
                self.text(id.as_str());
                self.expect(*expect);
                self.text(&format!("{types:?}"));
            }
            Op::PutRecord { kind, key, body } => {
                self.tag(6);
                self.text(kind);
                self.text(key);
                self.json(body);
            }
            Op::AddTo { kind, key, add } => {
                self.tag(11);
                self.text(kind);
                self.text(key);
                self.text(&format!("{add:?}"));
            }
            Op::Evolve { id, evolution } => {
                self.tag(12);
                self.text(id.as_str());
                self.evolution(evolution);
            }
            Op::DeleteRecord { kind, key } => {
                self.tag(7);
                self.text(kind);
                self.text(key);
            }
            Op::SaveCursor { name, seq } => {
                self.tag(8);
                self.text(name);
                self.number(*seq);
            }
            Op::DropCursor { name } => {
                self.tag(9);
                self.text(name);
            }
            Op::Note(note) => self.note(note),
        }
    }

    fn note(&mut self, note: &Note) {
        self.tag(10);
        self.text(note.act.name());
        self.list(&note.entities, |print, id| print.text(id.as_str()));
        self.terms(&note.attributes);
        self.option(note.reason.as_deref(), Self::text);
        self.json(&note.details);
    }

    fn entity(&mut self, entity: &Entity) {
        self.text(entity.id.as_str());
        self.terms(&entity.types);
        self.scopes(&entity.scopes);
        self.attributes(&entity.attributes);
        self.expiry(entity.expires_at);
    }

    fn evolution(&mut self, evolution: &Evolution) {
        match evolution {
            Evolution::Add { types, scopes, records, expires_at, create } => {
                self.tag(1);
                self.terms(types);
                self.option(scopes.as_deref(), Self::scopes);
                self.number(records.len() as u64);
                for (name, records) in records {
                    self.text(name.as_str());
                    self.list(records, |print, record| {
                        print.attribute(&record.attribute);
                        print.tag(u8::from(record.deleted_at.is_some()));
                    });
                }
                self.tag(u8::from(*create));
                self.expiry(*expires_at);
            }
            Evolution::Modify { name, instance, attribute } => {
                self.tag(2);
                self.text(name.as_str());
                self.text(instance);
                self.attribute(attribute);
            }
            Evolution::Remove { name, instance } => {
                self.tag(3);
                self.text(name.as_str());
                self.text(instance);
            }
            Evolution::RemoveAttribute { name, dataset_id, all } => {
                self.tag(4);
                self.text(name.as_str());
                self.option(dataset_id.as_ref(), |print, id| print.text(id.as_str()));
                self.tag(u8::from(*all));
            }
            Evolution::End => self.tag(5),
        }
    }

    fn attributes(&mut self, attributes: &Attributes) {
        self.number(attributes.len() as u64);
        for (name, instances) in attributes {
            self.text(name.as_str());
            self.list(instances, Self::attribute);
        }
    }

    fn attribute(&mut self, attribute: &Attribute) {
        self.value(&attribute.value);
        self.option(attribute.dataset_id.as_ref(), |print, id| print.text(id.as_str()));
        self.option(attribute.observed_at.as_ref(), |print, at| print.time(*at));
        self.option(attribute.unit_code.as_deref(), Self::text);
        self.attributes(&attribute.sub);
        self.expiry(attribute.expires_at);
    }

    /// What stays has no bytes here, so that its fingerprint is what it was before anything could vanish.
    fn expiry(&mut self, at: Option<Timestamp>) {
        if let Some(at) = at {
            self.tag(EXPIRES);
            self.time(at);
        }
    }

    fn expiry_edit(&mut self, edit: Option<&Edit<Timestamp>>) {
        if edit.is_some() {
            self.tag(EXPIRES);
            self.edit(edit, |print, at| print.time(*at));
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Property(json) => {
                self.tag(1);
                self.json(json);
            }
            Value::Relationship { object, object_type } => {
                self.tag(2);
                self.one_or_many(object, Iri::as_str);
                self.terms(object_type);
            }
            Value::Geo(geometry) => {
                self.tag(3);
                self.json(geometry.as_json());
            }
            Value::Language(texts) => {
                self.tag(4);
                self.number(texts.len() as u64);
                for (language, text) in texts {
                    self.text(language);
                    self.one_or_many(text, String::as_str);
                }
            }
            Value::Vocab(terms) => {
                self.tag(5);
                self.one_or_many(terms, Term::as_str);
            }
            Value::Json(json) => {
                self.tag(6);
                self.json(json);
            }
            Value::List(items) => {
                self.tag(7);
                self.list(items, Self::json);
            }
            Value::ListRelationship { objects, object_type } => {
                self.tag(8);
                self.list(objects, |print, id| print.text(id.as_str()));
                self.terms(object_type);
            }
        }
    }

    fn one_or_many<T>(&mut self, items: &OneOrMany<T>, text: impl Fn(&T) -> &str) {
        self.tag(u8::from(matches!(items, OneOrMany::Many(_))));
        self.list(items.as_slice(), |print, item| print.text(text(item)));
    }

    fn mutation(&mut self, mutation: &Mutation) {
        match mutation {
            Mutation::Append { fragment, overwrite } => {
                self.tag(1);
                self.fragment(fragment);
                self.tag(u8::from(*overwrite));
            }
            Mutation::Update { fragment } => {
                self.tag(2);
                self.fragment(fragment);
            }
            Mutation::Merge { patch, observed_at, lang } => {
                self.tag(3);
                self.terms(&patch.types);
                self.option(patch.scopes.as_deref(), Self::scopes);
                self.patches(&patch.attributes);
                self.option(observed_at.as_ref(), |print, at| print.time(*at));
                self.option(lang.as_deref(), Self::text);
                self.expiry_edit(patch.expires_at.as_ref());
            }
            Mutation::Expire => self.tag(EXPIRES),
            Mutation::PatchAttribute { name, patch } => {
                self.tag(4);
                self.text(name.as_str());
                self.patch(patch);
            }
            Mutation::ReplaceAttribute { name, attribute } => {
                self.tag(5);
                self.text(name.as_str());
                self.attribute(attribute);
            }
            Mutation::DeleteAttribute { name, dataset_id, all } => {
                self.tag(6);
                self.text(name.as_str());
                self.option(dataset_id.as_ref(), |print, id| print.text(id.as_str()));
                self.tag(u8::from(*all));
            }
            Mutation::Replace(entity) => {
                self.tag(7);
                self.entity(entity);
            }
        }
    }

    fn fragment(&mut self, fragment: &Fragment) {
        self.terms(&fragment.types);
        self.option(fragment.scopes.as_deref(), Self::scopes);
        self.number(fragment.attributes.len() as u64);
        for (name, instances) in &fragment.attributes {
            self.text(name.as_str());
            self.list(instances, |print, instance| match instance {
                Instance::Set(attribute) => {
                    print.tag(1);
                    print.attribute(attribute);
                }
                Instance::Delete(dataset) => {
                    print.tag(2);
                    print.option(dataset.as_ref(), |print, id| print.text(id.as_str()));
                }
            });
        }
        self.expiry_edit(fragment.expires_at.as_ref());
    }

    fn patches(&mut self, patches: &std::collections::BTreeMap<Term, Vec<AttributePatch>>) {
        self.number(patches.len() as u64);
        for (name, patches) in patches {
            self.text(name.as_str());
            self.list(patches, Self::patch);
        }
    }

    fn patch(&mut self, patch: &AttributePatch) {
        self.option(patch.dataset_id.as_ref(), |print, id| print.text(id.as_str()));
        match &patch.value {
            ValuePatch::Keep(kind) => {
                self.tag(1);
                self.text(&format!("{kind:?}"));
            }
            ValuePatch::Delete => self.tag(2),
            ValuePatch::Set(value) => {
                self.tag(3);
                self.value(value);
            }
            ValuePatch::Plain { json, terms } => {
                self.tag(4);
                self.json(json);
                self.option(terms.as_ref(), |print, terms| print.one_or_many(terms, Term::as_str));
            }
        }
        self.edit(patch.object_type.as_ref(), |print, types| print.terms(types));
        self.edit(patch.observed_at.as_ref(), |print, at| print.time(*at));
        self.edit(patch.unit_code.as_ref(), |print, unit| print.text(unit));
        self.patches(&patch.sub);
        self.expiry_edit(patch.expires_at.as_ref());
    }

    fn edit<T>(&mut self, edit: Option<&Edit<T>>, each: impl Fn(&mut Self, &T)) {
        match edit {
            None => self.tag(0),
            Some(Edit::Remove) => self.tag(1),
            Some(Edit::Set(value)) => {
                self.tag(2);
                each(self, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use dinh_model::EntityId;
    use serde_json::json;

    use super::*;

    fn entity(at: i64, value: &Json) -> Arc<Entity> {
        let at = Timestamp::from_micros(at);
        let mut entity = Entity::new(EntityId::trusted("urn:x:1"), Term::from("T"), at);
        entity.set(Term::from("a"), Attribute::new(Value::Property(value.clone()), at));
        entity.into()
    }

    #[test]
    fn only_what_was_asked_for_counts() {
        let print = |at, value: Json| of(&[Op::Create(entity(at, &value))], false);
        assert_eq!(print(1, json!(5)), print(2, json!(5)), "read at another time");
        assert_ne!(print(1, json!(5)), print(1, json!("5")));
        assert_ne!(print(1, json!(5)), print(1, json!(5.0)));
        let (one, other) =
            (json!({"x": 1, "y": [{"a": 1, "b": 2}]}), json!({"y": [{"b": 2, "a": 1}], "x": 1}));
        assert_eq!(print(1, one.clone()), print(1, other), "members in another order");
        assert_ne!(print(1, one), print(1, json!({"x": 1, "y": [{"a": 1}, {"b": 2}]})));
        let (a, b) = (Op::Create(entity(1, &json!(1))), Op::upsert(entity(1, &json!(1)), UpsertMode::Merge));
        assert_ne!(of(std::slice::from_ref(&a), false), of(std::slice::from_ref(&a), true));
        assert_ne!(of(&[a], false), of(&[b], false));
    }
}
