//! From files to rules.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;
use std::sync::Arc;

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use dinh_access::{Action, Condition, Effect, OfPrincipal, Rule, Texts, Whom};
use dinh_model::Term;
use serde_json::Value as Json;

use crate::translate::{Unusable, condition, entity};
use crate::{Error, SCHEMA};

/// One file of policies.
#[derive(Clone, Copy, Debug)]
pub struct PolicyFile<'a> {
    /// Path within the packs.
    pub path: &'a str,
    /// The pack.
    pub pack: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// Reads policies into rules, in the order of the files and of the policies in them; `expand` turns short names of
/// types into full ones.
///
/// Each policy has an `@id` that no other has, and titles for people (`@vi`, `@en`).
pub fn read(files: &[PolicyFile<'_>], expand: &dyn Fn(&str) -> Term) -> Result<Vec<Rule>, Error> {
    let (schema, _warnings) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| Error::Syntax {
        file: "schema.cedarschema".to_owned(),
        reason: error.to_string(),
    })?;
    let validator = Validator::new(schema);
    let mut rules = Vec::new();
    let mut names = BTreeSet::new();
    for file in files {
        for rule in read_file(file, &validator, expand)? {
            if !names.insert(Arc::clone(&rule.id)) {
                let reason = format!("two policies are named {:?}", rule.id);
                return Err(Error::Name { file: file.path.to_owned(), reason });
            }
            rules.push(rule);
        }
    }
    Ok(rules)
}

fn read_file(
    file: &PolicyFile<'_>,
    validator: &Validator,
    expand: &dyn Fn(&str) -> Term,
) -> Result<Vec<Rule>, Error> {
    let path = || file.path.to_owned();
    let set = PolicySet::from_str(file.text)
        .map_err(|error| Error::Syntax { file: path(), reason: told(&error) })?;
    let checked = validator.validate(&set, ValidationMode::Strict);
    if let Some(error) = checked.validation_errors().next() {
        return Err(Error::Invalid { file: path(), reason: error.to_string() });
    }
    // Cedar names policies policy0, policy1 … in the order of the file, and keeps them in no order.
    let mut policies: Vec<_> = set.policies().collect();
    policies.sort_by_key(|policy| {
        policy.id().to_string().trim_start_matches("policy").parse::<usize>().unwrap_or(usize::MAX)
    });
    let mut rules = Vec::with_capacity(policies.len());
    for policy in policies {
        let json =
            policy.to_json().map_err(|error| Error::Syntax { file: path(), reason: error.to_string() })?;
        let name = policy.annotation("id").unwrap_or_default().to_owned();
        if name.is_empty() {
            let reason = "every policy needs a name: @id(\"…\")".to_owned();
            return Err(Error::Name { file: path(), reason });
        }
        let unusable =
            |Unusable(reason): Unusable| Error::Unusable { file: path(), policy: name.clone(), reason };
        let text = policy.to_cedar().unwrap_or_default();
        rules.push(Rule { text: text.into(), ..rule(&name, file.pack, &json, expand).map_err(unusable)? });
    }
    Ok(rules)
}

/// What Cedar said, with what it said beneath.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

fn rule(name: &str, pack: &str, json: &Json, expand: &dyn Fn(&str) -> Term) -> Result<Rule, Unusable> {
    let member = |name: &str| json.get(name).ok_or_else(|| Unusable(format!("{name} is missing")));
    let titles = ["vi", "en"].into_iter().filter_map(|language| {
        let title = json.get("annotations")?.get(language)?.as_str()?;
        Some((language.to_owned(), title.to_owned()))
    });
    let titles: BTreeMap<String, String> = titles.collect();
    if titles.len() < 2 {
        return Err(Unusable("a title in both languages is needed: @vi(\"…\") @en(\"…\")".to_owned()));
    }
    if member("resource")?.get("op").and_then(Json::as_str) != Some("All") {
        return Err(Unusable("the resource must be left open; speak of its marks and types".to_owned()));
    }
    let mut when = Vec::new();
    for part in member("conditions")?.as_array().into_iter().flatten() {
        let body = part.get("body").ok_or_else(|| Unusable("a condition is empty".to_owned()))?;
        let body = condition(body, expand)?;
        let unless = part.get("kind").and_then(Json::as_str) == Some("unless");
        when.push(if unless { Condition::Not(Box::new(body)) } else { body });
    }
    let whom = whom(member("principal")?, &mut when)?;
    Ok(Rule {
        id: name.into(),
        pack: pack.into(),
        titles,
        effect: match member("effect")?.as_str() {
            Some("forbid") => Effect::Forbid,
            _ => Effect::Permit,
        },
        whom,
        actions: actions(member("action")?)?,
        when: if when.len() == 1 { when.swap_remove(0) } else { Condition::All(when) },
        text: "".into(),
    })
}

/// The roles that a policy speaks to. Those that its condition names are taken from there, so that the policy is found
/// by them.
fn whom(principal: &Json, when: &mut Vec<Condition>) -> Result<Whom, Unusable> {
    match principal.get("op").and_then(Json::as_str) {
        Some("All") => {}
        Some("in") => {
            let role = principal.get("entity").and_then(entity).map(|(_kind, id)| id);
            let role = role.ok_or_else(|| Unusable("the principal must be in a role".to_owned()))?;
            return Ok(Whom::Roles([role].into()));
        }
        _ => return Err(Unusable("the principal must be left open or be in a role".to_owned())),
    }
    let in_roles = |part: &Condition| match part {
        Condition::Meet(Texts::These(roles), Texts::Principal(OfPrincipal::Roles)) => Some(roles.clone()),
        _ => None,
    };
    // A condition of several parts is one `&&`.
    if let [Condition::All(parts)] = when.as_slice() {
        *when = parts.clone();
    }
    match when.iter().position(|part| in_roles(part).is_some()) {
        Some(at) => Ok(in_roles(&when.remove(at)).map_or(Whom::Everybody, Whom::Roles)),
        None => Ok(Whom::Everybody),
    }
}

fn actions(json: &Json) -> Result<BTreeSet<Action>, Unusable> {
    let one = json.get("entity").into_iter();
    let many = json.get("entities").and_then(Json::as_array).into_iter().flatten();
    let mut actions = BTreeSet::new();
    for item in one.chain(many) {
        let name = entity(item).map(|(_kind, id)| id);
        let action = name.as_deref().and_then(Action::from_name);
        actions.insert(action.ok_or_else(|| Unusable(format!("{item} is not an action")))?);
    }
    if actions.is_empty() {
        return Err(Unusable("the action must be named".to_owned()));
    }
    Ok(actions)
}
