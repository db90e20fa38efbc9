//! How what arrived becomes a case: its procedure says which kind, its unit which desk, its numbers who applies.

use std::collections::BTreeMap;

use dinh_calendar::official_day;
use dinh_cases::{Channel, Held, Kind};
use dinh_casework::{Applicant, ApplicantKind, AtDesk, Filing};
use dinh_context::Session;
use dinh_context::graph::Commit;
use dinh_model::{EntityId, Tenant, Timestamp};
use dinh_ngsild::query::{Direction, EntityQuery, OrderKey, OrderSubject};
use tokio_util::sync::CancellationToken;

use super::arrival::{Arrival, ArrivalState};
use super::mapping::MappingList;
use crate::Error;
use crate::codes::{Counterpart, List};
use crate::facade::Portal;
use crate::facade::outbox::keep::{self, Standing, without_numbers};
use crate::message::DossierMessage;

/// Arrivals looked at in one round.
const ROUND: usize = 200;
/// How often it is looked, at the latest.
const EVERY: std::time::Duration = std::time::Duration::from_secs(5);
/// Waits before another try with what is not there for the moment, in seconds; then a person has to look.
const WAITS: [i64; 6] = [5, 30, 120, 600, 3_600, 21_600];

/// Why something does not become a case now.
pub(super) enum Stuck {
    /// Somebody has to mend this.
    Held(String),
    /// It may go later.
    Later(String),
}

impl From<crate::message::Fault> for Stuck {
    fn from(fault: crate::message::Fault) -> Self {
        Self::Held(fault.to_string())
    }
}

impl Portal {
    /// Makes cases of what arrives in one tenant until `stop`.
    pub(in crate::facade) async fn settle_in(&self, tenant: &Tenant, stop: &CancellationToken) {
        loop {
            let news = self.0.news.notified();
            tokio::select! {
                () = stop.cancelled() => return,
                done = self.settle_once(tenant) => if let Err(error) = done {
                    tracing::warn!(%tenant, %error, "what arrived from counterparts did not become dossiers");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = news => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Makes cases of what has arrived, and says of how many.
    ///
    /// # Errors
    /// Those of the graph. What could not become a case stays where it is, with its reason.
    pub async fn settle_once(&self, tenant: &Tenant) -> Result<usize, Error> {
        let own = self.own(tenant);
        let query = EntityQuery {
            q: Some(self.is("standing", ArrivalState::Waiting.name())),
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Ascending }],
            limit: ROUND,
            ..EntityQuery::of_type(self.names().of("PortalArrival"))
        };
        let page = own.query(query).await?;
        let mut settled = 0;
        for stored in &page.entities {
            let arrival = Arrival::read(self.names(), stored)?;
            if arrival.again.is_some_and(|again| again > self.now()) {
                continue;
            }
            settled += usize::from(self.settle(&own, arrival).await?);
        }
        Ok(settled)
    }

    /// Makes a case of one arrival, or writes down why not. True if it became one.
    async fn settle(&self, own: &Session, mut arrival: Arrival) -> Result<bool, Error> {
        let came = self.become_case(own, &mut arrival).await?;
        let now = self.now();
        match came {
            Ok(dossier) => {
                arrival.state = ArrivalState::Taken;
                arrival.dossier = Some(dossier);
                (arrival.reason, arrival.again) = (None, None);
            }
            Err(Stuck::Later(why)) if arrival.tries < WAITS.len() => {
                let seconds = WAITS.get(arrival.tries).copied().unwrap_or_default();
                arrival.tries += 1;
                arrival.again = Some(Timestamp::from_micros(now.as_micros() + seconds * 1_000_000));
                arrival.reason = Some(without_numbers(&why));
            }
            Err(Stuck::Held(why) | Stuck::Later(why)) => {
                arrival.state = ArrivalState::Held;
                arrival.reason = Some(without_numbers(&why));
            }
        }
        let taken = arrival.state == ArrivalState::Taken;
        let receipt =
            own.clone().vouched().commit(Commit::atomic(vec![arrival.change(self.names(), now)])).await?;
        // Whoever was quicker has it looked at again.
        Ok(taken && receipt.results.iter().all(Result::is_ok))
    }

    async fn become_case(
        &self,
        own: &Session,
        arrival: &mut Arrival,
    ) -> Result<Result<EntityId, Stuck>, Error> {
        let link = match self.link_to(own.tenant(), &arrival.counterpart) {
            Ok(link) => link,
            Err(error) => return Ok(Err(Stuck::Held(error.to_string()))),
        };
        arrival.remarks.clear();
        let read = arrival.content.clone().map(serde_json::from_value::<DossierMessage>);
        let message = match read {
            Some(Ok(message)) => message,
            Some(Err(error)) => return Ok(Err(Stuck::Held(error.to_string()))),
            None => return Ok(Err(Stuck::Held("MaHoSo: the message is gone".to_owned()))),
        };
        // Where it stands there is no matter of ours: here it begins.
        let message = DossierMessage { state: "1".to_owned(), ..message };
        let message = match message.checked() {
            Ok(message) => message,
            Err(fault) => return Ok(Err(fault.into())),
        };
        let kind = match self.kind_for(own, &message).await? {
            Ok(kind) => kind,
            Err(stuck) => return Ok(Err(stuck)),
        };
        let unit = match self.unit_for(own, &message).await? {
            Ok(unit) => unit,
            Err(stuck) => return Ok(Err(stuck)),
        };
        arrival.unit = Some(unit.clone());
        let applicant = match self.applicant(own, &message, &link.counterpart, arrival).await? {
            Ok(applicant) => applicant,
            Err(stuck) => return Ok(Err(stuck)),
        };
        arrival.owner.clone_from(&applicant.subject);
        let mut filing =
            filing(&kind, applicant, unit, format!("{} {}", arrival.counterpart, arrival.number));
        filing.answers = self.answers(own, arrival, &kind).await;
        let id = self.0.casework.arrival_id(own.tenant(), &filing)?;
        filing.parts = match self.parts(own, arrival, &message, (&kind, &id)).await? {
            Ok(parts) => parts,
            Err(stuck) => return Ok(Err(stuck)),
        };
        self.linked(own, &id, arrival).await?;
        self.filed(own, &id, filing).await
    }

    async fn filed(
        &self,
        own: &Session,
        id: &EntityId,
        filing: Filing,
    ) -> Result<Result<EntityId, Stuck>, Error> {
        match self.0.casework.arrive(own.tenant(), filing).await {
            Ok(_) => Ok(Ok(id.clone())),
            Err(dinh_casework::Error::Conflict) => Ok(Err(Stuck::Later("version: it changed".to_owned()))),
            Err(dinh_casework::Error::Door(error)) if !matches!(error, dinh_context::Error::Op(_)) => {
                Err(error.into())
            }
            Err(error) => Ok(Err(Stuck::Held(error.to_string()))),
        }
    }

    /// Remembers by which number the counterpart knows a case, before there is one: nobody tells it of another.
    async fn linked(&self, own: &Session, id: &EntityId, arrival: &Arrival) -> Result<(), Error> {
        if keep::standing(own, id).await?.is_some() {
            return Ok(());
        }
        let standing = Standing {
            counterpart: arrival.counterpart.clone(),
            number: Some(arrival.number.clone()),
            arrival: Some(arrival.id.clone()),
            ..Standing::default()
        };
        own.apply(keep::link(id, &standing)).await?;
        Ok(())
    }

    async fn kind_for(
        &self,
        own: &Session,
        message: &DossierMessage,
    ) -> Result<Result<std::sync::Arc<Kind>, Stuck>, Error> {
        let (book, today) = (self.0.casework.book(), official_day(self.now().to_jiff()));
        let code = &message.procedure;
        let said = self.meaning(own, MappingList::Procedure, code).await?;
        let kind = match &said {
            Some(kind) => book.on(kind, today),
            None => book.settles(code, today),
        };
        let held = || Stuck::Held(format!("MaTTHC: no procedure that is open here settles {code}"));
        Ok(kind.cloned().ok_or_else(held))
    }

    /// The unit that receives it: what somebody has said that its name means, the unit with that code, or the unit whose
    /// code its number begins with.
    async fn unit_for(
        &self,
        own: &Session,
        message: &DossierMessage,
    ) -> Result<Result<EntityId, Stuck>, Error> {
        let prefix = message.number.rsplitn(3, '-').nth(2).unwrap_or_default();
        for name in [message.unit.trim(), prefix].into_iter().filter(|name| !name.is_empty()) {
            if let Some(unit) = self.meaning(own, MappingList::Unit, name).await? {
                return Ok(Ok(EntityId::trusted(unit)));
            }
            if let Some(unit) = self.unit_of(own, name).await? {
                return Ok(Ok(unit));
            }
        }
        let named = if message.unit.is_empty() { prefix } else { message.unit.as_str() };
        Ok(Err(Stuck::Held(format!("DonViXuLy: no unit here is {named:?}"))))
    }

    /// Who applies. A number that is none of its kind holds it, unless somebody has decided to take it without.
    async fn applicant(
        &self,
        own: &Session,
        message: &DossierMessage,
        from: &Counterpart,
        arrival: &mut Arrival,
    ) -> Result<Result<Applicant, Stuck>, Error> {
        let national = if message.applicant_kind.is_empty() {
            "1".to_owned()
        } else {
            match from.ours(List::ApplicantKind, &message.applicant_kind) {
                Ok(kind) => kind,
                Err(fault) => return Ok(Err(fault.into())),
            }
        };
        let kind = match national.as_str() {
            "2" => ApplicantKind::Enterprise,
            "3" => ApplicantKind::Authority,
            "4" => ApplicantKind::Organisation,
            _ => ApplicantKind::Person,
        };
        let number = message.identities.iter().find(|one| is_long(&one.number)).map(|one| one.number.clone());
        let odd = message.identities.iter().any(|one| !one.number.is_empty()) && number.is_none();
        if odd {
            let why = "DinhDanhCHS: the number has neither 12 nor 9 digits".to_owned();
            if !arrival.lenient {
                return Ok(Err(Stuck::Held(why)));
            }
            arrival.remarks.push(why);
        }
        let number = number.filter(|number| kind != ApplicantKind::Person || number.len() == 12);
        let subject = match number.as_deref().filter(|_| kind == ApplicantKind::Person) {
            Some(number) => self.person(own, number).await?,
            None => None,
        };
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Ok(Applicant {
            kind,
            name: message.applicant.trim().to_owned(),
            subject,
            number,
            telephone: some(&message.telephone),
            email: some(&message.email),
            address: super::answers::address(arrival.content.as_ref()),
            ..Applicant::default()
        }))
    }

    /// The person of the registers with a personal identification number.
    async fn person(&self, own: &Session, number: &str) -> Result<Option<EntityId>, Error> {
        let query = EntityQuery {
            q: Some(self.is("personalId", number)),
            limit: 2,
            ..EntityQuery::of_type(self.names().of("Person"))
        };
        let page = own.query(query).await?;
        Ok(match page.entities.as_slice() {
            [one] => Some(one.entity.id.clone()),
            _ => None,
        })
    }

    /// The applicant's identifier on the portal, if the dossier was filed there.
    pub(in crate::facade) async fn tech_id(
        &self,
        own: &Session,
        standing: &Standing,
    ) -> Result<Option<String>, Error> {
        let Some(id) = &standing.arrival else { return Ok(None) };
        let arrival = self.arrival(own, id).await?;
        let message = arrival.and_then(|arrival| arrival.message);
        Ok(message.map(|message| message.tech_id).filter(|id| !id.is_empty()))
    }
}

fn is_long(number: &str) -> bool {
    matches!(number.len(), 9 | 12) && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn filing(kind: &Kind, applicant: Applicant, receiving: EntityId, once: String) -> Filing {
    Filing {
        kind: kind.code.clone(),
        channel: Channel::Online,
        answers: serde_json::Map::new(),
        parts: BTreeMap::<String, Held>::new(),
        applicant,
        receiving,
        competent: None,
        at_desk: AtDesk::default(),
        parent: None,
        once: Some(once),
    }
}
