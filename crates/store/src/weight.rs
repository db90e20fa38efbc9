//! About how many bytes of memory something holds. For the bounds of queues; nobody needs the exact number.

use dinh_model::{Attribute, Attributes, Change, Entity, OneOrMany, Value};
use dinh_ngsild::mutation::{AttributePatch, Mutation, ValuePatch};
use dinh_ngsild::temporal::Evolution;
use serde_json::Value as Json;

use crate::Note;
use crate::plan::written;

/// Of an entity.
pub(crate) fn entity_bytes(entity: &Entity) -> usize {
    size_of::<Entity>() + entity.id.as_str().len() + attributes_bytes(&entity.attributes)
}

/// Of an entity whose stored form has `stored` bytes: a decoded one takes about nine times as much.
pub(crate) fn decoded_bytes(stored: usize) -> usize {
    512 + stored * 9
}

/// Of a change.
pub(crate) fn change_bytes(change: &Change) -> usize {
    let sides = change.attributes.iter().flat_map(|a| a.before.iter().chain(&a.after));
    size_of::<Change>() + sides.map(attribute_bytes).sum::<usize>() + change.attributes.len() * 128
}

/// Of a mutation.
pub(crate) fn mutation_bytes(mutation: &Mutation) -> usize {
    match mutation {
        Mutation::Append { fragment, .. } | Mutation::Update { fragment } => {
            fragment.attributes.values().flat_map(|i| written(i)).map(attribute_bytes).sum()
        }
        Mutation::Merge { patch, .. } => patch.attributes.values().flatten().map(patch_bytes).sum(),
        Mutation::PatchAttribute { patch, .. } => patch_bytes(patch),
        Mutation::ReplaceAttribute { attribute, .. } => attribute_bytes(attribute),
        Mutation::DeleteAttribute { .. } | Mutation::Expire => 0,
        Mutation::Replace(entity) => entity_bytes(entity),
    }
}

/// Of a change of somebody's past.
pub(crate) fn evolution_bytes(evolution: &Evolution) -> usize {
    match evolution {
        Evolution::Add { records, .. } => {
            records.values().flatten().map(|record| attribute_bytes(&record.attribute)).sum()
        }
        Evolution::Modify { attribute, .. } => attribute_bytes(attribute),
        Evolution::Remove { .. } | Evolution::RemoveAttribute { .. } | Evolution::End => 0,
    }
}

/// Of a note.
pub(crate) fn note_bytes(note: &Note) -> usize {
    let entities = note.entities.iter().map(|id| id.as_str().len() + 32).sum::<usize>();
    let attributes = note.attributes.iter().map(|name| name.as_str().len() + 32).sum::<usize>();
    let reason = note.reason.as_ref().map_or(0, String::len);
    size_of::<Note>() + entities + attributes + reason + json_bytes(&note.details)
}

fn patch_bytes(patch: &AttributePatch) -> usize {
    let value = match &patch.value {
        ValuePatch::Keep(_) | ValuePatch::Delete => 0,
        ValuePatch::Set(value) => value_bytes(value),
        ValuePatch::Plain { json, .. } => json_bytes(json),
    };
    size_of::<AttributePatch>() + value + patch.sub.values().flatten().map(patch_bytes).sum::<usize>()
}

fn attributes_bytes(attributes: &Attributes) -> usize {
    attributes.values().flatten().map(attribute_bytes).sum()
}

fn attribute_bytes(attribute: &Attribute) -> usize {
    size_of::<Attribute>() + 64 + value_bytes(&attribute.value) + attributes_bytes(&attribute.sub)
}

fn value_bytes(value: &Value) -> usize {
    match value {
        Value::Property(json) | Value::Json(json) => json_bytes(json),
        Value::Geo(geometry) => json_bytes(geometry.as_json()),
        Value::List(items) => items.iter().map(json_bytes).sum(),
        Value::Language(texts) => {
            texts.values().flat_map(OneOrMany::as_slice).map(|text| text.len() + 64).sum()
        }
        Value::Relationship { object, .. } => object.as_slice().iter().map(|id| id.as_str().len() + 32).sum(),
        Value::ListRelationship { objects, .. } => objects.iter().map(|id| id.as_str().len() + 32).sum(),
        Value::Vocab(terms) => terms.as_slice().iter().map(|term| term.as_str().len() + 32).sum(),
    }
}

fn json_bytes(json: &Json) -> usize {
    size_of::<Json>()
        + match json {
            Json::String(text) => text.len(),
            Json::Array(items) => items.iter().map(json_bytes).sum(),
            Json::Object(members) => {
                members.iter().map(|(key, value)| key.len() + 48 + json_bytes(value)).sum()
            }
            _ => 0,
        }
}
