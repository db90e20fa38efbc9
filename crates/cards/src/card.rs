//! A card as it is kept: an entity of the type `Card`.

use dinh_context::fields::{Names, Reading};
use dinh_context::graph::Stored;
use dinh_credentials::card::CardKind;
use dinh_model::{EntityId, Timestamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::Error;

/// Where a card stands. Whether its time is over is told by [`Card::is_over`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Asked for; not decided yet.
    Proposed,
    /// It holds.
    Active,
    /// It does not hold for now.
    Suspended,
    /// It does not hold any more.
    Revoked,
    /// It was not granted.
    Refused,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Proposed, Self::Active, Self::Suspended, Self::Revoked, Self::Refused];

    /// The name that entities write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Refused => "refused",
        }
    }

    /// From [`State::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What happens to a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Somebody asks for it.
    Propose,
    /// It is granted.
    Approve,
    /// It is not granted.
    Refuse,
    /// It does not hold for now.
    Suspend,
    /// It holds again.
    Resume,
    /// Its holder has lost it.
    Lost,
    /// It does not hold any more.
    Revoke,
    /// A newer card has taken its place.
    Replace,
    /// A newer card was asked for.
    Renew,
    /// Its holder was sent somewhere.
    Task,
    /// What its holder is entitled to was entered, or taken away.
    Benefit,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Propose,
        Self::Approve,
        Self::Refuse,
        Self::Suspend,
        Self::Resume,
        Self::Lost,
        Self::Revoke,
        Self::Replace,
        Self::Renew,
        Self::Task,
        Self::Benefit,
    ];

    /// The name that entities write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::Approve => "approve",
            Self::Refuse => "refuse",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Lost => "lost",
            Self::Revoke => "revoke",
            Self::Replace => "replace",
            Self::Renew => "renew",
            Self::Task => "task",
            Self::Benefit => "benefit",
        }
    }

    /// From [`Step::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// Where a card stands afterwards.
    ///
    /// # Errors
    /// [`Error::State`] where the step cannot be taken.
    pub fn from(self, state: State) -> Result<State, Error> {
        match (self, state) {
            (Self::Approve | Self::Resume, State::Proposed | State::Suspended) => {
                if (self == Self::Approve) == (state == State::Proposed) {
                    Ok(State::Active)
                } else {
                    Err(Error::State(state))
                }
            }
            (Self::Refuse, State::Proposed) => Ok(State::Refused),
            (Self::Suspend, State::Active) | (Self::Lost, State::Active | State::Suspended) => {
                Ok(State::Suspended)
            }
            (Self::Revoke | Self::Replace, State::Active | State::Suspended) => Ok(State::Revoked),
            (Self::Renew, State::Active | State::Suspended) | (Self::Task | Self::Benefit, State::Active) => {
                Ok(state)
            }
            _ => Err(Error::State(state)),
        }
    }
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// Which one.
    pub step: Step,
    /// When.
    #[serde(with = "moment")]
    pub at: Timestamp,
    /// By whom: the principal's name.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Why the holder is somewhere on behalf of their unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What they do.
    pub title: String,
    /// Where.
    pub place: String,
    /// From when.
    #[serde(with = "moment")]
    pub from: Timestamp,
    /// Until when.
    #[serde(with = "moment")]
    pub until: Timestamp,
}

/// What the holder of a card is entitled to: a benefit of the pack, until when, and what proves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benefit {
    /// Which one ([`crate::BenefitRules`]).
    pub code: String,
    /// The last day on which it holds.
    pub until: Date,
    /// The decision or certificate that it stands on.
    pub proof: String,
}

impl Benefit {
    /// True if it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        day <= self.until
    }
}

/// Moments as RFC 3339 writes them.
mod moment {
    use dinh_model::Timestamp;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(at)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        String::deserialize(from)?.parse().map_err(|_unreadable| D::Error::custom("not a moment of RFC 3339"))
    }
}

impl Task {
    /// True while it lasts.
    pub fn is_on(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }
}

/// A card. What tells something of its holder is masked, or missing, for those who may not see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The entity.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// The kind.
    pub kind: CardKind,
    /// Where it stands.
    pub state: State,
    /// Its serial number, which is its place in the status list too; none before it is granted.
    pub serial: Option<u32>,
    /// The account of its holder.
    pub account: String,
    /// Whose it is: a person or an organisation of the graph, where the account is tied to one.
    pub holder: Option<EntityId>,
    /// The unit that it belongs to.
    pub unit: Option<EntityId>,
    /// The name on it.
    pub name: String,
    /// The unit on it.
    pub unit_name: String,
    /// The unit's electronic identifier.
    pub unit_code: String,
    /// The position on it.
    pub position: String,
    /// The number of a civil servant's card.
    pub number: Option<String>,
    /// The random number of a civil servant's card.
    pub random: Option<String>,
    /// The QR by Decision 838/QĐ-BNV.
    pub printed: Option<String>,
    /// The signed QR.
    pub qr: Option<String>,
    /// The picture: a `File`.
    pub photo: Option<EntityId>,
    /// The hash of the picture, in hexadecimal digits.
    pub photo_hash: Option<String>,
    /// When it was asked for.
    pub proposed: Timestamp,
    /// By whom.
    pub proposed_by: String,
    /// When it was granted.
    pub issued: Option<Timestamp>,
    /// When it is over.
    pub expires: Option<Timestamp>,
    /// Whether its holder has reported it lost.
    pub lost: bool,
    /// The card that it takes the place of.
    pub replaces: Option<EntityId>,
    /// What its holder is on site for.
    pub task: Option<Task>,
    /// What its holder is entitled to.
    pub benefits: Vec<Benefit>,
    /// What happened to it, the earliest first.
    pub steps: Vec<StepTaken>,
}

impl Card {
    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Error> {
        let from = Reading { names, entity: &stored.entity };
        let text = |name: &str| from.text(name).unwrap_or_default().to_owned();
        let moment = |name: &str| from.text(name).and_then(|text| text.parse().ok());
        let listed = |name: &str| from.open_json(name).cloned().unwrap_or(Json::Null);
        Ok(Self {
            id: stored.entity.id.clone(),
            version: stored.version,
            kind: from.must("kind", CardKind::from_name)?,
            state: from.must("state", State::from_name)?,
            serial: from.json("serial").and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok()),
            account: text("account"),
            holder: from.object("holder"),
            unit: from.object("unit"),
            name: text("name"),
            unit_name: text("unitName"),
            unit_code: text("unitCode"),
            position: text("position"),
            number: from.text("number").map(str::to_owned),
            random: from.text("random").map(str::to_owned),
            printed: from.open_text("printed"),
            qr: from.open_text("qr"),
            photo: from.object("photo"),
            photo_hash: from.open_text("photoHash"),
            proposed: from.must("proposedAt", |text| text.parse().ok())?,
            proposed_by: text("proposedBy"),
            issued: moment("issuedAt"),
            expires: moment("expiresAt"),
            lost: from.json("lost").and_then(Json::as_bool).unwrap_or_default(),
            replaces: from.object("replaces"),
            task: serde_json::from_value(listed("task")).ok(),
            benefits: serde_json::from_value(listed("benefits")).unwrap_or_default(),
            steps: serde_json::from_value(listed("steps")).unwrap_or_default(),
        })
    }

    /// True if its time is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// True if it holds at a moment.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.state == State::Active && !self.is_over(now)
    }
}
