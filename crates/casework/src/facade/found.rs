//! Who applied before, or is known to the province: a desk takes from there what it would type again. Found is what whoever
//! asks may see, masked as they see it; taking it reveals it, with a note in the audit.

use dinh_access::Purpose;
use dinh_context::Session;
use dinh_context::fields::Reading;
use dinh_context::graph::Stored;
use dinh_model::{Entity, EntityId, OneOrMany, Value};
use dinh_ngsild::query::EntityQuery;

use super::{Casework, Queue};
use crate::{Applicant, ApplicantKind, Error};

/// Most that is found.
const MOST: usize = 8;
/// Shortest name that is looked for, in characters.
const LEAST: usize = 2;
/// Why somebody's data are taken over, for the audit.
const REASON: &str = "Lấy thông tin người nộp đã có để tiếp nhận hồ sơ (applicant known before)";

/// Somebody who was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The dossier, person or organisation from which it can be taken.
    pub id: EntityId,
    /// Their name, as whoever asks sees it.
    pub name: String,
    /// The number of the dossier that they filed before; none for a person or organisation of the registers.
    pub dossier: Option<String>,
}

impl Casework {
    /// Who is meant by the number of a dossier, by a personal identification number or tax code, or by a name: at most
    /// eight, of those whom the session may see.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn find_applicants(&self, session: &Session, text: &str) -> Result<Vec<Found>, Error> {
        self.enter(session)?;
        let text = text.trim();
        if text.chars().count() < LEAST {
            return Ok(Vec::new());
        }
        let queue = Queue { number: Some(text.to_owned()), ..Queue::default() };
        let filed = self.queue(session, &queue, 0, MOST).await?.dossiers.into_iter();
        let mut found: Vec<Found> = filed
            .map(|dossier| Found { id: dossier.id, name: dossier.applicant_name, dossier: dossier.number })
            .collect();
        if !found.is_empty() {
            return Ok(found);
        }
        for (of_type, number) in [("Person", "personalId"), ("Organization", "enterpriseCode")] {
            let query = EntityQuery {
                q: Some(self.is(number, text)),
                limit: MOST,
                ..EntityQuery::of_type(self.names().of(of_type))
            };
            let page = registers(session).query(query).await?;
            found.extend(page.entities.iter().map(|stored| self.as_found(stored)));
        }
        if found.is_empty() {
            let types = [self.names().of("Person"), self.names().of("Organization")];
            let handling = session.clone().with_purpose(Purpose::CaseHandling);
            let hits = handling.search(text, &types, MOST).await?;
            found.extend(hits.iter().map(|hit| self.as_found(&hit.found)));
        }
        found.truncate(MOST);
        Ok(found)
    }

    /// What is known of somebody who was found. The note in the audit is there before it is told.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for what whoever asks may not see.
    pub async fn take_applicant(&self, session: &Session, id: &EntityId) -> Result<Applicant, Error> {
        self.enter(session)?;
        let found = registers(session).find(id).await?;
        let stored = found.ok_or_else(|| Error::NoSuch(id.clone()))?;
        if self.is_case(&stored.entity) {
            let dossier = self.show(session, id).await?.dossier;
            return dossier.applicant.ok_or(Error::NotYours);
        }
        let is = |name: &str| stored.entity.types.contains(&self.names().of(name));
        let from = Reading { names: self.names(), entity: &stored.entity };
        let (kind, number) = match (is("Person"), is("Organization")) {
            (true, _) => (ApplicantKind::Person, from.open_text("personalId")),
            (_, true) if from.text("organizationKind") == Some("enterprise") => {
                (ApplicantKind::Enterprise, from.open_text("enterpriseCode"))
            }
            (_, true) => (ApplicantKind::Organisation, from.open_text("enterpriseCode")),
            _ => return Err(Error::NoSuch(id.clone())),
        };
        Ok(Applicant {
            kind,
            name: self.name_of(&stored.entity),
            subject: Some(id.clone()),
            number,
            telephone: from.open_text("telephone"),
            email: from.open_text("email"),
            address: from.open_text("address"),
            ..Applicant::default()
        })
    }

    /// Refuses to file for somebody of the registers whom whoever files may not see: nobody names others at random.
    pub(super) async fn check_subject(&self, session: &Session, subject: &EntityId) -> Result<(), Error> {
        let found = registers(session).find(subject).await?;
        let types = [self.names().of("Person"), self.names().of("Organization")];
        let is_known = found.is_some_and(|stored| stored.entity.types.iter().any(|one| types.contains(one)));
        if is_known { Ok(()) } else { Err(Error::NoSuch(subject.clone())) }
    }

    fn as_found(&self, stored: &Stored) -> Found {
        Found { id: stored.entity.id.clone(), name: self.name_of(&stored.entity), dossier: None }
    }

    /// The name of a person or an organisation.
    fn name_of(&self, entity: &Entity) -> String {
        match entity.attribute(self.names().of("name").as_str()).map(|attribute| &attribute.value) {
            Some(Value::Property(name)) => name.as_str().unwrap_or_default().to_owned(),
            Some(Value::Language(names)) => {
                let vietnamese = names.get("vi").or_else(|| names.values().next());
                vietnamese
                    .and_then(|names: &OneOrMany<String>| names.as_slice().first().cloned())
                    .unwrap_or_default()
            }
            _ => String::new(),
        }
    }
}

/// The session, revealing what it may reveal to handle cases.
fn registers(session: &Session) -> Session {
    let handling = session.clone().with_purpose(Purpose::CaseHandling);
    handling.clone().revealing(REASON).unwrap_or(handling)
}
