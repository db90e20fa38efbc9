//! From Cedar's expressions to conditions.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_access::{Condition, OfPrincipal, Privacy, Texts};
use dinh_model::Term;
use serde_json::Value as Json;

use crate::operand::{Operand, operand, single};

/// Why an expression cannot become a filter.
#[derive(Debug)]
pub(crate) struct Unusable(pub(crate) String);

/// Kind and identifier of an entity literal.
pub(crate) fn entity(json: &Json) -> Option<(&str, Arc<str>)> {
    let json = json.get("__entity").unwrap_or(json);
    Some((json.get("type")?.as_str()?, json.get("id")?.as_str()?.into()))
}

/// Reads an expression that is true or false, in Cedar's JSON form.
pub(crate) fn condition(json: &Json, expand: &dyn Fn(&str) -> Term) -> Result<Condition, Unusable> {
    let unusable = || Unusable(format!("cannot be decided before an entity is seen: {json}"));
    let (op, body) = single(json).ok_or_else(unusable)?;
    let side = |name: &str| body.get(name).ok_or_else(unusable);
    let both = || Ok((operand(side("left")?)?, operand(side("right")?)?));
    match op {
        "&&" | "||" => {
            let parts = [condition(side("left")?, expand)?, condition(side("right")?, expand)?];
            Ok(if op == "&&" { all(parts) } else { any(parts) })
        }
        "!" => Ok(Condition::Not(Box::new(condition(side("arg")?, expand)?))),
        "if-then-else" => {
            let (when, then) = (condition(side("if")?, expand)?, condition(side("then")?, expand)?);
            let otherwise = condition(side("else")?, expand)?;
            let contrary = Condition::Not(Box::new(when.clone()));
            Ok(any([all([when, then]), all([contrary, otherwise])]))
        }
        "in" if side("left")?.get("Var").is_some_and(|of| of == "principal") => {
            let roles = operand(side("right")?)?;
            meet(roles, Operand::Texts(Texts::Principal(OfPrincipal::Roles)), expand).ok_or_else(unusable)
        }
        "contains" | "containsAny" => {
            let (left, right) = both()?;
            meet(left, right, expand).ok_or_else(unusable)
        }
        "==" | "!=" => {
            let (left, right) = both()?;
            if !left.is_single() || !right.is_single() {
                return Err(unusable());
            }
            let same = meet(left, right, expand).ok_or_else(unusable)?;
            Ok(if op == "==" { same } else { Condition::Not(Box::new(same)) })
        }
        ">=" | ">" | "<" | "<=" => {
            let (left, right) = both()?;
            assurance(op, &left, &right).ok_or_else(unusable)
        }
        _ => match operand(json)? {
            Operand::Bool(holds) => Ok(Condition::Const(holds)),
            Operand::Flag(flag) => Ok(Condition::Flag(flag)),
            _ => Err(unusable()),
        },
    }
}

fn all(parts: [Condition; 2]) -> Condition {
    let flat = parts.into_iter().flat_map(|part| match part {
        Condition::All(inner) => inner,
        other => vec![other],
    });
    Condition::All(flat.collect())
}

fn any(parts: [Condition; 2]) -> Condition {
    let flat = parts.into_iter().flat_map(|part| match part {
        Condition::Any(inner) => inner,
        other => vec![other],
    });
    Condition::Any(flat.collect())
}

/// Two sides with something in common. Single texts are sets of one, so that equality, membership and overlap are one.
fn meet(left: Operand, right: Operand, expand: &dyn Fn(&str) -> Term) -> Option<Condition> {
    match (left, right) {
        (Operand::Texts(left), Operand::Texts(right)) => {
            // Literals stand first, so that a policy's roles are found whichever way it is written.
            let literal_second = matches!(right, Texts::These(_));
            Some(if literal_second { Condition::Meet(right, left) } else { Condition::Meet(left, right) })
        }
        (Operand::Types, Operand::Texts(Texts::These(names)))
        | (Operand::Texts(Texts::These(names)), Operand::Types) => {
            Some(Condition::Type(names.iter().map(|name| expand(name)).collect()))
        }
        (Operand::Sector, Operand::Texts(Texts::These(names)))
        | (Operand::Texts(Texts::These(names)), Operand::Sector) => Some(Condition::Sector(names)),
        (Operand::Privacy, Operand::Texts(Texts::These(names)))
        | (Operand::Texts(Texts::These(names)), Operand::Privacy) => marks(&names).map(Condition::Privacy),
        (Operand::Related(relation), Operand::Texts(texts))
        | (Operand::Texts(texts), Operand::Related(relation)) => Some(Condition::Related(relation, texts)),
        (Operand::Flag(flag), Operand::Bool(holds)) | (Operand::Bool(holds), Operand::Flag(flag)) => {
            let flag = Condition::Flag(flag);
            Some(if holds { flag } else { Condition::Not(Box::new(flag)) })
        }
        (Operand::Assurance, Operand::Number(exactly)) | (Operand::Number(exactly), Operand::Assurance) => {
            let above = Condition::Not(Box::new(at_least(exactly.checked_add(1)?)));
            Some(Condition::All(vec![at_least(exactly), above]))
        }
        _ => None,
    }
}

fn marks(names: &BTreeSet<Arc<str>>) -> Option<BTreeSet<Privacy>> {
    names.iter().map(|name| Privacy::from_name(name)).collect()
}

fn assurance(op: &str, left: &Operand, right: &Operand) -> Option<Condition> {
    let (number, op) = match (left, right) {
        (Operand::Assurance, Operand::Number(number)) => (*number, op),
        (Operand::Number(number), Operand::Assurance) => (
            *number,
            match op {
                ">=" => "<=",
                ">" => "<",
                "<=" => ">=",
                _ => ">",
            },
        ),
        _ => return None,
    };
    let above = number.checked_add(1)?;
    Some(match op {
        ">=" => at_least(number),
        ">" => at_least(above),
        "<" => Condition::Not(Box::new(at_least(number))),
        _ => Condition::Not(Box::new(at_least(above))),
    })
}

/// Assurance is never negative, nor above what fits.
fn at_least(number: i64) -> Condition {
    match u8::try_from(number) {
        Ok(level) => Condition::Assurance(level),
        Err(_out_of_range) => Condition::Const(number < 0),
    }
}
