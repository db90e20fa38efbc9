//! Answers to writes (CIM 009 clauses 5.2.16 – 5.2.19 and 6.3.6): without a body where all went well.

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use dinh_context::graph::Done;
use dinh_model::Term;
use dinh_ngsild::problem::Problem;
use http::header::{CONTENT_TYPE, ETAG, HeaderName, LOCATION};
use http::{HeaderValue, StatusCode};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value as Json, json};

use crate::api::request::tag;

/// Tells that an idempotency key was known and the answer is that of the first time.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What must not stand in one segment of a path.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'/')
    .add(b'%');

/// 204: all is as asked for.
pub(crate) fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// 201 with the place of what was created.
pub(crate) fn created(collection: &str, id: &str) -> Response {
    let mut response = StatusCode::CREATED.into_response();
    put(&mut response, LOCATION, &place(collection, id));
    response
}

/// The path of one item of a collection.
pub(crate) fn place(collection: &str, id: &str) -> String {
    format!("{collection}/{}", utf8_percent_encode(id, SEGMENT))
}

/// The same answer with the version that the entity now has.
pub(crate) fn with_version(mut response: Response, version: u64) -> Response {
    put(&mut response, ETAG, &tag(version));
    response
}

/// The same answer, marked if it is that of an earlier request with the same key.
pub(crate) fn with_replay(mut response: Response, replayed: bool) -> Response {
    if replayed {
        put(&mut response, REPLAYED, "true");
    }
    response
}

/// 204 if every attribute is as asked for, 207 with an update result if some are not.
pub(crate) fn updated(done: &Done) -> Response {
    if done.not_updated.is_empty() {
        return no_content();
    }
    // Partial successes tell full names: there is no context in which they could be short.
    let updated: Vec<&str> = done.updated.iter().map(Term::as_str).collect();
    let not_updated: Vec<Json> = done
        .not_updated
        .iter()
        .map(|attribute| json!({ "attributeName": attribute.name.as_str(), "reason": attribute.reason }))
        .collect();
    json_body(StatusCode::MULTI_STATUS, &json!({ "updated": updated, "notUpdated": not_updated }))
}

/// What became of one item of a batch.
pub(crate) struct Outcome {
    /// Its identifier, as far as it says one.
    pub(crate) id: Option<String>,
    /// Whether it is new, or why it was not done.
    pub(crate) result: Result<bool, Problem>,
}

/// The answer to a batch that creates: 201 with the identifiers of what is new, 204 if nothing is, 207 if something
/// was not done.
pub(crate) fn batch(outcomes: &[Outcome]) -> Response {
    if outcomes.iter().any(|outcome| outcome.result.is_err()) {
        return multi_status(outcomes);
    }
    let mut created: Vec<&str> = Vec::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.result == Ok(true)) {
        created.extend(outcome.id.as_deref());
    }
    if created.is_empty() { no_content() } else { json_body(StatusCode::CREATED, &json!(created)) }
}

fn multi_status(outcomes: &[Outcome]) -> Response {
    let (mut success, mut errors): (Vec<&str>, Vec<Json>) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match (&outcome.result, &outcome.id) {
            (Ok(_), Some(id)) if success.contains(&id.as_str()) => {}
            (Ok(_), id) => success.extend(id.as_deref()),
            (Err(problem), Some(id)) => errors.push(json!({ "entityId": id, "error": problem })),
            (Err(problem), None) => errors.push(json!({ "error": problem })),
        }
    }
    json_body(StatusCode::MULTI_STATUS, &json!({ "success": success, "errors": errors }))
}

/// A body in plain JSON.
pub(crate) fn json_body(status: StatusCode, body: &Json) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Sets a header whose value is known to be one, or leaves it out.
pub(crate) fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_paths_that_lead_back() {
        assert_eq!(place("/e", "urn:ngsi-ld:Place:dai-noi"), "/e/urn:ngsi-ld:Place:dai-noi");
        assert_eq!(place("/e", "https://a.vn/x?y#z"), "/e/https:%2F%2Fa.vn%2Fx%3Fy%23z");
        assert_eq!(place("/e", "urn:Xã"), "/e/urn:X%C3%A3");
    }

    #[test]
    fn a_batch_answers_by_what_became_of_its_items() {
        let outcome = |id: &str, result| Outcome { id: Some(id.to_owned()), result };
        assert_eq!(batch(&[outcome("a", Ok(false))]).status(), 204);
        assert_eq!(batch(&[outcome("a", Ok(false)), outcome("b", Ok(true))]).status(), 201);
        let failed = outcome("c", Err(Problem::not_found("c")));
        assert_eq!(batch(&[outcome("a", Ok(true)), failed]).status(), 207);
    }
}
