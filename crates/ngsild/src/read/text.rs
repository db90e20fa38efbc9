//! Texts with a form of their own: identifiers, instants, datasets.

use dinh_model::{EntityId, Iri, Timestamp};

use serde_json::Value as Json;

use super::{Nulls, ReadError};
use crate::mutation::Edit;
use crate::query::DatasetId;
use crate::vocabulary::{NONE, NULL};

/// Checks an entity identifier: a URI, not the null URI, without characters that cannot be seen.
pub fn entity_id(at: &str, text: &str) -> Result<EntityId, ReadError> {
    let iri = iri(at, text)?;
    if text == NULL { Err(ReadError::at(at, "urn:ngsi-ld:null is not an identifier")) } else { Ok(iri) }
}

/// Checks a URI.
pub(super) fn iri(at: &str, text: &str) -> Result<Iri, ReadError> {
    let iri = Iri::parse(text).map_err(|reason| ReadError::at(at, reason.to_string()))?;
    match text.chars().find(|c| is_unseen(*c)) {
        Some(c) => Err(ReadError::at(
            at,
            format!("the URI contains the character U+{:04X}, which cannot be seen", u32::from(c)),
        )),
        None => Ok(iri),
    }
}

/// Characters that RFC 3987 keeps out of IRIs, or that nobody can see or type: two identifiers must not look alike.
fn is_unseen(c: char) -> bool {
    let code = u32::from(c);
    matches!(code,
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164 | 0xE000..=0xF8FF | 0xFDD0..=0xFDEF
        | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFF | 0xE0000..=0x0010_FFFF)
        || code & 0xFFFE == 0xFFFE
}

/// Reads an instant as clause 4.6.3 writes it: in UTC, ending with `Z`.
pub fn instant(at: &str, text: &str) -> Result<Timestamp, ReadError> {
    let utc = text.ends_with('Z').then(|| text.parse().ok()).flatten();
    utc.ok_or_else(|| {
        let shown: String = text.chars().take(60).collect();
        ReadError::at(at, format!("{shown:?} is not a date and time in UTC, as in 2026-11-20T14:05:00Z"))
    })
}

/// Reads when something vanishes by itself (clause 4.22): an instant, or nothing where that may stand.
pub(super) fn expiry(at: &str, json: &Json, nulls: Nulls) -> Result<Edit<Timestamp>, ReadError> {
    let text = json.as_str().ok_or_else(|| ReadError::at(at, "it must be a date and time"))?;
    if text == NULL && nulls != Nulls::Refused {
        return Ok(Edit::Remove);
    }
    instant(at, text).map(Edit::Set)
}

/// Reads a `datasetId`: a URI, or `@none` for the default instance.
pub(super) fn dataset_id(at: &str, text: &str) -> Result<DatasetId, ReadError> {
    match text {
        NONE => Ok(None),
        NULL => Err(ReadError::at(at, "a datasetId cannot be deleted")),
        text => iri(at, text).map(Some),
    }
}

/// Reads the parameter `datasetId`: URIs and `@none`, separated by commas.
pub fn dataset_ids(text: &str) -> Result<Vec<DatasetId>, ReadError> {
    text.split(',').map(|one| dataset_id("datasetId", one.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_can_be_seen() {
        assert!(entity_id("id", "urn:ngsi-ld:Xã:Đông-Hà").is_ok());
        for code in [
            0x202E, 0x200B, 0xFEFF, 0x2028, 0xA0, 0x3C, 0xFE0F, 0xE0100, 0xFDD0, 0xFFFE, 0x115F, 0x3164,
            0xFFA0, 0x2800,
        ] {
            let bad = char::from_u32(code).unwrap();
            assert!(entity_id("id", &format!("urn:ngsi-ld:Vehicle:A{bad}B")).is_err(), "U+{code:04X}");
        }
        assert!(entity_id("id", "urn:ngsi-ld:null").is_err());
    }

    #[test]
    fn instants_are_in_utc() {
        assert!(instant("observedAt", "2026-11-20T14:05:00.123456Z").is_ok());
        assert!(instant("observedAt", "2026-11-20T14:05:00,5Z").is_ok());
        for bad in ["2026-11-20T14:05:00+07:00", "2026-11-20", "now", ""] {
            assert!(instant("observedAt", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn datasets_are_uris_or_the_default() {
        assert_eq!(dataset_ids("@none,urn:a:b").unwrap().len(), 2);
        assert!(dataset_ids("a b").is_err());
    }
}
