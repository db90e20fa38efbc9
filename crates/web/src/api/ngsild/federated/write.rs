//! Writes to one entity that others keep, or keep too.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};
use dinh_federation::{Answer, Asker, Deed, Failure, Fate, Plan};
use dinh_model::{EntityId, Term};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::registration::Operation;
use http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::api::reply::{self, Refusal};
use crate::api::request::Visit;

/// Members of an entity that are no attributes.
const NOT_ATTRIBUTES: [&str; 7] = ["id", "@id", "type", "@type", "scope", "@context", "expiresAt"];

/// A write to one entity.
pub(in crate::api::ngsild) struct Doing<'a> {
    pub(in crate::api::ngsild) operation: Operation,
    pub(in crate::api::ngsild) method: Method,
    pub(in crate::api::ngsild) id: &'a EntityId,
    /// The path below that of the entity.
    pub(in crate::api::ngsild) suffix: &'static str,
    /// The attribute that the path names.
    pub(in crate::api::ngsild) attribute: Option<Term>,
    /// Parameters that are passed on.
    pub(in crate::api::ngsild) query: Vec<(&'static str, String)>,
    /// The words of the request.
    pub(in crate::api::ngsild) context: Arc<LdContext>,
    /// What is written.
    pub(in crate::api::ngsild) body: Option<Json>,
    /// It is for this server alone.
    pub(in crate::api::ngsild) local: bool,
}

/// What became of a part of a write.
struct Portion {
    /// The source; none for this server.
    registration: Option<String>,
    attributes: Vec<String>,
    result: Result<(), Problem>,
    status: u16,
}

/// Does what is to be done here by `here`, which is given what is left of the body, and tells others their part.
pub(in crate::api::ngsild) async fn done<F, Fut>(
    visit: &Visit,
    mut doing: Doing<'_>,
    here: F,
) -> Result<Response, Refusal>
where
    F: FnOnce(Option<Json>) -> Fut,
    Fut: Future<Output = Result<Response, Refusal>>,
{
    if doing.local || Asker::is_alone(&visit.session) {
        return here(doing.body).await;
    }
    let asker = Asker::new(visit.session.clone(), visit.headers.clone(), Arc::clone(&doing.context));
    let body = doing.body.take();
    // What is written to one attribute says of which kind the attribute is, not the entity.
    let whole = body.as_ref().filter(|_| doing.attribute.is_none());
    let types = types(whole, &doing.context);
    let deed = Deed {
        operation: doing.operation,
        id: doing.id,
        types: types.as_deref(),
        attributes: attributes(&doing, body.as_ref()),
        method: doing.method.clone(),
        suffix: doing.suffix,
        query: doing.query.clone(),
        body: body.as_ref(),
    };
    let plan = asker.plan(&deed);
    if plan.is_local() {
        return here(body).await;
    }
    if plan.goes_round {
        return Err(Refusal::http(StatusCode::LOOP_DETECTED, "The request came by this server already."));
    }
    visit.session.may_write_elsewhere(doing.id, deed.types).await?;
    let fates = asker.tell(&deed, &plan).await?;
    let attributes = deed.attributes.clone();
    let mut portions: Vec<Portion> =
        fates.iter().zip(&plan.told).map(|(fate, (_, mine))| told(fate, mine)).collect();
    portions.extend(plan.refused.iter().map(|source| refused(source, &deed)));
    let mut response = None;
    let proxied = plan.told.iter().all(|(source, _)| source.registered.registration.mode.is_proxied());
    if !plan.nothing_here {
        let left = rest(body.clone(), &plan, &doing.context);
        let kept: BTreeSet<Term> = attributes.difference(&plan.elsewhere).cloned().collect();
        match here(left).await {
            Ok(answer) => {
                portions.push(Portion::here(&kept, Ok(()), answer.status().as_u16()));
                response = Some(answer);
            }
            // What is kept elsewhere alone need not be here; among equals it is missed (clause 6.3.17).
            Err(refusal) if refusal.status() == StatusCode::NOT_FOUND && proxied => {}
            Err(refusal) if portions.is_empty() => return Err(refusal),
            Err(refusal) => {
                let status = refusal.status().as_u16();
                portions.push(Portion::here(&kept, Err(refusal.problem()), status));
            }
        }
    }
    Ok(answered(&doing, &plan, portions, response))
}

/// The types that a body names.
fn types(body: Option<&Json>, context: &LdContext) -> Option<Vec<Term>> {
    let member = body?.get("type").or_else(|| body?.get("@type"))?;
    let names: Vec<&str> = match member {
        Json::String(one) => vec![one.as_str()],
        Json::Array(all) => all.iter().filter_map(Json::as_str).collect(),
        _ => return None,
    };
    Some(names.into_iter().map(|name| context.expand(name)).collect())
}

/// The attributes that are written.
fn attributes(doing: &Doing<'_>, body: Option<&Json>) -> BTreeSet<Term> {
    if let Some(attribute) = &doing.attribute {
        return BTreeSet::from([attribute.clone()]);
    }
    let members = body.and_then(Json::as_object).into_iter().flatten();
    let names = members.map(|(name, _)| name).filter(|name| !NOT_ATTRIBUTES.contains(&name.as_str()));
    names.map(|name| doing.context.expand(name)).collect()
}

/// What of a body is written here.
fn rest(body: Option<Json>, plan: &Plan, context: &LdContext) -> Option<Json> {
    let mut body = body?;
    if let Some(members) = body.as_object_mut() {
        members.retain(|name, _| {
            NOT_ATTRIBUTES.contains(&name.as_str()) || !plan.elsewhere.contains(&context.expand(name))
        });
    }
    Some(body)
}

impl Portion {
    fn here(attributes: &BTreeSet<Term>, result: Result<(), Problem>, status: u16) -> Self {
        let attributes = attributes.iter().map(ToString::to_string).collect();
        Self { registration: None, attributes, result, status }
    }
}

fn told(fate: &Fate, mine: &BTreeSet<Term>) -> Portion {
    let registration = fate.source.registered.registration.id.to_string();
    let status = match &fate.result {
        Ok(answer) => answer.status,
        Err(failure) => status(failure),
    };
    let result = match &fate.result {
        Ok(answer) if answer.status == 207 => Err(partly(answer, &registration)),
        Ok(_) => Ok(()),
        Err(failure) => Err(problem(failure, &registration)),
    };
    let attributes = mine.iter().map(ToString::to_string).collect();
    Portion { registration: Some(registration), attributes, result, status }
}

/// The source did a part of it.
fn partly(answer: &Answer, registration: &str) -> Problem {
    let said = answer.body.as_ref().map(ToString::to_string).unwrap_or_default();
    Problem::bad_data(format!("The source of {registration} did a part of it: {said}"))
}

/// A source keeps what is written and takes no such operation (clause 5.6.1.4).
fn refused(source: &dinh_context::registrations::Match, deed: &Deed<'_>) -> Portion {
    let registration = source.registered.registration.id.to_string();
    let detail = format!(
        "{registration} keeps this, and its source does not take the operation {}.",
        deed.operation.as_str()
    );
    Portion {
        registration: Some(registration),
        attributes: deed.attributes.iter().map(ToString::to_string).collect(),
        result: Err(Problem::new(ProblemKind::Conflict, detail)),
        status: 409,
    }
}

/// The status of a failure at the one source of something (clause 6.3.17).
pub(super) fn status(failure: &Failure) -> u16 {
    match failure {
        Failure::Loop | Failure::Refused { status: 508, .. } => 508,
        Failure::Late | Failure::Rests => 504,
        Failure::Refused { status: 404, .. } => 404,
        Failure::Refused { status: 409, .. } => 409,
        _ => 502,
    }
}

pub(super) fn problem(failure: &Failure, registration: &str) -> Problem {
    let said = match failure {
        Failure::Refused { detail: Some(detail), .. } => format!(": {detail}"),
        _ => String::new(),
    };
    let kind = match failure {
        Failure::Refused { status: 404, .. } => ProblemKind::ResourceNotFound,
        Failure::Refused { status: 409, .. } => ProblemKind::AlreadyExists,
        Failure::Refused { status: 400, .. } => ProblemKind::BadRequestData,
        _ => ProblemKind::InternalError,
    };
    Problem::new(kind, format!("The source of {registration} did not do it: {failure}{said}"))
}

/// The answer to all of it: as if it had been done here where all went well, or all failed for one reason; otherwise what
/// became of each part.
fn answered(doing: &Doing<'_>, plan: &Plan, portions: Vec<Portion>, response: Option<Response>) -> Response {
    let failed = portions.iter().filter(|portion| portion.result.is_err()).count();
    if failed == 0 {
        return response.filter(|answer| answer.status().is_success()).unwrap_or_else(|| {
            if portions.is_empty() {
                Refusal::from(Problem::not_found(doing.id.as_str())).into_response()
            } else if doing.operation == Operation::CreateEntity {
                reply::created(crate::api::ngsild::write::ENTITIES, doing.id.as_str())
            } else {
                reply::no_content()
            }
        });
    }
    if failed == portions.len() && (failed == 1 || plan.told.is_empty()) {
        let (problem, status) = portions
            .into_iter()
            .find_map(|portion| portion.result.err().map(|problem| (problem, portion.status)))
            .unwrap_or_else(|| (Problem::not_found(doing.id.as_str()), 404));
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        let mut body = problem.to_json();
        if let Some(members) = body.as_object_mut() {
            members.insert("status".to_owned(), status.as_u16().into());
        }
        return reply::json_body(status, &body);
    }
    reply::json_body(StatusCode::MULTI_STATUS, &in_parts(doing, &portions))
}

/// Clauses 5.2.16 and 5.2.18: what was done, and what was not.
fn in_parts(doing: &Doing<'_>, portions: &[Portion]) -> Json {
    let of_attributes = !doing.suffix.is_empty();
    if of_attributes {
        let mut updated: Vec<&str> = Vec::new();
        let mut not_updated: Vec<Json> = Vec::new();
        for portion in portions {
            match &portion.result {
                Ok(()) => updated.extend(portion.attributes.iter().map(String::as_str)),
                Err(problem) => not_updated.extend(portion.attributes.iter().map(|name| {
                    json!({"attributeName": name, "reason": problem.detail, "registrationId": portion.registration})
                })),
            }
        }
        return json!({"updated": updated, "notUpdated": not_updated});
    }
    let success: Vec<&str> = if portions.iter().any(|portion| portion.result.is_ok()) {
        vec![doing.id.as_str()]
    } else {
        Vec::new()
    };
    let errors = portions.iter().filter_map(|portion| {
        let problem = portion.result.as_ref().err()?;
        Some(json!({"entityId": doing.id.as_str(), "registrationId": portion.registration, "error": problem}))
    });
    json!({"success": success, "errors": errors.collect::<Vec<_>>()})
}
