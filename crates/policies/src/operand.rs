//! What stands on either side of a comparison.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_access::{Flag, OfContext, OfPrincipal, Relation, Texts};
use serde_json::Value as Json;

use crate::translate::{Unusable, entity};

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Texts(Texts),
    Types,
    Sector,
    Privacy,
    Related(Relation),
    Assurance,
    Number(i64),
    Flag(Flag),
    Bool(bool),
}

impl Operand {
    /// True for one text, number, yes or no: what can be equal to another. Sets are compared by what they share.
    pub(crate) fn is_single(&self) -> bool {
        match self {
            Self::Texts(Texts::These(texts)) => texts.len() == 1,
            Self::Texts(Texts::Principal(fact)) => matches!(fact, OfPrincipal::Id | OfPrincipal::Kind),
            Self::Types | Self::Related(_) => false,
            _ => true,
        }
    }
}

/// Reads one side.
pub(crate) fn operand(json: &Json) -> Result<Operand, Unusable> {
    let unusable = || Unusable(format!("cannot be compared here: {json}"));
    let (op, body) = single(json).ok_or_else(unusable)?;
    match op {
        "Value" => value(body).ok_or_else(unusable),
        "Set" => {
            let items = body.as_array().ok_or_else(unusable)?;
            let texts: Option<BTreeSet<Arc<str>>> =
                items.iter().map(|item| text(item.get("Value").unwrap_or(item))).collect();
            texts.map(|texts| Operand::Texts(Texts::These(texts))).ok_or_else(unusable)
        }
        "." => {
            let of = body.get("left").and_then(|left| left.get("Var")).and_then(Json::as_str);
            let attribute = body.get("attr").and_then(Json::as_str);
            of.zip(attribute).and_then(|(of, attribute)| fact(of, attribute)).ok_or_else(unusable)
        }
        _ => Err(unusable()),
    }
}

/// The one member of an object.
pub(crate) fn single(json: &Json) -> Option<(&str, &Json)> {
    let object = json.as_object()?;
    let mut members = object.iter();
    let (name, body) = members.next()?;
    members.next().is_none().then_some((name.as_str(), body))
}

fn value(json: &Json) -> Option<Operand> {
    match json {
        Json::Bool(value) => Some(Operand::Bool(*value)),
        Json::Number(number) => number.as_i64().map(Operand::Number),
        Json::Array(items) => {
            let texts: Option<BTreeSet<Arc<str>>> = items.iter().map(text).collect();
            texts.map(|texts| Operand::Texts(Texts::These(texts)))
        }
        other => text(other).map(|text| Operand::Texts(Texts::These([text].into()))),
    }
}

fn text(json: &Json) -> Option<Arc<str>> {
    match json.as_str() {
        Some(text) => Some(text.into()),
        None => entity(json).map(|(_kind, id)| id),
    }
}

fn fact(of: &str, attribute: &str) -> Option<Operand> {
    let principal = |fact| Some(Operand::Texts(Texts::Principal(fact)));
    match (of, attribute) {
        ("principal", "id") => principal(OfPrincipal::Id),
        ("principal", "kind") => principal(OfPrincipal::Kind),
        ("principal", "units") => principal(OfPrincipal::Units),
        ("principal", "subjects") => principal(OfPrincipal::Subjects),
        ("principal", "assurance") => Some(Operand::Assurance),
        ("principal", "steppedUp") => Some(Operand::Flag(Flag::SteppedUp)),
        ("principal", "openWrites") => Some(Operand::Flag(Flag::OpenWrites)),
        ("context", "purpose") => Some(Operand::Texts(Texts::Context(OfContext::Purpose))),
        ("context", "tenant") => Some(Operand::Texts(Texts::Context(OfContext::Tenant))),
        ("resource", "types") => Some(Operand::Types),
        ("resource", "sector") => Some(Operand::Sector),
        ("resource", "privacy") => Some(Operand::Privacy),
        ("resource", name) => Relation::from_name(name).map(Operand::Related),
        _ => None,
    }
}
