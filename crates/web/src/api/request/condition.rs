//! Conditions on the version of an entity, and keys against doing a thing twice: our additions to CIM 009.
//!
//! A retrieved entity carries its version as `ETag`. `If-Match` with that tag makes a write fail with 412 if somebody
//! changed the entity in between; `If-None-Match` makes a read answer 304 if nobody did. A write with an
//! `Idempotency-Key` is done once, however often it is sent within a day.

use dinh_ngsild::problem::Problem;
use http::HeaderMap;
use http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};

/// The header that carries an idempotency key.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key, in bytes.
const MAX_KEY: usize = 255;

/// The tag of a version.
pub(crate) fn tag(version: u64) -> String {
    format!("\"{version}\"")
}

/// The version that the entity must have, if the request names one. `*` asks for any.
pub(crate) fn expected_version(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    version(text).map(Some).ok_or_else(|| {
        let detail =
            format!("The If-Match header is {text:?}; it must be one ETag of this entity, such as \"12\".");
        Problem::invalid(detail)
    })
}

/// True if the client holds this version already.
pub(crate) fn is_known(headers: &HeaderMap, held: u64) -> bool {
    let text = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.trim() == "*" || text.split(',').any(|tag| version(tag.trim()) == Some(held))
}

fn version(tag: &str) -> Option<u64> {
    tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// The idempotency key, if there is one.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=MAX_KEY).contains(&key.trim().len()) => Ok(Some(key.trim().to_owned())),
        _ => Err(Problem::invalid(format!(
            "The Idempotency-Key header must hold 1 to {MAX_KEY} ASCII characters."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn tags_name_versions() {
        assert_eq!(expected_version(&HeaderMap::new()).unwrap(), None);
        assert_eq!(expected_version(&with(IF_MATCH, &tag(12))).unwrap(), Some(12));
        assert_eq!(expected_version(&with(IF_MATCH, "W/\"3\"")).unwrap(), Some(3));
        assert_eq!(expected_version(&with(IF_MATCH, "*")).unwrap(), None);
        for bad in ["12", "\"a\"", "\"1\", \"2\"", ""] {
            assert!(expected_version(&with(IF_MATCH, bad)).is_err(), "{bad}");
        }
        assert!(is_known(&with(IF_NONE_MATCH, "\"11\", \"12\""), 12));
        assert!(!is_known(&with(IF_NONE_MATCH, "\"11\""), 12));
        assert!(!is_known(&HeaderMap::new(), 12));
    }

    #[test]
    fn keys_are_bounded() {
        assert_eq!(idempotency_key(&HeaderMap::new()).unwrap(), None);
        assert_eq!(idempotency_key(&with(IDEMPOTENCY_KEY, " a-1 ")).unwrap().as_deref(), Some("a-1"));
        for bad in ["", " ", &"k".repeat(256)] {
            assert!(idempotency_key(&with(IDEMPOTENCY_KEY, bad)).is_err(), "{bad}");
        }
    }
}
