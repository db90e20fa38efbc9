//! Entities.

use dinh_model::{Attribute, Entity, Scope};

use super::json::{push_array, push_text};
use super::{Extra, Object, Writer, instances};
use crate::query::DatasetId;
use crate::vocabulary::{ID, SCOPE, TYPE};

pub(super) fn write(writer: &Writer<'_>, out: &mut Vec<u8>, entity: &Entity) {
    let mut object = Object::open(out);
    if writer.shows(ID) {
        object.text("id", entity.id.as_str());
    }
    members(writer, &mut object, entity);
    if let Some(context) = writer.embed_context {
        object.raw("@context", context);
    }
    object.close();
}

/// Writes all members but `id` and `@context`: what also stands in the properties of a GeoJSON feature.
pub(crate) fn members(writer: &Writer<'_>, object: &mut Object<'_>, entity: &Entity) {
    header(writer, object, entity);
    let mut shown: Vec<_> = entity
        .attributes
        .iter()
        .filter(|(name, _)| writer.shows(name.as_str()))
        .map(|(name, instances)| (writer.context.compact(name), instances))
        .collect();
    shown.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let mut chosen: Vec<(&Attribute, Extra<'_>)> = Vec::new();
    for (short, all) in shown {
        chosen.clear();
        chosen.extend(in_order(writer.dataset_ids, all).map(|instance| (instance, Extra::default())));
        if !chosen.is_empty() {
            instances(writer, object.member(&short), &chosen);
        }
    }
}

/// `type`, `scope` and the time stamps.
pub(crate) fn header(writer: &Writer<'_>, object: &mut Object<'_>, entity: &Entity) {
    if writer.shows(TYPE) {
        writer.names(object.member("type"), &entity.types);
    }
    if !entity.scopes.is_empty() && writer.shows(SCOPE) {
        push_scopes(object.member("scope"), &entity.scopes);
    }
    if writer.sys_attrs {
        object.instant("createdAt", entity.created_at);
        object.instant("modifiedAt", entity.modified_at);
        if let Some(at) = entity.expires_at {
            object.instant("expiresAt", at);
        }
    }
}

pub(crate) fn push_scopes(out: &mut Vec<u8>, scopes: &[Scope]) {
    match scopes {
        [one] => push_text(out, one.as_str()),
        many => push_array(out, many, |out, scope| push_text(out, scope.as_str())),
    }
}

/// The instances to show, the default one first.
pub(crate) fn in_order<'d, 'e>(
    dataset_ids: &'d [DatasetId],
    all: &'e [Attribute],
) -> impl Iterator<Item = &'e Attribute> + use<'d, 'e> {
    let default = all.iter().filter(|instance| instance.dataset_id.is_none());
    let named = all.iter().filter(|instance| instance.dataset_id.is_some());
    default
        .chain(named)
        .filter(|instance| dataset_ids.is_empty() || dataset_ids.contains(&instance.dataset_id))
}
