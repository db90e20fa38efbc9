//! What the holder of an account does with it.

use dinh_model::{Iri, Tenant};

use super::{By, Identity, Present, SignedIn};
use crate::Error;
use crate::domain::{AccountRecord, Address, Handle, Language};
use crate::event::{Means, Origin, What};
use crate::password::{NewPassword, Weak};
use crate::secrets::KeptPassword;
use crate::session::{SessionRecord, Shown};

impl Identity {
    /// Ends this session.
    pub async fn sign_out(&self, present: &Present, from: &Origin) -> Result<(), Error> {
        let (id, session) = (present.id(), present.session().id.clone());
        self.edit(id, &By::holder(id, from), |draft| {
            draft.sessions.retain(|kept| kept.id != session);
            draft.events.push(What::SignedOut { session });
            Ok(())
        })
        .await
    }

    /// The sessions of the account that are not over, the oldest first.
    pub async fn sessions(&self, present: &Present) -> Result<Vec<SessionRecord>, Error> {
        let now = self.now();
        let mut sessions = self.kept_sessions(present.id()).await?;
        sessions.retain(|session| !session.is_over(session.seen, now));
        Ok(sessions)
    }

    /// Ends another session of the same account, for who has shown lately that it is still themselves. From then on its
    /// token opens nothing.
    pub async fn session_end(&self, present: &Present, session: &str, from: &Origin) -> Result<(), Error> {
        let id = present.id();
        self.edit(id, &By::holder(id, from), |draft| {
            self.lately(present.session(), &draft.secrets)?;
            let before = draft.sessions.len();
            draft.sessions.retain(|kept| kept.id != session);
            if draft.sessions.len() == before {
                return Err(Error::NoSuch("session"));
            }
            draft.events.push(What::SessionsRevoked { sessions: vec![session.to_owned()] });
            Ok(())
        })
        .await
    }

    /// Ends all other sessions of the account, for who has shown lately that it is still themselves.
    pub async fn sessions_end_others(&self, present: &Present, from: &Origin) -> Result<(), Error> {
        let id = present.id();
        self.edit(id, &By::holder(id, from), |draft| {
            self.lately(present.session(), &draft.secrets)?;
            draft.end_sessions_but(Some(&present.session().id));
            Ok(())
        })
        .await
    }

    /// Acts from now on for this one of the account's units in `tenant`, or for all of them together.
    pub async fn act_for(
        &self,
        present: &Present,
        tenant: &Tenant,
        unit: Option<&Iri>,
        from: &Origin,
    ) -> Result<(), Error> {
        let id = present.id();
        self.edit(id, &By::holder(id, from), |draft| {
            let held =
                |unit: &Iri| draft.record.positions.iter().any(|p| p.tenant == *tenant && p.unit == *unit);
            if unit.is_some_and(|unit| !held(unit)) {
                return Err(Error::NoSuch("position"));
            }
            let own = draft.sessions.iter_mut().find(|session| session.id == present.session().id);
            own.ok_or(Error::NotSignedIn)?.acting_for = unit.map(|unit| (tenant.clone(), unit.clone()));
            Ok(())
        })
        .await
    }

    /// Sets a new password, after the old one. All other sessions end; this one gets a new token.
    pub async fn password_change(
        &self,
        present: &Present,
        old: &str,
        new: &str,
        from: &Origin,
    ) -> Result<SignedIn, Error> {
        let id = present.id();
        let secrets = self.secrets(id).await?;
        if secrets.has_second_factor() {
            self.lately(present.session(), &secrets)?;
        }
        self.check_password(id, old, from).await?;
        let password = self.new_password(new, present.account()).await?;
        self.edit(id, &By::holder(id, from), |draft| {
            draft.secrets.password = Some(password);
            draft.secrets.link = None;
            draft.events.push(What::PasswordSet);
            draft.end_sessions_but(Some(&present.session().id));
            Ok(())
        })
        .await?;
        let shown = Shown { means: Means::Password, password: true, strong: false };
        self.rotate(present, shown, from).await
    }

    /// Checks and hashes a password for the holder of `record`.
    pub(crate) async fn new_password(
        &self,
        new: &str,
        record: &AccountRecord,
    ) -> Result<KeptPassword, Error> {
        let addresses = record.email.iter().chain(&record.phone).map(|address| address.text.as_str());
        let checked = NewPassword::check(new, addresses.chain([record.name.as_str()]))?.into_text();
        self.not_breached(&checked).await?;
        Ok(KeptPassword { phc: self.0.hasher.hash(checked).await?, set: self.now() })
    }

    /// Refuses a password that has leaked somewhere, where a list of such is kept. A list that cannot be read refuses
    /// nobody, and is told in the log.
    async fn not_breached(&self, password: &str) -> Result<(), Error> {
        let Some(breached) = self.0.breached.clone() else { return Ok(()) };
        let password = password.to_owned();
        let looked = tokio::task::spawn_blocking(move || breached.holds(&password)).await;
        match looked {
            Ok(Ok(true)) => Err(Weak::Breached.into()),
            Ok(Ok(false)) => Ok(()),
            Ok(Err(error)) => {
                tracing::error!(%error, "the list of leaked passwords cannot be read");
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "the list of leaked passwords was not looked at");
                Ok(())
            }
        }
    }

    /// Says whether a password would be taken, for a form that says so while somebody writes.
    pub fn password_check(&self, new: &str, record: &AccountRecord) -> Result<(), Weak> {
        let addresses = record.email.iter().chain(&record.phone).map(|address| address.text.as_str());
        NewPassword::check(new, addresses.chain([record.name.as_str()])).map(drop)
    }

    /// Changes what the holder may change alone: name, addresses and language. A new address is not verified.
    pub async fn details_change(
        &self,
        present: &Present,
        details: &Details,
        from: &Origin,
    ) -> Result<(), Error> {
        let id = present.id();
        self.edit(id, &By::holder(id, from), |draft| {
            self.lately(present.session(), &draft.secrets)?;
            let members = details.apply(&mut draft.record);
            draft.events.push(What::AccountChanged { members });
            Ok(())
        })
        .await
    }
}

/// What the holder may change alone.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// What pages call them.
    pub name: String,
    /// E-mail address, if any.
    pub email: Option<Handle>,
    /// Telephone number, if any.
    pub phone: Option<Handle>,
    /// The language in which they are spoken to.
    pub language: Language,
}

impl Details {
    /// Those of an account.
    pub fn of(record: &AccountRecord) -> Self {
        Self {
            name: record.name.clone(),
            email: record.email.as_ref().map(|address| Handle::Email(address.text.clone())),
            phone: record.phone.as_ref().map(|address| Handle::Phone(address.text.clone())),
            language: record.language,
        }
    }

    /// Writes them into `record` and says which members have changed.
    pub(crate) fn apply(&self, record: &mut AccountRecord) -> Vec<String> {
        let before = record.clone();
        self.name.trim().clone_into(&mut record.name);
        record.language = self.language;
        for (slot, handle) in [(&mut record.email, &self.email), (&mut record.phone, &self.phone)] {
            let same =
                slot.as_ref().map(|address| address.text.as_str()) == handle.as_ref().map(Handle::text);
            if !same {
                *slot =
                    handle.as_ref().map(|handle| Address { text: handle.text().to_owned(), verified: None });
            }
        }
        let changed = [
            ("name", record.name != before.name),
            ("email", record.email != before.email),
            ("phone", record.phone != before.phone),
            ("language", record.language != before.language),
        ];
        changed.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
    }
}
