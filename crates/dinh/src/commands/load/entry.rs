//! One record of a file, ready to be sent or known to be no entity.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::said::{Words, both};
use crate::target::batch::{Entity, Manner};

/// Largest record, in bytes.
pub(super) const MAX_RECORD: usize = 8 << 20;

/// One record.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it is: line, row or item, counted from 1.
    pub(super) place: u64,
    /// What it is.
    pub(super) content: Content,
}

/// What a record is.
#[derive(Debug)]
pub(super) enum Content {
    /// An entity in NGSI-LD.
    Entity(Entity),
    /// No entity, and why.
    Refused {
        /// Why, as a sentence in both languages.
        reason: String,
        /// What stands there, as JSON.
        record: Box<RawValue>,
    },
}

#[derive(Deserialize)]
struct Head {
    id: Option<serde_json::Value>,
    #[serde(rename = "@id")]
    at_id: Option<serde_json::Value>,
    #[serde(rename = "@context")]
    context: Option<IgnoredAny>,
}

impl Entry {
    /// A record that should be one entity in JSON.
    pub(super) fn of_json(place: u64, json: Box<RawValue>) -> Self {
        if json.get().len() > MAX_RECORD {
            let length = json.get().len();
            let reason = Words::new(
                format!("bản ghi dài {length} byte; nhiều nhất là {MAX_RECORD}"),
                format!("the record is {length} bytes long; the most is {MAX_RECORD}"),
            );
            return Self::refused(place, both(&reason), &json.get().chars().take(1000).collect::<String>());
        }
        let head = match serde_json::from_str::<Head>(json.get()) {
            Ok(head) => head,
            Err(_) if !json.get().starts_with('{') => {
                return Self {
                    place,
                    content: Content::Refused {
                        reason: "bản ghi không phải là đối tượng JSON · the record is not a JSON object"
                            .to_owned(),
                        record: json,
                    },
                };
            }
            Err(error) => {
                return Self { place, content: Content::Refused { reason: error.to_string(), record: json } };
            }
        };
        let manner = Manner { is_ld: head.context.is_some(), update_only: false };
        let content = match head.id.or(head.at_id) {
            Some(serde_json::Value::String(id)) => Content::Entity(Entity { id, json, manner }),
            Some(_) => Content::Refused {
                reason: "\"id\" không phải là văn bản · the \"id\" is not a text".to_owned(),
                record: json,
            },
            None => Content::Refused {
                reason: "bản ghi không có \"id\" · the record has no \"id\"".to_owned(),
                record: json,
            },
        };
        Self { place, content }
    }

    /// A record that cannot be read, with its text as it stands in the file.
    pub(super) fn refused(place: u64, reason: impl Into<String>, text: &str) -> Self {
        let record = serde_json::value::to_raw_value(text).unwrap_or_else(|_| null());
        Self { place, content: Content::Refused { reason: reason.into(), record } }
    }

    /// Its size in a batch, in bytes.
    pub(super) fn size(&self) -> usize {
        match &self.content {
            Content::Entity(entity) => entity.json.get().len() + 1,
            Content::Refused { record, .. } => record.get().len(),
        }
    }
}

fn null() -> Box<RawValue> {
    RawValue::NULL.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Content {
        Entry::of_json(1, RawValue::from_string(text.to_owned()).expect("JSON")).content
    }

    #[test]
    fn an_entity_is_known_by_its_identifier() {
        for (text, id, is_ld) in [
            (r#"{"id": "urn:x:1", "type": "T"}"#, "urn:x:1", false),
            (r#"{"@id": "urn:x:2", "@context": ["https://c.example"]}"#, "urn:x:2", true),
        ] {
            let Content::Entity(entity) = read(text) else { panic!("{text} is an entity") };
            assert_eq!((entity.id.as_str(), entity.manner.is_ld), (id, is_ld));
        }
    }

    #[test]
    fn what_is_no_entity_says_why() {
        for (text, why) in
            [("[1]", "object"), ("{}", "no \"id\""), (r#"{"id": 7}"#, "not a text"), ("null", "object")]
        {
            let Content::Refused { reason, record } = read(text) else { panic!("{text} is none") };
            assert!(reason.contains(why), "{reason}");
            assert_eq!(record.get(), text);
        }
    }
}
