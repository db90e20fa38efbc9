//! Signing in with an identity provider, and linking an account with one.

use dinh_access::AccountKind;
use dinh_model::{Iri, Tenant};
use jiff::ToSpan as _;

use super::sign_in::Half;
use super::{Answer, By, Identity, Present};
use crate::domain::{
    AccountId, AccountRecord, Address, Days, Handle, Linked, ProvedIdentity, Representation, State, Tie,
    today,
};
use crate::event::{Failure, Means, Origin, What};
use crate::oidc::{Begun, Fault, Identified, Provider};
use crate::secret::{Digest, same, sha256};
use crate::secrets::Secrets;
use crate::session::Shown;
use crate::text::base64;
use crate::{Error, entropy::fresh};

/// Days for which somebody speaks for an enterprise after a provider has said so: until they sign in again, or as long
/// as their longest session.
const SPEAKS_FOR_DAYS: i32 = 14;

/// Where the browser goes to sign in with a provider.
#[derive(Debug)]
pub struct Departure {
    /// The provider's page.
    pub address: String,
    /// What the browser keeps meanwhile, in a cookie that scripts cannot read (`SameSite=Lax`, ten minutes): an answer
    /// is taken from the browser that began only.
    pub binding: String,
}

/// What the provider's page has sent the browser back with.
#[derive(Clone, Debug, Default)]
pub struct Return<'a> {
    /// `state`.
    pub state: &'a str,
    /// `code`.
    pub code: Option<&'a str>,
    /// `error`.
    pub error: Option<&'a str>,
    /// `iss` (RFC 9207).
    pub issuer: Option<&'a str>,
    /// The cookie of [`Departure::binding`].
    pub binding: &'a str,
}

/// A sign-in with a provider that was begun.
pub(crate) struct Away {
    provider: usize,
    begun: Begun,
    binding: String,
    /// The account that is to be linked, if this is no sign-in.
    linking: Option<AccountId>,
}

impl Identity {
    /// The identity providers that are configured.
    pub fn providers(&self) -> &[Provider] {
        &self.0.settings.providers
    }

    /// Begins to sign in with a provider, or to link the account of `present` with it. `redirect` is the address to
    /// which the provider sends the browser back, as it is registered there.
    pub async fn provider_begin(
        &self,
        name: &str,
        redirect: &str,
        linking: Option<&Present>,
    ) -> Result<Departure, Error> {
        let at = self.providers().iter().position(|provider| provider.name() == name);
        let at = at.ok_or_else(|| Fault::NoProvider(name.to_owned()))?;
        let linking = match linking {
            Some(present) => {
                self.lately(present.session(), &self.secrets(present.id()).await?)?;
                Some(present.id().clone())
            }
            None => None,
        };
        let (entropy, now) = (self.0.entropy.as_ref(), self.now());
        let begun = Begun::fresh(redirect, entropy)?;
        let binding = base64(&fresh::<32>(entropy)?);
        let away = Away { provider: at, begun: begun.clone(), binding: sha256(binding.as_bytes()), linking };
        let state = self.0.away.give(away, now, entropy)?;
        let provider = self.providers().get(at).ok_or(Fault::State)?;
        let (known, outbound) = (&self.0.providers, self.0.context.outbound());
        let address = begun.address(provider, &state, known, outbound, now).await?;
        Ok(Departure { address, binding })
    }

    /// Ends what [`Identity::provider_begin`] began. None if an account was linked: its session goes on.
    ///
    /// Whoever has a second factor here and did not show one there is asked for it.
    pub async fn provider_finish(&self, back: &Return<'_>, from: &Origin) -> Result<Option<Answer>, Error> {
        match self.identify(back).await {
            Ok((provider, person, None)) => self.enter(provider, &person, from).await.map(Some),
            Ok((provider, person, Some(account))) => {
                self.link_account(provider, &person, &account, from).await.map(|()| None)
            }
            Err(fault) => Err(self.not_believed(fault, from).await?),
        }
    }

    async fn not_believed(&self, fault: Fault, from: &Origin) -> Result<Error, Error> {
        let what = What::SignInFailed { why: Failure::Provider, handle: None };
        self.note_seldom(&By::anybody(from), None, what).await?;
        Ok(fault.into())
    }

    async fn identify(&self, back: &Return<'_>) -> Result<(&Provider, Identified, Option<AccountId>), Fault> {
        let now = self.now();
        let away = self.0.away.take(back.state, now).ok_or(Fault::State)?;
        if !same(&away.binding, &sha256(back.binding.as_bytes())) {
            return Err(Fault::State);
        }
        if let Some(error) = back.error {
            return Err(Fault::Refused(error.chars().take(100).collect()));
        }
        let code = back.code.ok_or(Fault::State)?;
        let provider = self.providers().get(away.provider).ok_or(Fault::State)?;
        let (known, outbound) = (&self.0.providers, self.0.context.outbound());
        let person = away.begun.finish(provider, (code, back.issuer), known, outbound, now).await?;
        Ok((provider, person, away.linking))
    }

    /// Signs in whoever the provider says it is.
    async fn enter(&self, provider: &Provider, person: &Identified, from: &Origin) -> Result<Answer, Error> {
        let subject = self.provider_subject(provider, person);
        let number = self.personal_number(person);
        let mut owner = self.owner(&subject).await?;
        if let (None, Some(number)) = (&owner, &number) {
            owner = self.owner(number).await?;
        }
        let id = match owner {
            Some(id) => id,
            None if provider.definition.opens_accounts => self.open_citizen(provider, person, from).await?,
            None => return Err(self.not_believed(Fault::NoAccount, from).await?),
        };
        let record = self.record(&id).await?;
        if record.state != State::Active {
            let what = What::SignInFailed { why: Failure::Locked, handle: None };
            self.note(&By::anybody(from), Some(&id), what).await?;
            return Err(Error::NotActive);
        }
        self.edit(&id, &By::holder(&id, from), |draft| {
            let members = self.learn_from(&mut draft.record, provider, person);
            if !members.is_empty() {
                draft.events.push(What::AccountChanged { members });
            }
            Ok(())
        })
        .await?;
        let secrets = self.secrets(&id).await?;
        if !person.strong && secrets.has_second_factor() {
            let half = Half { account: id, password: false };
            let ticket = self.0.half.give(half, self.now(), self.0.entropy.as_ref())?;
            return Ok(Answer::SecondFactor { ticket, by_code: secrets.totp.is_some() });
        }
        // A provider counts as the password does for who has none here.
        let shown = Shown { means: Means::Provider, password: true, strong: person.strong };
        Ok(Answer::SignedIn(Box::new(self.open_session(&id, shown, from).await?)))
    }

    async fn open_citizen(
        &self,
        provider: &Provider,
        person: &Identified,
        from: &Origin,
    ) -> Result<AccountId, Error> {
        let (id, now) = (AccountId::fresh(self.0.context.ids()), self.now());
        let name = person.name.as_deref().ok_or(Fault::Claim("the name"))?;
        let home = Tenant::default_tenant();
        let mut record = AccountRecord::new(id.clone(), AccountKind::Citizen, home, name, now);
        self.learn_from(&mut record, provider, person);
        // An address that another account has stays there: that somebody else verified it here proves nothing.
        record.email = self.free(person.email.as_ref()).await?;
        record.phone = self.free(person.phone.as_ref()).await?;
        self.create(&record, &Secrets::default(), Vec::new()).await?;
        let by = By::holder(&id, from);
        self.note(&by, Some(&id), What::AccountMade).await?;
        self.note(&by, Some(&id), What::Linked { provider: provider.name().to_owned() }).await?;
        Ok(id)
    }

    async fn free(&self, handle: Option<&Handle>) -> Result<Option<Address>, Error> {
        let Some(handle) = handle else { return Ok(None) };
        let free = self.owner(&self.digest(handle)).await?.is_none();
        let verified = Some(self.now());
        Ok(free.then(|| Address { text: handle.text().to_owned(), verified }))
    }

    /// Brings what the provider says into the record; answers the members that are different.
    fn learn_from(
        &self,
        record: &mut AccountRecord,
        provider: &Provider,
        person: &Identified,
    ) -> Vec<String> {
        let before = record.clone();
        let (now, name) = (self.now(), provider.name());
        let subject = self.provider_subject(provider, person);
        if !record.linked.iter().any(|link| link.subject == subject) {
            record.linked.push(Linked { provider: name.to_owned(), subject, since: now });
        }
        let level = record.identity.as_ref().map_or(0, |identity| identity.level);
        let number = self.personal_number(person);
        let is_new = number.is_some() && record.identity.as_ref().is_none_or(|one| one.number.is_none());
        if person.level > level || (is_new && person.level >= level) {
            let number = number.or_else(|| record.identity.take().and_then(|identity| identity.number));
            record.identity =
                Some(ProvedIdentity { level: person.level, by: name.to_owned(), at: now, number });
        }
        if let Some(code) = &person.enterprise_code {
            let enterprise = Iri::trusted(format!("urn:ngsi-ld:Organization:{code}"));
            let day = today(now);
            let until = day.checked_add(SPEAKS_FOR_DAYS.days()).unwrap_or(day);
            record.speaks_for.retain(|one| one.subject != enterprise || one.tie != Tie::Company);
            let days = Days::between(day, until);
            record.speaks_for.push(Representation { subject: enterprise, tie: Tie::Company, days });
        }
        let changed = [
            ("linked", record.linked != before.linked),
            ("identity", record.identity != before.identity),
            ("speaksFor", record.speaks_for != before.speaks_for),
        ];
        changed.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
    }

    async fn link_account(
        &self,
        provider: &Provider,
        person: &Identified,
        id: &AccountId,
        from: &Origin,
    ) -> Result<(), Error> {
        self.edit(id, &By::holder(id, from), |draft| {
            if draft.record.state != State::Active {
                return Err(Error::NotActive);
            }
            self.learn_from(&mut draft.record, provider, person);
            draft.events.push(What::Linked { provider: provider.name().to_owned() });
            Ok(())
        })
        .await
    }

    /// Removes the links of the account with a provider. Who has no password then signs in with a recovery link only.
    pub async fn provider_unlink(&self, present: &Present, name: &str, from: &Origin) -> Result<(), Error> {
        let id = present.id();
        self.edit(id, &By::holder(id, from), |draft| {
            self.lately(present.session(), &draft.secrets)?;
            let before = draft.record.linked.len();
            draft.record.linked.retain(|link| link.provider != name);
            if draft.record.linked.len() == before {
                return Err(Error::NoSuch("link"));
            }
            draft.events.push(What::Unlinked { provider: name.to_owned() });
            Ok(())
        })
        .await
    }

    fn provider_subject(&self, provider: &Provider, person: &Identified) -> Digest {
        let scheme = format!("provider {}", provider.definition.issuer);
        self.0.settings.key.digest(&scheme, &person.subject)
    }

    /// The personal identification number, if the provider has proved it at level 2: it leads to one account alone.
    fn personal_number(&self, person: &Identified) -> Option<Digest> {
        let number = person.personal_id.as_ref().filter(|_| person.level >= 2)?;
        Some(self.0.settings.key.digest("personal-id", number))
    }
}
