//! What a wallet has shown, for whoever asked it. It is kept for minutes and in memory alone: what somebody shows of themselves
//! leaves no trace on the disk.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use dinh_context::Session;
use dinh_credentials::card::CardKind;
use dinh_model::{EntityId, Tenant, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::question::LASTS;
use super::uses::Use;
use super::wallet::hashed;
use super::{Cards, Standing};
use crate::{Error, Task};

/// Most answers that are kept at once.
const MOST: usize = 10_000;

/// What a card in a wallet can be asked for, one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// The name of the holder.
    Name,
    /// Their unit.
    Unit,
    /// Their position.
    Position,
    /// The serial number.
    Serial,
    /// The number of a civil servant's card, in which the personal number stands.
    CardNumber,
    /// What the holder of a pilot card is entitled to.
    Benefits,
}

impl Claim {
    /// All of them, as they are offered.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Unit, Self::Position, Self::Serial, Self::CardNumber, Self::Benefits];
    /// What programs ask for.
    pub(super) const OF_PROGRAMS: [Self; 4] = [Self::Serial, Self::Name, Self::Unit, Self::Position];

    /// The name that credentials write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Unit => "unit",
            Self::Position => "position",
            Self::Serial => "serial",
            Self::CardNumber => "card_number",
            Self::Benefits => "benefits",
        }
    }

    /// From [`Claim::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|claim| claim.name() == name)
    }

    /// True for what only cards of units say.
    pub const fn is_of_unit(self) -> bool {
        matches!(self, Self::Unit | Self::Position | Self::CardNumber)
    }

    /// True for what every card says, of whatever kind.
    pub const fn is_of_all(self) -> bool {
        matches!(self, Self::Name | Self::Serial)
    }
}

/// What a wallet has shown, once it is believed.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// How the card stands.
    pub standing: Standing,
    /// Its kind.
    pub kind: CardKind,
    /// What was asked for and shown, by [`Claim::name`].
    pub claims: Map<String, Json>,
    /// How much the holder has kept back.
    pub hidden: usize,
    /// What the holder is on site for, while that lasts and the card holds.
    pub task: Option<Task>,
    /// The card.
    pub(super) card: EntityId,
}

/// Where a question stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Nobody has answered; what the wallet is to be given.
    Waiting(Json),
    /// A card was shown.
    Shown(Told),
    /// What was sent proves nothing: the code of the reason.
    Refused(String),
    /// It was answered, and what was shown is not kept any more.
    Gone,
}

/// A question to a wallet and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Presentation {
    /// A card of this kind was asked for.
    pub kind: Option<CardKind>,
    /// What it was to say.
    pub claims: Vec<Claim>,
    /// Why.
    pub why: String,
    /// What it is to be used for.
    pub purpose: Use,
    /// What that is about: the case of an exemption; empty otherwise.
    pub about: String,
    /// Until when the question is open, or told of.
    pub until: Timestamp,
    /// When it was answered.
    pub answered: Option<Timestamp>,
    /// What became of it.
    pub outcome: Outcome,
    /// How often somebody sent an answer again; each was refused.
    pub repeated: u64,
}

/// What was shown lately, by tenant and by the hash of the asker's secret.
#[derive(Default)]
pub(super) struct Answers(Mutex<HashMap<(Tenant, String), (i64, Told)>>);

impl Answers {
    /// Keeps what was shown; false if there is something already, or no room.
    pub(super) fn keep(&self, tenant: &Tenant, key: &str, told: &Told, now: i64) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (until, _)| *until > now);
        let key = (tenant.clone(), key.to_owned());
        if kept.len() >= MOST || kept.contains_key(&key) {
            return false;
        }
        kept.insert(key, (now + LASTS, told.clone())).is_none()
    }

    fn of(&self, tenant: &Tenant, key: &str, now: i64) -> Option<Told> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, told) = kept.get(&(tenant.clone(), key.to_owned()))?;
        (*until > now).then(|| told.clone())
    }

    /// Takes it: it is not kept any more.
    pub(super) fn take(&self, tenant: &Tenant, key: &str, now: i64) -> Option<Told> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, told) = kept.remove(&(tenant.clone(), key.to_owned()))?;
        (until > now).then_some(told)
    }
}

impl Cards {
    /// The answer to a question of a program, once; none while there is none.
    pub fn answered(&self, tenant: &Tenant, secret: &str) -> Option<Json> {
        let told = self.0.answers.take(tenant, &hashed(secret), self.seconds())?;
        let claim = |claim: Claim| told.claims.get(claim.name()).cloned().unwrap_or(Json::Null);
        Some(json!({
            "standing": told.standing.name(), "kind": told.kind.name(), "serial": claim(Claim::Serial),
            "name": claim(Claim::Name), "unit": claim(Claim::Unit), "position": claim(Claim::Position),
        }))
    }

    /// Where a question stands, for whoever asked it.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for a question of somebody else, or one whose time is over.
    pub async fn presentation(&self, session: &Session, state: &str) -> Result<Presentation, Error> {
        let (account, tenant) = (self.account(session)?, session.tenant());
        // What became of it is looked for first: in between it may be answered.
        let open = self.open_question(tenant, state).await?;
        let became = self.became(tenant, state).await?;
        let body = became.as_ref().or(open.as_ref()).ok_or(Error::NoSuch("question"))?;
        if body["asker"].as_str().is_none_or(|asker| asker.is_empty() || asker != &*account.id) {
            return Err(Error::NoSuch("question"));
        }
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let outcome = if became.is_none() {
            Outcome::Waiting(body["request"].clone())
        } else if body["refused"].as_bool().unwrap_or_default() {
            Outcome::Refused(text("outcome").to_owned())
        } else {
            let told = self.0.answers.of(tenant, text("answer"), self.seconds());
            told.map_or(Outcome::Gone, Outcome::Shown)
        };
        let named = body["claims"].as_array().map(Vec::as_slice).unwrap_or_default();
        let moment = |name: &str| {
            let seconds = body[name].as_i64()?;
            Some(Timestamp::from(jiff::Timestamp::from_second(seconds).ok()?))
        };
        Ok(Presentation {
            kind: CardKind::ALL.into_iter().find(|kind| kind.name() == text("kind")),
            claims: named.iter().filter_map(|name| Claim::from_name(name.as_str()?)).collect(),
            why: text("why").to_owned(),
            purpose: Use::from_name(text("use")).unwrap_or_default(),
            about: text("about").to_owned(),
            until: moment("until").unwrap_or_else(|| self.now()),
            answered: moment("answered"),
            outcome,
            repeated: body["repeated"].as_u64().unwrap_or_default(),
        })
    }
}
