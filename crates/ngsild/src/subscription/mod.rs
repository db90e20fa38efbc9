//! Subscriptions and notifications (clauses 5.2.12, 5.2.14, 5.2.15, 5.3.1, 5.8.2 and 5.8.6; 7.2 for MQTT).
//!
//! A [`Subscription`] is what the subscriber asked for, with every name expanded. What becomes of it – counters, last
//! attempts – is [`Deliveries`], kept apart because it changes with every notification.

mod deliveries;
mod endpoint;
mod joined;
mod json;
mod matching;
mod mqtt;
mod notification;
mod params;
mod patch;
mod read;
mod selector;

use dinh_model::{EntityId, Term, Timestamp};
use serde_json::{Number, Value as Json};

use crate::query::{DatasetId, EntitySelector, GeoQuery, Q, ScopeExpr};

pub use deliveries::Deliveries;
pub(crate) use endpoint::pairs;
pub use endpoint::{Accept, Endpoint, KeyValue};
pub use mqtt::{MqttTarget, MqttVersion};
pub use notification::{Notification, NotificationItem};
pub use params::{NotificationFormat, NotificationParams};
pub(crate) use selector::read_all as read_selectors;

/// What makes a subscription send (clause 5.2.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// An entity appears.
    EntityCreated,
    /// An attribute of an entity changes in any way.
    EntityUpdated,
    /// An entity goes away.
    EntityDeleted,
    /// An attribute appears.
    AttributeCreated,
    /// An attribute says something else.
    AttributeUpdated,
    /// An attribute goes away.
    AttributeDeleted,
}

impl Trigger {
    /// Every trigger.
    pub const ALL: [Self; 6] = [
        Self::EntityCreated,
        Self::EntityUpdated,
        Self::EntityDeleted,
        Self::AttributeCreated,
        Self::AttributeUpdated,
        Self::AttributeDeleted,
    ];

    /// As a subscription writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EntityCreated => "entityCreated",
            Self::EntityUpdated => "entityUpdated",
            Self::EntityDeleted => "entityDeleted",
            Self::AttributeCreated => "attributeCreated",
            Self::AttributeUpdated => "attributeUpdated",
            Self::AttributeDeleted => "attributeDeleted",
        }
    }
}

/// Whether a subscription works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It does.
    Active,
    /// Its owner has paused it.
    Paused,
    /// Its time is over.
    Expired,
}

impl Status {
    /// As a subscription writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Expired => "expired",
        }
    }
}

/// A geographic condition, and the object that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct GeoCondition {
    /// The condition.
    pub query: GeoQuery,
    /// `georel`, `geometry` and `coordinates` as they were given.
    source: Json,
    /// Whether `geoproperty` was given.
    named: bool,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// Its URI.
    pub id: EntityId,
    /// A short name for people.
    pub name: Option<String>,
    /// A description for people.
    pub description: Option<String>,
    /// Which entities; empty for any.
    pub entities: Vec<EntitySelector>,
    /// Which attributes; empty for any.
    pub watched: Vec<Term>,
    /// Seconds between periodic notifications; such a subscription does not watch for changes.
    pub time_interval: Option<Number>,
    /// Least seconds between two notifications.
    pub throttling: Option<Number>,
    /// What makes it send. `None` for the default: attributes created or updated.
    pub triggers: Option<Vec<Trigger>>,
    /// A condition on the entity.
    pub q: Option<Q>,
    /// A geographic condition on the entity.
    pub geo: Option<GeoCondition>,
    /// A condition on the scopes of the entity, and how it was written.
    pub scopes: Option<(ScopeExpr, String)>,
    /// Instances to show; empty for all.
    pub dataset_ids: Vec<DatasetId>,
    /// `lang` as given, checked.
    pub lang: Option<String>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// `isActive` as given.
    pub is_active: Option<bool>,
    /// URL of the `@context` to send notifications in, if given.
    pub jsonld_context: Option<String>,
    /// Attributes whose values in `q` are terms (`expandValues`).
    pub expand_values: Vec<Term>,
    /// Members that are kept and given back but do nothing in one broker alone: `csf`, `localOnly`, `splitEntities`,
    /// `jsonKeys`, `ngsildConformance`.
    pub kept: Vec<(&'static str, Json)>,
    /// What to send, and where to.
    pub notification: NotificationParams,
    /// The subscriber's own `@context`, for the names in notifications: the value of an `@context` member, or `None`
    /// for the core context.
    pub context: Option<Json>,
}

impl Subscription {
    /// Whether it works at the instant `now`.
    pub fn status(&self, now: Timestamp) -> Status {
        if self.expires_at.is_some_and(|end| end <= now) {
            Status::Expired
        } else if self.is_active == Some(false) {
            Status::Paused
        } else {
            Status::Active
        }
    }

    /// What makes it send.
    pub fn triggers(&self) -> &[Trigger] {
        self.triggers.as_deref().unwrap_or(&[Trigger::AttributeCreated, Trigger::AttributeUpdated])
    }

    /// Microseconds that two notifications must lie apart.
    pub fn throttling_micros(&self) -> Option<i64> {
        self.throttling.as_ref().map(micros)
    }

    /// Microseconds between periodic notifications.
    pub fn interval_micros(&self) -> Option<i64> {
        self.time_interval.as_ref().map(micros)
    }
}

/// Microseconds of a number of seconds that is known to be positive and bounded.
fn micros(seconds: &Number) -> i64 {
    let micros = seconds.as_f64().unwrap_or(0.0) * 1e6;
    // At most `read::LONGEST` seconds: far inside the range.
    #[expect(clippy::cast_possible_truncation, reason = "bounded when read")]
    let micros = micros.round() as i64;
    micros.max(1)
}
