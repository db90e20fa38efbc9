//! What the answer to a batch says of each of its entities.

use std::collections::HashMap;

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{Entity, Written};
use crate::target::{Answer, problem};

/// What an answer means for the batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Known for each entity, in order: done, or why not.
    Each(Vec<Written>),
    /// The batch as a whole cannot be read; one of its entities is at fault.
    Unreadable(String),
    /// Try again later.
    Later(String),
    /// It makes no sense to go on.
    Stop(String),
}

#[derive(Deserialize)]
struct Several {
    #[serde(default)]
    errors: Vec<OneError>,
}

#[derive(Deserialize)]
struct OneError {
    #[serde(rename = "entityId", default)]
    id: String,
    #[serde(default)]
    error: Json,
}

/// Reads an answer.
pub(super) fn verdict(answer: &Answer, entities: &[&Entity]) -> Verdict {
    match answer.status {
        StatusCode::MULTI_STATUS => match serde_json::from_slice::<Several>(&answer.body) {
            Ok(several) => Verdict::Each(matched(several.errors, entities)),
            Err(error) => Verdict::Stop(error.to_string()),
        },
        status if status.is_success() => Verdict::Each(entities.iter().map(|_| Ok(())).collect()),
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE => Verdict::Unreadable(answer.complaint()),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Verdict::Later(answer.complaint()),
        status if status.is_server_error() => Verdict::Later(answer.complaint()),
        _ => Verdict::Stop(answer.complaint()),
    }
}

/// Pairs the errors with the entities that they are about. An identifier that occurs several times in one batch takes
/// its errors in order.
fn matched(errors: Vec<OneError>, entities: &[&Entity]) -> Vec<Written> {
    let mut reasons: HashMap<String, Vec<String>> = HashMap::new();
    for error in errors {
        let reason = problem::reason(&error.error)
            .unwrap_or_else(|| "máy chủ không nói lý do · the server does not say why".to_owned());
        reasons.entry(error.id).or_default().insert(0, reason);
    }
    let of = |entity: &&Entity| match reasons.get_mut(entity.id.as_str()).and_then(Vec::pop) {
        Some(reason) => Err(reason),
        None => Ok(()),
    };
    entities.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;
    use serde_json::json;
    use serde_json::value::to_raw_value;

    use super::*;
    use crate::target::batch::Manner;

    fn entity(id: &str) -> Entity {
        let json = to_raw_value(&json!({"id": id})).expect("JSON");
        Entity { id: id.to_owned(), json, manner: Manner::default() }
    }

    fn answer(status: u16, body: &Json) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer { status, headers: HeaderMap::new(), body: Bytes::from(body.to_string()) }
    }

    #[test]
    fn errors_find_their_entities() {
        let (a, b) = (entity("urn:x:1"), entity("urn:x:2"));
        let body =
            json!({"success": ["urn:x:1"], "errors": [{"entityId": "urn:x:2", "error": {"detail": "No."}}]});
        assert_eq!(
            verdict(&answer(207, &body), &[&a, &b]),
            Verdict::Each(vec![Ok(()), Err("No.".to_owned())])
        );
        assert_eq!(verdict(&answer(204, &json!(null)), &[&a]), Verdict::Each(vec![Ok(())]));
    }

    #[test]
    fn other_answers_say_what_to_do() {
        let a = entity("urn:x:1");
        let body = json!({"detail": "Why."});
        let why = || "Why.".to_owned();
        for (status, expected) in [
            (400, Verdict::Unreadable(why())),
            (413, Verdict::Unreadable(why())),
            (401, Verdict::Stop(why())),
            (422, Verdict::Stop(why())),
            (503, Verdict::Later(why())),
            (507, Verdict::Later(why())),
        ] {
            assert_eq!(verdict(&answer(status, &body), &[&a]), expected);
        }
    }
}
