//! What a one-stop desk has before it: what came in today, what it must check, hand over, take over, give back.

use dinh_access::{Principal, Purpose};
use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_model::{EntityId, Timestamp};
use dinh_ngsild::query::{Direction, EntityQuery, Literal, Op as Compare, OrderKey, OrderSubject, Path, Q};

use super::{Casework, QueuePage};
use crate::{Dossier, Error};

/// Most cases of one list.
const MOST: usize = 100;
/// Most units for which somebody looks at once: those above have other pages.
const MOST_UNITS: usize = 50;

/// A list of a one-stop desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtCounter {
    /// Those that its units received today, the latest first.
    ReceivedToday,
    /// Those in a state that its units received: to be checked, handed over, given back.
    Received(String),
    /// Those in a state that lie on the desks of its units: to be taken over.
    OnDesk(String),
}

impl Casework {
    /// A list for the units for which somebody acts, at most a hundred of it; what is due first before the rest.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], and those of the graph.
    pub async fn at_counter(&self, session: &Session, list: &AtCounter) -> Result<QueuePage, Error> {
        self.enter(session)?;
        let Principal::Account(account) = session.principal() else { return Err(Error::NotSignedIn) };
        let units: Vec<EntityId> =
            account.units.iter().take(MOST_UNITS).map(|unit| EntityId::trusted(&**unit)).collect();
        if units.is_empty() {
            return Ok(QueuePage::default());
        }
        let by = |name: &str| {
            let mut any: Vec<Q> = units.iter().map(|unit| self.links(name, unit.as_str())).collect();
            if any.len() == 1 { any.remove(0) } else { Q::Or(any) }
        };
        let (q, order) = match list {
            AtCounter::ReceivedToday => {
                let since = Literal::Text(self.beginning_of_today().to_string());
                (vec![self.compare("receivedAt", Compare::Ge, since), by("receivingUnit")], None)
            }
            AtCounter::Received(state) => {
                (vec![self.is("state", state), by("receivingUnit")], Some("deskDue"))
            }
            AtCounter::OnDesk(state) => (vec![self.is("state", state), by("desk")], Some("deskDue")),
        };
        let order = match order {
            Some(name) => OrderKey {
                subject: OrderSubject::Value(Path::attribute(self.names().of(name))),
                direction: Direction::Ascending,
            },
            None => OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Descending },
        };
        let query = EntityQuery {
            q: Some(Q::And(q)),
            order: vec![order],
            limit: MOST,
            count: true,
            ..EntityQuery::of_type(self.names().of("Dossier"))
        };
        let page = session.clone().with_purpose(Purpose::CaseHandling).query(query).await?;
        let dossiers = page.entities.iter().map(|stored| Dossier::read(self.names(), stored));
        Ok(QueuePage { dossiers: dossiers.collect::<Result<_, _>>()?, total: page.total.unwrap_or_default() })
    }

    /// The beginning of the official day.
    pub(super) fn beginning_of_today(&self) -> Timestamp {
        let day = official_day(self.now().to_jiff());
        let midnight =
            jiff::tz::Offset::constant(7).to_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
        midnight.map_or_else(|_out_of_range| self.now(), Timestamp::from)
    }
}
