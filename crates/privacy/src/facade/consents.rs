//! Consents: given, taken back, shown, asked for.

use std::sync::Arc;

use dinh_access::Purpose as Why;
use dinh_context::Session;
use dinh_context::graph::{Act, Commit, Note, Op, OpError};
use dinh_model::{Entity, EntityId, Tenant};
use dinh_ngsild::mutation::{Fragment, Mutation};
use dinh_ngsild::query::{EntityQuery, Literal, Op as Compare, Operand, Path, Q};
use serde_json::json;

use super::Privacy;
use crate::{Consent, Error, How, Receipt, Standing};
use dinh_context::fields::Fields;

/// Most consents of one subject to one purpose that are gone through, past ones included.
const MOST: usize = 1_000;

impl Privacy {
    /// The purposes that somebody may be asked for, with what was said to each on behalf of `subject`.
    pub async fn standings(&self, session: &Session, subject: &EntityId) -> Result<Vec<Standing>, Error> {
        self.for_subject(session, subject)?;
        let kept = self.consents_of(session.tenant(), subject, None).await?;
        let standings = self.0.purposes.on(self.today()).into_iter().map(|purpose| {
            let of_purpose = kept.iter().rev().filter(|consent| consent.purpose == purpose.code);
            let (counting, others): (Vec<_>, Vec<_>) =
                of_purpose.partition(|consent| consent.counts_for(purpose));
            let first = |found: &[&Consent]| found.first().map(|consent| (*consent).clone());
            Standing { consent: first(&counting), earlier: first(&others), purpose: purpose.clone() }
        });
        Ok(standings.collect())
    }

    /// Agrees on behalf of `subject` to the present version of a purpose, of which `version` is the one that was shown.
    /// Who has agreed already gets the consent that stands.
    ///
    /// # Errors
    /// [`Error::TextChanged`] if another version was shown.
    pub async fn give(
        &self,
        session: &Session,
        subject: &EntityId,
        purpose: (&str, u32),
        how: How,
    ) -> Result<Consent, Error> {
        self.for_subject(session, subject)?;
        let (code, version) = purpose;
        let purpose = self.0.purposes.present(code, self.today()).ok_or(Error::NoSuch("purpose"))?;
        if purpose.version != version {
            return Err(Error::TextChanged);
        }
        let _giving = self.0.giving.lock().await;
        let kept = self.consents_of(session.tenant(), subject, Some(code)).await?;
        if let Some(standing) = kept.iter().find(|consent| consent.counts_for(purpose)) {
            return Ok(standing.clone());
        }
        if kept.len() >= MOST {
            return Err(Error::TooMany { what: "consents", most: MOST });
        }
        let (id, now, names) = (self.fresh("Consent"), self.now(), self.names());
        let mut entity = Entity::new(id.clone(), names.consent.clone(), now);
        entity.attributes = Fields::new(&names.all, now)
            .to("subject", subject)
            .with("purpose", code)
            .with("textVersion", version)
            .with("textDigest", purpose.digest())
            .with("givenAt", now.to_string())
            .with("givenBy", session.principal().to_string())
            .with("givenHow", how.name())
            .attributes;
        let note = note(&id, subject, json!({"given": code, "version": version}));
        let ops = vec![Op::Create(Arc::new(entity)), Op::note(note)];
        self.write(session, ops).await?;
        self.consent(session.tenant(), &id).await
    }

    /// Takes a consent back. What was taken back already stays so.
    pub async fn take_back(&self, session: &Session, id: &EntityId) -> Result<Consent, Error> {
        let consent = self.own_consent(session, id).await?;
        if consent.withdrawn.is_some() {
            return Ok(consent);
        }
        self.write(session, self.taking_back(session, &consent)).await?;
        self.consent(session.tenant(), id).await
    }

    /// What takes a consent back, with the note of it.
    pub(super) fn taking_back(&self, session: &Session, consent: &Consent) -> Vec<Op> {
        let (now, names) = (self.now(), self.names());
        let attributes = Fields::new(&names.all, now)
            .with("withdrawnAt", now.to_string())
            .with("withdrawnBy", session.principal().to_string())
            .attributes;
        let mutation = Mutation::Append { fragment: Fragment::from(attributes), overwrite: true };
        let (id, expect) = (consent.id.clone(), Some(consent.version));
        let change = Op::Mutate { id, mutation: Box::new(mutation), expect, types: None };
        let details = json!({"withdrawn": consent.purpose, "version": consent.text_version});
        vec![change, Op::note(note(&consent.id, &consent.subject, details))]
    }

    /// A consent with the text that was agreed to.
    pub async fn receipt(&self, session: &Session, id: &EntityId) -> Result<Receipt, Error> {
        let consent = self.own_consent(session, id).await?;
        let purpose = self.0.purposes.version(&consent.purpose, consent.text_version).cloned();
        Ok(Receipt { consent, purpose })
    }

    /// For applications: the consent by which data of `subject` may be used now for a purpose; none if there is none, so
    /// that the data must not be used for it.
    pub async fn may_use(
        &self,
        tenant: &Tenant,
        subject: &EntityId,
        purpose: &str,
    ) -> Result<Option<Consent>, Error> {
        if !self.0.offered {
            return Ok(None);
        }
        let Some(present) = self.0.purposes.present(purpose, self.today()) else { return Ok(None) };
        let kept = self.consents_of(tenant, subject, Some(purpose)).await?;
        Ok(kept.into_iter().rev().find(|consent| consent.counts_for(present)))
    }

    async fn own_consent(&self, session: &Session, id: &EntityId) -> Result<Consent, Error> {
        self.account(session)?;
        let consent = self.consent(session.tenant(), id).await?;
        // Whose consents there are is nobody else's business: what is not one's own is not there.
        if session.speaks_for(&consent.subject) { Ok(consent) } else { Err(Error::NoSuch("consent")) }
    }

    async fn consent(&self, tenant: &Tenant, id: &EntityId) -> Result<Consent, Error> {
        let found = self.own(tenant).find(id).await?;
        let found = found.filter(|stored| stored.entity.is_a(self.names().consent.as_str()));
        Consent::read(self.names(), &found.ok_or(Error::NoSuch("consent"))?)
    }

    /// The consents of somebody, the earliest first.
    pub(super) async fn consents_of(
        &self,
        tenant: &Tenant,
        subject: &EntityId,
        purpose: Option<&str>,
    ) -> Result<Vec<Consent>, Error> {
        let names = self.names();
        let is = |name: &str, value: Literal| Q::Compare {
            path: Path::attribute(names.of(name)),
            op: Compare::Eq,
            value: Operand::One(value),
        };
        let whose = is("subject", Literal::Uri(subject.as_str().to_owned()));
        let q = match purpose {
            Some(code) => Q::And(vec![whose, is("purpose", Literal::Text(code.to_owned()))]),
            None => whose,
        };
        let query = EntityQuery { q: Some(q), limit: MOST, ..EntityQuery::of_type(names.consent.clone()) };
        let page = self.own(tenant).query(query).await?;
        page.entities.iter().map(|stored| Consent::read(names, stored)).collect()
    }

    /// Writes in the name of whoever takes the step: all of it or nothing.
    pub(super) async fn write(&self, session: &Session, ops: Vec<Op>) -> Result<(), Error> {
        let session = match session.principal() {
            dinh_access::Principal::Account(_) => session.clone().with_purpose(purpose_of(session)),
            _ => return Err(Error::NotSignedIn),
        };
        let receipt = session.vouched().commit(Commit::atomic(ops)).await?;
        for result in receipt.results {
            match result {
                Ok(_) => {}
                Err(OpError::VersionConflict { .. }) => return Err(Error::Conflict),
                Err(error) => return Err(dinh_context::Error::from(error).into()),
            }
        }
        Ok(())
    }
}

/// For what purpose somebody takes a step, as the audit records it.
fn purpose_of(session: &Session) -> Why {
    match session.purpose() {
        Why::CaseHandling => Why::CaseHandling,
        _ => Why::OwnData,
    }
}

fn note(consent: &EntityId, subject: &EntityId, details: serde_json::Value) -> Note {
    Note { entities: vec![consent.clone(), subject.clone()], details, ..Note::of(Act::Consent) }
}
