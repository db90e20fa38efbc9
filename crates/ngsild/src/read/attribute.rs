//! Attribute instances, normalized and concise (clauses 4.5.2, 4.5.3, 4.5.5 and 4.5.18–4.5.24).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use dinh_model::{OneOrMany, Term, Value};
use serde_json::{Map, Value as Json};

use super::members::Member;
use super::text::{dataset_id, expiry, instant};
use super::value::{geometry, looks_like_geometry};
use super::{Format, Nulls, ReadError, Reader};
use crate::bounds::{ATTRIBUTES, INSTANCES, SUB_ATTRIBUTE_DEPTH};
use crate::kind::AttributeKind;
use crate::mutation::{AttributePatch, Edit, ValuePatch};
use crate::names;
use crate::vocabulary::{NULL, VALUE_TYPE};

/// Where the reader is: the path for messages, what may be missing, how deep.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) at: &'p str,
    pub(super) nulls: Nulls,
    /// True where a part of an attribute will do: in patches.
    pub(super) partial: bool,
    pub(super) depth: usize,
}

/// Attribute instances by name, as they are read.
pub(super) type Patches = BTreeMap<Term, Vec<AttributePatch>>;

impl Reader<'_> {
    /// Reads all instances of one attribute into `patches`.
    pub(super) fn attribute_into(
        &self,
        patches: &mut Patches,
        name: &str,
        json: Json,
        place: Place<'_>,
    ) -> Result<(), ReadError> {
        names::check(name).map_err(|reason| ReadError::at(place.at, reason.to_string()))?;
        let term = self.context.expand(name);
        let member = Member::of(term.as_str());
        // No member of an entity holds a value, so that an attribute of it may be called like one that does.
        let holds_value = place.depth == 0 && matches!(member, Member::Special(_));
        if term.as_str().starts_with('@') || (member.is_reserved() && !holds_value) {
            return Err(ReadError::at(
                place.at,
                format!("{name} is a name of NGSI-LD itself, not of an attribute"),
            ));
        }
        if patches.len() >= ATTRIBUTES {
            return Err(ReadError::at(place.at, format!("there are more than {ATTRIBUTES} attributes")));
        }
        let instances = self.instances(name, json, place)?;
        let must_be_geometry = place.depth == 0 && is_core_geometry(&term);
        for (at, instance) in instances.iter().enumerate() {
            if must_be_geometry && is_plain(&instance.value) {
                return Err(ReadError::at(place.at, format!("{name} must be a GeoProperty (clause 4.7.1)")));
            }
            if instances.iter().take(at).any(|other| other.dataset_id == instance.dataset_id) {
                let which = instance.dataset_id.as_ref().map_or("no datasetId", |id| id.as_str());
                return Err(ReadError::at(place.at, format!("two instances of {name} have {which}")));
            }
        }
        match patches.entry(term) {
            Entry::Vacant(free) => free.insert(instances),
            Entry::Occupied(_) => {
                return Err(ReadError::at(place.at, format!("the attribute {name} stands there twice")));
            }
        };
        Ok(())
    }

    fn instances(&self, name: &str, json: Json, place: Place<'_>) -> Result<Vec<AttributePatch>, ReadError> {
        if self.format == Format::Simplified && place.depth == 0 {
            return self.simplified_instances(name, json, place);
        }
        match json {
            Json::Array(items) if items.iter().all(is_instance) && !items.is_empty() => {
                if items.len() > INSTANCES {
                    return Err(ReadError::at(
                        place.at,
                        format!("{name} has more than {INSTANCES} instances"),
                    ));
                }
                items.into_iter().map(|item| self.instance(name, item, place)).collect()
            }
            one => Ok(vec![self.instance(name, one, place)?]),
        }
    }

    /// Reads one instance: an object with members, a bare value, or nothing.
    pub(super) fn instance(
        &self,
        name: &str,
        json: Json,
        place: Place<'_>,
    ) -> Result<AttributePatch, ReadError> {
        match json {
            Json::Object(object) => self.object(name, object, place),
            Json::String(text) if text == NULL => self
                .value(place.at, AttributeKind::Property, Json::String(text), place.nulls)
                .map(AttributePatch::of),
            bare => self.bare(bare, place).map(AttributePatch::of),
        }
    }

    fn object(
        &self,
        name: &str,
        object: Map<String, Json>,
        place: Place<'_>,
    ) -> Result<AttributePatch, ReadError> {
        if object.contains_key("@value") {
            return self.bare(Json::Object(object), place).map(AttributePatch::of);
        }
        let stated = object.get("type").or_else(|| object.get("@type"));
        let Some(stated) = stated else {
            let marked = object.keys().any(|member| Member::of(member).marks_attribute());
            return if marked {
                self.members(name, object, None, place)
            } else {
                self.bare(Json::Object(object), place).map(AttributePatch::of)
            };
        };
        let stated =
            stated.as_str().ok_or_else(|| ReadError::at(place.at, "the type of an attribute is a text"))?;
        let bare_name = stated.strip_prefix(crate::vocabulary::CORE_NAMESPACE).unwrap_or(stated);
        if let Some(kind) = AttributeKind::parse(bare_name) {
            return self.members(name, object, Some(kind), place);
        }
        if looks_like_geometry(&object) {
            let value = geometry(place.at, Json::Object(object))?;
            return Ok(AttributePatch::set(Value::Geo(value)));
        }
        Err(ReadError::at(
            place.at,
            format!(
                "{stated:?} is neither a type of attribute, such as Property or Relationship, nor of geometry"
            ),
        ))
    }

    /// A value without members of its own: concise (clause 4.5.2.3).
    fn bare(&self, json: Json, place: Place<'_>) -> Result<ValuePatch, ReadError> {
        super::value::check(place.at, &json, place.nulls)?;
        let terms = match (&json, place.partial) {
            (Json::String(_) | Json::Array(_), true) => self.terms(place.at, &json).ok(),
            _ => None,
        };
        Ok(ValuePatch::Plain { json, terms })
    }

    /// An object with members, of a stated or inferred kind.
    pub(super) fn members(
        &self,
        name: &str,
        object: Map<String, Json>,
        stated: Option<AttributeKind>,
        place: Place<'_>,
    ) -> Result<AttributePatch, ReadError> {
        let kind = kind_of(&object, stated, place)?;
        let mut patch = AttributePatch::of(ValuePatch::Keep(kind));
        for (member, json) in object {
            let at = format!("{}.{member}", place.at);
            match Member::of(&member) {
                Member::Type | Member::System => {}
                Member::Value | Member::Special(_) => {
                    // `kind_of` has seen to it that there is one value, and that it is of this kind.
                    let kind = kind.unwrap_or(AttributeKind::Property);
                    patch.value = self.value(&at, kind, json, place.nulls)?;
                }
                Member::Attribute | Member::Sealed if member_is_sealed(name, &member) => {
                    self.bare_member(&mut patch, &member, &json, &at)?;
                }
                Member::Attribute => self.sub_attribute(&mut patch, &member, json, place, &at)?,
                other => self.metadata(&mut patch, other, &member, &json, kind, place.nulls, &at)?,
            }
        }
        if !place.partial && matches!(patch.value, ValuePatch::Keep(_)) {
            let wanted = kind.unwrap_or(AttributeKind::Property);
            return Err(ReadError::at(place.at, format!("a {wanted} needs the member {}", wanted.member())));
        }
        attach_object_type(&mut patch);
        check_proof(name, &patch, place)?;
        Ok(patch)
    }

    fn sub_attribute(
        &self,
        patch: &mut AttributePatch,
        member: &str,
        json: Json,
        place: Place<'_>,
        at: &str,
    ) -> Result<(), ReadError> {
        if place.depth + 1 > SUB_ATTRIBUTE_DEPTH {
            let reason = format!("attributes nest more than {SUB_ATTRIBUTE_DEPTH} deep");
            return Err(ReadError::at(at, reason));
        }
        let inner = Place { at, depth: place.depth + 1, ..place };
        self.attribute_into(&mut patch.sub, member, json, inner)
    }

    #[expect(clippy::too_many_arguments, reason = "one call, every argument plain")]
    fn metadata(
        &self,
        patch: &mut AttributePatch,
        meaning: Member,
        member: &str,
        json: &Json,
        kind: Option<AttributeKind>,
        nulls: Nulls,
        at: &str,
    ) -> Result<(), ReadError> {
        let text = || json.as_str().ok_or_else(|| ReadError::at(at, "it must be a text"));
        let removed = nulls != Nulls::Refused && json.as_str() == Some(NULL);
        match meaning {
            Member::DatasetId => patch.dataset_id = dataset_id(at, text()?)?,
            Member::ObservedAt if removed => patch.observed_at = Some(Edit::Remove),
            Member::ObservedAt => patch.observed_at = Some(Edit::Set(instant(at, text()?)?)),
            Member::UnitCode => {
                refuse_unit(kind, at)?;
                let code = text()?;
                if !(1..=64).contains(&code.len()) {
                    return Err(ReadError::at(at, "a unit code has 1 to 64 letters, as in CEL"));
                }
                patch.unit_code = Some(if removed { Edit::Remove } else { Edit::Set(code.into()) });
            }
            Member::ObjectType => {
                if !kind.is_none_or(is_link) {
                    return Err(ReadError::at(at, "only relationships have an objectType"));
                }
                patch.object_type = Some(if removed {
                    Edit::Remove
                } else {
                    Edit::Set(match self.terms(at, json)? {
                        OneOrMany::One(term) => vec![term],
                        OneOrMany::Many(terms) => terms,
                    })
                });
            }
            Member::ValueType => {
                if kind == Some(AttributeKind::LanguageProperty) && json.as_str() != Some("langString") {
                    return Err(ReadError::at(at, "the valueType of a LanguageProperty is langString"));
                }
                if kind.is_some_and(is_link) {
                    return Err(ReadError::at(at, "relationships have no valueType"));
                }
                self.bare_member(patch, VALUE_TYPE, json, at)?;
            }
            Member::ExpiresAt => patch.expires_at = Some(expiry(at, json, nulls)?),
            Member::Context => {
                return Err(ReadError::at(at, "an @context stands at the top of a document only"));
            }
            Member::OutputOnly => {
                return Err(ReadError::at(at, format!("{member} stands in answers only")));
            }
            _ => return Err(ReadError::at(at, format!("{member} does not belong in this attribute"))),
        }
        Ok(())
    }

    /// A member that is a term or text by itself, kept as a sub-attribute and written bare again.
    fn bare_member(
        &self,
        patch: &mut AttributePatch,
        member: &str,
        json: &Json,
        at: &str,
    ) -> Result<(), ReadError> {
        let text = json.as_str().ok_or_else(|| ReadError::at(at, "it must be a text"))?;
        if text == NULL {
            return Ok(());
        }
        let value = if member == "entityIdSealed" {
            Value::Property(Json::String(text.to_owned()))
        } else {
            Value::Vocab(OneOrMany::One(self.context.expand(text)))
        };
        let term = match member {
            "entityIdSealed" | "entityTypeSealed" => {
                format!("{}{member}", crate::vocabulary::CORE_NAMESPACE).into()
            }
            iri => iri.into(),
        };
        patch.sub.insert(term, vec![AttributePatch::set(value)]);
        Ok(())
    }
}

fn member_is_sealed(attribute: &str, member: &str) -> bool {
    attribute == "ngsildproof" && Member::of(member) == Member::Sealed
}

/// The kind of an attribute, from its `type` and the member that holds its value; `None` in a patch that has neither.
fn kind_of(
    object: &Map<String, Json>,
    stated: Option<AttributeKind>,
    place: Place<'_>,
) -> Result<Option<AttributeKind>, ReadError> {
    let mut found: Option<AttributeKind> = None;
    for (member, json) in object {
        let kind = match Member::of(member) {
            Member::Special(kind) => kind,
            Member::Value => match (stated, json) {
                (Some(AttributeKind::GeoProperty), _) => AttributeKind::GeoProperty,
                (None, Json::Object(value)) if looks_like_geometry(value) => AttributeKind::GeoProperty,
                _ => AttributeKind::Property,
            },
            _ => continue,
        };
        if found.is_some() {
            return Err(ReadError::at(place.at, "an attribute has one value; several members give one"));
        }
        found = Some(kind);
    }
    match (stated, found) {
        (Some(stated), Some(found)) if stated != found => Err(ReadError::at(
            place.at,
            format!("a {stated} holds its value in {}, not in {}", stated.member(), found.member()),
        )),
        (stated, found) => Ok(found.or(stated)),
    }
}

fn is_link(kind: AttributeKind) -> bool {
    matches!(kind, AttributeKind::Relationship | AttributeKind::ListRelationship)
}

fn refuse_unit(kind: Option<AttributeKind>, at: &str) -> Result<(), ReadError> {
    match kind {
        None | Some(AttributeKind::Property | AttributeKind::ListProperty | AttributeKind::GeoProperty) => {
            Ok(())
        }
        Some(kind) => Err(ReadError::at(at, format!("a {kind} has no unit"))),
    }
}

/// `objectType` goes into the value where there is one.
fn attach_object_type(patch: &mut AttributePatch) {
    if let ValuePatch::Set(
        Value::Relationship { object_type, .. } | Value::ListRelationship { object_type, .. },
    ) = &mut patch.value
        && let Some(Edit::Set(types)) = &patch.object_type
    {
        object_type.clone_from(types);
    }
}

/// The value of a proof is an object (clause 4.5.2.2).
fn check_proof(name: &str, patch: &AttributePatch, place: Place<'_>) -> Result<(), ReadError> {
    match &patch.value {
        ValuePatch::Set(Value::Property(value)) if name == "ngsildproof" && !value.is_object() => {
            Err(ReadError::at(place.at, "the value of ngsildproof is an object"))
        }
        _ => Ok(()),
    }
}

/// True if an array item is an instance of an attribute and not an element of a bare array.
pub(super) fn is_instance(json: &Json) -> bool {
    json.as_object().is_some_and(|object| {
        let stated = object.get("type").and_then(Json::as_str);
        stated.is_some_and(|name| AttributeKind::parse(name).is_some())
            || object.keys().any(|member| Member::of(member).marks_attribute())
    })
}

fn is_core_geometry(term: &Term) -> bool {
    let name = term.as_str().strip_prefix(crate::vocabulary::CORE_NAMESPACE);
    matches!(name, Some("location" | "observationSpace" | "operationSpace"))
}

/// True for a value that is no geometry.
fn is_plain(value: &ValuePatch) -> bool {
    match value {
        ValuePatch::Set(Value::Geo(_)) | ValuePatch::Delete | ValuePatch::Keep(_) => false,
        ValuePatch::Set(_) | ValuePatch::Plain { .. } => true,
    }
}
