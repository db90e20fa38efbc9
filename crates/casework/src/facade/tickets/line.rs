//! The line at a desk: calling, serving, who did not come; and what the wall shows of it.

use std::collections::BTreeMap;

use dinh_access::Principal;
use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_model::{EntityId, Tenant};

use super::{TALLY, Ticket, TicketState};
use crate::facade::actor::acts_for;
use crate::{Casework, Error};

/// Longest name of a window, in characters.
const MOST_WINDOW: usize = 20;
/// Most numbers on the wall.
const ON_THE_WALL: usize = 8;
/// A minute in microseconds.
const MINUTE: i64 = 60_000_000;

/// The line of today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Those who wait, the next one first: appointments whose time has come, then numbers.
    pub waiting: Vec<Ticket>,
    /// The one that whoever asks has called or serves.
    pub mine: Option<Ticket>,
    /// Those who did not come.
    pub absent: Vec<Ticket>,
    /// How many were served today.
    pub served: usize,
    /// Appointments of today whose time has not come.
    pub booked: usize,
    /// How long those who were called had waited, on average, in minutes.
    pub mean_wait: Option<i64>,
}

/// What everybody sees of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wall {
    /// Those who were called or are served, the latest first.
    pub called: Vec<Ticket>,
    /// How many wait.
    pub waiting: usize,
    /// How long those who were called had waited, on average, in minutes.
    pub mean_wait: Option<i64>,
}

/// What is done with a ticket at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketStep {
    /// Calls it once more.
    CallAgain,
    /// Whoever has it is at the window.
    Serve,
    /// They are done.
    End,
    /// Nobody came.
    Absent,
    /// They came after all: back into the line.
    Back,
}

impl Casework {
    /// The line of today at the desk of a unit, for those who act for it.
    ///
    /// # Errors
    /// [`Error::NotYours`].
    pub async fn line(&self, session: &Session, unit: &EntityId) -> Result<Line, Error> {
        let account = self.at_desk_of(session, unit)?;
        let tickets = self.today(session.tenant(), unit).await?;
        let waiting = self.in_line(&tickets);
        let of = |state: TicketState| tickets.iter().filter(move |ticket| ticket.state == state);
        let mine = |ticket: &&Ticket| ticket.officer.as_deref() == Some(&account);
        let soon = of(TicketState::Booked).filter(|ticket| !waiting.contains(ticket)).count();
        Ok(Line {
            mine: of(TicketState::Called).chain(of(TicketState::Serving)).find(mine).cloned(),
            absent: of(TicketState::Absent).cloned().collect(),
            served: of(TicketState::Served).count(),
            booked: soon,
            mean_wait: mean_wait(&tickets),
            waiting,
        })
    }

    /// Calls the next one to a window; none if nobody waits.
    ///
    /// # Errors
    /// [`Error::NotYours`]; [`Error::Conflict`] for an official who has one before them; [`Error::Text`] for a name of a
    /// window that is none.
    pub async fn call_next(
        &self,
        session: &Session,
        unit: &EntityId,
        window: &str,
    ) -> Result<Option<Ticket>, Error> {
        let account = self.at_desk_of(session, unit)?;
        let window = window.trim();
        if window.chars().any(char::is_control) || !(1..=MOST_WINDOW).contains(&window.chars().count()) {
            return Err(Error::Text { field: "window", least: 1, most: MOST_WINDOW });
        }
        let _ticketing = self.0.ticketing.lock().await;
        let line = self.line(session, unit).await?;
        if line.mine.is_some() {
            return Err(Error::Conflict);
        }
        let Some(next) = line.waiting.first() else { return Ok(None) };
        let now = self.now();
        let since = next.slot.unwrap_or(next.taken);
        let waited = now.micros_since(since).max(0) / MINUTE;
        let fields = Fields::new(self.names(), now)
            .with("state", TicketState::Called.name())
            .with("calledAt", now.to_string())
            .with("window", window)
            .with("officer", account.as_str());
        let counts = [("called", 1), ("wait-minutes", waited)];
        self.change_ticket(session.tenant(), next, fields, &counts).await.map(Some)
    }

    /// Takes a step with a ticket.
    ///
    /// # Errors
    /// [`Error::NotYours`]; [`Error::Conflict`] for a ticket that does not stand where the step begins.
    pub async fn step_ticket(
        &self,
        session: &Session,
        id: &EntityId,
        step: TicketStep,
    ) -> Result<Ticket, Error> {
        let ticket = self.one_ticket(&self.own(session.tenant()), id).await?;
        self.at_desk_of(session, &ticket.unit)?;
        let now = self.now();
        let fields = Fields::new(self.names(), now);
        let to = |state: TicketState| fields.clone().with("state", state.name());
        let served = ticket.served.map_or(0, |since| now.micros_since(since).max(0) / MINUTE);
        let (fields, counts) = match (step, ticket.state) {
            (TicketStep::CallAgain, TicketState::Called) => {
                (to(TicketState::Called).with("calledAt", now.to_string()), vec![])
            }
            (TicketStep::Serve, TicketState::Called) => {
                (to(TicketState::Serving).with("servedAt", now.to_string()), vec![])
            }
            (TicketStep::End, TicketState::Called | TicketState::Serving) => (
                to(TicketState::Served).with("endedAt", now.to_string()),
                vec![("served", 1), ("serve-minutes", served)],
            ),
            (TicketStep::Absent, TicketState::Called) => (to(TicketState::Absent), vec![("absent", 1)]),
            (TicketStep::Back, TicketState::Absent) => {
                (to(TicketState::Waiting).maybe("officer", None::<&str>), vec![("absent", -1)])
            }
            _ => return Err(Error::Conflict),
        };
        self.change_ticket(session.tenant(), &ticket, fields, &counts).await
    }

    /// What the wall of a unit shows, for everybody.
    ///
    /// # Errors
    /// [`Error::NoUnit`].
    pub async fn wall(&self, tenant: &Tenant, unit: &EntityId) -> Result<Wall, Error> {
        self.code_of(&self.own(tenant), unit).await?;
        let tickets = self.today(tenant, unit).await?;
        let shown = |one: &&Ticket| matches!(one.state, TicketState::Called | TicketState::Serving);
        let mut called: Vec<Ticket> = tickets.iter().filter(shown).cloned().collect();
        called.sort_by_key(|ticket| std::cmp::Reverse(ticket.called));
        called.truncate(ON_THE_WALL);
        Ok(Wall { called, waiting: self.in_line(&tickets).len(), mean_wait: mean_wait(&tickets) })
    }

    async fn today(&self, tenant: &Tenant, unit: &EntityId) -> Result<Vec<Ticket>, Error> {
        let day = official_day(self.now().to_jiff());
        self.of_day(&self.own(tenant), unit, day).await
    }

    /// Those who wait, the next one first: appointments whose time has come by their time, then numbers.
    pub(super) fn in_line(&self, tickets: &[Ticket]) -> Vec<Ticket> {
        let now = self.now();
        let due =
            |one: &&Ticket| one.state == TicketState::Booked && one.slot.is_some_and(|slot| slot <= now);
        let mut line: Vec<Ticket> = tickets.iter().filter(due).cloned().collect();
        line.sort_by_key(|ticket| (ticket.slot, ticket.number));
        line.extend(tickets.iter().filter(|one| one.state == TicketState::Waiting).cloned());
        line
    }

    /// The account of somebody who acts for a unit.
    fn at_desk_of(&self, session: &Session, unit: &EntityId) -> Result<String, Error> {
        self.enter(session)?;
        match session.principal() {
            Principal::Account(account) if acts_for(account, unit.as_str()) => Ok(account.id.to_string()),
            _ => Err(Error::NotYours),
        }
    }

    /// Changes a ticket on the version that was looked at, and counts it in the same commit.
    async fn change_ticket(
        &self,
        tenant: &Tenant,
        ticket: &Ticket,
        fields: Fields,
        counts: &[(&str, i64)],
    ) -> Result<Ticket, Error> {
        let own = self.own(tenant);
        let mutation = Box::new(fields.change());
        let change =
            Op::Mutate { id: ticket.id.clone(), mutation, expect: Some(ticket.version), types: None };
        let mut ops = vec![change];
        let add: BTreeMap<String, i64> =
            counts.iter().map(|(name, more)| ((*name).to_owned(), *more)).collect();
        if !add.is_empty() {
            let month = ticket.day.strftime("%Y-%m");
            ops.push(Op::AddTo { kind: TALLY.to_owned(), key: format!("{month} {}", ticket.unit), add });
        }
        self.write(&own, ops).await?;
        self.one_ticket(&own, &ticket.id).await
    }
}

/// How long those who were called had waited on average, in minutes.
pub(super) fn mean_wait(tickets: &[Ticket]) -> Option<i64> {
    let waits: Vec<i64> = tickets
        .iter()
        .filter_map(|ticket| {
            Some(ticket.called?.micros_since(ticket.slot.unwrap_or(ticket.taken)).max(0) / MINUTE)
        })
        .collect();
    let count = i64::try_from(waits.len()).ok().filter(|count| *count > 0)?;
    Some(waits.iter().sum::<i64>() / count)
}
