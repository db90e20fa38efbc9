//! Whether an entity meets a condition (clause 4.9).

use std::cmp::Ordering;

use dinh_model::{Attribute, Attributes, Entity, Iri, OneOrMany, Term, Timestamp, Value};
use serde_json::Value as Json;

use super::literal::Scalar;
use super::{Behind, Literal, Op, Operand, Path, Q};
use crate::vocabulary as names;

/// What a path leads to in one instance of an attribute.
#[derive(Clone, Debug)]
pub(super) enum Target<'a> {
    /// A JSON value.
    Json(&'a Json),
    /// The values of a list property.
    List(&'a [Json]),
    /// The objects of a relationship.
    Uris(&'a [Iri]),
    /// Terms of a vocabulary.
    Terms(&'a [Term]),
    /// Texts of a language property: those of one language, or of all.
    Texts(Vec<&'a str>),
    /// A text member such as `unitCode`.
    Text(&'a str),
    /// A URI member such as `datasetId`.
    Uri(&'a str),
    /// An instant such as `observedAt`.
    Instant(Timestamp),
}

impl Q {
    /// True if the entity meets the condition. Nothing stands behind its relationships; see [`Q::matches_with`].
    pub fn matches(&self, entity: &Entity) -> bool {
        self.matches_with(entity, &mut |_| None)
    }

    /// True if the entity meets the condition; entities behind its relationships are those that `behind` finds.
    pub fn matches_with(&self, entity: &Entity, behind: &mut Behind<'_>) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.matches_with(entity, behind)),
            Self::Or(parts) => parts.iter().any(|part| part.matches_with(entity, behind)),
            Self::Linked(link) => link.matches(entity, behind),
            Self::Exists(path) => any_target(path, entity, &mut |_| true),
            Self::Compare { path, op, value } => {
                any_target(path, entity, &mut |target| holds(target, *op, value))
            }
        }
    }
}

/// The target in the default instance, or else in the first one. For ordering.
pub(super) fn first_target<'a>(path: &Path, entity: &'a Entity) -> Option<Target<'a>> {
    let mut found = None;
    any_target(path, entity, &mut |target| {
        found = Some(target.clone());
        true
    });
    found
}

/// Calls `test` with the targets of a path, instance by instance, until it says yes.
fn any_target<'a>(path: &Path, entity: &'a Entity, test: &mut dyn FnMut(&Target<'a>) -> bool) -> bool {
    if path.subs.is_empty() && path.trail.is_empty() {
        match path.attribute.as_str() {
            names::ID => return test(&Target::Uri(entity.id.as_str())),
            names::TYPE => return test(&Target::Terms(&entity.types)),
            names::CREATED_AT => return test(&Target::Instant(entity.created_at)),
            names::MODIFIED_AT => return test(&Target::Instant(entity.modified_at)),
            names::SCOPE => return entity.scopes.iter().any(|scope| test(&Target::Text(scope.as_str()))),
            _ => {}
        }
    }
    in_attributes(&entity.attributes, &path.attribute, &path.subs, &path.trail, test)
}

fn in_attributes<'a>(
    attributes: &'a Attributes,
    name: &Term,
    subs: &[Term],
    trail: &[String],
    test: &mut dyn FnMut(&Target<'a>) -> bool,
) -> bool {
    let Some(instances) = attributes.get(name) else { return false };
    let default_first = instances.iter().filter(|a| a.dataset_id.is_none());
    let rest = instances.iter().filter(|a| a.dataset_id.is_some());
    default_first.chain(rest).any(|instance| match subs.split_first() {
        None => value_target(&instance.value, trail).is_some_and(|target| test(&target)),
        Some((sub, rest)) => {
            in_attributes(&instance.sub, sub, rest, trail, test)
                || (rest.is_empty()
                    && trail.is_empty()
                    && member(instance, sub).is_some_and(|target| test(&target)))
        }
    })
}

/// A member of an attribute that is not an attribute itself.
fn member<'a>(instance: &'a Attribute, name: &Term) -> Option<Target<'a>> {
    match name.as_str() {
        names::OBSERVED_AT => instance.observed_at.map(Target::Instant),
        names::CREATED_AT => Some(Target::Instant(instance.created_at)),
        names::MODIFIED_AT => Some(Target::Instant(instance.modified_at)),
        names::UNIT_CODE => instance.unit_code.as_deref().map(Target::Text),
        names::DATASET_ID => instance.dataset_id.as_ref().map(|id| Target::Uri(id.as_str())),
        names::OBJECT_TYPE => match &instance.value {
            Value::Relationship { object_type, .. } | Value::ListRelationship { object_type, .. } => {
                (!object_type.is_empty()).then_some(Target::Terms(object_type))
            }
            _ => None,
        },
        _ => None,
    }
}

fn value_target<'a>(value: &'a Value, trail: &[String]) -> Option<Target<'a>> {
    match value {
        Value::Property(json) | Value::Json(json) => into_json(json, trail).map(Target::Json),
        Value::Geo(geometry) => into_json(geometry.as_json(), trail).map(Target::Json),
        Value::Language(texts) => {
            let wanted: Vec<&str> = match trail {
                [] => texts.values().flat_map(OneOrMany::as_slice).map(String::as_str).collect(),
                [any] if any == "*" => {
                    texts.values().flat_map(OneOrMany::as_slice).map(String::as_str).collect()
                }
                [tag] => texts
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(tag))
                    .map(|(_, texts)| texts.as_slice().iter().map(String::as_str).collect())?,
                _ => return None,
            };
            Some(Target::Texts(wanted))
        }
        _ if !trail.is_empty() => None,
        Value::Relationship { object, .. } => Some(Target::Uris(object.as_slice())),
        Value::ListRelationship { objects, .. } => Some(Target::Uris(objects)),
        Value::Vocab(terms) => Some(Target::Terms(terms.as_slice())),
        Value::List(items) => Some(Target::List(items)),
    }
}

/// Member access as in ECMA 262: members of objects, and elements of arrays by their number.
fn into_json<'a>(json: &'a Json, trail: &[String]) -> Option<&'a Json> {
    trail.iter().try_fold(json, |json, name| match json {
        Json::Object(object) => object.get(name),
        Json::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    })
}

fn holds(target: &Target<'_>, op: Op, value: &Operand) -> bool {
    match op {
        Op::Eq => equal(target, value),
        Op::Ne => !equal(target, value),
        Op::Gt => ordered(target, value, Ordering::is_gt),
        Op::Ge => ordered(target, value, Ordering::is_ge),
        Op::Lt => ordered(target, value, Ordering::is_lt),
        Op::Le => ordered(target, value, Ordering::is_le),
        Op::Like | Op::Unlike => match value {
            Operand::Pattern(pattern) => texts_of(target)
                .is_some_and(|texts| texts.iter().any(|t| pattern.is_match(t)) == (op == Op::Like)),
            _ => false,
        },
    }
}

/// The texts of a target whose data type is text.
fn texts_of<'a>(target: &Target<'a>) -> Option<Vec<&'a str>> {
    match target {
        Target::Json(Json::String(text)) => Some(vec![text]),
        Target::Text(text) => Some(vec![text]),
        Target::Texts(texts) => Some(texts.clone()),
        _ => None,
    }
}

fn equal(target: &Target<'_>, value: &Operand) -> bool {
    match value {
        Operand::One(literal) => equals(target, literal),
        Operand::Many(literals) => literals.iter().any(|literal| equals(target, literal)),
        Operand::Range(from, to) => any_scalar(target, false, |scalar| {
            from.compare(scalar).is_some_and(Ordering::is_ge)
                && to.compare(scalar).is_some_and(Ordering::is_le)
        }),
        Operand::Pattern(_) => false,
    }
}

fn equals(target: &Target<'_>, literal: &Literal) -> bool {
    match target {
        Target::Uris(uris) => {
            literal.as_text().is_some_and(|text| uris.iter().any(|uri| uri.as_str() == text))
        }
        Target::Terms(terms) => {
            literal.as_text().is_some_and(|text| terms.iter().any(|term| term.as_str() == text))
        }
        target => any_scalar(target, true, |scalar| literal.compare(scalar) == Some(Ordering::Equal)),
    }
}

fn ordered(target: &Target<'_>, value: &Operand, test: fn(Ordering) -> bool) -> bool {
    match value {
        Operand::One(literal) => {
            any_scalar(target, false, |scalar| literal.compare(scalar).is_some_and(test))
        }
        _ => false,
    }
}

/// True if the target, or with `elements` one element of an array, passes the test. Links and terms have no order.
fn any_scalar(target: &Target<'_>, elements: bool, passes: impl Fn(Scalar<'_>) -> bool) -> bool {
    match target {
        Target::Json(Json::Array(items)) => elements && items.iter().any(|item| passes(Scalar::Json(item))),
        Target::List(items) => elements && items.iter().any(|item| passes(Scalar::Json(item))),
        Target::Json(json) => passes(Scalar::Json(json)),
        Target::Texts(texts) => texts.iter().any(|one| passes(Scalar::Text(one))),
        Target::Text(text) | Target::Uri(text) => passes(Scalar::Text(text)),
        Target::Instant(at) => passes(Scalar::Instant(*at)),
        Target::Uris(_) | Target::Terms(_) => false,
    }
}
