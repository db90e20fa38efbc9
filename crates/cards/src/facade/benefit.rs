//! What a pilot card says that its holder is entitled to, so that a fee is exempted by showing it.

use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_model::EntityId;
use jiff::civil::Date;
use serde_json::json;

use super::issue::noted;
use super::{Cards, plain};
use crate::{Benefit, Card, Error, Step};

/// Most years that a benefit is entered for: it is looked at again then.
const MOST_YEARS: i64 = 5;

/// A benefit to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBenefit {
    /// Which one.
    pub code: String,
    /// The last day on which it holds.
    pub until: Date,
    /// The decision or certificate that it stands on.
    pub proof: String,
}

impl Cards {
    /// Enters what the holder of a pilot card is entitled to, or until when from now on. The wallet shows it once the card was
    /// fetched anew.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`], [`Error::OwnCard`], [`Error::State`], [`Error::NoBenefit`], [`Error::Text`],
    /// [`Error::Span`] for a day that is over or more than five years away, [`Error::Conflict`].
    pub async fn entitle(
        &self,
        session: &Session,
        at: (&EntityId, u64),
        new: NewBenefit,
        why: &str,
    ) -> Result<(), Error> {
        let card = self.entitled(session, at).await?;
        let known = self.rules()?.benefits_of(card.kind).any(|one| one.code == new.code);
        if !known {
            return Err(Error::NoBenefit(new.code));
        }
        let today = self.today();
        let last = today.checked_add(jiff::Span::new().years(MOST_YEARS)).unwrap_or(today);
        if !(today..=last).contains(&new.until) {
            return Err(Error::Span("benefit"));
        }
        let proof = plain("proof", &new.proof, 3, 200)?;
        let mut benefits = card.benefits.clone();
        benefits.retain(|one| one.code != new.code);
        benefits.push(Benefit { code: new.code, until: new.until, proof });
        self.put_benefits(session, &card, &benefits, why).await
    }

    /// Takes away what the holder of a card is not entitled to any more. From this moment on it is proved to nobody, whatever
    /// a wallet shows.
    ///
    /// # Errors
    /// As [`Cards::entitle`].
    pub async fn disentitle(
        &self,
        session: &Session,
        at: (&EntityId, u64),
        code: &str,
        why: &str,
    ) -> Result<(), Error> {
        let card = self.entitled(session, at).await?;
        let mut benefits = card.benefits.clone();
        benefits.retain(|one| one.code != code);
        if benefits.len() == card.benefits.len() {
            return Err(Error::NoBenefit(code.to_owned()));
        }
        self.put_benefits(session, &card, &benefits, why).await
    }

    /// The card, for whoever may say what its holder is entitled to.
    async fn entitled(&self, session: &Session, (id, version): (&EntityId, u64)) -> Result<Card, Error> {
        let card = self.whole(session.tenant(), id).await?;
        self.may_decide(session, &card)?;
        if card.version != version {
            return Err(Error::Conflict);
        }
        Step::Benefit.from(card.state)?;
        Ok(card)
    }

    async fn put_benefits(
        &self,
        session: &Session,
        card: &Card,
        benefits: &[Benefit],
        why: &str,
    ) -> Result<(), Error> {
        let taken = self.taken(session, Step::Benefit, why)?;
        let changes = Fields::new(self.names(), self.now()).with("benefits", json!(benefits));
        self.write(session, vec![Self::changed(card, changes, &taken), noted(card, &taken)]).await
    }

    /// What the holder of a card is entitled to today.
    pub(super) fn benefits_now<'c>(&self, card: &'c Card) -> impl Iterator<Item = &'c Benefit> + use<'c> {
        let today = self.today();
        card.benefits.iter().filter(move |benefit| benefit.holds_on(today))
    }
}
