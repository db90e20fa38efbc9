//! Whether cards count as a second factor.

use super::{LEAST_REASON, MOST_REASON, Office};
use crate::event::What;
use crate::facade::ByCard;
use crate::kept::{kind, put};
use crate::{Error, Misfit};

impl Office {
    /// Lets cards count as a second factor in the administrator's own tenant, or not any more: with a reason
    /// ([`Office::because`]), which the audit keeps. What was shown before counts until its ten minutes are over.
    ///
    /// # Errors
    /// [`Misfit::Reason`] without a reason.
    pub async fn cards_count(&self, allowed: bool) -> Result<(), Error> {
        let unsaid = Misfit::Reason { least: LEAST_REASON, most: MOST_REASON };
        let reason = self.by.reason.clone().ok_or(unsaid)?;
        let since = Some(self.identity.now());
        let setting = ByCard { allowed, since, reason };
        self.identity.0.kept.write(vec![put(kind::BY_CARD, self.tenant.as_str(), &setting)?]).await?;
        self.identity.note(&self.by, None, What::CardsCount { allowed }).await
    }
}
