//! A trial under way.

use std::collections::BTreeMap;

use axum::response::{IntoResponse as _, Response};
use dinh_cases::{Action, Answer, Kind};
use dinh_casework::{OPINE, TrialStep, WAIT};
use http::StatusCode;
use jiff::civil::DateTime;

use super::{Carried, MOST_STEPS, OWN, official, view};
use crate::pages::cases::{asks, said};
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Takes the step that was posted, if one was, and shows where the case stands then. A step that is refused is told of
/// and not carried on.
pub(super) async fn go_on(
    visitor: &Visitor,
    kind: &Kind,
    mut carried: Carried,
    pairs: &[(String, String)],
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let own = |name: &str| asks::value(pairs, &format!("{OWN}{name}"));
    let mut refused = None;
    match own("do") {
        Some("back") => drop(carried.steps.pop()),
        Some(_) if carried.steps.len() >= MOST_STEPS => {
            let most = f64::from(u32::try_from(MOST_STEPS).unwrap_or(u32::MAX));
            refused = Some(lang.say_with("kinds-trial-full", &args([("most", most)])));
        }
        Some(wanted) => {
            let at = own("at").and_then(|text| text.parse::<DateTime>().ok()).map(official);
            let last = carried.steps.last().map_or(carried.start.at, |step| step.at);
            let (action, role) = wanted.split_once('@').unwrap_or((wanted, ""));
            carried.steps.push(TrialStep {
                action: action.to_owned(),
                role: role.to_owned(),
                at: at.unwrap_or(last),
                asked: asked(kind, action, pairs),
            });
        }
        None => {}
    }
    let opened = visitor.app.casework.try_out(kind, &carried.start, &carried.steps);
    let trial = match opened {
        Ok(trial) => trial,
        Err(refused) => {
            let words = said::words(&refused.into(), Some(kind), lang);
            return Err(Fault::bad_request(visitor.taste, words));
        }
    };
    if let Some((number, why)) = &trial.refused {
        carried.steps.truncate(number - 1);
        refused = Some(said::words(&why.clone().into(), Some(kind), lang));
    }
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let outcome = refused.map(|text| Outcome { tone: "danger", text });
    let page = view::under_way(visitor, &trial, &carried, outcome).await?;
    let mut response = page.into_response();
    *response.status_mut() = status;
    Ok(response)
}

fn asked(kind: &Kind, action: &str, pairs: &[(String, String)]) -> BTreeMap<String, Answer> {
    if action == OPINE {
        let said = |name: &str| asks::value(pairs, name).map(|text| Answer::Text(text.to_owned()));
        let fields = [("reason", said("opinion")), ("agrees", said("agrees"))];
        return fields.into_iter().filter_map(|(name, said)| Some((name.to_owned(), said?))).collect();
    }
    if action == WAIT {
        return BTreeMap::new();
    }
    let action: Option<&Action> = kind.action(action);
    action.map(|action| asks::read(pairs, action)).unwrap_or_default()
}
