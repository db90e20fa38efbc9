//! Verifying a card here, for those who do not verify it themselves: a page without scripts, and the printed QR that is not
//! signed.

use dinh_credentials::Refused;
use dinh_credentials::card::{CardClaims, PREFIX, open};
use dinh_credentials::layout::LONGEST;
use dinh_model::{Tenant, Timestamp};
use serde::Serialize;

use super::Cards;
use crate::{Card, Error, State, Task};

/// What is said of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is genuine and holds.
    Valid,
    /// It is genuine, and was revoked.
    Revoked,
    /// It is genuine, and does not hold for now.
    Suspended,
    /// It is genuine, and its time is over.
    Expired,
    /// It was signed by nobody who is known here.
    UnknownIssuer,
    /// It was altered, or somebody else signed it.
    Forged,
    /// It is no card of ours.
    NotACard,
}

impl Standing {
    /// The name that counts and programs write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::UnknownIssuer => "unknown-issuer",
            Self::Forged => "forged",
            Self::NotACard => "not-a-card",
        }
    }
}

/// What came of verifying a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What is said of it.
    pub standing: Standing,
    /// What the signed QR says; none for one that is not genuine, and for the printed QR without a signature.
    pub claims: Option<CardClaims>,
    /// True for a printed QR without a signature that was looked up: it says that there is such a card, not that this is it.
    pub looked_up: bool,
    /// What the holder is on site for, while that lasts and the card holds.
    pub task: Option<Task>,
    /// When it was verified.
    pub at: Timestamp,
}

impl Cards {
    /// Verifies the text of a QR: the signed one, or the one by Decision 838/QĐ-BNV. Everybody may; what is told is what the
    /// QR says, and how the card stands. It is counted without saying whose card it was.
    ///
    /// # Errors
    /// [`Error::NotOffered`], and those of the graph.
    pub async fn check(&self, tenant: &Tenant, text: &str) -> Result<Checked, Error> {
        let text = text.trim_matches(['\r', '\n', '\t']);
        let checked = if text.trim_start().starts_with(PREFIX) {
            self.check_signed(tenant, text).await?
        } else {
            self.check_printed(tenant, text.trim()).await?
        };
        let counted = self.count_op("verified", checked.standing.name());
        self.write(&self.own(tenant), vec![counted]).await?;
        Ok(checked)
    }

    fn checked(&self, standing: Standing) -> Checked {
        Checked { standing, claims: None, looked_up: false, task: None, at: self.now() }
    }

    async fn check_signed(&self, tenant: &Tenant, text: &str) -> Result<Checked, Error> {
        let keys = self.keys(tenant).await?;
        let claims = match open(text).and_then(|card| card.signed_by(&keys)) {
            Ok(claims) => claims,
            Err(refused) => {
                return Ok(self.checked(match refused {
                    Refused::UnknownIssuer(_) => Standing::UnknownIssuer,
                    Refused::BadSignature | Refused::KeyNotValid(_) => Standing::Forged,
                    _ => Standing::NotACard,
                }));
            }
        };
        let card = self.by_serial(tenant, claims.serial).await?;
        // Who has signed it has entered it: a genuine signature without an entry was made with a stolen key.
        let Some(card) = card.filter(|card| card.qr.as_deref() == Some(text.trim_start())) else {
            return Ok(self.checked(Standing::Forged));
        };
        let standing = self.standing_of(&card);
        let (at, task) = (self.now(), self.task_of(&card, standing));
        Ok(Checked { standing, claims: Some(claims), looked_up: false, task, at })
    }

    async fn check_printed(&self, tenant: &Tenant, text: &str) -> Result<Checked, Error> {
        let random = text.split('|').next().filter(|_| text.contains('|') && text.chars().count() <= LONGEST);
        let Some(random) = random else { return Ok(self.checked(Standing::NotACard)) };
        let cards = self.with_random(tenant, random).await?;
        let found = cards.iter().find(|card| card.printed.as_deref() == Some(text));
        let Some(card) = found else { return Ok(self.checked(Standing::UnknownIssuer)) };
        let standing = self.standing_of(card);
        let task = self.task_of(card, standing);
        Ok(Checked { looked_up: true, task, ..self.checked(standing) })
    }

    pub(super) fn standing_of(&self, card: &Card) -> Standing {
        match card.state {
            State::Active if card.is_over(self.now()) => Standing::Expired,
            State::Active => Standing::Valid,
            State::Suspended => Standing::Suspended,
            State::Revoked => Standing::Revoked,
            State::Proposed | State::Refused => Standing::NotACard,
        }
    }

    pub(super) fn task_of(&self, card: &Card, standing: Standing) -> Option<Task> {
        card.task.clone().filter(|task| standing == Standing::Valid && task.is_on(self.now()))
    }
}
