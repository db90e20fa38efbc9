//! What people do with what arrived and could not be taken: try it again, take it without what is wrong, or drop it.

use dinh_access::Purpose;
use dinh_context::Session;
use dinh_context::graph::{Commit, Op};
use dinh_model::{EntityId, Tenant};
use dinh_ngsild::query::{Direction, EntityQuery, OrderKey, OrderSubject};

use super::arrival::{Arrival, ArrivalState};
use crate::Error;
use crate::facade::Portal;

/// Most rows of one answer.
const MOST: usize = 100;
/// Why somebody sees what arrived, for the audit.
const REASON: &str = "Xem hồ sơ từ hệ thống khác chuyển đến (what another system has sent)";

/// What has arrived in one state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrivals {
    /// The first of them, the latest first, without what the sender says of persons.
    pub rows: Vec<Arrival>,
    /// How many there are.
    pub total: u64,
}

impl Portal {
    /// What has arrived in one state; at most a hundred rows. What tells something of a person is left out.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn arrivals(&self, tenant: &Tenant, state: ArrivalState) -> Result<Arrivals, Error> {
        let query = EntityQuery {
            q: Some(self.is("standing", state.name())),
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Descending }],
            limit: MOST,
            count: true,
            ..EntityQuery::of_type(self.names().of("PortalArrival"))
        };
        let page = self.own(tenant).query(query).await?;
        let mut rows = Vec::new();
        for stored in &page.entities {
            let mut row = Arrival::read(self.names(), stored)?;
            (row.message, row.content, row.owner) = (None, None, None);
            rows.push(row);
        }
        Ok(Arrivals { rows, total: page.total.unwrap_or_default() })
    }

    /// What arrived, with what the sender said, for those who handle the dossier: revealed, with a note in the audit.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for what whoever asks may not see.
    pub async fn arrived(&self, session: &Session, id: &EntityId) -> Result<Arrival, Error> {
        let handling = session.clone().with_purpose(Purpose::CaseHandling);
        let open = handling.clone().revealing(REASON).unwrap_or(handling);
        let found = open.find(id).await?;
        let is_arrival = self.names().of("PortalArrival");
        let stored = found.filter(|stored| stored.entity.types.contains(&is_arrival));
        let stored = stored.ok_or_else(|| Error::NoSuch(id.clone()))?;
        Ok(Arrival::read(self.names(), &stored)?)
    }

    /// Has something tried again that could not be taken; `lenient` without what is wrong with it.
    ///
    /// # Errors
    /// [`Error::NoSuch`]; [`Error::Conflict`] for what has become a dossier.
    pub async fn try_again(&self, session: &Session, id: &EntityId, lenient: bool) -> Result<(), Error> {
        let mut arrival = self.arrival(session, id).await?.ok_or_else(|| Error::NoSuch(id.clone()))?;
        if !matches!(arrival.state, ArrivalState::Held | ArrivalState::Waiting) {
            return Err(Error::Conflict);
        }
        arrival.state = ArrivalState::Waiting;
        arrival.lenient |= lenient;
        (arrival.tries, arrival.again) = (0, None);
        self.put(session, vec![arrival.change(self.names(), self.now())]).await?;
        self.0.news.notify_waiters();
        Ok(())
    }

    /// Decides that something becomes no dossier, or that its second coming changes nothing. What came stays kept.
    ///
    /// # Errors
    /// [`Error::NoSuch`]; [`Error::Conflict`] for what stands otherwise by now.
    pub async fn set_aside(&self, session: &Session, id: &EntityId) -> Result<(), Error> {
        let mut arrival = self.arrival(session, id).await?.ok_or_else(|| Error::NoSuch(id.clone()))?;
        arrival.state = match arrival.state {
            ArrivalState::Held => ArrivalState::Dropped,
            ArrivalState::Changed => ArrivalState::Taken,
            _ => return Err(Error::Conflict),
        };
        self.put(session, vec![arrival.change(self.names(), self.now())]).await
    }

    /// Has everything tried again that is held.
    pub(super) async fn try_held(&self, session: &Session) -> Result<(), Error> {
        let query = EntityQuery {
            q: Some(self.is("standing", ArrivalState::Held.name())),
            limit: MOST,
            ..EntityQuery::of_type(self.names().of("PortalArrival"))
        };
        let page = self.own(session.tenant()).query(query).await?;
        for stored in &page.entities {
            let mut arrival = Arrival::read(self.names(), stored)?;
            arrival.state = ArrivalState::Waiting;
            (arrival.tries, arrival.again) = (0, None);
            match self.put(session, vec![arrival.change(self.names(), self.now())]).await {
                Ok(()) | Err(Error::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        self.0.news.notify_waiters();
        Ok(())
    }

    async fn put(&self, session: &Session, ops: Vec<Op>) -> Result<(), Error> {
        let receipt = session.clone().vouched().commit(Commit::atomic(ops)).await?;
        if receipt.results.iter().all(Result::is_ok) { Ok(()) } else { Err(Error::Conflict) }
    }
}
