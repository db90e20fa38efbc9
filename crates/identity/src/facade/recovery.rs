//! Choosing a password with a link: after an account was made, and when a password is lost.

use uuid::Uuid;

use super::{By, Identity};
use crate::Error;
use crate::domain::{AccountId, AccountRecord, State};
use crate::entropy::fresh;
use crate::event::{Failure, Origin, What};
use crate::kept::kind;
use crate::secret::{same, sha256};
use crate::secrets::{KeptLink, Secrets};
use crate::session::MINUTE;
use crate::text::{base64, unbase64};

/// Minutes for which a link to recover an account is good.
const LASTS: i64 = 30;
/// Minutes for which the first link of a new account is good: three days, for it travels by post or over a desk.
const FIRST_LASTS: i64 = 3 * 24 * 60;

impl Identity {
    /// Makes the secret end of a link, and what is kept of it.
    pub(super) fn link(
        &self,
        id: &AccountId,
        drop_factors: bool,
        first: bool,
    ) -> Result<(String, KeptLink), Error> {
        let secret: [u8; 32] = fresh(self.0.entropy.as_ref())?;
        let minutes = if first { FIRST_LASTS } else { LASTS };
        let until = self.now().plus_micros(minutes * MINUTE);
        let kept = KeptLink { hash: sha256(&secret), until, drop_factors };
        Ok((base64(&[&id.to_uuid().as_bytes()[..], &secret].concat()), kept))
    }

    /// Sets a new password with the secret end of a link. All sessions end, and waits after failed attempts too. A
    /// password that is refused leaves the link good.
    pub async fn recover(&self, link: &str, new: &str, from: &Origin) -> Result<(), Error> {
        let (id, hash) = read(link).ok_or(Error::Expired)?;
        let Some(record) = self.0.kept.get::<AccountRecord>(kind::ACCOUNT, id.as_str()).await? else {
            return Err(Error::Expired);
        };
        let by = By::holder(&id, from);
        if self.good_link(&self.secrets(&id).await?, &hash).is_err() || record.state != State::Active {
            let what = What::SignInFailed { why: Failure::Recovery, handle: None };
            self.note_seldom(&By::anybody(from), Some(&id), what).await?;
            return Err(Error::Expired);
        }
        let password = self.new_password(new, &record).await?;
        self.edit(&id, &by, |draft| {
            // Again, under the lock: a link is good once.
            let link = self.good_link(&draft.secrets, &hash)?;
            if draft.record.state != State::Active {
                return Err(Error::Expired);
            }
            draft.events.extend([What::RecoveryLinkUsed, What::PasswordSet]);
            if link.drop_factors {
                for factor in draft.secrets.drop_factors() {
                    draft.events.push(What::FactorRemoved { factor });
                }
            }
            draft.secrets.password = Some(password);
            draft.secrets.link = None;
            draft.end_sessions_but(None);
            Ok(())
        })
        .await?;
        for digest in self.digests(&record) {
            self.0.throttle.clear(&digest);
            self.save_tries(&id, &digest);
        }
        Ok(())
    }

    fn good_link(&self, secrets: &Secrets, hash: &str) -> Result<KeptLink, Error> {
        let link = secrets.link.as_ref().filter(|link| self.now() < link.until && same(&link.hash, hash));
        link.cloned().ok_or(Error::Expired)
    }
}

/// Reads the secret end of a link: whose it is, and the hash of its secret.
fn read(link: &str) -> Option<(AccountId, String)> {
    if link.len() > 100 {
        return None;
    }
    let bytes: [u8; 48] = unbase64(link.trim())?.try_into().ok()?;
    let (account, secret) = bytes.split_first_chunk::<16>()?;
    Some((AccountId::of(Uuid::from_bytes(*account)), sha256(secret)))
}
