//! Editions: the same procedure before and after a change.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

/// Which reader has read a record. A higher number reads kept records better; they are then written anew in place.
pub const READER: u32 = 1;

/// What the collectors of records add, and what changes with each collection.
const NOT_CONTENT: [&str; 3] = ["detail_url", "channels_parsed", "result_codes"];

/// SHA-256 over the content of a record, in hexadecimal digits. The order of its members plays no part.
pub fn content_hash(record: &Json) -> String {
    let mut text = String::new();
    write(record, true, &mut text);
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        for half in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(half), 16));
        }
        text
    })
}

fn write(value: &Json, outermost: bool, into: &mut String) {
    match value {
        Json::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.retain(|name| !(outermost && NOT_CONTENT.contains(&name.as_str())));
            names.sort();
            into.push('{');
            for name in names {
                into.push_str(&Json::from(name.as_str()).to_string());
                into.push(':');
                write(members.get(name).unwrap_or(&Json::Null), false, into);
                into.push(',');
            }
            into.push('}');
        }
        Json::Array(items) => {
            into.push('[');
            for item in items {
                write(item, false, into);
                into.push(',');
            }
            into.push(']');
        }
        plain => into.push_str(&plain.to_string()),
    }
}

/// One edition of a procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Edition {
    /// Hash of the record's content.
    pub hash: String,
    /// Decision that published it.
    pub decision: String,
    /// Day on which the list was taken that brought it.
    pub taken_on: Date,
    /// Day from which it is in force, where the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// First day on which another edition stood in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_on: Option<Date>,
}

/// The present edition of a procedure as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Hash of the record's content.
    pub hash: String,
    /// By what it was read: reader and life events.
    pub reader: String,
    /// Day on which the list was taken that brought it.
    pub taken_on: Date,
}

/// What an import does with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// There was none with this code.
    New,
    /// Its content is another: a new edition, and the old one stays.
    Changed,
    /// The same content, read better.
    ReadAnew,
    /// Nothing to do.
    Unchanged,
    /// What is kept was taken later: an older list must not take its place.
    Older,
}

impl Treatment {
    /// What to do with a record of this hash, taken on this day, where `kept` stands.
    pub fn of(kept: Option<&Standing>, hash: &str, reader: &str, taken_on: Date) -> Self {
        match kept {
            None => Self::New,
            Some(kept) if kept.hash == hash && kept.reader == reader => Self::Unchanged,
            Some(kept) if kept.hash == hash => Self::ReadAnew,
            Some(kept) if kept.taken_on > taken_on => Self::Older,
            Some(_) => Self::Changed,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_hash_is_of_the_content_alone() {
        let one = json!({"a": 1, "b": {"x": [1, 2], "y": "é"}, "detail_url": "https://one"});
        let other = json!({"b": {"y": "é", "x": [1, 2]}, "detail_url": "https://two", "a": 1});
        assert_eq!(content_hash(&one), content_hash(&other));
        assert_ne!(content_hash(&one), content_hash(&json!({"a": 1, "b": {"x": [2, 1], "y": "é"}})));
        assert_eq!(content_hash(&one).len(), 64);
    }

    #[test]
    fn an_older_list_replaces_nothing() {
        let (june, july) = (date(2026, 6, 30), date(2026, 7, 31));
        let kept = Standing { hash: "a".into(), reader: "1".into(), taken_on: july };
        assert_eq!(Treatment::of(None, "a", "1", june), Treatment::New);
        assert_eq!(Treatment::of(Some(&kept), "a", "1", june), Treatment::Unchanged);
        assert_eq!(Treatment::of(Some(&kept), "a", "2", june), Treatment::ReadAnew);
        assert_eq!(Treatment::of(Some(&kept), "b", "1", june), Treatment::Older);
        assert_eq!(Treatment::of(Some(&kept), "b", "1", july), Treatment::Changed);
    }
}
