//! Passkeys: making them, signing in with them, and stepping up.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{By, Identity, Present, SignedIn};
use crate::Error;
use crate::domain::{AccountId, State};
use crate::entropy::fresh;
use crate::event::{Failure, Means, Origin, What};
use crate::passkey::{ALGORITHMS, Doubt, Site, assertion, registration};
use crate::secrets::{KeptPasskey, Secrets};
use crate::session::Shown;
use crate::text::{base64, unbase64};

/// Most passkeys of an account.
const MOST: usize = 10;
/// Most characters of a passkey's name.
const MOST_LETTERS: usize = 100;
/// Milliseconds that a person has to touch the device.
const PATIENCE: u32 = 300_000;

/// A question to a passkey.
#[derive(Debug)]
pub struct PasskeyQuestion {
    /// What the page hands to `navigator.credentials`, as `parseCreationOptionsFromJSON` and
    /// `parseRequestOptionsFromJSON` read it.
    pub options: Json,
    /// For the answer; good once and for five minutes.
    pub ticket: String,
}

/// A passkey, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyInfo {
    /// Identifier, in base64url.
    pub id: String,
    /// What its holder calls it.
    pub name: String,
    /// When it was made.
    pub since: dinh_model::Timestamp,
    /// When it last answered.
    pub last_used: Option<dinh_model::Timestamp>,
    /// Whether it may be copied between the holder's devices.
    pub may_be_copied: bool,
}

/// A question that was asked.
pub(crate) struct Asked {
    challenge: String,
    /// The account that a passkey is made for; none when one is asked to answer.
    account: Option<AccountId>,
}

impl Identity {
    fn site(&self) -> Result<&Site, Error> {
        let none = || Error::Settings("passkeys need the domain and the origins of the pages".to_owned());
        self.0.settings.site.as_ref().ok_or_else(none)
    }

    /// Whether passkeys can be made and used here: only where the address of the pages is known.
    pub fn takes_passkeys(&self) -> bool {
        self.0.settings.site.is_some()
    }

    fn ask(&self, account: Option<AccountId>) -> Result<(String, String), Error> {
        let challenge = base64(&fresh::<32>(self.0.entropy.as_ref())?);
        let asked = Asked { challenge: challenge.clone(), account };
        let ticket = self.0.asked.give(asked, self.now(), self.0.entropy.as_ref())?;
        Ok((challenge, ticket))
    }

    /// Begins to make a passkey.
    pub async fn passkey_offer(&self, present: &Present) -> Result<PasskeyQuestion, Error> {
        let (site, id) = (self.site()?, present.id());
        let secrets = self.secrets(id).await?;
        self.lately(present.session(), &secrets)?;
        let (challenge, ticket) = self.ask(Some(id.clone()))?;
        let account = present.account();
        let name = account.handles().first().map_or_else(|| account.name.clone(), ToString::to_string);
        let known: Vec<Json> =
            secrets.passkeys.iter().map(|key| json!({"type": "public-key", "id": key.id})).collect();
        let options = json!({
            "rp": {"id": site.domain, "name": self.0.settings.title},
            "user": {"id": base64(id.to_uuid().as_bytes()), "name": name, "displayName": account.name},
            "challenge": challenge,
            "pubKeyCredParams": ALGORITHMS.map(|alg| json!({"type": "public-key", "alg": alg})),
            "timeout": PATIENCE,
            "excludeCredentials": known,
            "authenticatorSelection":
                {"residentKey": "required", "requireResidentKey": true, "userVerification": "required"},
            "attestation": "none",
        });
        Ok(PasskeyQuestion { options, ticket })
    }

    /// Ends making a passkey: `answer` is what the browser said. The session has stepped up and gets a new token.
    pub async fn passkey_add(
        &self,
        present: &Present,
        ticket: &str,
        (name, answer): (&str, &Json),
        from: &Origin,
    ) -> Result<SignedIn, Error> {
        let (site, id, now) = (self.site()?, present.id(), self.now());
        let asked = self.0.asked.take(ticket, now).filter(|asked| asked.account.as_ref() == Some(id));
        let made = registration(answer, &asked.ok_or(Error::Expired)?.challenge, site)?;
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(MOST_LETTERS).collect();
        let passkey = KeptPasskey {
            id: made.id,
            name,
            key: made.key,
            count: made.count,
            may_be_copied: made.may_be_copied,
            since: now,
            last_used: None,
        };
        self.edit(id, &By::holder(id, from), |draft| {
            self.lately(present.session(), &draft.secrets)?;
            let passkeys = &mut draft.secrets.passkeys;
            if passkeys.len() >= MOST {
                return Err(Error::TooMany { what: "passkeys", most: MOST });
            }
            if passkeys.iter().any(|known| known.id == passkey.id) {
                return Err(Error::Taken);
            }
            passkeys.push(passkey);
            draft.events.push(What::FactorAdded { factor: Means::Passkey });
            draft.end_sessions_but(Some(&present.session().id));
            Ok(())
        })
        .await?;
        self.rotate(present, Shown { means: Means::Passkey, password: false, strong: true }, from).await
    }

    /// The passkeys of the account.
    pub async fn passkeys(&self, present: &Present) -> Result<Vec<PasskeyInfo>, Error> {
        let kept = self.secrets(present.id()).await?.passkeys;
        Ok(kept.iter().map(KeptPasskey::info).collect())
    }

    /// Removes a passkey.
    pub async fn passkey_remove(&self, present: &Present, key: &str, from: &Origin) -> Result<(), Error> {
        let id = present.id();
        self.edit(id, &By::holder(id, from), |draft| {
            self.lately(present.session(), &draft.secrets)?;
            let before = draft.secrets.passkeys.len();
            draft.secrets.passkeys.retain(|kept| kept.id != key);
            if draft.secrets.passkeys.len() == before {
                return Err(Error::NoSuch("passkey"));
            }
            draft.secrets.drop_idle_recovery();
            draft.events.push(What::FactorRemoved { factor: Means::Passkey });
            Ok(())
        })
        .await
    }

    /// Asks whatever passkey somebody has for this site: to sign in or, where somebody is signed in, to step up.
    pub fn passkey_question(&self) -> Result<PasskeyQuestion, Error> {
        let site = self.site()?;
        let (challenge, ticket) = self.ask(None)?;
        let options = json!({
            "rpId": site.domain,
            "challenge": challenge,
            "timeout": PATIENCE,
            "userVerification": "required",
        });
        Ok(PasskeyQuestion { options, ticket })
    }

    /// Signs in with a passkey: it stands for a password and a second factor together.
    pub async fn sign_in_passkey(
        &self,
        ticket: &str,
        answer: &Json,
        from: &Origin,
    ) -> Result<SignedIn, Error> {
        let (id, doubt) = self.passkey_answer(ticket, answer, from).await?;
        if let Some(error) = doubt {
            let what = What::SignInFailed { why: Failure::Passkey, handle: None };
            self.note_seldom(&By::anybody(from), id.as_ref(), what).await?;
            return Err(error);
        }
        let id = id.ok_or(Error::Refused)?;
        if self.record(&id).await?.state != State::Active {
            let what = What::SignInFailed { why: Failure::Locked, handle: None };
            self.note(&By::anybody(from), Some(&id), what).await?;
            return Err(Error::NotActive);
        }
        self.open_session(&id, Shown { means: Means::Passkey, password: false, strong: true }, from).await
    }

    /// Steps up with a passkey. The session gets a new token; the old one is good no more.
    pub async fn step_up_passkey(
        &self,
        present: &Present,
        ticket: &str,
        answer: &Json,
        from: &Origin,
    ) -> Result<SignedIn, Error> {
        let (id, doubt) = self.passkey_answer(ticket, answer, from).await?;
        // Somebody else's passkey is as good as none.
        let stranger = (id.as_ref() != Some(present.id())).then_some(Error::Refused);
        if let Some(error) = doubt.or(stranger) {
            let what = What::StepUpFailed { why: Failure::Passkey };
            self.note(&By::holder(present.id(), from), Some(present.id()), what).await?;
            return Err(error);
        }
        self.rotate(present, Shown { means: Means::Passkey, password: false, strong: true }, from).await
    }

    /// Whose passkey has answered, and what is wrong with the answer, if anything is.
    async fn passkey_answer(
        &self,
        ticket: &str,
        answer: &Json,
        from: &Origin,
    ) -> Result<(Option<AccountId>, Option<Error>), Error> {
        let (site, now) = (self.site()?, self.now());
        let asked = self.0.asked.take(ticket, now).filter(|asked| asked.account.is_none());
        let Some(asked) = asked else { return Err(Error::Expired) };
        let (Some(id), Some(key)) = (holder(answer), identifier(answer)) else {
            return Ok((None, Some(Doubt::Malformed("userHandle").into())));
        };
        if self.record(&id).await.is_err() {
            return Ok((None, Some(Error::Refused)));
        }
        let by = By::holder(&id, from);
        let checked = self.edit(&id, &by, |draft| {
            let kept = draft.secrets.passkeys.iter_mut().find(|kept| kept.id == key).ok_or(Error::Refused)?;
            let state = (&kept.key, kept.count, kept.may_be_copied);
            kept.count = assertion(answer, &asked.challenge, site, state)?.count;
            kept.last_used = Some(now);
            Ok(())
        });
        match checked.await {
            Ok(()) => Ok((Some(id), None)),
            Err(error @ (Error::Refused | Error::Passkey(_))) => Ok((Some(id), Some(error))),
            Err(error) => Err(error),
        }
    }
}

/// The account that the passkey says it is for: its `userHandle`.
fn holder(answer: &Json) -> Option<AccountId> {
    let bytes = unbase64(answer.get("response")?.get("userHandle")?.as_str()?.trim_end_matches('='))?;
    Some(AccountId::of(Uuid::from_bytes(bytes.try_into().ok()?)))
}

/// The identifier of the passkey, written as it is kept.
fn identifier(answer: &Json) -> Option<String> {
    let text = answer.get("rawId").or_else(|| answer.get("id"))?.as_str()?;
    Some(base64(&unbase64(text.get(..2048).unwrap_or(text).trim_end_matches('='))?))
}

impl Secrets {
    /// Recovery codes stand in for a second factor: without one they go.
    pub(super) fn drop_idle_recovery(&mut self) {
        if !self.has_second_factor() {
            self.recovery.clear();
        }
    }
}
