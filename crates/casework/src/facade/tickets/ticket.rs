//! One ticket, as it is kept in the graph.

use dinh_context::fields::{Damaged, Names, Reading};
use dinh_context::graph::Stored;
use dinh_model::{EntityId, Timestamp};
use jiff::civil::Date;
use serde_json::Value as Json;

/// A ticket. It tells nothing of whoever has it, but the account of one who booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The entity.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// The unit at whose desk it waits.
    pub unit: EntityId,
    /// Its day.
    pub day: Date,
    /// Its number of that day, from 1.
    pub number: u32,
    /// Where it stands.
    pub state: TicketState,
    /// When it was taken, or booked.
    pub taken: Timestamp,
    /// The time for which it was booked; none for one that was taken at a kiosk.
    pub slot: Option<Timestamp>,
    /// When it was called last.
    pub called: Option<Timestamp>,
    /// When its turn began.
    pub served: Option<Timestamp>,
    /// At which window.
    pub window: Option<String>,
    /// The account of the official who called it.
    pub officer: Option<String>,
    /// The account that booked it.
    pub account: Option<String>,
}

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TicketState {
    /// Booked for a time that has not come.
    Booked,
    /// It waits.
    Waiting,
    /// It was called.
    Called,
    /// It is its turn.
    Serving,
    /// It is done.
    Served,
    /// It was called and nobody came.
    Absent,
    /// Whoever booked it will not come.
    Cancelled,
}

impl TicketState {
    const ALL: [Self; 7] = [
        Self::Booked,
        Self::Waiting,
        Self::Called,
        Self::Serving,
        Self::Served,
        Self::Absent,
        Self::Cancelled,
    ];

    /// The name that is kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Serving => "serving",
            Self::Served => "served",
            Self::Absent => "absent",
            Self::Cancelled => "cancelled",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl Ticket {
    /// As it stands on the slip and on the wall: `A007`, `H007` for one that was booked.
    pub fn label(&self) -> String {
        format!("{}{:03}", if self.slot.is_some() { 'H' } else { 'A' }, self.number)
    }

    pub(super) fn read(names: &Names, stored: &Stored) -> Result<Self, Damaged> {
        let entity = &*stored.entity;
        let from = Reading { names, entity };
        let time = |field| from.text(field).and_then(|text| text.parse::<Timestamp>().ok());
        let number = from.json("number").and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok());
        let text = |field| from.text(field).map(str::to_owned);
        Ok(Self {
            id: entity.id.clone(),
            version: stored.version,
            unit: from.object("unit").ok_or_else(|| from.damaged("unit"))?,
            day: from.must("day", |text| text.parse().ok())?,
            number: number.ok_or_else(|| from.damaged("number"))?,
            state: from.must("state", TicketState::from_name)?,
            taken: time("takenAt").ok_or_else(|| from.damaged("takenAt"))?,
            slot: time("slotAt"),
            called: time("calledAt"),
            served: time("servedAt"),
            window: text("window"),
            officer: text("officer"),
            account: text("account"),
        })
    }
}
