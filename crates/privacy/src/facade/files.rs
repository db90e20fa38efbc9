//! Files attached to requests: a letter of authority, a decision that shows what is wrong.

use dinh_access::Purpose;
use dinh_context::graph::{Act, Note};
use dinh_context::{File, NewFile, Session};
use dinh_model::{Attribute, Entity, EntityId, Value};

use super::Privacy;
use crate::{DataRequest, Error};

/// Most files of one request.
const MOST: usize = 10;
/// Why somebody opens their own file, for the audit.
const OWN: &str = "Mở tệp của chính mình (own file)";

/// A file of a request, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Which one.
    pub id: EntityId,
    /// What people call it.
    pub name: String,
    /// Size of its content, in bytes.
    pub bytes: u64,
}

impl Privacy {
    /// Attaches a file to one's own request while it is open. Whoever calls has looked at its content: the name and the
    /// media type are taken as they are given.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for somebody else's request, [`Error::Closed`] when it has been settled, [`Error::NoSubject`] if
    /// the account is tied to nobody whose the file would be, [`Error::TooMany`] beyond ten.
    pub async fn attach(
        &self,
        session: &Session,
        request: &EntityId,
        (name, media_type): (&str, &str),
        content: Vec<u8>,
    ) -> Result<(), Error> {
        let account = self.account(session)?.id.clone();
        let own = session.clone().with_purpose(Purpose::OwnData);
        let found = self.read_request(own.find(request).await?)?;
        if found.account != *account {
            return Err(Error::NoSuch("request"));
        }
        if !found.state.is_open() {
            return Err(Error::Closed);
        }
        let owner = Some(found.subject.clone().ok_or(Error::NoSubject)?);
        // Two at once could both find a place: one waits for the other.
        let _giving = self.0.giving.lock().await;
        if self.attached(session, request).await?.len() >= MOST {
            return Err(Error::TooMany { what: "files", most: MOST });
        }
        let (name, media_type) = (name.to_owned(), media_type.to_owned());
        let file = NewFile { name, media_type, owner, unit: None, about: Some(request.clone()) };
        own.vouched().put_file(file, content).await?;
        Ok(())
    }

    /// The files of a request that the session may read ([`Privacy::request`], [`Privacy::request_to_settle`]).
    pub async fn attachments(
        &self,
        session: &Session,
        request: &DataRequest,
    ) -> Result<Vec<Attachment>, Error> {
        let files = self.attached(session, &request.id).await?;
        Ok(files.iter().map(|file| self.attachment(file)).collect())
    }

    /// Opens a file of one's own request; that it was opened is in the audit.
    pub async fn own_file(
        &self,
        session: &Session,
        request: &EntityId,
        file: &EntityId,
    ) -> Result<File, Error> {
        let request = self.request(session, request).await?;
        self.among(session, &request, file).await?;
        let own = session.clone().with_purpose(Purpose::OwnData);
        Ok(own.revealing(OWN)?.file(file).await?)
    }

    /// Opens a file of a request for the officer who settles it. The note in the audit names the officer, and is there
    /// before anything is shown: rules let officers see files masked only, and it is the request that opens this one.
    pub async fn file_to_settle(
        &self,
        session: &Session,
        request: &EntityId,
        file: &EntityId,
    ) -> Result<File, Error> {
        let request = self.request_to_settle(session, request).await?;
        self.among(session, &request, file).await?;
        let reason = format!("Giải quyết yêu cầu {} (data request)", request.number);
        let desk = session.clone().with_purpose(Purpose::CaseHandling);
        let (entities, details) = (vec![file.clone()], desk.standing());
        let note = Note { entities, details, reason: Some(reason.clone()), ..Note::of(Act::Reveal) };
        desk.note(note).await?;
        let part = self.own(session.tenant()).with_purpose(Purpose::CaseHandling);
        Ok(part.revealing(&reason)?.file(file).await?)
    }

    /// Refuses a file that is not one of the request.
    async fn among(&self, session: &Session, request: &DataRequest, file: &EntityId) -> Result<(), Error> {
        let known = self.attached(session, &request.id).await?.iter().any(|found| found.id == *file);
        if known { Ok(()) } else { Err(Error::NoSuch("file")) }
    }

    async fn attached(&self, session: &Session, request: &EntityId) -> Result<Vec<Entity>, Error> {
        let own = self.own(session.tenant());
        let about = self.names().of("about");
        let mut files = Vec::new();
        for referrer in own.referrers(request, 0, MOST * 10).await? {
            if referrer.attribute != about {
                continue;
            }
            let found = own.find(&referrer.id).await?;
            files.extend(found.map(|stored| Entity::clone(&stored.entity)));
        }
        let file = self.names().of("File");
        files.retain(|entity| entity.is_a(file.as_str()));
        Ok(files)
    }

    fn attachment(&self, file: &Entity) -> Attachment {
        let value = |name: &str| file.attributes.get(&self.names().of(name))?.first();
        Attachment {
            id: file.id.clone(),
            name: value("name").and_then(|one| one.text()).unwrap_or_default().to_owned(),
            bytes: value("byteSize").and_then(bytes).unwrap_or_default(),
        }
    }
}

fn bytes(size: &Attribute) -> Option<u64> {
    match &size.value {
        Value::Property(size) => size.as_u64(),
        _ => None,
    }
}
