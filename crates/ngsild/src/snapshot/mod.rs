//! Snapshots (clauses 4.3.7, 5.2.41, 5.2.42, 5.3.4 and 5.16): what queries found, frozen.
//!
//! A [`Snapshot`] is what was asked for and what became of it; the entities themselves are kept elsewhere.

mod json;
mod read;

use dinh_model::{Iri, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::subscription::KeyValue;

pub use read::{MOST_QUERIES, selects};

/// Priority of a snapshot that names none.
const PRIORITY: u8 = 5;
/// How long a snapshot is kept that asks for nothing else: a day, in microseconds.
const USUAL: i64 = 86_400 * 1_000_000;
/// Longest that one is kept: a week.
const LONGEST: i64 = 7 * USUAL;

/// How far a snapshot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Its queries are being answered.
    Preparing,
    /// Each of them found something.
    Success,
    /// Some of them found something.
    Partial,
    /// None found anything, but some were answered.
    Empty,
    /// None was answered.
    Failure,
}

impl Status {
    /// As a snapshot tells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Success => "success",
            Self::Partial => "partial",
            Self::Empty => "empty",
            Self::Failure => "failure",
        }
    }

    /// What becomes of a snapshot whose queries ended so (clause 5.16.1.4).
    pub fn of(outcomes: &[Outcome], temporal: &[Outcome]) -> Self {
        let is = |wanted: fn(&Outcome) -> bool| outcomes.iter().chain(temporal).any(wanted);
        let found = is(|outcome| *outcome == Outcome::Found);
        match (found, is(|outcome| *outcome == Outcome::Nothing)) {
            (true, false) if !is(|outcome| matches!(outcome, Outcome::Failed(_))) => Self::Success,
            (true, _) => Self::Partial,
            (false, true) => Self::Empty,
            (false, false) => Self::Failure,
        }
    }
}

/// What became of one query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It found something.
    Found,
    /// It found nothing.
    Nothing,
    /// It was not answered, or not wholly: the problem as the API tells it.
    Failed(Json),
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its URI.
    pub id: Iri,
    /// Queries for entities, as they were written.
    pub queries: Vec<Json>,
    /// Queries for evolutions, as they were written.
    pub temporal_queries: Vec<Json>,
    /// How long it was asked to be kept, if it was: a duration of ISO 8601.
    pub lifetime: Option<String>,
    /// From 1 to 10: those that say less go first.
    pub priority: u8,
    /// Where news of it goes.
    pub endpoint: Option<String>,
    /// What its receiver needs besides.
    pub receiver_info: Vec<KeyValue>,
    /// The `@context` that the names in its queries are written in; none for the core context.
    pub context: Option<Json>,
    /// How far it is.
    pub status: Status,
    /// What became of its queries for entities, in their order.
    pub outcomes: Vec<Outcome>,
    /// What became of its queries for evolutions, in their order.
    pub temporal_outcomes: Vec<Outcome>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When somebody last looked into it.
    pub last_used_at: Timestamp,
}

impl Snapshot {
    /// The snapshot once all its queries have ended.
    #[must_use]
    pub fn ended(self, outcomes: Vec<Outcome>, temporal_outcomes: Vec<Outcome>, now: Timestamp) -> Self {
        let status = Status::of(&outcomes, &temporal_outcomes);
        Self { status, outcomes, temporal_outcomes, modified_at: now, ..self }
    }

    /// The snapshot once everything was copied into it, or something could not be (clause 5.16.2.4).
    #[must_use]
    pub fn copied(self, is_whole: bool, now: Timestamp) -> Self {
        let status = if is_whole { Status::Success } else { Status::Failure };
        Self { status, modified_at: now, ..self }
    }
}

/// When a snapshot ends that is asked for, or changed, at `now`.
fn end(now: Timestamp, lifetime: Option<i64>) -> Timestamp {
    now.plus_micros(lifetime.unwrap_or(USUAL).clamp(0, LONGEST))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::context::Context;
    use crate::query::Q;

    const NOW: Timestamp = Timestamp::from_micros(1_795_183_500_000_000);

    fn read(json: &Json) -> Result<Snapshot, crate::read::ReadError> {
        let fresh = Iri::parse("urn:ngsi-ld:Snapshot:1").unwrap();
        Snapshot::read(json, &Context::core(), &fresh, NOW)
    }

    fn gauges() -> Json {
        json!({"type": "Snapshot", "snapshotQueries": [{"type": "Query", "entities": [{"type": "Gauge"}], "q": "level>2"}]})
    }

    #[test]
    fn what_breaks_a_rule_is_refused() {
        let time = json!({"timerel": "before", "timeAt": "2026-01-01T00:00:00Z"});
        let query = json!({"type": "Query", "entities": [{"type": "Gauge"}], "temporalQ": time});
        for (member, value) in [
            ("type", json!("Query")),
            ("id", json!("nothing")),
            ("snapshotQueries", json!([])),
            ("snapshotQueries", json!({})),
            ("snapshotQueries", json!([{"type": "Query", "q": "(("}])),
            ("snapshotQueries", json!([{"type": "Gauge"}])),
            ("snapshotQueries", json!([query])),
            ("snapshotQueries", json!(vec![json!({"type": "Query", "q": "a"}); MOST_QUERIES + 1])),
            ("snapshotTemporalQueries", json!([{"type": "Query", "entities": [{"type": "Gauge"}]}])),
            ("snapshotLifetime", json!("five minutes")),
            ("snapshotLifetime", json!("-PT5M")),
            ("snapshotPriority", json!(0)),
            ("snapshotPriority", json!(11)),
            ("snapshotPriority", json!(2.5)),
            ("endpoint", json!("nowhere")),
            ("receiverInfo", json!([{"key": "a"}])),
        ] {
            let mut snapshot = gauges();
            snapshot[member] = value;
            assert!(read(&snapshot).is_err(), "{snapshot}");
        }
        assert!(read(&json!({"type": "Snapshot"})).is_err());
        assert!(read(&json!({"type": "Snapshot", "snapshotTemporalQueries": [query]})).is_ok());
    }

    #[test]
    fn it_tells_what_was_asked_and_what_became_of_it() {
        let mut asked = gauges();
        asked["snapshotLifetime"] = "PT1H".into();
        asked["snapshotStatus"] = "success".into();
        let snapshot = read(&asked).unwrap();
        let told = snapshot.to_json();
        assert_eq!(told["snapshotStatus"], "preparing");
        assert_eq!(told["snapshotPriority"], 5);
        assert_eq!(told["expiresAt"], "2026-11-20T15:05:00Z");
        assert_eq!(told["snapshotQueries"], asked["snapshotQueries"]);
        let ended = snapshot.clone().ended(vec![Outcome::Found], Vec::new(), NOW);
        assert_eq!(ended.to_json()["snapshotQueriesDetails"], json!([{"resultStatus": "success"}]));
        let news = ended.notification("urn:ngsi-ld:Notification:1", NOW);
        assert_eq!(
            (&news["type"], &news["snapshotStatus"]),
            (&json!("SnapshotNotification"), &json!("success"))
        );
        let stored = serde_json::to_value(&ended).unwrap();
        assert_eq!(serde_json::from_value::<Snapshot>(stored).unwrap(), ended);
        let long = read(
            &json!({"type": "Snapshot", "snapshotLifetime": "P9Y", "snapshotQueries": asked["snapshotQueries"]}),
        );
        assert_eq!(long.unwrap().expires_at, NOW.plus_micros(LONGEST));
    }

    #[test]
    fn the_status_follows_from_the_queries() {
        let failed = || Outcome::Failed(json!({"type": "x"}));
        let (found, nothing) = (Outcome::Found, Outcome::Nothing);
        for (outcomes, status) in [
            (vec![found.clone()], Status::Success),
            (vec![found.clone(), found.clone()], Status::Success),
            (vec![found.clone(), nothing.clone()], Status::Partial),
            (vec![found, failed()], Status::Partial),
            (vec![nothing.clone(), failed()], Status::Empty),
            (vec![nothing], Status::Empty),
            (vec![failed()], Status::Failure),
        ] {
            assert_eq!(Status::of(&outcomes, &[]), status, "{outcomes:?}");
        }
    }

    #[test]
    fn what_is_said_once_does_not_change() {
        let snapshot = read(&gauges()).unwrap();
        let later = NOW.plus_micros(60_000_000);
        let patched =
            snapshot.patched(&json!({"snapshotPriority": 2, "snapshotLifetime": "PT10M"}), later).unwrap();
        assert_eq!((patched.priority, patched.expires_at), (2, later.plus_micros(600_000_000)));
        assert_eq!((patched.created_at, patched.modified_at), (NOW, later));
        let gone = patched.patched(&json!({"snapshotPriority": null}), later).unwrap();
        assert_eq!((gone.priority, gone.expires_at), (5, patched.expires_at));
        for bad in [
            json!({"snapshotQueries": []}),
            json!({"id": "urn:a:b"}),
            json!({"snapshotPriority": 99}),
            json!({"type": "Query"}),
            json!([]),
        ] {
            assert!(snapshot.patched(&bad, later).is_err(), "{bad}");
        }
        let clone = json!({"type": "Snapshot", "snapshotPriority": 9});
        let fresh = Iri::parse("urn:ngsi-ld:Snapshot:2").unwrap();
        let clone = patched.cloned(&clone, &fresh, later).unwrap();
        assert_eq!((clone.priority, clone.status, &clone.queries), (9, Status::Preparing, &snapshot.queries));
        assert!(patched.cloned(&gauges(), &fresh, later).is_err());
    }

    #[test]
    fn purging_asks_for_members_alone() {
        let snapshot = read(&gauges()).unwrap();
        let core = Context::core();
        let selects = |text: &str| selects(&Q::parse(text, &core).unwrap(), &snapshot);
        for (text, found) in [
            ("snapshotPriority<=5", true),
            ("snapshotPriority>5", false),
            ("snapshotStatus==\"preparing\"", true),
            ("expiresAt<2026-11-21T00:00:00Z;createdAt>2026-11-20T00:00:00Z", false),
            ("createdAt>2026-11-20T00:00:00Z", true),
            ("id==urn:ngsi-ld:Snapshot:1", true),
        ] {
            assert_eq!(selects(text).unwrap(), found, "{text}");
        }
        for bad in ["speed>50", "snapshotPriority<5|speed", "endpoint{name}"] {
            assert!(selects(bad).is_err(), "{bad}");
        }
    }
}
