//! Requests, by those who make them.

use std::sync::Arc;

use dinh_access::Purpose;
use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::graph::{Op, Stored};
use dinh_model::{Entity, EntityId};
use dinh_ngsild::query::{
    Direction, EntityQuery, Literal, Op as Compare, Operand, OrderKey, OrderSubject, Path, Q,
};
use serde_json::json;

use super::{Privacy, plain};
use crate::request::{By, attributes_of_new};
use crate::{DataRequest, Error, Kind, State, Step, StepTaken};

/// Most characters of what is asked.
const MOST_TEXT: usize = 4_000;
/// Most requests of one account that are open at once.
const MOST_OPEN: u64 = 20;
/// Most requests of one page.
const MOST_A_PAGE: usize = 100;
/// Kind of the record that keeps the last number of a year.
const COUNTER: &str = "privacy-number";
/// Why somebody sees what they asked, for the audit.
const REASON: &str = "Xem yêu cầu của chính mình (own request)";

/// A request to be made.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// What is asked for.
    pub kind: Kind,
    /// Whom it is about; none for the account alone.
    pub subject: Option<EntityId>,
    /// In the requester's words, 5 to 4,000 characters.
    pub text: String,
}

impl Privacy {
    /// Makes a request. Its deadlines are computed now and kept with it; its number follows the one before it.
    ///
    /// # Errors
    /// [`Error::NotYours`] for a subject for whom the session does not speak, [`Error::Text`], [`Error::NoSubject`],
    /// [`Error::NotRestricted`] where there is nothing to lift, and [`Error::TooMany`] beyond twenty open ones.
    pub async fn file(&self, session: &Session, new: NewRequest) -> Result<DataRequest, Error> {
        let account = Arc::clone(self.account(session)?);
        match &new.subject {
            Some(subject) => self.for_subject(session, subject)?,
            None if new.kind.needs_subject() => return Err(Error::NoSubject),
            None => {}
        }
        if new.kind == Kind::Lift
            && let Some(subject) = &new.subject
            && !self.is_restricted(session, subject).await?
        {
            return Err(Error::NotRestricted(subject.clone()));
        }
        let text = plain("text", &new.text, 5, MOST_TEXT)?;
        let (now, names) = (self.now(), self.names());
        let day = official_day(now.to_jiff());
        let edition = self.0.deadlines.on(day).ok_or(Error::NoEdition(day))?;
        let _giving = self.0.giving.lock().await;
        if self.open_of(session, &account.id).await? >= MOST_OPEN {
            let most = usize::try_from(MOST_OPEN).unwrap_or_default();
            return Err(Error::TooMany { what: "open requests", most });
        }
        let year = day.year().to_string();
        let own = self.own(session.tenant());
        let last = own.record(COUNTER, &year).await?.and_then(|record| record.body["last"].as_u64());
        let number = last.unwrap_or_default() + 1;
        let calendar = &self.0.calendar;
        let request = DataRequest {
            id: self.fresh("DataRequest"),
            version: 1,
            number: format!("{year}-{number:06}"),
            kind: new.kind,
            state: State::Received,
            subject: new.subject,
            account: account.id.to_string(),
            text: Some(text),
            received: now,
            acknowledge_by: edition.acknowledge_by(day, calendar),
            answer_by: edition.answer_by(new.kind, day, false, calendar),
            edition: edition.valid_from,
            involves_others: false,
            steps: vec![StepTaken { step: Step::File, at: now, by: By::Requester }],
            extension_reason: None,
            answer: None,
            kept: Vec::new(),
            changed: None,
        };
        let mut entity = Entity::new(request.id.clone(), names.request.clone(), now);
        entity.attributes = attributes_of_new(names, &request);
        let counter = Op::PutRecord { kind: COUNTER.into(), key: year, body: json!({"last": number}) };
        self.write(session, vec![Op::Create(Arc::new(entity)), counter]).await?;
        Ok(request)
    }

    async fn is_restricted(&self, session: &Session, subject: &EntityId) -> Result<bool, Error> {
        let found = self.own(session.tenant()).find(subject).await?;
        Ok(found.is_some_and(|stored| stored.entity.is_a(self.names().restricted.as_str())))
    }

    /// The requests of the account, the latest first, and how many there are.
    pub async fn own_requests(
        &self,
        session: &Session,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<DataRequest>, u64), Error> {
        let account = self.account(session)?;
        let query = EntityQuery {
            q: Some(self.is("account", &account.id)),
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Descending }],
            offset,
            limit: limit.min(MOST_A_PAGE),
            count: true,
            ..EntityQuery::of_type(self.names().request.clone())
        };
        let page = session.clone().with_purpose(Purpose::OwnData).query(query).await?;
        let requests = page.entities.iter().map(|stored| DataRequest::read(self.names(), stored));
        Ok((requests.collect::<Result<_, _>>()?, page.total.unwrap_or_default()))
    }

    /// One request with what it says, for whoever made it or is its subject: seeing it leaves a note.
    pub async fn request(&self, session: &Session, id: &EntityId) -> Result<DataRequest, Error> {
        let account = self.account(session)?;
        let own = session.clone().with_purpose(Purpose::OwnData);
        let request = self.read_request(own.find(id).await?)?;
        let mine = request.account == *account.id;
        if !mine && !request.subject.as_ref().is_some_and(|subject| session.speaks_for(subject)) {
            return Err(Error::NoSuch("request"));
        }
        self.read_request(own.revealing(REASON)?.find(id).await?)
    }

    /// Takes a request back, on the version that was looked at.
    pub async fn drop_request(
        &self,
        session: &Session,
        id: &EntityId,
        version: u64,
    ) -> Result<DataRequest, Error> {
        let account = self.account(session)?;
        let own = session.clone().with_purpose(Purpose::OwnData);
        let request = self.read_request(own.find(id).await?)?;
        if request.account != *account.id {
            return Err(Error::NoSuch("request"));
        }
        let state = request.state.after(Step::Withdraw, By::Requester)?;
        if request.version != version {
            return Err(Error::Conflict);
        }
        let step = StepTaken { step: Step::Withdraw, at: self.now(), by: By::Requester };
        let change = self.change_of(&request, state, step, None);
        self.write(&own, vec![change]).await?;
        self.request(session, id).await
    }

    pub(super) fn read_request(&self, found: Option<Stored>) -> Result<DataRequest, Error> {
        let found = found.filter(|stored| stored.entity.is_a(self.names().request.as_str()));
        DataRequest::read(self.names(), &found.ok_or(Error::NoSuch("request"))?)
    }

    /// A text attribute that equals a text.
    pub(super) fn is(&self, name: &str, text: &str) -> Q {
        Q::Compare {
            path: Path::attribute(self.names().of(name)),
            op: Compare::Eq,
            value: Operand::One(Literal::Text(text.to_owned())),
        }
    }

    async fn open_of(&self, session: &Session, account: &str) -> Result<u64, Error> {
        let open = Q::Exists(Path::attribute(self.names().of("nextBy")));
        let q = Some(Q::And(vec![self.is("account", account), open]));
        let query = EntityQuery { q, ..EntityQuery::of_type(self.names().request.clone()) };
        Ok(self.own(session.tenant()).count(query).await?)
    }
}
