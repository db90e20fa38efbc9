//! The cases of those who applied.

use dinh_access::{Principal, Purpose};
use dinh_context::Session;
use dinh_ngsild::query::{
    Direction, EntityQuery, Literal, Op as Compare, Operand, OrderKey, OrderSubject, Path, Q,
};

use super::{Casework, QueuePage};
use crate::{Dossier, Error};

/// Most cases of one page.
const MOST_A_PAGE: usize = 100;

impl Casework {
    /// The cases that the account filed or that are about those it speaks for, the latest first.
    pub async fn own_cases(
        &self,
        session: &Session,
        offset: usize,
        limit: usize,
    ) -> Result<QueuePage, Error> {
        self.enter(session)?;
        let Principal::Account(account) = session.principal() else { return Err(Error::NotSignedIn) };
        let mut mine = vec![self.is("account", &account.id)];
        mine.extend(account.subjects.iter().map(|subject| self.links("applicant", subject)));
        let query = EntityQuery {
            q: Some(if mine.len() == 1 { mine.remove(0) } else { Q::Or(mine) }),
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Descending }],
            offset,
            limit: limit.min(MOST_A_PAGE),
            count: true,
            ..EntityQuery::of_type(self.names().of("Dossier"))
        };
        let page = session.clone().with_purpose(Purpose::OwnData).query(query).await?;
        let dossiers = page.entities.iter().map(|stored| Dossier::read(self.names(), stored));
        Ok(QueuePage { dossiers: dossiers.collect::<Result<_, _>>()?, total: page.total.unwrap_or_default() })
    }

    /// A text attribute that equals a text.
    pub(super) fn is(&self, name: &str, text: &str) -> Q {
        self.compare(name, Compare::Eq, Literal::Text(text.to_owned()))
    }

    /// A relationship that leads to an entity.
    pub(super) fn links(&self, name: &str, to: &str) -> Q {
        self.is(name, to)
    }

    pub(super) fn compare(&self, name: &str, op: Compare, value: Literal) -> Q {
        Q::Compare { path: Path::attribute(self.names().of(name)), op, value: Operand::One(value) }
    }
}
