//! The one facade of privacy.

mod consents;
mod desk;
mod effect;
mod export;
mod files;
mod holdings;
mod looks;
mod requests;

use std::sync::Arc;

use dinh_access::{Account, Principal};
use dinh_calendar::{Law, Table, WorkingDays, official_day};
use dinh_context::packs::Packs;
use dinh_context::{Context, Session};
use dinh_model::{EntityId, Tenant, Timestamp};
use jiff::civil::Date;
use tokio::sync::Mutex;

use crate::Error;
use crate::names::Names;
use crate::tables::{Deadlines, Purposes, TableFault};

pub use desk::{Decision, QueuePage, Settled, Sort};
pub use export::Export;
pub use files::Attachment;
pub use holdings::{Group, Holdings};
pub use looks::{Look, LooksPage, Who};
pub use requests::NewRequest;

/// The pack with types, policies and tables.
const PACK: &str = "privacy";
/// The pack with the days on which offices rest.
const CALENDAR: &str = "calendar";

/// What people may know and ask of the data that is kept of them. Cheap to clone.
#[derive(Clone)]
pub struct Privacy(Arc<Inner>);

struct Inner {
    context: Context,
    names: Names,
    offered: bool,
    deadlines: Deadlines,
    purposes: Purposes,
    calendar: WorkingDays,
    /// Held while a number or a consent is given out: there is one process, so that numbers have no gaps and nobody
    /// consents twice.
    giving: Mutex<()>,
}

impl Privacy {
    /// Reads the tables of the packs. Without the pack `privacy` nothing is offered.
    ///
    /// # Errors
    /// Tables that contradict themselves, with file and rule.
    pub fn open(context: &Context) -> Result<Self, Error> {
        let packs = context.packs();
        let offered = packs.pack(PACK).is_some();
        let (deadlines, purposes) = if offered { tables(packs)? } else { Default::default() };
        Ok(Self(Arc::new(Inner {
            names: Names::new(),
            offered,
            deadlines,
            purposes,
            calendar: calendar(packs)?,
            giving: Mutex::default(),
            context: context.clone(),
        })))
    }

    /// True if the packs in use bring what is needed.
    pub fn is_offered(&self) -> bool {
        self.0.offered
    }

    /// Deadlines by edition.
    pub fn deadlines(&self) -> &Deadlines {
        &self.0.deadlines
    }

    /// Purposes for which somebody may be asked.
    pub fn purposes(&self) -> &Purposes {
        &self.0.purposes
    }

    /// On which days offices work.
    pub fn calendar(&self) -> &WorkingDays {
        &self.0.calendar
    }

    /// The present day in official time.
    pub fn today(&self) -> Date {
        official_day(self.now().to_jiff())
    }

    fn now(&self) -> Timestamp {
        self.0.context.clock().now()
    }

    fn names(&self) -> &Names {
        &self.0.names
    }

    /// A fresh identifier for an entity of this crate.
    fn fresh(&self, of: &str) -> EntityId {
        EntityId::trusted(format!("urn:ngsi-ld:{of}:{}", self.0.context.ids().uuid()))
    }

    /// This part of the program itself, for what is not for those who ask but about them.
    fn own(&self, tenant: &Tenant) -> Session {
        self.0.context.system(PACK, tenant.clone())
    }

    /// Refuses whoever has no account, before anything is looked at that they say.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`]; [`Error::NotOffered`] where the packs bring nothing of this.
    pub fn enter(&self, session: &Session) -> Result<(), Error> {
        self.account(session).map(drop)
    }

    /// Refuses where nothing is offered, and whoever is nobody in particular.
    fn account<'s>(&self, session: &'s Session) -> Result<&'s Arc<Account>, Error> {
        if !self.0.offered {
            return Err(Error::NotOffered);
        }
        match session.principal() {
            Principal::Account(account) => Ok(account),
            _ => Err(Error::NotSignedIn),
        }
    }

    /// Refuses whoever does not speak for `subject`.
    fn for_subject(&self, session: &Session, subject: &EntityId) -> Result<(), Error> {
        self.account(session)?;
        if session.speaks_for(subject) { Ok(()) } else { Err(Error::NotYours(subject.clone())) }
    }
}

fn tables(packs: &Packs) -> Result<(Deadlines, Purposes), Error> {
    let read = |file| packs.file(PACK, file).map_err(dinh_context::Error::from);
    let deadlines: Deadlines = read("deadlines.toml")?.toml().map_err(dinh_context::Error::from)?;
    let purposes: Purposes = read("purposes.toml")?.toml().map_err(dinh_context::Error::from)?;
    Ok((deadlines.checked()?, purposes.checked()?))
}

fn calendar(packs: &Packs) -> Result<WorkingDays, Error> {
    if packs.pack(CALENDAR).is_none() {
        return Ok(WorkingDays::default());
    }
    let read = |file| packs.file(CALENDAR, file).map_err(dinh_context::Error::from);
    let table: Table = read("holidays.toml")?.toml().map_err(dinh_context::Error::from)?;
    let law: Law = read("days-off.toml")?.toml().map_err(dinh_context::Error::from)?;
    let fault = |fault: dinh_calendar::Fault| TableFault {
        file: "calendar/holidays.toml",
        reason: fault.to_string(),
    };
    Ok(WorkingDays::with_law(&table, &law).map_err(fault)?)
}

/// A text of people: plain, of a length within bounds, without blanks around it.
fn plain(field: &'static str, text: &str, least: usize, most: usize) -> Result<String, Error> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let odd = text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    if odd || !(least..=most).contains(&text.chars().count()) {
        return Err(Error::Text { field, least, most });
    }
    Ok(text)
}
