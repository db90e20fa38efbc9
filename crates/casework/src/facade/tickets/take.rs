//! Taking a ticket, and what whoever has one is told.

use std::sync::Arc;

use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_model::{Entity, EntityId, Tenant, Timestamp};
use dinh_ngsild::query::{EntityQuery, Q};
use jiff::civil::Date;
use serde_json::json;

use super::{MOST_A_DAY, NUMBER, Ticket, TicketState};
use crate::{Casework, Error};

/// Most that wait at a desk at once: a kiosk gives out no more.
const MOST_WAITING: usize = 300;

/// Where a ticket stands in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The ticket.
    pub ticket: Ticket,
    /// How many come before it.
    pub before: usize,
    /// How long those who were called today had waited, on average, in minutes; none if nobody was.
    pub mean_wait: Option<i64>,
}

/// A ticket to be made.
pub(super) struct NewTicket<'a> {
    pub(super) unit: &'a EntityId,
    pub(super) day: Date,
    pub(super) slot: Option<Timestamp>,
    pub(super) account: Option<&'a str>,
}

impl Casework {
    /// Takes a ticket for a desk, today: anybody may, without an account.
    ///
    /// # Errors
    /// [`Error::NoUnit`] for a unit that receives no dossiers, [`Error::TooMany`] if too many wait already.
    pub async fn take_ticket(&self, tenant: &Tenant, unit: &EntityId) -> Result<Ticket, Error> {
        if !self.is_offered() {
            return Err(Error::NotOffered);
        }
        let own = self.own(tenant);
        self.code_of(&own, unit).await?;
        let day = official_day(self.now().to_jiff());
        let _ticketing = self.0.ticketing.lock().await;
        let tickets = self.of_day(&own, unit, day).await?;
        let waiting = tickets.iter().filter(|ticket| ticket.state == TicketState::Waiting).count();
        if waiting >= MOST_WAITING || tickets.len() >= MOST_A_DAY {
            return Err(Error::TooMany { what: "tickets", most: MOST_WAITING });
        }
        self.make_ticket(&own, &NewTicket { unit, day, slot: None, account: None }).await
    }

    /// A ticket and where it stands, for whoever knows its name, which cannot be guessed.
    ///
    /// # Errors
    /// [`Error::NoSuch`].
    pub async fn ticket(&self, tenant: &Tenant, id: &EntityId) -> Result<Place, Error> {
        let own = self.own(tenant);
        let ticket = self.one_ticket(&own, id).await?;
        let tickets = self.of_day(&own, &ticket.unit, ticket.day).await?;
        let line = self.in_line(&tickets);
        let before = line.iter().position(|one| one.id == ticket.id).unwrap_or_default();
        Ok(Place { before, mean_wait: super::line::mean_wait(&tickets), ticket })
    }

    /// One ticket.
    pub(super) async fn one_ticket(&self, own: &Session, id: &EntityId) -> Result<Ticket, Error> {
        let missing = || Error::NoSuch(id.clone());
        let stored = own.find(id).await?.ok_or_else(missing)?;
        if !stored.entity.types.contains(&self.names().of("Ticket")) {
            return Err(missing());
        }
        Ok(Ticket::read(self.names(), &stored)?)
    }

    /// All tickets of a unit and day, in the order of their numbers.
    pub(super) async fn of_day(
        &self,
        own: &Session,
        unit: &EntityId,
        day: Date,
    ) -> Result<Vec<Ticket>, Error> {
        let query = EntityQuery {
            q: Some(Q::And(vec![self.links("unit", unit.as_str()), self.is("day", &day.to_string())])),
            limit: MOST_A_DAY,
            ..EntityQuery::of_type(self.names().of("Ticket"))
        };
        let page = own.query(query).await?;
        let tickets = page.entities.iter().map(|stored| Ticket::read(self.names(), stored));
        let mut tickets: Vec<Ticket> = tickets.collect::<Result<_, _>>()?;
        tickets.sort_by_key(|ticket| ticket.number);
        Ok(tickets)
    }

    /// Makes a ticket with the next number of its unit and day, in one commit. The lock is held by whoever calls.
    pub(super) async fn make_ticket(&self, own: &Session, new: &NewTicket<'_>) -> Result<Ticket, Error> {
        let now = self.now();
        let key = format!("{} {}", new.unit, new.day);
        let last = own.record(NUMBER, &key).await?.and_then(|record| record.body["last"].as_u64());
        let number = last.unwrap_or_default() + 1;
        let state = if new.slot.is_some() { TicketState::Booked } else { TicketState::Waiting };
        let id = format!("urn:ngsi-ld:Ticket:{}", self.0.context.ids().uuid().simple());
        let id = EntityId::trusted(id);
        let mut entity = Entity::new(id.clone(), self.names().of("Ticket"), now);
        entity.attributes = Fields::new(self.names(), now)
            .to("unit", new.unit)
            .with("day", new.day.to_string())
            .with("number", number)
            .with("state", state.name())
            .with("takenAt", now.to_string())
            .maybe("slotAt", new.slot.map(|slot| slot.to_string()))
            .maybe("account", new.account)
            .attributes;
        let count = Op::PutRecord { kind: NUMBER.to_owned(), key, body: json!({"last": number}) };
        self.write(own, vec![Op::Create(Arc::new(entity)), count]).await?;
        self.one_ticket(own, &id).await
    }
}
