//! What an action asks, as fields of a form, and what the form says.

use std::collections::BTreeMap;

use dinh_cases::{Action, Answer, AskKind, Kind};
use dinh_model::EntityId;
use dinh_ngsild::query::EntityQuery;
use serde::Serialize;

use super::parts::say;
use crate::pages::entity::entity_name;
use crate::pages::visitor::Visitor;
use crate::words::Lang;

/// Beginning of the names of fields: `ask.reason`.
const PREFIX: &str = "ask.";
/// Most units and colleagues offered.
const MOST: usize = 500;

/// Something to choose from.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Choice {
    value: String,
    title: String,
}

/// A field.
#[derive(Debug, Serialize)]
pub(super) struct Field {
    name: String,
    title: String,
    /// `text`, `choice`, `date`, `count` or `many`.
    kind: &'static str,
    required: bool,
    least: usize,
    choices: Vec<Choice>,
}

/// An action that may be taken, as a form.
#[derive(Debug, Serialize)]
pub(super) struct Form {
    code: String,
    title: String,
    fields: Vec<Field>,
    /// Leads to an end that nobody wants, so that its button is no invitation.
    grave: bool,
}

/// The actions as forms, those that go on with the case first.
pub(super) async fn forms(
    visitor: &Visitor,
    kind: &Kind,
    actions: &[Action],
    handling: &EntityId,
) -> Vec<Form> {
    let lang = visitor.lang();
    let mut forms = Vec::new();
    for action in actions {
        let mut fields = Vec::new();
        for ask in &action.asks {
            let (kind_of, choices) = match ask.kind {
                AskKind::Reason | AskKind::Note => ("text", Vec::new()),
                AskKind::Date => ("date", Vec::new()),
                AskKind::Count => ("count", Vec::new()),
                AskKind::Choice => ("choice", choices(&ask.choices, lang)),
                AskKind::Parts => ("many", parts(kind, lang)),
                AskKind::Unit => ("choice", units(visitor).await),
                AskKind::Official => ("choice", colleagues(visitor, handling).await),
            };
            if kind_of == "many" && choices.is_empty() {
                continue;
            }
            fields.push(Field {
                name: format!("{PREFIX}{}", ask.code),
                title: say(&ask.title, lang),
                kind: kind_of,
                required: ask.required,
                least: if ask.kind == AskKind::Reason { 5 } else { 1 },
                choices,
            });
        }
        forms.push(Form {
            code: action.code.clone(),
            title: say(&action.title, lang),
            fields,
            grave: grave(kind, action),
        });
    }
    forms
}

/// True for an action that ends a case otherwise than by granting it.
fn grave(kind: &Kind, action: &Action) -> bool {
    let to = action.to.as_deref().and_then(|to| kind.state(to));
    to.and_then(|state| state.ends).is_some_and(|outcome| outcome != dinh_cases::Outcome::Granted)
}

fn choices(of: &[(String, dinh_calendar::Named)], lang: Lang) -> Vec<Choice> {
    of.iter().map(|(value, title)| Choice { value: value.clone(), title: say(title, lang) }).collect()
}

fn parts(kind: &Kind, lang: Lang) -> Vec<Choice> {
    let choice = |part: &dinh_cases::Part| Choice { value: part.code.clone(), title: say(&part.title, lang) };
    kind.parts.iter().map(choice).collect()
}

/// The units of the province, by their names.
pub(super) async fn units(visitor: &Visitor) -> Vec<Choice> {
    let unit = dinh_ngsild::context::Context::core().expand("Unit");
    let query = EntityQuery { limit: MOST, ..EntityQuery::of_type(unit) };
    let Ok(page) = visitor.session.query(query).await else { return Vec::new() };
    let choice = |stored: &dinh_context::graph::Stored| Choice {
        value: stored.entity.id.to_string(),
        title: entity_name(visitor, &stored.entity),
    };
    let mut units: Vec<Choice> = page
        .entities
        .iter()
        .filter(|stored| visitor.app.casework.exists(&stored.entity))
        .map(choice)
        .collect();
    units.sort_by_key(|unit| dinh_model::fold::fold(&unit.title));
    units
}

/// Those who act for the unit that handles the case.
async fn colleagues(visitor: &Visitor, unit: &EntityId) -> Vec<Choice> {
    let found = visitor.app.identity.colleagues(&visitor.session, unit, MOST).await;
    let choice = |card: dinh_identity::Card| Choice { value: card.id.to_string(), title: card.name };
    found.unwrap_or_default().into_iter().map(choice).collect()
}

/// What a form says: one text, or several of the same name.
pub(super) fn read(pairs: &[(String, String)], action: &Action) -> BTreeMap<String, Answer> {
    let mut asked = BTreeMap::new();
    for ask in &action.asks {
        let name = format!("{PREFIX}{}", ask.code);
        let mut said = pairs.iter().filter(|(key, _)| *key == name).map(|(_, value)| value.clone());
        let answer = if ask.kind == AskKind::Parts {
            let codes: Vec<String> = said.collect();
            (!codes.is_empty()).then_some(Answer::Codes(codes))
        } else {
            said.next().map(Answer::Text)
        };
        asked.extend(answer.map(|answer| (ask.code.clone(), answer)));
    }
    asked
}

/// The first value of a name.
pub(super) fn value<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
