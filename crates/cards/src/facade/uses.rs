//! What a card that was shown is used for: once, for what it was asked for, by whoever asked; and only if it holds at this
//! moment.

use dinh_context::Session;
use dinh_context::graph::{Act, Note, Op};
use dinh_credentials::card::CardKind;
use dinh_credentials::status;
use dinh_model::{EntityId, Timestamp};
use serde_json::{Value as Json, json};

use super::presentation::{Claim, Told};
use super::status::A_LIST;
use super::{Cards, Outcome, Standing};
use crate::{Card, Error};

/// What a card is shown for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// To be looked at.
    #[default]
    Presentation,
    /// As a second factor of the account that holds it.
    StepUp,
    /// To prove an exemption of a fee.
    Exemption,
    /// To be entered at a meeting or a door.
    CheckIn,
}

impl Use {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Presentation, Self::StepUp, Self::Exemption, Self::CheckIn];

    /// The name that records and counts write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Presentation => "presentation",
            Self::StepUp => "step-up",
            Self::Exemption => "exemption",
            Self::CheckIn => "check-in",
        }
    }

    /// From [`Use::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A card that was shown and holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCard {
    /// The card.
    pub card: EntityId,
    /// Its kind.
    pub kind: CardKind,
    /// Its serial number.
    pub serial: u32,
    /// The account of its holder.
    pub account: String,
    /// The person or organisation of the graph that it is for.
    pub holder: Option<EntityId>,
    /// What its holder is entitled to: what the wallet has shown and the house still knows.
    pub benefits: Vec<String>,
    /// When it was shown.
    pub at: Timestamp,
}

impl Cards {
    /// Takes what was shown in answer to a question, for what it was asked for. It is taken once: what was shown is not kept
    /// any more, so that one presentation steps up once. The card is looked at anew, with its place in the status list.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for a question of somebody else or one that was asked for something else, [`Error::NotShown`],
    /// [`Error::Unbelieved`], [`Error::Spent`] for what was taken before, [`Error::DoesNotHold`];
    /// [`Error::OtherHolder`] for a card of another account that is shown as a second factor.
    pub async fn shown_for(
        &self,
        session: &Session,
        state: &str,
        purpose: Use,
        about: &str,
    ) -> Result<ShownCard, Error> {
        let asked = self.presentation(session, state).await?;
        if asked.purpose != purpose || asked.about != about {
            return Err(Error::NoSuch("question"));
        }
        match asked.outcome {
            Outcome::Waiting(_) => return Err(Error::NotShown),
            Outcome::Refused(code) => return Err(Error::Unbelieved(code)),
            Outcome::Gone => return Err(Error::Spent("presentation")),
            Outcome::Shown(_) => {}
        }
        let became = self.became(session.tenant(), state).await?.ok_or(Error::NoSuch("question"))?;
        let answer = became["answer"].as_str().unwrap_or_default();
        let told = self.0.answers.take(session.tenant(), answer, self.seconds());
        let told = told.ok_or(Error::Spent("presentation"))?;
        let card = self.whole(session.tenant(), &told.card).await?;
        let standing = self.standing_now(session, &card).await?;
        if standing != Standing::Valid {
            return Err(Error::DoesNotHold(standing));
        }
        if purpose == Use::StepUp && !self.is_account(session, &card.account) {
            return Err(Error::OtherHolder);
        }
        let serial = card.serial.ok_or(Error::DoesNotHold(Standing::NotACard))?;
        self.note_use(session, &card, purpose).await?;
        Ok(ShownCard {
            kind: card.kind,
            serial,
            benefits: self.proved_benefits(&card, &told),
            account: card.account,
            holder: card.holder,
            at: asked.answered.unwrap_or_else(|| self.now()),
            card: card.id,
        })
    }

    /// How a card stands at this moment: by what is kept of it and by the list that everybody else verifies with.
    async fn standing_now(&self, session: &Session, card: &Card) -> Result<Standing, Error> {
        let standing = self.standing_of(card);
        let Some(serial) = card.serial.filter(|_| standing == Standing::Valid) else { return Ok(standing) };
        let list = self.list(session.tenant(), serial / A_LIST).await?;
        let place = usize::try_from(serial % A_LIST).unwrap_or(usize::MAX);
        Ok(match list.get(place)? {
            status::Standing::Valid => Standing::Valid,
            status::Standing::Suspended => Standing::Suspended,
            status::Standing::Invalid | status::Standing::Other(_) => Standing::Revoked,
        })
    }

    /// What the wallet has shown of benefits and the house still knows of the card.
    fn proved_benefits(&self, card: &Card, told: &Told) -> Vec<String> {
        let shown = told.claims.get(Claim::Benefits.name()).and_then(Json::as_array);
        let shown: Vec<&str> = shown.into_iter().flatten().filter_map(Json::as_str).collect();
        let held = self.benefits_now(card).map(|benefit| benefit.code.clone());
        held.filter(|code| shown.contains(&code.as_str())).collect()
    }

    /// Counts a use without a name, and notes for the holder, in the audit, that the card was used.
    async fn note_use(&self, session: &Session, card: &Card, purpose: Use) -> Result<(), Error> {
        let mut entities = vec![card.id.clone()];
        entities.extend(card.holder.clone());
        let details = json!({"card": "use", "use": purpose.name(), "kind": card.kind.name()});
        let note = Op::note(Note { entities, details, ..Note::of(Act::Key) });
        self.write(session, vec![note, self.used_op(purpose, card.kind)]).await
    }

    /// The operation that counts a use.
    pub(super) fn used_op(&self, purpose: Use, kind: CardKind) -> Op {
        self.count_op("used", &format!("{}:{}", purpose.name(), kind.name()))
    }
}
