//! What lies on the desks of officials, what is due first before the rest.

use dinh_access::{Principal, Purpose};
use dinh_context::Session;
use dinh_model::EntityId;
use dinh_ngsild::query::{Direction, EntityQuery, Literal, Op as Compare, OrderKey, OrderSubject, Path, Q};

use super::Casework;
use crate::{Dossier, Error};

/// Most cases of one page.
const MOST_A_PAGE: usize = 100;

/// Which cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Those on the desk of this unit.
    pub desk: Option<EntityId>,
    /// Those given to whoever asks.
    pub mine: bool,
    /// Those in this state.
    pub state: Option<String>,
    /// Those of this kind.
    pub kind: Option<String>,
    /// Those that are late already.
    pub late: bool,
    /// The one with this number.
    pub number: Option<String>,
}

/// A page of cases. What tells something of applicants is masked.
#[derive(Clone, Debug, Default)]
pub struct QueuePage {
    /// The cases.
    pub dossiers: Vec<Dossier>,
    /// How many there are in all.
    pub total: u64,
}

impl Casework {
    /// A page of the queue, for officials: they see the cases of their units.
    pub async fn queue(
        &self,
        session: &Session,
        queue: &Queue,
        offset: usize,
        limit: usize,
    ) -> Result<QueuePage, Error> {
        self.enter(session)?;
        let query = EntityQuery {
            q: Some(self.asked(session, queue)),
            order: vec![OrderKey {
                subject: OrderSubject::Value(Path::attribute(self.names().of("deskDue"))),
                direction: Direction::Ascending,
            }],
            offset,
            limit: limit.min(MOST_A_PAGE),
            count: true,
            ..EntityQuery::of_type(self.names().of("Dossier"))
        };
        let page = session.clone().with_purpose(Purpose::CaseHandling).query(query).await?;
        let dossiers = page.entities.iter().map(|stored| Dossier::read(self.names(), stored));
        Ok(QueuePage { dossiers: dossiers.collect::<Result<_, _>>()?, total: page.total.unwrap_or_default() })
    }

    fn asked(&self, session: &Session, queue: &Queue) -> Q {
        let mut all = Vec::new();
        all.extend(queue.desk.as_ref().map(|desk| self.links("desk", desk.as_str())));
        if let (true, Principal::Account(account)) = (queue.mine, session.principal()) {
            all.push(self.is("assignee", &account.id));
        }
        all.extend(queue.state.as_ref().map(|state| self.is("state", state)));
        all.extend(queue.kind.as_ref().map(|kind| self.is("kind", kind)));
        all.extend(queue.number.as_ref().map(|number| self.is("number", number)));
        if queue.late {
            all.push(self.compare("dueAt", Compare::Lt, Literal::Text(self.now().to_string())));
        }
        if queue.desk.is_none() && queue.number.is_none() {
            all.push(self.on_desks(session));
        }
        if all.len() == 1 { all.remove(0) } else { Q::And(all) }
    }

    /// Lies on a desk of one of the units for which somebody acts, or waits for an opinion of one. It is found by these
    /// desks: of what a unit ever had, little is open.
    /// Whoever acts for none has what was given to them.
    fn on_desks(&self, session: &Session) -> Q {
        let Principal::Account(account) = session.principal() else {
            return Q::Exists(Path::attribute(self.names().of("desk")));
        };
        let on = |unit| [self.links("desk", unit), self.links("consultedUnit", unit)];
        let any: Vec<Q> = account.units.iter().flat_map(|unit| on(unit)).collect();
        if any.is_empty() { self.is("assignee", &account.id) } else { Q::Or(any) }
    }
}
