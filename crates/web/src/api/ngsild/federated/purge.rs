//! A purge that others take part in (clause 5.6.21.4).

use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};
use dinh_federation::{Asker, Purging};
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::registration::Operation;
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::Beyond;
use super::write::{problem, status};
use crate::api::ngsild::form::Form;
use crate::api::reply::{self, Outcome, Refusal};
use crate::api::request::Visit;

/// What others did not purge: each registration with its problem, and the status that it would have alone.
#[derive(Debug, Default)]
pub(in crate::api::ngsild) struct Elsewhere {
    /// How many were told, or should have been.
    concerned: usize,
    failed: Vec<(String, Problem, u16)>,
}

/// Tells others, if any of them is concerned.
pub(in crate::api::ngsild) async fn purged(
    visit: &Visit,
    query: &EntityQuery,
    form: &Form,
    beyond: &Beyond,
    purging: &Purging,
) -> Result<Elsewhere, Refusal> {
    if beyond.local || Asker::is_alone(&visit.session) {
        return Ok(Elsewhere::default());
    }
    let asker = Asker::new(visit.session.clone(), visit.headers.clone(), Arc::clone(&form.context));
    let plan = asker.purge_plan(query, beyond.csf.as_ref());
    if !plan.told.is_empty() {
        visit.session.may_write_all(&plan.types())?;
    }
    let fates = asker.purge(&plan, query, &beyond.texts, purging).await?;
    let mut elsewhere = Elsewhere { concerned: fates.len() + plan.refused.len(), failed: Vec::new() };
    for fate in fates {
        let id = fate.source.registered.registration.id.to_string();
        match fate.result {
            Ok(answer) if answer.status == 207 => {
                let said = answer.body.unwrap_or_default();
                let detail = format!("The source of {id} did a part of it: {said}");
                elsewhere.failed.push((id, Problem::bad_data(detail), 400));
            }
            Ok(_) => {}
            Err(failure) => elsewhere.failed.push((id.clone(), problem(&failure, &id), status(&failure))),
        }
    }
    for source in plan.refused {
        let id = source.registered.registration.id.to_string();
        let operation = Operation::PurgeEntity.as_str();
        let detail =
            format!("{id} keeps such entities, and its source does not take the operation {operation}.");
        elsewhere.failed.push((id, Problem::new(ProblemKind::Conflict, detail), 409));
    }
    Ok(elsewhere)
}

impl Elsewhere {
    /// The answer to all of it: what was done here, and what others did not do.
    pub(in crate::api::ngsild) fn with(self, here: &[Outcome]) -> Response {
        if self.failed.is_empty() {
            return reply::batch(here);
        }
        if here.is_empty()
            && self.concerned == 1
            && let Some((_, problem, status)) = self.failed.first()
        {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY);
            let mut body = problem.to_json();
            if let Some(members) = body.as_object_mut() {
                members.insert("status".to_owned(), status.as_u16().into());
            }
            return reply::json_body(status, &body).into_response();
        }
        let mut success: Vec<&str> =
            here.iter().filter(|one| one.result.is_ok()).filter_map(|one| one.id.as_deref()).collect();
        success.dedup();
        let own = here
            .iter()
            .filter_map(|one| Some(json!({"entityId": one.id, "error": one.result.as_ref().err()?})));
        let others =
            self.failed.iter().map(|(id, problem, _)| json!({"registrationId": id, "error": problem}));
        let errors: Vec<Json> = own.chain(others).collect();
        reply::json_body(StatusCode::MULTI_STATUS, &json!({"success": success, "errors": errors}))
    }
}
