//! Requests, by data protection officers.

use dinh_access::{Purpose, Seen};
use dinh_context::Session;
use dinh_context::graph::{Act, Note, Op};
use dinh_model::EntityId;
use dinh_ngsild::query::{Direction, EntityQuery, OrderKey, OrderSubject, Path, Q};

use super::effect::Effects;
use super::{Privacy, plain};
use crate::request::By;
use crate::{DataRequest, Error, Kind, Step, StepTaken};

/// Fewest and most characters of a reason or answer.
const TEXT: (usize, usize) = (5, 4_000);
/// Fewest and most characters of why an answer is put off.
const REASON: (usize, usize) = (5, 2_000);
/// Most requests of one page.
const MOST_A_PAGE: usize = 100;

/// Which requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Those for which something is owed, what is due first before the rest.
    #[default]
    Open,
    /// Those that have ended, the latest first.
    Closed,
}

/// A page of the officers' queue. What requests say is masked.
#[derive(Clone, Debug, Default)]
pub struct QueuePage {
    /// The requests.
    pub requests: Vec<DataRequest>,
    /// How many there are in all.
    pub total: u64,
}

/// What an officer decides.
#[derive(Clone, Debug)]
pub enum Decision {
    /// It has arrived.
    Acknowledge {
        /// Processors or third parties must act, which leaves more time.
        involves_others: bool,
    },
    /// The answer is put off.
    Extend {
        /// By how many days.
        days: u16,
        /// Why; the requester is told.
        reason: String,
    },
    /// It is done.
    Complete {
        /// What was done.
        answer: String,
        /// What was corrected, for a correction.
        changed: Option<EntityId>,
    },
    /// It is refused.
    Refuse {
        /// Why; the requester is told.
        reason: String,
    },
}

/// What came of a decision.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The request as it stands now; what it says is masked.
    pub request: DataRequest,
    /// How many consents were taken back with it.
    pub consents: usize,
    /// How many entities were erased for good.
    pub erased: usize,
}

impl Decision {
    /// The step that it takes.
    pub fn step(&self) -> Step {
        match self {
            Self::Acknowledge { .. } => Step::Acknowledge,
            Self::Extend { .. } => Step::Extend,
            Self::Complete { .. } => Step::Complete,
            Self::Refuse { .. } => Step::Refuse,
        }
    }
}

impl Privacy {
    /// True if the policy shows whoever asks the requests of everybody.
    pub fn is_officer(&self, session: &Session) -> bool {
        self.desk(session).is_ok()
    }

    /// The requests of everybody, for data protection officers.
    pub async fn queue(
        &self,
        session: &Session,
        sort: Sort,
        offset: usize,
        limit: usize,
    ) -> Result<QueuePage, Error> {
        let desk = self.desk(session)?;
        let next_by = || Path::attribute(self.names().of("nextBy"));
        let by = |subject, direction| OrderKey { subject, direction };
        let (q, order) = match sort {
            Sort::Open => (
                Q::Exists(next_by()),
                vec![
                    by(OrderSubject::Value(next_by()), Direction::Ascending),
                    by(OrderSubject::CreatedAt, Direction::Ascending),
                ],
            ),
            Sort::Closed => {
                let ended = ["done", "refused", "withdrawn"].map(|state| self.is("state", state));
                (Q::Or(ended.into()), vec![by(OrderSubject::ModifiedAt, Direction::Descending)])
            }
        };
        let query = EntityQuery {
            q: Some(q),
            order,
            offset,
            limit: limit.min(MOST_A_PAGE),
            count: true,
            ..EntityQuery::of_type(self.names().request.clone())
        };
        let page = desk.query(query).await?;
        let requests = page.entities.iter().map(|stored| DataRequest::read(self.names(), stored));
        Ok(QueuePage { requests: requests.collect::<Result<_, _>>()?, total: page.total.unwrap_or_default() })
    }

    /// One request with what it says, for an officer who settles it. Seeing it leaves a note, with the number as reason.
    ///
    /// # Errors
    /// [`Error::NotOfficer`], and [`Error::StepUp`] without a second factor shown lately.
    pub async fn request_to_settle(&self, session: &Session, id: &EntityId) -> Result<DataRequest, Error> {
        let desk = self.desk(session)?;
        let masked = self.read_request(desk.find(id).await?)?;
        let reason = format!("Giải quyết yêu cầu {} (data request)", masked.number);
        let open = match desk.revealing(&reason) {
            Ok(open) => open,
            Err(dinh_context::Error::Denied(_)) => return Err(Error::StepUp),
            Err(error) => return Err(error.into()),
        };
        let request = self.read_request(open.find(id).await?)?;
        if request.text.is_some() { Ok(request) } else { Err(Error::StepUp) }
    }

    /// Takes a step of a request, on the version that was looked at. What the step brings about (a mark that restricts, a
    /// consent taken back) is done in the same commit; an erasure is done before, so that no request is told to be done
    /// that is not.
    ///
    /// # Errors
    /// Besides those of [`Privacy::request_to_settle`]: [`Error::Step`] if the step cannot be taken now,
    /// [`Error::Conflict`] if somebody else was quicker, [`Error::OwnRequest`].
    pub async fn settle(
        &self,
        session: &Session,
        id: &EntityId,
        version: u64,
        decision: Decision,
    ) -> Result<Settled, Error> {
        let desk = self.desk(session)?;
        let request = self.read_request(desk.find(id).await?)?;
        if !desk.reveal_purposes(id).await?.contains(&Purpose::CaseHandling) {
            return Err(Error::StepUp);
        }
        if request.account == *self.account(session)?.id
            || request.subject.as_ref().is_some_and(|subject| session.speaks_for(subject))
        {
            return Err(Error::OwnRequest);
        }
        let state = request.state.after(decision.step(), By::Officer)?;
        if request.version != version {
            return Err(Error::Conflict);
        }
        let decision = self.checked(&request, decision)?;
        let step = StepTaken { step: decision.step(), at: self.now(), by: By::Officer };
        let effects = match &decision {
            Decision::Complete { .. } => self.effects(&desk, &request).await?,
            _ => Effects::default(),
        };
        let Effects { ops: more, consents, erased, kept } = effects;
        let mut ops = vec![self.change_of(&request, state, step, Some((&decision, &kept)))];
        ops.extend(more);
        ops.push(Op::note(told(&desk, &request, &decision)));
        self.write(&desk, ops).await?;
        Ok(Settled { request: self.read_request(desk.find(id).await?)?, consents, erased })
    }

    /// The session of somebody to whom the policy shows the requests of everybody.
    fn desk(&self, session: &Session) -> Result<Session, Error> {
        self.account(session)?;
        let desk = session.clone().with_purpose(Purpose::CaseHandling);
        let all = desk.sight()?.entities(&self.names().request) == Seen::OfAll;
        if all { Ok(desk) } else { Err(Error::NotOfficer) }
    }

    fn checked(&self, request: &DataRequest, decision: Decision) -> Result<Decision, Error> {
        Ok(match decision {
            Decision::Acknowledge { .. } => decision,
            Decision::Extend { days, reason } => {
                let edition =
                    self.0.deadlines.on(request.edition).ok_or(Error::NoEdition(request.edition))?;
                let most = edition.extension_days().unwrap_or_default();
                if !(1..=most).contains(&days) {
                    return Err(Error::Days { most });
                }
                Decision::Extend { days, reason: plain("reason", &reason, REASON.0, REASON.1)? }
            }
            Decision::Complete { answer, changed } => {
                let changed = changed.filter(|_| request.kind == Kind::Correct);
                Decision::Complete { answer: plain("answer", &answer, TEXT.0, TEXT.1)?, changed }
            }
            Decision::Refuse { reason } => {
                Decision::Refuse { reason: plain("reason", &reason, TEXT.0, TEXT.1)? }
            }
        })
    }
}

/// The note of a step: about whom, which step, which request. What was written stays in the request.
fn told(desk: &Session, request: &DataRequest, decision: &Decision) -> Note {
    let mut entities = vec![request.id.clone()];
    entities.extend(request.subject.clone());
    let mut details = desk.standing();
    details["request"] = request.number.as_str().into();
    details["kind"] = request.kind.name().into();
    details["step"] = decision.step().name().into();
    let reason = Some(format!("Giải quyết yêu cầu {} (data request)", request.number));
    Note { entities, details, reason, ..Note::of(Act::Request) }
}
