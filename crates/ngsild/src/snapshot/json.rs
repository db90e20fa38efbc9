//! Writing snapshots, and news of them.

use dinh_model::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{Outcome, Snapshot};
use crate::write::instant_text;

impl Snapshot {
    /// As a client sees it (clause 5.2.41). What its receiver needs to know may be a secret, and goes to its maker alone:
    /// so does the snapshot.
    pub fn to_json(&self) -> Json {
        let mut object = Map::new();
        let mut set = |name: &str, value: Json| object.insert(name.to_owned(), value);
        set("id", self.id.as_str().into());
        set("type", "Snapshot".into());
        for (name, queries) in
            [("snapshotQueries", &self.queries), ("snapshotTemporalQueries", &self.temporal_queries)]
        {
            if !queries.is_empty() {
                set(name, queries.clone().into());
            }
        }
        if let Some(lifetime) = &self.lifetime {
            set("snapshotLifetime", lifetime.as_str().into());
        }
        set("snapshotPriority", self.priority.into());
        if let Some(endpoint) = &self.endpoint {
            set("endpoint", endpoint.as_str().into());
        }
        if !self.receiver_info.is_empty() {
            let pairs = self.receiver_info.iter().map(|pair| json!({"key": pair.key, "value": pair.value}));
            set("receiverInfo", pairs.collect());
        }
        set("snapshotStatus", self.status.as_str().into());
        for (name, outcomes) in [
            ("snapshotQueriesDetails", &self.outcomes),
            ("snapshotTemporalQueriesDetails", &self.temporal_outcomes),
        ] {
            if !outcomes.is_empty() {
                set(name, outcomes.iter().map(Outcome::to_json).collect());
            }
        }
        for (name, at) in [
            ("createdAt", self.created_at),
            ("modifiedAt", self.modified_at),
            ("expiresAt", self.expires_at),
            ("lastUsedAt", self.last_used_at),
        ] {
            set(name, instant_text(at).into());
        }
        Json::Object(object)
    }

    /// The notification that tells how far it is (clause 5.3.4).
    pub fn notification(&self, id: &str, at: Timestamp) -> Json {
        let mut news = json!({
            "id": id, "type": "SnapshotNotification", "snapshotId": self.id.as_str(), "notifiedAt": instant_text(at),
            "expiresAt": instant_text(self.expires_at), "snapshotPriority": self.priority,
            "snapshotStatus": self.status.as_str(),
        });
        if let Some(members) = news.as_object_mut() {
            for (name, outcomes) in [
                ("snapshotQueriesDetails", &self.outcomes),
                ("temporalSnapshotQueriesDetails", &self.temporal_outcomes),
            ] {
                if !outcomes.is_empty() {
                    members.insert(name.to_owned(), outcomes.iter().map(Outcome::to_json).collect());
                }
            }
        }
        news
    }
}

impl Outcome {
    /// What became of a query (clause 5.2.42).
    fn to_json(&self) -> Json {
        match self {
            Self::Found => json!({"resultStatus": "success"}),
            Self::Nothing => json!({"resultStatus": "empty"}),
            Self::Failed(problem) => json!({"resultStatus": "failure", "problemDetails": problem}),
        }
    }
}
