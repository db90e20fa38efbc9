//! Second factors, and showing them again for sensitive acts.

use super::{By, Identity, Present, SignedIn};
use crate::Error;
use crate::domain::AccountId;
use crate::event::{Failure, Means, Origin, What};
use crate::factor::{TotpSecret, fresh_codes, plain};
use crate::password::Verdict;
use crate::secret::{Digest, Sealed};
use crate::secrets::{KeptTotp, Secrets};
use crate::session::{LATELY_MINUTES, SessionRecord, Shown, Token};

/// A one-time code program that is being set up.
#[derive(Debug)]
pub struct TotpOffer {
    /// What a QR code says.
    pub uri: String,
    /// The secret as people type it where there is no camera.
    pub secret: String,
    /// For [`Identity::totp_confirm`]; good once and for five minutes.
    pub ticket: String,
}

/// A one-time code program that was set up.
#[derive(Debug)]
pub struct Enrolled {
    /// Ten recovery codes, which are said this once.
    pub recovery_codes: Vec<String>,
    /// The session under its new token; the old one is good no more.
    pub signed_in: SignedIn,
}

/// A program that is being set up.
pub(crate) struct Enrolling {
    account: AccountId,
    secret: TotpSecret,
}

impl Identity {
    /// Checks a one-time or recovery code of an account, and spends it.
    pub(crate) async fn check_code(&self, id: &AccountId, code: &str, from: &Origin) -> Result<Means, Error> {
        let by = By::holder(id, from);
        let name = self.0.settings.key.digest("code", id.as_str());
        let failed = |why| What::SignInFailed { why, handle: None };
        let admitted = match self.admit(&name, from).await {
            Ok(admitted) => admitted,
            Err(error) => {
                self.note_seldom(&by, Some(id), failed(Failure::TooSoon)).await?;
                return Err(error);
            }
        };
        let (now, key) = (self.now(), &self.0.settings.key);
        let used = self.edit(id, &by, |draft| spend(&mut draft.secrets, id, code, now, key)).await;
        match used {
            Ok(means) => {
                self.forgive(id, &name, &admitted);
                Ok(means)
            }
            Err(Error::WrongCode) => {
                self.save_tries(id, &name);
                self.note(&by, Some(id), failed(Failure::Code)).await?;
                Err(Error::WrongCode)
            }
            Err(error) => Err(error),
        }
    }

    /// Shows password and, where there is one, the second factor again. The session gets a new token; the old one is
    /// good no more. Without a second factor only what asks for the password is open afterwards. Who has passkeys alone
    /// uses [`Identity::step_up_passkey`].
    pub async fn step_up(
        &self,
        present: &Present,
        password: &str,
        code: Option<&str>,
        from: &Origin,
    ) -> Result<SignedIn, Error> {
        let id = present.id();
        self.check_password(id, password, from).await?;
        let secrets = self.secrets(id).await?;
        let shown = if secrets.has_second_factor() {
            let means = self.check_code(id, code.unwrap_or_default(), from).await?;
            Shown { means, password: true, strong: true }
        } else {
            Shown { means: Means::Password, password: true, strong: false }
        };
        self.rotate(present, shown, from).await
    }

    /// Checks the password of an account that is known, with the same patience as at sign-in.
    pub(crate) async fn check_password(
        &self,
        id: &AccountId,
        password: &str,
        from: &Origin,
    ) -> Result<(), Error> {
        let by = By::holder(id, from);
        let name = self.0.settings.key.digest("confirm", id.as_str());
        let admitted = match self.admit(&name, from).await {
            Ok(admitted) => admitted,
            Err(error) => {
                self.note_seldom(&by, Some(id), What::StepUpFailed { why: Failure::TooSoon }).await?;
                return Err(error);
            }
        };
        let kept = self.secrets(id).await?.password.map(|password| password.phc);
        if self.verify(password, kept).await? == Verdict::Wrong {
            self.save_tries(id, &name);
            self.note(&by, Some(id), What::StepUpFailed { why: Failure::Password }).await?;
            return Err(Error::Refused);
        }
        self.forgive(id, &name, &admitted);
        Ok(())
    }

    /// Gives a session a new token, and notes what was shown.
    pub(crate) async fn rotate(
        &self,
        present: &Present,
        shown: Shown,
        from: &Origin,
    ) -> Result<SignedIn, Error> {
        let now = self.now();
        self.renew_token(present, shown.means, from, |session| session.show(shown, now)).await
    }

    /// Gives a session a new token, with what `note` writes down of what was shown.
    pub(crate) async fn renew_token(
        &self,
        present: &Present,
        means: Means,
        from: &Origin,
        note: impl FnOnce(&mut SessionRecord) + Send,
    ) -> Result<SignedIn, Error> {
        let (id, now) = (present.id(), self.now());
        let token = Token::fresh(id, now, self.0.entropy.as_ref())?;
        let old = present.session().id.clone();
        let session = self
            .edit(id, &By::holder(id, from), |draft| {
                let at = draft.sessions.iter().position(|session| session.id == old);
                let mut session = draft.sessions.remove(at.ok_or(Error::NotSignedIn)?);
                session.id = token.session.text();
                session.secret_hash = token.hash();
                session.seen = now;
                note(&mut session);
                draft.sessions.push(session.clone());
                draft.events.push(What::SteppedUp { means, session: session.id.clone() });
                Ok(session)
            })
            .await?;
        Ok(SignedIn { token: token.text(), session })
    }

    /// True if the account has a one-time code program.
    pub async fn has_code(&self, present: &Present) -> Result<bool, Error> {
        Ok(self.secrets(present.id()).await?.totp.is_some())
    }

    /// Begins to set up a one-time code program. Nothing is kept until [`Identity::totp_confirm`].
    pub async fn totp_offer(&self, present: &Present) -> Result<TotpOffer, Error> {
        self.lately(present.session(), &self.secrets(present.id()).await?)?;
        let secret = TotpSecret::fresh(self.0.entropy.as_ref())?;
        let account = present.account();
        let label = account.handles().first().map_or_else(|| account.name.clone(), ToString::to_string);
        let (uri, text) = (secret.uri(&self.0.settings.title, &label), secret.text());
        let enrolling = Enrolling { account: present.id().clone(), secret };
        let ticket = self.0.enrolling.give(enrolling, self.now(), self.0.entropy.as_ref())?;
        Ok(TotpOffer { uri, secret: text, ticket })
    }

    /// Ends setting up: a code shows that the program works. All other sessions end, and this one has stepped up.
    pub async fn totp_confirm(
        &self,
        present: &Present,
        ticket: &str,
        code: &str,
        from: &Origin,
    ) -> Result<Enrolled, Error> {
        let (id, now) = (present.id(), self.now());
        let enrolling = self.0.enrolling.take(ticket, now).filter(|one| one.account == *id);
        let Enrolling { secret, .. } = enrolling.ok_or(Error::Expired)?;
        let last_step = secret.step(code, i64::MIN, now).ok_or(Error::WrongCode)?;
        let sealed: Sealed = self.0.settings.key.seal(&label(id), secret.bytes(), self.0.entropy.as_ref())?;
        let (codes, digests) = self.recovery_codes(id)?;
        self.edit(id, &By::holder(id, from), |draft| {
            self.lately(present.session(), &draft.secrets)?;
            draft.secrets.totp = Some(KeptTotp { secret: sealed, since: now, last_step });
            draft.secrets.recovery = digests;
            draft.events.push(What::FactorAdded { factor: Means::Totp });
            draft.events.push(What::RecoveryCodesMade);
            draft.end_sessions_but(Some(&present.session().id));
            Ok(())
        })
        .await?;
        // The password was shown lately and the code just now.
        let shown = Shown { means: Means::Totp, password: false, strong: true };
        Ok(Enrolled { recovery_codes: codes, signed_in: self.rotate(present, shown, from).await? })
    }

    /// Removes the one-time code program, and the recovery codes of who has no passkey either.
    pub async fn totp_remove(&self, present: &Present, from: &Origin) -> Result<(), Error> {
        let id = present.id();
        self.edit(id, &By::holder(id, from), |draft| {
            self.lately(present.session(), &draft.secrets)?;
            draft.secrets.totp.take().ok_or(Error::NoSuch("factor"))?;
            draft.secrets.drop_idle_recovery();
            draft.events.push(What::FactorRemoved { factor: Means::Totp });
            Ok(())
        })
        .await
    }

    /// Makes new recovery codes; the former ones are void.
    pub async fn recovery_codes_renew(&self, present: &Present, from: &Origin) -> Result<Vec<String>, Error> {
        let id = present.id();
        let (codes, digests) = self.recovery_codes(id)?;
        self.edit(id, &By::holder(id, from), |draft| {
            self.lately(present.session(), &draft.secrets)?;
            if !draft.secrets.has_second_factor() {
                return Err(Error::NoSuch("factor"));
            }
            draft.secrets.recovery = digests;
            draft.events.push(What::RecoveryCodesMade);
            Ok(())
        })
        .await?;
        Ok(codes)
    }

    fn recovery_codes(&self, id: &AccountId) -> Result<(Vec<String>, Vec<Digest>), Error> {
        let codes = fresh_codes(self.0.entropy.as_ref())?;
        let key = &self.0.settings.key;
        let digests = codes.iter().map(|code| key.digest(&label(id), &plain(code))).collect();
        Ok((codes, digests))
    }

    /// Refuses a session that has not shown lately what sensitive acts ask for: the second factor or a passkey of
    /// those who have one, the password of all others.
    pub(crate) fn lately(&self, session: &SessionRecord, secrets: &Secrets) -> Result<(), Error> {
        let now = self.now();
        let counts = |until: Option<dinh_model::Timestamp>| until.is_some_and(|until| now < until);
        let minutes = LATELY_MINUTES;
        if secrets.has_second_factor() {
            if counts(session.stepped_up_until) { Ok(()) } else { Err(Error::StepUp { minutes }) }
        } else if counts(session.confirmed_until) {
            Ok(())
        } else {
            Err(Error::Confirm { minutes })
        }
    }
}

/// What secrets of an account are sealed and recognised as.
fn label(id: &AccountId) -> String {
    format!("factor {id}")
}

/// Finds out which code it is, and spends it.
fn spend(
    secrets: &mut Secrets,
    id: &AccountId,
    code: &str,
    now: dinh_model::Timestamp,
    key: &crate::InstallationKey,
) -> Result<Means, Error> {
    if let Some(totp) = &mut secrets.totp {
        let Some(bytes) = key.unseal(&label(id), &totp.secret) else {
            return Err(Error::Damaged(
                "a second factor was sealed with another installation key".to_owned(),
            ));
        };
        if let Some(step) = TotpSecret::from_bytes(bytes).step(code, totp.last_step, now) {
            totp.last_step = step;
            return Ok(Means::Totp);
        }
    }
    let digest = key.digest(&label(id), &plain(code));
    let before = secrets.recovery.len();
    secrets.recovery.retain(|kept| !crate::secret::same(kept.as_str(), digest.as_str()));
    if secrets.recovery.len() < before { Ok(Means::RecoveryCode) } else { Err(Error::WrongCode) }
}
