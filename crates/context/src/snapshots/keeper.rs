//! Keeping snapshots: made, shown, changed, let go; read back at start.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use dinh_access::{Principal, Purpose};
use dinh_model::{Iri, Tenant, Timestamp};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::Q;
use dinh_ngsild::snapshot::{Outcome, Snapshot, Status, selects};
use dinh_store::{Act, Commit, Note, Op};
use serde_json::{Value as Json, json};

use super::news::tell;
use super::{KIND, Kept, MOST, MOST_OF_ONE, Snapshots};
use crate::owner::Owner;
use crate::subscriptions::{check_endpoint, plain};
use crate::{Context, Error, Session};

/// Records read at once.
const PAGE: usize = 1_000;

impl Snapshots {
    /// Makes a snapshot from its JSON, read with `context`: its queries are still to be answered.
    ///
    /// # Errors
    /// What is wrong with it; one with its identifier exists; there are too many.
    pub async fn create(
        &self,
        session: &Session,
        json: &Json,
        context: &LdContext,
    ) -> Result<Snapshot, Error> {
        let mut snapshot =
            Snapshot::read(json, context, &fresh(session.context()), session.context().clock().now())?;
        snapshot.context = snapshot.context.map(plain);
        self.begin(session, snapshot).await
    }

    /// Makes a snapshot of a snapshot: its content is still to be copied.
    ///
    /// # Errors
    /// As [`Snapshots::create`]; there is no such snapshot, or it is not ready.
    pub async fn clone_of(&self, session: &Session, id: &str, json: &Json) -> Result<Snapshot, Error> {
        let now = session.context().clock().now();
        let snapshot = self.own(session, id)?.snapshot.cloned(json, &fresh(session.context()), now)?;
        self.begin(session, snapshot).await
    }

    async fn begin(&self, session: &Session, snapshot: Snapshot) -> Result<Snapshot, Error> {
        session.may_write()?;
        let (house, tenant) = (session.context(), session.tenant().clone());
        if let Some(endpoint) = &snapshot.endpoint {
            check_endpoint(house.outbound(), endpoint)?;
        }
        let owner = Owner::from(session.principal());
        let _writing = self.writing.lock().await;
        // One that has ended by now does not stand in the way, though it is not taken away yet.
        let ended = self.find(&tenant, snapshot.id.as_str()).filter(|old| !old.holds(house.clock().now()));
        if let Some(ended) = ended {
            self.let_go(house, &ended).await?;
        }
        let place = self.free_place(&tenant, &owner, snapshot.id.as_str())?;
        let details =
            json!({"snapshot": "begin", "queries": snapshot.queries.len() + snapshot.temporal_queries.len()});
        session.note(Note { entities: vec![snapshot.id.clone()], details, ..Note::of(Act::Export) }).await?;
        let kept = Kept { tenant, owner, place, gone: false, snapshot: snapshot.clone() };
        self.keep(house, kept).await?;
        Ok(snapshot)
    }

    /// The number of a place that nothing is kept in.
    fn free_place(&self, tenant: &Tenant, owner: &Owner, id: &str) -> Result<u16, Error> {
        let all = self.of(tenant);
        if all.iter().any(|kept| !kept.gone && kept.snapshot.id.as_str() == id) {
            return Err(Error::SnapshotExists(Iri::trusted(id.to_owned())));
        }
        if all.iter().filter(|kept| kept.owner == *owner && !kept.gone).count() >= MOST_OF_ONE {
            return Err(Error::TooManySnapshots(MOST_OF_ONE));
        }
        let taken: BTreeSet<u16> = all.iter().map(|kept| kept.place).collect();
        let free = (1..=MOST).find(|place| !taken.contains(place));
        free.ok_or_else(|| Error::TooManySnapshots(usize::from(MOST)))
    }

    /// One snapshot of the session's own.
    ///
    /// # Errors
    /// There is none.
    pub fn get(&self, session: &Session, id: &str) -> Result<Snapshot, Error> {
        session.may_read()?;
        Ok(self.own(session, id)?.snapshot.clone())
    }

    /// The same session within a snapshot of its own, which is used by that. What was revealed is masked again.
    ///
    /// # Errors
    /// There is no such snapshot.
    pub fn enter(&self, session: &Session, id: &str) -> Result<Session, Error> {
        session.may_read()?;
        let kept = self.own(session, id)?;
        let mut used = Kept::clone(&kept);
        used.snapshot.last_used_at = session.context().clock().now();
        let place = used.place();
        // Only here: when it was last used need not outlive the program, and to look must not write.
        let mut book = self.book.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(now) =
            book.get_mut(&(used.tenant.clone(), used.place)).filter(|now| Arc::ptr_eq(now, &kept))
        {
            *now = Arc::new(used);
        }
        Ok(session.clone().within(place, id))
    }

    /// Replaces the members that `fragment` names.
    ///
    /// # Errors
    /// What is wrong with it; there is no such snapshot.
    pub async fn update(&self, session: &Session, id: &str, fragment: &Json) -> Result<Snapshot, Error> {
        session.may_write()?;
        let house = session.context();
        let _writing = self.writing.lock().await;
        let kept = self.own(session, id)?;
        let snapshot = kept.snapshot.patched(fragment, house.clock().now())?;
        if let Some(endpoint) = &snapshot.endpoint {
            check_endpoint(house.outbound(), endpoint)?;
        }
        self.keep(house, Kept { snapshot: snapshot.clone(), ..Kept::clone(&kept) }).await?;
        tell(house, &snapshot, &kept.tenant);
        Ok(snapshot)
    }

    /// The queries of a snapshot have ended.
    ///
    /// # Errors
    /// The store could not keep it.
    pub async fn end(
        &self,
        house: &Context,
        (tenant, id): (&Tenant, &str),
        outcomes: (Vec<Outcome>, Vec<Outcome>),
    ) -> Result<(), Error> {
        self.settle(house, (tenant, id), |snapshot, now| snapshot.ended(outcomes.0, outcomes.1, now)).await
    }

    /// A snapshot has come to what it is.
    pub(super) async fn settle(
        &self,
        house: &Context,
        (tenant, id): (&Tenant, &str),
        change: impl FnOnce(Snapshot, Timestamp) -> Snapshot,
    ) -> Result<(), Error> {
        let _writing = self.writing.lock().await;
        let Some(kept) = self.find(tenant, id) else { return Ok(()) };
        let snapshot = change(kept.snapshot.clone(), house.clock().now());
        self.keep(house, Kept { snapshot: snapshot.clone(), ..Kept::clone(&kept) }).await?;
        tell(house, &snapshot, tenant);
        Ok(())
    }

    /// Lets a snapshot go.
    ///
    /// # Errors
    /// There is none.
    pub async fn delete(&self, session: &Session, id: &str) -> Result<(), Error> {
        session.may_write()?;
        let _writing = self.writing.lock().await;
        let kept = self.own(session, id)?;
        self.let_go(session.context(), &kept).await
    }

    /// Lets those of the session's own go that a query asks for; their identifiers.
    ///
    /// # Errors
    /// The query names what is no member of a snapshot.
    pub async fn purge(&self, session: &Session, q: &Q) -> Result<Vec<Iri>, Error> {
        session.may_write()?;
        let house = session.context();
        let _writing = self.writing.lock().await;
        let now = house.clock().now();
        // The query is looked at even if there is nothing to compare it with.
        let none = json!({"type": "Snapshot", "snapshotQueries": [{"type": "Query", "q": "a"}]});
        selects(q, &Snapshot::read(&none, &LdContext::core(), &fresh(house), now)?)?;
        let mut gone = Vec::new();
        for kept in self.of(session.tenant()) {
            let own = kept.holds(now) && is_of(&kept, session);
            if own && selects(q, &kept.snapshot)? {
                self.let_go(house, &kept).await?;
                gone.push(kept.snapshot.id.clone());
            }
        }
        Ok(gone)
    }

    fn own(&self, session: &Session, id: &str) -> Result<Arc<Kept>, Error> {
        let now = session.context().clock().now();
        let found = self.find(session.tenant(), id).filter(|kept| kept.holds(now) && is_of(kept, session));
        found.ok_or_else(|| Error::NoSnapshot(id.to_owned()))
    }

    /// Nobody gets in any more; what is there is taken away.
    pub(super) async fn let_go(&self, house: &Context, kept: &Kept) -> Result<(), Error> {
        let mut gone = Kept { gone: true, ..kept.clone() };
        // That it has ended tells its receiver that it is not there any more (clause 5.3.4).
        gone.snapshot.expires_at = gone.snapshot.expires_at.min(house.clock().now());
        self.keep(house, gone.clone()).await?;
        tell(house, &gone.snapshot, &gone.tenant);
        self.swept.notify_one();
        Ok(())
    }

    /// Keeps it, durably.
    async fn keep(&self, house: &Context, kept: Kept) -> Result<(), Error> {
        let key = kept.key();
        let body = serde_json::to_value(&kept).map_err(|e| Error::Snapshot(format!("{key}: {e}")))?;
        write(house, Op::PutRecord { kind: KIND.to_owned(), key, body }).await?;
        let place = (kept.tenant.clone(), kept.place);
        self.book.write().unwrap_or_else(PoisonError::into_inner).insert(place, Arc::new(kept));
        Ok(())
    }

    /// Its place is empty: nothing is left of it.
    pub(super) async fn forget(&self, house: &Context, kept: &Kept) -> Result<(), Error> {
        let _writing = self.writing.lock().await;
        write(house, Op::DeleteRecord { kind: KIND.to_owned(), key: kept.key() }).await?;
        let place = (kept.tenant.clone(), kept.place);
        self.book.write().unwrap_or_else(PoisonError::into_inner).remove(&place);
        Ok(())
    }

    /// Fills the book at start. What was being prepared when the program ended is not complete, and says so.
    pub(crate) async fn read_all(&self, house: &Context) -> Result<(), Error> {
        let grant = house.policy().read(&system(), &Tenant::default_tenant(), Purpose::Operations)?;
        let mut after = String::new();
        loop {
            let records = house.store().records(&grant, KIND, &after, PAGE).await?;
            let Some(last) = records.last() else { return Ok(()) };
            after.clone_from(&last.key);
            for record in records {
                match serde_json::from_value::<Kept>(record.body) {
                    Ok(mut kept) => {
                        if kept.snapshot.status == Status::Preparing {
                            kept.snapshot.status = Status::Failure;
                        }
                        let mut book = self.book.write().unwrap_or_else(PoisonError::into_inner);
                        book.insert((kept.tenant.clone(), kept.place), Arc::new(kept));
                    }
                    Err(error) => tracing::error!(%error, key = record.key, "a kept snapshot cannot be used"),
                }
            }
        }
    }
}

/// Commits a record, which are all kept with the default tenant.
async fn write(house: &Context, op: Op) -> Result<(), Error> {
    let grant = house.policy().write(&system(), &Tenant::default_tenant(), Purpose::Operations)?;
    let receipt = house.store().commit(&grant, Commit::of(vec![op])).await?;
    receipt.results.into_iter().try_for_each(|result| result.map(drop))?;
    Ok(())
}

/// True if a session may know of a snapshot: what is in it was found with its owner's rights.
fn is_of(kept: &Kept, session: &Session) -> bool {
    let runs_the_house = matches!(session.principal(), Principal::System(_) | Principal::Operator(_));
    runs_the_house || kept.owner.is(session.principal())
}

fn fresh(house: &Context) -> Iri {
    Iri::trusted(format!("urn:ngsi-ld:Snapshot:{}", house.ids().uuid()))
}

/// Who this part of the program is.
pub(super) fn system() -> Principal {
    Principal::System("snapshots".into())
}
