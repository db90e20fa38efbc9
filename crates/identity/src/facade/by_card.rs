//! A civil servant's card as a second factor, where an administrator lets it count. Whether a card was shown, whose it is
//! and whether it holds is judged by whoever knows cards (crate `cards`); here is what that is worth.

use dinh_model::{Tenant, Timestamp};
use serde::{Deserialize, Serialize};

use super::{By, Identity, Present, SignedIn};
use crate::Error;
use crate::event::{Failure, Means, Origin, What};
use crate::kept::kind;
use crate::session::{LATELY_MINUTES, Shown};

/// Whether cards count as a second factor in a tenant: not before an administrator has said so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByCard {
    /// Whether they count.
    pub allowed: bool,
    /// Since when that holds; none while nobody has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Why, in the words of whoever decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Identity {
    /// Whether cards count as a second factor in a tenant.
    pub async fn by_card(&self, tenant: &Tenant) -> Result<ByCard, Error> {
        Ok(self.0.kept.get(kind::BY_CARD, tenant.as_str()).await?.unwrap_or_default())
    }

    /// Begins to step up by card: shows the password again. The session gets a new token; a card that is shown within
    /// the next ten minutes counts beside it ([`Identity::step_up_card`]).
    ///
    /// # Errors
    /// [`Error::CardsDoNotCount`] where no administrator lets them; those of [`Identity::step_up`].
    pub async fn before_card(
        &self,
        present: &Present,
        tenant: &Tenant,
        password: &str,
        from: &Origin,
    ) -> Result<SignedIn, Error> {
        self.counts(tenant).await?;
        self.check_password(present.id(), password, from).await?;
        self.rotate(present, Shown { means: Means::Password, password: true, strong: false }, from).await
    }

    /// Steps up by a card that was judged to be the account's own and to hold now, after the password. It counts for what
    /// is done in this tenant, and not for how one signs in: who holds a card alone cannot take away other factors. The
    /// session gets a new token.
    ///
    /// # Errors
    /// [`Error::CardsDoNotCount`]; [`Error::Confirm`] if the password was not shown lately.
    pub async fn step_up_card(
        &self,
        present: &Present,
        tenant: &Tenant,
        from: &Origin,
    ) -> Result<SignedIn, Error> {
        self.counts(tenant).await?;
        let now = self.now();
        if present.session().confirmed_until.is_none_or(|until| until <= now) {
            return Err(Error::Confirm { minutes: LATELY_MINUTES });
        }
        self.renew_token(present, Means::Card, from, |session| session.show_card(tenant, now)).await
    }

    /// Notes that a card was shown that is not taken.
    ///
    /// # Errors
    /// [`Error::Trail`].
    pub async fn card_refused(&self, present: &Present, from: &Origin) -> Result<(), Error> {
        let what = What::StepUpFailed { why: Failure::Card };
        self.note_seldom(&By::holder(present.id(), from), Some(present.id()), what).await
    }

    async fn counts(&self, tenant: &Tenant) -> Result<(), Error> {
        if self.by_card(tenant).await?.allowed { Ok(()) } else { Err(Error::CardsDoNotCount) }
    }
}
