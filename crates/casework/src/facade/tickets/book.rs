//! Appointments: a time within office hours, so many to a time, so many to a person.

use dinh_access::Principal;
use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_model::{EntityId, Tenant, Timestamp};
use dinh_ngsild::query::{EntityQuery, Q};
use jiff::SignedDuration;
use jiff::civil::Date;

use super::take::NewTicket;
use super::{MOST_A_DAY, Ticket, TicketState};
use crate::{Casework, Error};

/// Minutes of a slot.
const MINUTES: i64 = 20;
/// How many may be booked for one slot.
const MOST_A_SLOT: usize = 3;
/// How many days ahead may be booked.
const DAYS_AHEAD: i32 = 14;
/// How many open appointments somebody may have.
const MOST_OPEN: usize = 2;

/// A time for which an appointment may be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When it begins.
    pub at: Timestamp,
    /// How many may still be booked for it.
    pub left: usize,
}

impl Casework {
    /// The days for which appointments may be booked: those on which offices work, beginning tomorrow.
    pub fn bookable_days(&self) -> Vec<Date> {
        let today = official_day(self.now().to_jiff());
        let ahead = (1..=DAYS_AHEAD).filter_map(|days| today.checked_add(jiff::Span::new().days(days)).ok());
        ahead.filter(|day| !self.0.times.schedule().hours(*day).is_empty()).collect()
    }

    /// The slots of a day at the desk of a unit.
    ///
    /// # Errors
    /// [`Error::NoUnit`], [`Error::Slot`] for a day that cannot be booked.
    pub async fn slots(&self, tenant: &Tenant, unit: &EntityId, day: Date) -> Result<Vec<Slot>, Error> {
        let own = self.own(tenant);
        self.code_of(&own, unit).await?;
        if !self.bookable_days().contains(&day) {
            return Err(Error::Slot);
        }
        let tickets = self.of_day(&own, unit, day).await?;
        Ok(self.free(day, &tickets))
    }

    fn free(&self, day: Date, tickets: &[Ticket]) -> Vec<Slot> {
        let mut slots = Vec::new();
        for hours in self.0.times.schedule().hours(day) {
            let moment = |time: jiff::civil::Time| {
                jiff::tz::Offset::constant(7).to_timestamp(day.to_datetime(time)).ok()
            };
            let (Some(mut at), Some(to)) = (moment(hours.from), moment(hours.to)) else { continue };
            while at < to {
                let here = Timestamp::from(at);
                let booked = |one: &&Ticket| one.slot == Some(here) && one.state != TicketState::Cancelled;
                let booked = tickets.iter().filter(booked).count();
                slots.push(Slot { at: here, left: MOST_A_SLOT.saturating_sub(booked) });
                let Ok(next) = at.checked_add(SignedDuration::from_mins(MINUTES)) else { break };
                at = next;
            }
        }
        slots
    }

    /// Books a slot for whoever is signed in.
    ///
    /// # Errors
    /// [`Error::Slot`] for a time that is none or is full, [`Error::TooMany`] for somebody who has two open appointments.
    pub async fn book_slot(
        &self,
        session: &Session,
        unit: &EntityId,
        at: Timestamp,
    ) -> Result<Ticket, Error> {
        self.enter(session)?;
        let Principal::Account(account) = session.principal() else { return Err(Error::NotSignedIn) };
        let day = official_day(at.to_jiff());
        let _ticketing = self.0.ticketing.lock().await;
        let slots = self.slots(session.tenant(), unit, day).await?;
        if !slots.iter().any(|slot| slot.at == at && slot.left > 0) {
            return Err(Error::Slot);
        }
        if self.own_tickets(session).await?.len() >= MOST_OPEN {
            return Err(Error::TooMany { what: "appointments", most: MOST_OPEN });
        }
        let own = self.own(session.tenant());
        let new = NewTicket { unit, day, slot: Some(at), account: Some(&account.id) };
        self.make_ticket(&own, &new).await
    }

    /// The open appointments of whoever is signed in, the next one first.
    pub async fn own_tickets(&self, session: &Session) -> Result<Vec<Ticket>, Error> {
        self.enter(session)?;
        let Principal::Account(account) = session.principal() else { return Err(Error::NotSignedIn) };
        let booked = self.is("state", TicketState::Booked.name());
        let query = EntityQuery {
            q: Some(Q::And(vec![self.is("account", &account.id), booked])),
            limit: MOST_A_DAY,
            ..EntityQuery::of_type(self.names().of("Ticket"))
        };
        let page = self.own(session.tenant()).query(query).await?;
        let tickets = page.entities.iter().map(|stored| Ticket::read(self.names(), stored));
        let mut tickets: Vec<Ticket> = tickets.collect::<Result<_, _>>()?;
        let today = official_day(self.now().to_jiff());
        tickets.retain(|ticket| ticket.day >= today);
        tickets.sort_by_key(|ticket| ticket.slot);
        Ok(tickets)
    }

    /// Gives an appointment of one's own back.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for one that is not theirs or not open.
    pub async fn cancel_ticket(&self, session: &Session, id: &EntityId) -> Result<(), Error> {
        let own_tickets = self.own_tickets(session).await?;
        let ticket = own_tickets.into_iter().find(|ticket| ticket.id == *id);
        let ticket = ticket.ok_or_else(|| Error::NoSuch(id.clone()))?;
        let fields = Fields::new(self.names(), self.now());
        let mutation = Box::new(fields.with("state", TicketState::Cancelled.name()).change());
        let change = Op::Mutate { id: id.clone(), mutation, expect: Some(ticket.version), types: None };
        self.write(&self.own(session.tenant()), vec![change]).await.map(drop)
    }
}
