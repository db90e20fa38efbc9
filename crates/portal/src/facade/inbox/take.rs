//! Taking in what a counterpart pushes: kept, then acknowledged.

use std::sync::Arc;

use dinh_context::Session;
use dinh_context::graph::{Op, OpError, hex};
use dinh_model::{Entity, EntityId};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::arrival::{Arrival, ArrivalState};
use crate::Error;
use crate::facade::Portal;
use crate::message::{Fault, flat};

/// Most dossiers of one call.
const MOST: usize = 50;
/// Longest number, in characters.
const LONGEST: usize = 100;
/// How often it is tried again when somebody changes the same thing at the same moment.
const TRIES: usize = 5;

/// What became of one dossier that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its number with the sender.
    pub number: String,
    /// Whether it had come already, word by word.
    pub already: bool,
}

impl Portal {
    /// Keeps dossiers that a counterpart sends, in the name of whoever the session is: all of them are durable when this
    /// returns. What each of them becomes is decided afterwards.
    ///
    /// # Errors
    /// [`Error::NoCounterpart`], [`Error::TooMany`]; [`Error::Message`] for one without a number, before any is kept.
    pub async fn take(
        &self,
        session: &Session,
        counterpart: &str,
        messages: Vec<Json>,
    ) -> Result<Vec<Taken>, Error> {
        self.link_to(session.tenant(), counterpart)?;
        if messages.len() > MOST {
            return Err(Error::TooMany { what: "data", most: MOST });
        }
        let mut numbered = Vec::with_capacity(messages.len());
        for (place, message) in messages.into_iter().enumerate() {
            let number = number_of(&message).map_err(|fault| Error::Message { place, fault })?;
            numbered.push((number, message));
        }
        let mut taken = Vec::with_capacity(numbered.len());
        for (number, message) in numbered {
            let already = self.keep(session, counterpart, &number, message).await?;
            taken.push(Taken { number, already });
        }
        self.0.news.notify_waiters();
        Ok(taken)
    }

    /// Keeps one; true if it had come already.
    async fn keep(
        &self,
        session: &Session,
        counterpart: &str,
        number: &str,
        content: Json,
    ) -> Result<bool, Error> {
        let id = arrival_id(counterpart, number);
        let digest = hex(&Sha256::digest(content.to_string()));
        for _ in 0..TRIES {
            let op = match self.arrival(session, &id).await? {
                Some(known) if known.digest == digest => return Ok(true),
                Some(known) => self.anew(known, content.clone(), &digest),
                None => self.first(&id, counterpart, number, content.clone(), &digest),
            };
            match session.clone().vouched().apply(op).await {
                Ok(_) => return Ok(false),
                // It came twice at the same moment: what stands there now is looked at again.
                Err(dinh_context::Error::Op(OpError::AlreadyExists | OpError::VersionConflict { .. })) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Conflict)
    }

    fn first(&self, id: &EntityId, counterpart: &str, number: &str, content: Json, digest: &str) -> Op {
        let now = self.now();
        let arrival = Arrival {
            id: id.clone(),
            version: 0,
            number: number.to_owned(),
            counterpart: counterpart.to_owned(),
            procedure: procedure_of(&content),
            state: ArrivalState::Waiting,
            arrived: now,
            reason: None,
            remarks: Vec::new(),
            unit: None,
            dossier: None,
            message: None,
            content: Some(content),
            digest: digest.to_owned(),
            lenient: false,
            tries: 0,
            again: None,
            fetched: std::collections::BTreeMap::new(),
            owner: None,
        };
        let mut entity = Entity::new(id.clone(), self.names().of("PortalArrival"), now);
        entity.attributes = arrival.drawn(self.names(), now).attributes;
        Op::Create(Arc::new(entity))
    }

    /// What came again with another content: read anew if it became nothing yet, looked at by a person if it did.
    fn anew(&self, mut known: Arrival, content: Json, digest: &str) -> Op {
        let became = known.dossier.is_some();
        known.state = if became { ArrivalState::Changed } else { ArrivalState::Waiting };
        known.reason = became
            .then(|| "Đến lần nữa với nội dung khác sau khi đã thành hồ sơ (came again, changed)".to_owned());
        known.procedure = procedure_of(&content);
        known.content = Some(content);
        digest.clone_into(&mut known.digest);
        (known.tries, known.again) = (0, None);
        known.change(self.names(), self.now())
    }

    /// Something that arrived, as this part of the program sees it.
    pub(super) async fn arrival(&self, session: &Session, id: &EntityId) -> Result<Option<Arrival>, Error> {
        let found = self.own(session.tenant()).find(id).await?;
        Ok(found.map(|stored| Arrival::read(self.names(), &stored)).transpose()?)
    }
}

/// The name of what arrived: one for each counterpart and number.
fn arrival_id(counterpart: &str, number: &str) -> EntityId {
    let digest = hex(&Sha256::digest(format!("{counterpart} {number}")));
    let name: String = digest.chars().take(32).collect();
    EntityId::trusted(format!("urn:ngsi-ld:PortalArrival:{name}"))
}

fn number_of(message: &Json) -> Result<String, Fault> {
    let number = message.get("MaHoSo").and_then(flat).unwrap_or_default();
    let length = number.chars().count();
    if length == 0 || length > LONGEST || number.chars().any(char::is_control) {
        return Err(Fault::new("MaHoSo", format!("must be 1 to {LONGEST} characters on one line")));
    }
    Ok(number)
}

fn procedure_of(message: &Json) -> Option<String> {
    let code = message.get("MaTTHC").and_then(flat)?;
    Some(code).filter(|code| !code.is_empty() && code.chars().count() <= LONGEST)
}
