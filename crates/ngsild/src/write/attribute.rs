//! Attribute instances.

use dinh_model::{Attribute, Term, Timestamp, Value};

use super::json::{push_array, push_text};
use super::value::{is_ambiguous, push_nothing};
use super::{Object, Representation, Writer};
use crate::kind::AttributeKind;
use crate::vocabulary::{CORE_NAMESPACE, NONE, NULL, VALUE_TYPE};

/// What notifications and temporal answers add to an instance.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extra<'a> {
    /// The value before the change.
    pub(crate) previous: Option<&'a Value>,
    /// The instance is gone: its value is written as nothing.
    pub(crate) deleted: bool,
    /// When it went, if that is to be told.
    pub(crate) deleted_at: Option<Timestamp>,
    /// A name for the instance itself.
    pub(crate) instance_id: Option<&'a str>,
}

/// Appends the instances of one attribute: one as it is, several as an array, or by dataset when simplified.
pub(crate) fn instances(writer: &Writer<'_>, out: &mut Vec<u8>, instances: &[(&Attribute, Extra<'_>)]) {
    if writer.representation == Representation::Simplified {
        return simplified(writer, out, instances);
    }
    match instances {
        [(one, extra)] => instance(writer, out, one, *extra, false),
        several => push_array(out, several, |out, (one, extra)| instance(writer, out, one, *extra, true)),
    }
}

fn simplified(writer: &Writer<'_>, out: &mut Vec<u8>, instances: &[(&Attribute, Extra<'_>)]) {
    let push = |out: &mut Vec<u8>, one: &Attribute, extra: Extra<'_>| {
        if extra.deleted { push_nothing(out, &one.value) } else { writer.simplified(out, &one.value) }
    };
    if let [(one, extra)] = instances {
        return push(out, one, *extra);
    }
    let mut object = Object::open(out);
    let mut datasets = Object::open(object.member("dataset"));
    for (one, extra) in instances {
        push(datasets.member(one.dataset_id.as_ref().map_or(NONE, |id| id.as_str())), one, *extra);
    }
    datasets.close();
    object.close();
}

/// Appends one instance. One of several is always an object.
fn instance(writer: &Writer<'_>, out: &mut Vec<u8>, attribute: &Attribute, extra: Extra<'_>, several: bool) {
    let concise = writer.representation == Representation::Concise;
    if concise && !several && is_bare(writer, attribute, extra) {
        return writer.value(out, &attribute.value, true);
    }
    if concise && extra.deleted && !several && attribute.dataset_id.is_none() && is_silent(writer, extra) {
        return push_text(out, NULL);
    }
    let mut object = Object::open(out);
    value_members(writer, &mut object, attribute, extra, concise);
    metadata(writer, &mut object, attribute, extra);
    if extra.deleted {
        return object.close();
    }
    let mut subs: Vec<_> =
        attribute.sub.iter().map(|(name, subs)| (writer.context.compact(name), name, subs)).collect();
    subs.sort_unstable_by(|(a, ..), (b, ..)| a.cmp(b));
    for (short, name, subs) in subs {
        if let ([one], Some(member)) = (subs.as_slice(), bare_member(name)) {
            writer.value(object.member(member), &one.value, concise);
        } else {
            let subs: Vec<_> = subs.iter().map(|sub| (sub, Extra::default())).collect();
            instances(writer, object.member(&short), &subs);
        }
    }
    object.close();
}

fn value_members(
    writer: &Writer<'_>,
    object: &mut Object<'_>,
    attribute: &Attribute,
    extra: Extra<'_>,
    concise: bool,
) {
    let value = &attribute.value;
    if let (Value::Language(texts), Some(languages), false) = (value, writer.languages, extra.deleted)
        && let Some((tag, chosen)) = languages.choose(texts)
    {
        if !concise {
            object.text("type", AttributeKind::Property.as_str());
        }
        object.json("value", chosen);
        object.text("lang", tag);
        return;
    }
    let kind = AttributeKind::of(value);
    if !concise || needs_type(attribute, extra) {
        object.text("type", kind.as_str());
    }
    let out = object.member(kind.member());
    if extra.deleted {
        push_nothing(out, value);
    } else {
        writer.value(out, value, concise);
    }
    if let Some(previous) = extra.previous {
        writer.value(object.member(AttributeKind::of(previous).previous_member()), previous, concise);
    }
    if let Value::Relationship { object_type, .. } | Value::ListRelationship { object_type, .. } = value
        && !object_type.is_empty()
    {
        writer.names(object.member("objectType"), object_type);
    }
}

fn metadata(writer: &Writer<'_>, object: &mut Object<'_>, attribute: &Attribute, extra: Extra<'_>) {
    if let (Some(code), false) = (&attribute.unit_code, extra.deleted) {
        object.text("unitCode", code);
    }
    if let (Some(at), false) = (attribute.observed_at, extra.deleted) {
        object.instant("observedAt", at);
    }
    if let Some(id) = &attribute.dataset_id {
        object.text("datasetId", id.as_str());
    }
    if let Some(id) = extra.instance_id {
        object.text("instanceId", id);
    }
    if writer.sys_attrs {
        object.instant("createdAt", attribute.created_at);
        object.instant("modifiedAt", attribute.modified_at);
        if let Some(at) = attribute.expires_at {
            object.instant("expiresAt", at);
        }
    }
    if let Some(at) = extra.deleted_at {
        object.instant("deletedAt", at);
    }
}

/// True if the concise form is the value alone (clauses 4.5.2.3 and 4.7.3).
fn is_bare(writer: &Writer<'_>, attribute: &Attribute, extra: Extra<'_>) -> bool {
    let nothing_more = attribute.dataset_id.is_none()
        && attribute.observed_at.is_none()
        && attribute.unit_code.is_none()
        && attribute.sub.is_empty()
        && !extra.deleted
        && is_silent(writer, extra);
    nothing_more
        && match &attribute.value {
            Value::Property(json) => !is_ambiguous(json),
            Value::Geo(_) => true,
            _ => false,
        }
}

/// True if nothing is added to what the instance says itself.
fn is_silent(writer: &Writer<'_>, extra: Extra<'_>) -> bool {
    !writer.sys_attrs && extra.previous.is_none() && extra.deleted_at.is_none() && extra.instance_id.is_none()
}

/// True if the kind cannot be told from the value member: a property that holds a geometry, a geometry that is gone.
fn needs_type(attribute: &Attribute, extra: Extra<'_>) -> bool {
    match &attribute.value {
        Value::Property(json) => json.get("coordinates").is_some(),
        Value::Geo(_) => extra.deleted,
        _ => false,
    }
}

/// The name of a member that is kept as a sub-attribute and written without members of its own.
fn bare_member(name: &Term) -> Option<&str> {
    match name.as_str() {
        VALUE_TYPE => Some("valueType"),
        iri => iri
            .strip_prefix(CORE_NAMESPACE)
            .filter(|short| matches!(*short, "entityIdSealed" | "entityTypeSealed")),
    }
}
