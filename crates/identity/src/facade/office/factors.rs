//! The second factors of others: seeing which there are, and removing them.

use dinh_model::Timestamp;

use super::Office;
use crate::domain::{AccountId, State};
use crate::event::What;
use crate::{Error, PasskeyInfo};

/// By what the holder of an account signs in. Nothing here is a secret.
#[derive(Clone, Debug)]
pub struct Factors {
    /// When the password was set; none if there is none yet.
    pub password: Option<Timestamp>,
    /// Since when codes are asked for, if they are.
    pub totp: Option<Timestamp>,
    /// The passkeys.
    pub passkeys: Vec<PasskeyInfo>,
    /// Recovery codes that were not used yet.
    pub recovery_codes: usize,
    /// Until when a link lets the holder choose a password, if one does.
    pub link_until: Option<Timestamp>,
}

impl Office {
    /// By what the holder of an account signs in.
    pub async fn factors(&self, id: &AccountId) -> Result<Factors, Error> {
        self.account(id).await?;
        let secrets = self.identity.secrets(id).await?;
        let now = self.identity.now();
        Ok(Factors {
            password: secrets.password.as_ref().map(|password| password.set),
            totp: secrets.totp.as_ref().map(|totp| totp.since),
            passkeys: secrets.passkeys.iter().map(crate::secrets::KeptPasskey::info).collect(),
            recovery_codes: secrets.recovery.len(),
            link_until: secrets.link.as_ref().map(|link| link.until).filter(|until| now < *until),
        })
    }

    /// Removes the second factors of an account whose holder has lost them, and ends its sessions; the password stays.
    pub async fn factors_drop(&self, id: &AccountId) -> Result<(), Error> {
        self.identity
            .edit(id, &self.by, |draft| {
                self.care(&draft.record)?;
                if draft.record.state == State::Closed {
                    return Err(Error::NotActive);
                }
                if !draft.secrets.has_second_factor() {
                    return Err(Error::NoSuch("factor"));
                }
                for factor in draft.secrets.drop_factors() {
                    draft.events.push(What::FactorRemoved { factor });
                }
                draft.end_sessions_but(None);
                Ok(())
            })
            .await
    }
}
