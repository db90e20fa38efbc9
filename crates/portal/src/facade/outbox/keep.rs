//! What is kept of dossiers that a counterpart is told of.

use dinh_context::Session;
use dinh_context::graph::{Op, Record};
use dinh_model::{EntityId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Error;

/// Kind of the records of what there is to tell.
pub(in crate::facade) const NEWS: &str = "portal-news";
/// Kind of the records of what a counterpart knows.
pub(in crate::facade) const LINK: &str = "portal-link";
/// Kind of the records of what could not be told.
pub(in crate::facade) const FAILED: &str = "portal-failed";
/// Kind of the records that count what was told, by month.
pub(in crate::facade) const SENT: &str = "portal-sent";

/// What a counterpart knows of a dossier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::facade) struct Standing {
    /// Which counterpart.
    pub(in crate::facade) counterpart: String,
    /// The number by which it knows the dossier, if it gave it one.
    pub(in crate::facade) number: Option<String>,
    /// What it told of the dossier, if it was filed there.
    pub(in crate::facade) arrival: Option<EntityId>,
    /// Whether it has the dossier.
    pub(in crate::facade) added: bool,
    /// Up to which version of the dossier it was told.
    pub(in crate::facade) version: u64,
    /// How many steps it was told of.
    pub(in crate::facade) steps: usize,
    /// The national state that it was told last.
    pub(in crate::facade) state: Option<String>,
    /// When.
    pub(in crate::facade) told: Option<Timestamp>,
    /// Whether it was counted as known to the counterpart.
    pub(in crate::facade) counted: bool,
    /// How often telling it was tried in vain since.
    pub(in crate::facade) tries: usize,
    /// Not before then is it tried again.
    pub(in crate::facade) again: Option<Timestamp>,
    /// What was wrong the last time.
    pub(in crate::facade) fault: Option<String>,
}

/// Something that could not be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::facade) struct Dead {
    pub(in crate::facade) at: Timestamp,
    pub(in crate::facade) counterpart: String,
    /// The number of the dossier there.
    pub(in crate::facade) number: Option<String>,
    /// The counterpart's number of the fault, if it answered.
    pub(in crate::facade) code: Option<String>,
    /// What is wrong. Long numbers are left out: replies quote those of persons.
    pub(in crate::facade) why: String,
}

/// The key of news of a dossier.
pub(in crate::facade) fn news_key(dossier: &EntityId, change: u64) -> String {
    format!("{dossier} {change:016}")
}

/// The dossier of which a record of news tells.
pub(super) fn parse_news_key(key: &str) -> Option<EntityId> {
    EntityId::parse(key.rsplit_once(' ')?.0).ok()
}

/// The operation that has a dossier told of.
pub(in crate::facade) fn news(dossier: &EntityId, change: u64, at: Timestamp) -> Op {
    Op::PutRecord { kind: NEWS.to_owned(), key: news_key(dossier, change), body: json!({"at": at}) }
}

/// The operation that keeps what a counterpart knows.
pub(in crate::facade) fn link(dossier: &EntityId, standing: &Standing) -> Op {
    Op::PutRecord { kind: LINK.to_owned(), key: dossier.to_string(), body: json!(standing) }
}

/// What a counterpart knows of a dossier; nothing if it was never told.
pub(in crate::facade) async fn standing(
    own: &Session,
    dossier: &EntityId,
) -> Result<Option<Standing>, Error> {
    let record = own.record(LINK, dossier.as_str()).await?;
    Ok(record.and_then(|record: Record| Standing::deserialize(&record.body).ok()))
}

/// A text without numbers of nine digits and more, which may be those of persons.
pub(in crate::facade) fn without_numbers(text: &str) -> String {
    const LONG: usize = 9;
    let (mut clean, mut digits) = (String::new(), String::new());
    for sign in text.chars().chain([' ']) {
        if sign.is_ascii_digit() {
            digits.push(sign);
            continue;
        }
        clean.push_str(if digits.len() >= LONG { "…" } else { &digits });
        digits.clear();
        clean.push(sign);
    }
    clean.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_are_in_the_order_of_dossiers_and_changes() {
        let dossier = EntityId::trusted("urn:ngsi-ld:Dossier:1");
        assert!(news_key(&dossier, 9) < news_key(&dossier, 10));
        assert_eq!(parse_news_key(&news_key(&dossier, 10)), Some(dossier));
        assert_eq!(parse_news_key("urn"), None);
    }

    #[test]
    fn long_numbers_are_left_out() {
        assert_eq!(
            without_numbers("CCCD 046184001234 sai; mã 12345678, lỗi 3"),
            "CCCD … sai; mã 12345678, lỗi 3"
        );
        assert_eq!(without_numbers("046184001234"), "…");
    }
}
