//! A request as it is kept: an entity of type `DataRequest`.

use dinh_context::graph::Stored;
use dinh_context::packs::Titles;
use dinh_model::{Attributes, EntityId, Timestamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{By, Kind, State, Step};
use crate::Error;
use crate::names::Names;
use dinh_context::fields::{Fields, Reading};

/// One step that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// Which.
    pub step: Step,
    /// When.
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct DataRequest {
    /// The entity.
    pub id: EntityId,
    /// Its version: a step is taken on the one that was looked at.
    pub version: u64,
    /// Its number: the year and a number without gaps in it.
    pub number: String,
    /// What is asked for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Whom it is about; none if it is about the account alone.
    pub subject: Option<EntityId>,
    /// Identifier of the account that made it.
    pub account: String,
    /// What is asked, in the requester's words; none if it is masked.
    pub text: Option<String>,
    /// When it arrived.
    pub received: Timestamp,
    /// The last day for confirming that.
    pub acknowledge_by: Date,
    /// The last day for answering.
    pub answer_by: Date,
    /// The first day of the edition of the deadlines that holds for it.
    pub edition: Date,
    /// Whether processors or third parties must act.
    pub involves_others: bool,
    /// The steps so far.
    pub steps: Vec<StepTaken>,
    /// Why the answer was put off; none if it was not, or if that is masked.
    pub extension_reason: Option<String>,
    /// The answer, or why there is none; none while it is open, or if it is masked.
    pub answer: Option<String>,
    /// What was not erased, for an erasure.
    pub kept: Vec<KeptBy>,
    /// What was corrected.
    pub changed: Option<EntityId>,
}

/// What stays though its erasure was asked for: how much, by which rule, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBy {
    /// How many entities.
    pub count: u64,
    /// The day from which on they need not be kept any more; none if no day is known.
    pub until: Option<Date>,
    /// The rule.
    pub basis: Titles,
}

impl DataRequest {
    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Error> {
        let entity = &*stored.entity;
        let from = Reading { names: &names.all, entity };
        let day = |field| from.must(field, |text| text.parse::<Date>().ok());
        let steps = from.json("steps").and_then(|json| serde_json::from_value(json.clone()).ok());
        Ok(Self {
            id: entity.id.clone(),
            version: stored.version,
            number: from.must("number", |text| Some(text.to_owned()))?,
            kind: from.must("kind", Kind::from_name)?,
            state: from.must("state", State::from_name)?,
            subject: from.object("subject"),
            account: from.must("account", |text| Some(text.to_owned()))?,
            text: from.open_text("text"),
            received: from.must("receivedAt", |text| text.parse().ok())?,
            acknowledge_by: day("acknowledgeBy")?,
            answer_by: day("answerBy")?,
            edition: day("edition")?,
            involves_others: from
                .json("involvesOthers")
                .and_then(serde_json::Value::as_bool)
                .unwrap_or(false),
            steps: steps.ok_or_else(|| from.damaged("steps"))?,
            extension_reason: from.open_text("extensionReason"),
            answer: from.open_text("answer"),
            kept: match from.json("kept") {
                Some(json) => {
                    serde_json::from_value(json.clone()).map_err(|_unreadable| from.damaged("kept"))?
                }
                None => Vec::new(),
            },
            changed: from.object("changed"),
        })
    }

    /// The last step of a kind, if it was taken.
    pub fn step(&self, step: Step) -> Option<&StepTaken> {
        self.steps.iter().rev().find(|taken| taken.step == step)
    }
}

/// The attributes of a request that is made now.
pub(crate) fn attributes_of_new(names: &Names, request: &DataRequest) -> Attributes {
    let fields = Fields::new(&names.all, request.received)
        .with("number", request.number.as_str())
        .with("kind", request.kind.name())
        .with("state", request.state.name())
        .with("account", request.account.as_str())
        .with("text", request.text.as_deref().unwrap_or_default())
        .with("receivedAt", request.received.to_string())
        .with("acknowledgeBy", request.acknowledge_by.to_string())
        .with("answerBy", request.answer_by.to_string())
        .with("nextBy", request.acknowledge_by.min(request.answer_by).to_string())
        .with("edition", request.edition.to_string())
        .with("involvesOthers", request.involves_others)
        .with("steps", json!(request.steps));
    match &request.subject {
        Some(subject) => fields.to("subject", subject).attributes,
        None => fields.attributes,
    }
}

/// Instants as texts of RFC 3339.
mod instant {
    use dinh_model::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
    pub(super) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(at)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
