//! What somebody does with their own account.

use dinh_identity::domain::{Handle, Language};
use dinh_identity::{Details, Error, Present};
use dinh_model::Iri;
use serde::Deserialize;

use super::Came;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::words::Lang;

/// What somebody wants to change: `do` says what, the rest is what it needs.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wish {
    r#do: String,
    session: String,
    password: String,
    new: String,
    code: String,
    ticket: String,
    /// Name of the holder or of a passkey.
    name: String,
    email: String,
    phone: String,
    language: String,
    /// Identifier of a passkey.
    passkey: String,
    /// What the browser's passkey has answered, as JSON.
    answer: String,
    /// Name of an identity provider.
    provider: String,
    /// URI of a unit; empty for all of one's units together.
    unit: String,
    /// What names a question to a wallet.
    state: String,
    /// The tick without which an account is not closed.
    sure: String,
}

impl Wish {
    /// Which thing.
    pub(super) fn what(&self) -> &str {
        &self.r#do
    }

    /// The password that was typed.
    pub(super) fn password(&self) -> &str {
        &self.password
    }

    /// The question whose answer is to count.
    pub(super) fn state(&self) -> &str {
        &self.state
    }

    /// True for what is done to go on elsewhere.
    pub(super) fn steps_up(&self) -> bool {
        matches!(self.what(), "step-up" | "passkey-step-up")
    }

    /// Does it.
    pub(super) async fn grant(&self, visitor: &Visitor, present: &Present) -> Result<Came, Error> {
        match self.what() {
            "end-session" | "end-others" | "details" | "act-for" => self.plain(visitor, present).await,
            _ => self.factor(visitor, present).await,
        }
    }

    /// What changes nothing of how one signs in.
    async fn plain(&self, visitor: &Visitor, present: &Present) -> Result<Came, Error> {
        let (identity, from, lang) = (&visitor.app.identity, &visitor.guest.from, visitor.lang());
        match self.what() {
            "end-session" => {
                identity.session_end(present, &self.session, from).await?;
                Ok(done(lang.say("account-session-ended")))
            }
            "end-others" => {
                identity.sessions_end_others(present, from).await?;
                Ok(done(lang.say("account-others-ended")))
            }
            "details" => {
                identity.details_change(present, &self.details()?, from).await?;
                Ok(done(lang.say("account-details-changed")))
            }
            "act-for" => {
                let unit = Some(self.unit.trim()).filter(|unit| !unit.is_empty());
                let unit = unit.map(Iri::parse).transpose().map_err(|_not_one| Error::NoSuch("position"))?;
                let tenant = &visitor.province.tenant;
                identity.act_for(present, tenant, unit.as_ref(), from).await?;
                Ok(done(lang.say("account-acting-changed")))
            }
            _ => Err(Error::NoSuch("wish")),
        }
    }

    fn details(&self) -> Result<Details, Error> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Details {
            name: self.name.trim().to_owned(),
            email: given(&self.email).map(|text| Handle::email(&text)).transpose()?,
            phone: given(&self.phone).map(|text| Handle::phone(&text)).transpose()?,
            language: if Lang::from_tag(&self.language) == Some(Lang::En) {
                Language::En
            } else {
                Language::Vi
            },
        })
    }

    /// What changes how one signs in, or shows that it is still oneself.
    async fn factor(&self, visitor: &Visitor, present: &Present) -> Result<Came, Error> {
        let (identity, from, lang) = (&visitor.app.identity, &visitor.guest.from, visitor.lang());
        match self.what() {
            "password" => {
                let signed_in = identity.password_change(present, &self.password, &self.new, from).await?;
                Ok(Came { signed_in: Some(signed_in), ..done(lang.say("account-password-set")) })
            }
            "step-up" => {
                let code = Some(self.code.trim()).filter(|code| !code.is_empty());
                let signed_in = identity.step_up(present, &self.password, code, from).await?;
                Ok(Came { signed_in: Some(signed_in), ..done(lang.say("account-stepped-up")) })
            }
            "code-offer" => Ok(Came { offer: Some(identity.totp_offer(present).await?), ..Came::default() }),
            "code-confirm" => {
                let enrolled = identity.totp_confirm(present, &self.ticket, &self.code, from).await?;
                let (recovery, signed_in) = (enrolled.recovery_codes, Some(enrolled.signed_in));
                Ok(Came { recovery, signed_in, ..done(lang.say("account-code-set")) })
            }
            "code-remove" => {
                identity.totp_remove(present, from).await?;
                Ok(done(lang.say("account-code-removed")))
            }
            "recovery-renew" => {
                let recovery = identity.recovery_codes_renew(present, from).await?;
                Ok(Came { recovery, ..done(lang.say("account-recovery-renewed")) })
            }
            _ => self.passkey(visitor, present).await,
        }
    }

    async fn passkey(&self, visitor: &Visitor, present: &Present) -> Result<Came, Error> {
        let (identity, from, lang) = (&visitor.app.identity, &visitor.guest.from, visitor.lang());
        match self.what() {
            "passkey-add" => {
                let answer = super::super::passkey::answer(&self.answer)?;
                let made = identity.passkey_add(present, &self.ticket, (&self.name, &answer), from).await?;
                Ok(Came { signed_in: Some(made), ..done(lang.say("account-passkey-added")) })
            }
            "passkey-step-up" => {
                let answer = super::super::passkey::answer(&self.answer)?;
                let signed_in = identity.step_up_passkey(present, &self.ticket, &answer, from).await?;
                Ok(Came { signed_in: Some(signed_in), ..done(lang.say("account-stepped-up")) })
            }
            "passkey-remove" => {
                identity.passkey_remove(present, &self.passkey, from).await?;
                Ok(done(lang.say("account-passkey-removed")))
            }
            "unlink" => {
                identity.provider_unlink(present, &self.provider, from).await?;
                Ok(done(lang.say("account-unlinked")))
            }
            _ => Err(Error::NoSuch("wish")),
        }
    }
}

/// Closes the account of whoever says that they are sure.
pub(super) async fn close(visitor: &Visitor, present: &Present, wish: &Wish) -> Result<(), Error> {
    if wish.sure != "yes" {
        return Err(Error::NoSuch("tick"));
    }
    visitor.app.identity.close_own(present, &visitor.guest.from).await
}

fn done(text: String) -> Came {
    Came { outcome: Some(Outcome { tone: "ok", text }), ..Came::default() }
}
