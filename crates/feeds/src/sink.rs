//! Where feeds write: the graph behind the door, or anything that keeps the same promises.

use std::fmt;
use std::sync::Arc;

use dinh_model::{Attribute, Entity, EntityId, Tenant, Term, Timestamp};
use futures::future::BoxFuture;
use serde_json::Value as Json;

use crate::Words;
use crate::definition::FeedName;
use crate::mapping::{Fault, Mapped, Rejection};

/// A feed of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeedKey {
    /// Whose graph it writes to.
    pub tenant: Tenant,
    /// Which feed.
    pub name: FeedName,
}

impl FeedKey {
    /// The feed `name` in the graph of `tenant`.
    pub fn new(tenant: Tenant, name: FeedName) -> Self {
        Self { tenant, name }
    }
}

impl fmt::Display for FeedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.tenant, self.name)
    }
}

/// What a feed wants to become durable together.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// Fragments of entities, in order; each succeeds or fails alone.
    pub writes: Vec<EntityWrite>,
    /// Records of the feed's own: dead letters, checkpoints.
    pub records: Vec<RecordChange>,
}

/// One fragment.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityWrite {
    /// What to write.
    pub fragment: Mapped,
    /// Observations older than what the entity already says. They belong into the history but must not become the
    /// present value: after them the present one, given beside, holds again. Both are one change of the entity, of
    /// which readers see only the end.
    pub late: Vec<Late>,
}

/// An observation that came late.
#[derive(Clone, Debug, PartialEq)]
pub struct Late {
    /// The attribute.
    pub name: Term,
    /// What was observed earlier.
    pub observed: Attribute,
    /// What the entity says now.
    pub present: Attribute,
}

/// A change of one record.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordChange {
    /// Creates or replaces a record.
    Put {
        /// What kind of record.
        kind: &'static str,
        /// Which one.
        key: String,
        /// What it says.
        body: Json,
    },
    /// Removes a record, if it is there.
    Delete {
        /// What kind of record.
        kind: &'static str,
        /// Which one.
        key: String,
    },
}

/// What became of a fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The entity is new.
    Created,
    /// The entity is different.
    Changed,
    /// It was so already.
    Same,
}

/// Why a fragment was refused for good: trying again would end alike.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub Box<Rejection>);

impl Refusal {
    /// `attribute` breaks the rule that `word` names for programs.
    pub fn of(attribute: impl Into<String>, word: impl Into<String>, reason: Words) -> Self {
        Self(Box::new(Rejection { field: attribute.into(), rule: word.into(), reason }))
    }

    /// A refusal of the entity as a whole, of which others only say `reason`, in English.
    pub fn told(reason: impl Into<String>) -> Self {
        Self(Box::new(Rejection::new("id", &Fault::Refused(reason.into()))))
    }
}

/// Why nothing could be written for now: trying again later may help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SinkError(pub String);

/// What came of a [`Work`]: one result for each write, in order.
pub type Outcomes = Vec<Result<Applied, Refusal>>;

/// Where feeds write. Everything a call answers with `Ok` is durable.
pub trait Sink: Send + Sync {
    /// Writes everything in one transaction, as the principal `System("feed:<pack>/<feed>")`.
    fn commit<'a>(&'a self, feed: &'a FeedKey, work: &'a Work) -> BoxFuture<'a, Result<Outcomes, SinkError>>;

    /// One record.
    fn record<'a>(
        &'a self,
        tenant: &'a Tenant,
        kind: &'static str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Json>, SinkError>>;

    /// Records with keys after `after`, in the order of their keys, at most `limit`.
    fn records<'a>(
        &'a self,
        tenant: &'a Tenant,
        kind: &'static str,
        after: &'a str,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(String, Json)>, SinkError>>;

    /// Entities as they are, in the order of `ids`.
    fn entities<'a>(
        &'a self,
        tenant: &'a Tenant,
        ids: Vec<EntityId>,
    ) -> BoxFuture<'a, Result<Vec<Option<Arc<Entity>>>, SinkError>>;

    /// The latest numbers of an attribute observed after `from`, in any order, at most `limit`.
    fn series<'a>(
        &'a self,
        tenant: &'a Tenant,
        id: &'a EntityId,
        attribute: &'a Term,
        from: Timestamp,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(Timestamp, f64)>, SinkError>>;
}
