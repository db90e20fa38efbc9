//! What somebody has told the administration in earlier dossiers, so that nobody has to say it again.

use dinh_access::{Principal, Purpose};
use dinh_context::Session;
use dinh_model::{EntityId, Timestamp};
use dinh_ngsild::query::{Direction, EntityQuery, OrderKey, OrderSubject, Q};
use serde_json::{Map, Value as Json};

use super::Casework;
use crate::{Dossier, Error};

/// Why earlier dossiers are opened, for the audit.
const REASON: &str = "Điền sẵn tờ khai từ hồ sơ trước (fill in what is known)";
/// Most earlier dossiers that are looked at.
const MOST: usize = 5;

/// What an earlier dossier says.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// Of which kind it is, and which version of it.
    pub kind: (String, u32),
    /// When it was opened: its form is the one of that day.
    pub opened: Timestamp,
    /// Its number, once it had one.
    pub number: Option<String>,
    /// The person or organisation that applied, if that is known.
    pub subject: Option<EntityId>,
    /// What was answered.
    pub answers: Map<String, Json>,
}

impl Casework {
    /// What the latest dossiers say that the account itself has filed, the latest first. That they were opened is in the
    /// audit.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], and those of the graph.
    pub async fn earlier(&self, session: &Session) -> Result<Vec<Earlier>, Error> {
        self.enter(session)?;
        let Principal::Account(account) = session.principal() else { return Err(Error::NotSignedIn) };
        let number = Q::Exists(dinh_ngsild::query::Path::attribute(self.names().of("number")));
        let query = EntityQuery {
            q: Some(Q::And(vec![self.is("account", &account.id), number])),
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Descending }],
            limit: MOST,
            ..EntityQuery::of_type(self.names().of("Dossier"))
        };
        let own = session.clone().with_purpose(Purpose::OwnData).revealing(REASON)?;
        let page = own.query(query).await?;
        let mut earlier = Vec::new();
        for stored in &page.entities {
            let dossier = Dossier::read(self.names(), stored)?;
            let Some(case) = dossier.case else { continue };
            earlier.push(Earlier {
                kind: (dossier.kind, dossier.kind_version),
                opened: dossier.opened,
                number: dossier.number,
                subject: dossier.applicant.and_then(|applicant| applicant.subject),
                answers: case.answers,
            });
        }
        Ok(earlier)
    }
}
