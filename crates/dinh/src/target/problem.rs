//! What a server says is wrong (RFC 9457): the kind in both languages, the particulars in its own words.

use dinh_ngsild::problem::ProblemKind;
use serde_json::Value as Json;

/// Kinds of refusals of one entity, as people call them.
const KINDS: [(ProblemKind, &str); 7] = [
    (ProblemKind::AlreadyExists, "thực thể đã có"),
    (ProblemKind::BadRequestData, "dữ liệu không hợp lệ"),
    (ProblemKind::Conflict, "thực thể vừa có người khác sửa"),
    (ProblemKind::InvalidRequest, "yêu cầu không hợp lệ"),
    (ProblemKind::LdContextNotAvailable, "không lấy được @context"),
    (ProblemKind::OperationNotSupported, "không làm được thao tác này"),
    (ProblemKind::ResourceNotFound, "không có thực thể này"),
];

/// The detail of a problem, or else its title.
pub(super) fn detail(problem: &Json) -> Option<&str> {
    ["detail", "title"].into_iter().find_map(|member| problem.get(member)?.as_str())
}

/// Why an entity was refused: what kind of reason it is in Vietnamese, then the detail as the server gives it.
pub(super) fn reason(problem: &Json) -> Option<String> {
    let detail = detail(problem)?;
    let kind = problem.get("type").and_then(Json::as_str);
    let known = KINDS.iter().find(|(known, _)| Some(known.uri()) == kind);
    Some(known.map_or_else(|| detail.to_owned(), |(_, vi)| format!("{vi} · {detail}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_kind_of_a_refusal_is_told_in_vietnamese() {
        let uri = ProblemKind::AlreadyExists.uri();
        let problem = json!({"type": uri, "title": "No.", "detail": "the entity exists already"});
        assert_eq!(reason(&problem).as_deref(), Some("thực thể đã có · the entity exists already"));
        assert_eq!(reason(&json!({"type": "about:blank", "title": "No."})).as_deref(), Some("No."));
        assert_eq!(reason(&json!(7)), None);
    }
}
