//! Keeping registrations: made, shown, changed, removed; read back at start.

use std::sync::{Arc, PoisonError};

use dinh_access::{Action, Policy, Purpose};
use dinh_model::{Iri, Tenant, Term};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::{EntityQuery, EntitySelector, TypeExpr};
use dinh_ngsild::registration::{Mode, Registration};
use dinh_store::{Act, Note, Op, Store};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::watching::Pending;
use super::{MAX_REGISTRATIONS, NAME, Registered, Registrations, Shared, system};
use crate::{Error, Session};

/// Kind of record.
const KIND: &str = "registration";
/// Records read at once.
const PAGE: usize = 1_000;

/// A registration as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    tenant: Tenant,
    registration: Json,
}

impl Registrations {
    /// Makes a registration from its JSON, read with `context`. Answers with its identifier.
    ///
    /// # Errors
    /// What is wrong with it; another one stands in its way, or entities that are kept here do (clause 5.9.2.4).
    pub async fn create(&self, session: &Session, json: &Json, context: &LdContext) -> Result<Iri, Error> {
        let fresh = Iri::trusted(format!("urn:ngsi-ld:ContextSourceRegistration:{}", self.0.ids.uuid()));
        let registration = Registration::read(json, context, &fresh, self.0.clock.now())?;
        let id = registration.iri();
        let _writing = self.0.writing.lock().await;
        self.0.keep_name().await?;
        if self.one(session.tenant(), id.as_str()).is_some() {
            return Err(Error::RegistrationExists(id));
        }
        if self.0.book.read().unwrap_or_else(PoisonError::into_inner).len() >= MAX_REGISTRATIONS {
            return Err(Error::TooManyRegistrations(MAX_REGISTRATIONS));
        }
        self.keep(session, registration).await?;
        Ok(id)
    }

    /// One registration of the session's tenant.
    ///
    /// # Errors
    /// There is none.
    pub fn get(&self, session: &Session, id: &str) -> Result<Arc<Registered>, Error> {
        session.may_read()?;
        self.one(session.tenant(), id).ok_or_else(|| Error::NoRegistration(id.to_owned()))
    }

    /// Whether what the source needs to be told with every call, which may be a secret, is shown to whoever asks.
    pub fn shows_all(&self, session: &Session, registration: &Registration) -> bool {
        may_register(session, registration).is_ok()
    }

    /// Replaces the members that `fragment` names, and removes those that it sets to null.
    ///
    /// # Errors
    /// As [`Registrations::create`].
    pub async fn update(
        &self,
        session: &Session,
        id: &str,
        fragment: &Json,
        context: &LdContext,
    ) -> Result<(), Error> {
        let _writing = self.0.writing.lock().await;
        let old = self.get(session, id)?;
        may_register(session, &old.registration)?;
        let patched = old.registration.patched(fragment, context, self.0.clock.now())?;
        self.keep(session, patched).await
    }

    /// Removes a registration.
    ///
    /// # Errors
    /// There is none, or whoever asks may not.
    pub async fn delete(&self, session: &Session, id: &str) -> Result<(), Error> {
        let _writing = self.0.writing.lock().await;
        let old = self.get(session, id)?;
        may_register(session, &old.registration)?;
        note(session, "delete", &old.registration).await?;
        let key = key(session.tenant(), id);
        let mut ops = vec![Op::DeleteRecord { kind: KIND.to_owned(), key }];
        let pending = self.0.notices(session.tenant(), Some(&old.registration), None);
        ops.extend(pending.iter().map(Pending::kept));
        self.0.write(ops).await?;
        pending.into_iter().for_each(Pending::push);
        self.0.book.write().unwrap_or_else(PoisonError::into_inner).remove(session.tenant(), id);
        self.0.stirred.registrations(session.tenant());
        self.0.wake_all(session.tenant());
        Ok(())
    }

    fn one(&self, tenant: &Tenant, id: &str) -> Option<Arc<Registered>> {
        let book = self.0.book.read().unwrap_or_else(PoisonError::into_inner);
        let found = book.get(tenant, id);
        found.filter(|entry| entry.registration.holds(self.0.clock.now())).cloned()
    }

    async fn keep(&self, session: &Session, registration: Registration) -> Result<(), Error> {
        may_register(session, &registration)?;
        self.0.outbound.check(&registration.endpoint)?;
        self.refuse_conflicts(session, &registration).await?;
        note(session, "keep", &registration).await?;
        let (tenant, id) = (session.tenant().clone(), registration.id.to_string());
        let kept = Kept { tenant: tenant.clone(), registration: registration.to_stored() };
        let body = serde_json::to_value(&kept).map_err(|e| Error::Registration(format!("{id}: {e}")))?;
        let mut ops = vec![Op::PutRecord { kind: KIND.to_owned(), key: key(&tenant, &id), body }];
        let before = self.one(&tenant, &id);
        let before = before.as_ref().map(|old| &old.registration);
        let pending = self.0.notices(&tenant, before, Some(&registration));
        ops.extend(pending.iter().map(Pending::kept));
        self.0.write(ops).await?;
        pending.into_iter().for_each(Pending::push);
        let entry = Arc::new(Registered::new(tenant.clone(), registration));
        self.0.book.write().unwrap_or_else(PoisonError::into_inner).insert(entry);
        self.0.stirred.registrations(&tenant);
        self.0.wake_all(&tenant);
        Ok(())
    }

    /// What is said to be elsewhere alone must not be here, nor said to be at two places (clauses 4.3.6.3 and 5.9.2.4).
    async fn refuse_conflicts(&self, session: &Session, registration: &Registration) -> Result<(), Error> {
        for other in self.of(session.tenant()) {
            if other.registration.id != registration.id
                && registration.is_in_conflict_with(&other.registration)
            {
                let other = other.registration.iri();
                return Err(Error::RegistrationConflict(format!(
                    "the registration {other} says so of the same"
                )));
            }
        }
        if !registration.mode.is_proxied() {
            return Ok(());
        }
        let own = session.context().system("registrations", session.tenant().clone());
        for part in &registration.information {
            for query in queries(part, registration.mode) {
                let page = own.query(query).await?;
                if let Some(found) = page.entities.iter().find(|found| part.holds(&found.entity)) {
                    let reason =
                        format!("{} is kept here and is what the registration is about", found.entity.id);
                    return Err(Error::RegistrationConflict(reason));
                }
            }
        }
        Ok(())
    }
}

/// Questions that find entities kept here which a part of a registration is about. A part that names attributes asks for
/// entities that have one of them.
fn queries(part: &dinh_ngsild::registration::Information, mode: Mode) -> Vec<EntityQuery> {
    let attrs: Vec<Term> = part.attributes().cloned().collect();
    let base = EntityQuery {
        attrs,
        limit: if mode == Mode::Exclusive { 1 } else { PAGE },
        ..EntityQuery::default()
    };
    if part.entities.is_empty() {
        return vec![base];
    }
    let selected = |entity: &dinh_ngsild::registration::EntityInfo| {
        let types: Vec<TypeExpr> = entity.types.iter().cloned().map(TypeExpr::Is).collect();
        let types = if types.len() > 1 { Some(TypeExpr::All(types)) } else { types.into_iter().next() };
        let ids = entity.id.iter().cloned().collect();
        let selector = EntitySelector { ids, id_pattern: entity.id_pattern.clone(), types };
        EntityQuery { selectors: vec![selector], ..base.clone() }
    };
    part.entities.iter().map(selected).collect()
}

/// Whoever registers a source has its answers shown among those of the house, and what is written sent there: they must be able
/// to change every entity that it is about. A source of attributes of any entity is for administrators.
fn may_register(session: &Session, registration: &Registration) -> Result<(), Error> {
    session.may_write()?;
    let mut types = Vec::new();
    for part in &registration.information {
        if part.entities.is_empty() && session.may_write_all(&[Term::from("")]).is_err() {
            session.may(Action::Administer)?;
        }
        types.extend(part.entities.iter().flat_map(|entity| entity.types.iter().cloned()));
    }
    session.may_write_all(&types)
}

/// Says in the audit who changed what is asked elsewhere.
async fn note(session: &Session, deed: &str, registration: &Registration) -> Result<(), Error> {
    let mode = registration.mode.as_str();
    let details = json!({"registration": deed, "mode": mode, "endpoint": registration.endpoint});
    session
        .note(Note { entities: vec![registration.id.clone()], details, ..Note::of(Act::Configuration) })
        .await
}

/// Key of a registration's record: all tenants' are kept with the default one.
fn key(tenant: &Tenant, id: &str) -> String {
    format!("{tenant}/{id}")
}

/// Fills the book at start, and forgets what has ended.
pub(super) async fn read_all(shared: &Shared) -> Result<(), Error> {
    let grant = shared.policy.read(&system(), &Tenant::default_tenant(), Purpose::Operations)?;
    let (now, mut after) = (shared.clock.now(), String::new());
    loop {
        let records = shared.store.records(&grant, KIND, &after, PAGE).await?;
        let Some(last) = records.last() else { return Ok(()) };
        after.clone_from(&last.key);
        for record in records {
            let revived = serde_json::from_value::<Kept>(record.body)
                .map_err(|e| Error::Registration(e.to_string()))
                .and_then(|kept| Ok((kept.tenant, Registration::from_stored(&kept.registration)?)));
            match revived {
                Ok((_, registration)) if !registration.holds(now) => {
                    let key = record.key;
                    shared.write(vec![Op::DeleteRecord { kind: KIND.to_owned(), key }]).await?;
                }
                Ok((tenant, registration)) => {
                    let entry = Arc::new(Registered::new(tenant, registration));
                    shared.book.write().unwrap_or_else(PoisonError::into_inner).insert(entry);
                }
                Err(error) => tracing::error!(%error, key = record.key, "a kept registration cannot be used"),
            }
        }
    }
}

/// The name of this installation, if it has one.
pub(super) async fn name(store: &Store, policy: &Policy) -> Result<Option<String>, Error> {
    let reading = policy.read(&system(), &Tenant::default_tenant(), Purpose::Operations)?;
    let record = store.record(&reading, NAME, NAME).await?;
    Ok(record.and_then(|record| record.body.as_str().map(str::to_owned)))
}

impl Shared {
    /// Gives this installation its name. Whoever calls holds the right to write.
    pub(super) async fn keep_name(&self) -> Result<(), Error> {
        if self.name.get().is_some() {
            return Ok(());
        }
        let letters = self.ids.uuid().to_string();
        let name: String = letters.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let body = Json::from(name.as_str());
        self.write(vec![Op::PutRecord { kind: NAME.to_owned(), key: NAME.to_owned(), body }]).await?;
        self.name.get_or_init(|| name);
        Ok(())
    }
}
