//! The one facade of casework.

mod act;
mod actor;
mod adopt;
mod attach;
mod batch;
mod bring;
mod charged;
mod commit;
mod complain;
mod counted;
mod denied;
mod desk;
mod drafts;
mod file;
mod follow;
mod found;
mod known;
mod linked;
mod listed;
mod locker;
mod measured;
mod notices;
mod numbers;
mod own;
mod papers;
mod pick;
mod portal;
mod prove;
mod published;
mod queue;
mod rating;
mod show;
mod succeed;
mod tally;
mod tickets;
mod time;
mod told;
mod trial;
mod wake;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use dinh_access::Principal;
use dinh_cases::{Book, Kind, Tariff};
use dinh_context::fields::Names;
use dinh_context::{Context, Session};
use dinh_model::{EntityId, Tenant, Timestamp};
use tokio::sync::Mutex;

use crate::pack::{self, IndicatorSet, Messages};
use crate::{Dossier, Error};

pub use batch::{Batch, Tried};
pub use bring::{Brought, BroughtStep};
pub use charged::{CHARGED, Charged};
pub use complain::{About, Complaint};
pub use desk::AtCounter;
pub use drafts::{Draft, DraftContent};
pub use file::{AtDesk, Filed, Filing, Then};
pub use follow::{Followed, Standing};
pub use found::Found;
pub use known::Earlier;
pub use listed::{ListAsked, Listed, Which};
pub use locker::HeldDocument;
pub use measured::{Measured, Value};
pub use notices::{Channel, Contact, Contacts, Messenger, NotSent, Notice, Notices, Untold, Ways};
pub use papers::{ByHand, Checked, Issued, IssuedPage, PaperOf, Signed, Signer};
pub use pick::{By, Days, Pick};
pub use prove::CardShown;
pub use queue::{Queue, QueuePage};
pub use show::Shown;
pub use tally::{Among, Period, Scale, Tallies, Tally};
pub use tickets::{Line, Place, Slot, Ticket, TicketState, TicketStep, Wall};
pub use trial::{OPINE, Trial, TrialNotice, TrialStart, TrialStep, WAIT};

/// The name of this part of the program, in the audit too.
const PART: &str = "casework";

/// Cases of all kinds. Cheap to clone.
#[derive(Clone)]
pub struct Casework(Arc<Inner>);

struct Inner {
    context: Context,
    names: Names,
    book: Book,
    messages: Messages,
    indicators: Vec<IndicatorSet>,
    tariff: Tariff,
    times: time::Times,
    /// The forms in all their editions: what was answered is read by the one that was open then.
    forms: Vec<dinh_forms::Form>,
    /// What sets papers, and the address of the house that they name.
    press: OnceLock<papers::Press>,
    /// How the ways of telling people fare.
    channels: notices::Channels,
    /// Held while a number is given out: there is one process, so that the next number waits until the last one is
    /// durable.
    numbering: Mutex<()>,
    /// The same for tickets of those who wait.
    ticketing: Mutex<()>,
}

impl Casework {
    /// Reads the kinds of the packs. `roles` are those of the house.
    ///
    /// # Errors
    /// [`Error::Pack`] for kinds or calendars that contradict themselves, with file and rule.
    pub fn open(context: &Context, roles: &BTreeSet<String>) -> Result<Self, Error> {
        let brought = pack::read(context.packs(), roles)?;
        Ok(Self(Arc::new(Inner {
            names: Names::default(),
            times: time::Times::read(context.packs())?,
            book: brought.book,
            messages: brought.messages,
            indicators: brought.indicators,
            tariff: brought.tariff,
            forms: brought.forms,
            press: OnceLock::new(),
            channels: notices::Channels::default(),
            numbering: Mutex::default(),
            ticketing: Mutex::default(),
            context: context.clone(),
        })))
    }

    /// True if the packs in use bring kinds of case.
    pub fn is_offered(&self) -> bool {
        !self.0.book.is_empty()
    }

    /// All kinds in all their versions.
    pub fn book(&self) -> &Book {
        &self.0.book
    }

    /// The form of a kind in the edition that is used on a day.
    pub fn form_on(&self, kind: &Kind, day: jiff::civil::Date) -> Option<&dinh_forms::Form> {
        let editions = self.0.forms.iter().filter(|form| Some(&form.id) == kind.form.as_ref());
        editions.filter(|form| form.valid_from <= day).max_by_key(|form| form.valid_from)
    }

    /// The form of a kind in all its editions.
    pub fn forms_of<'c>(&'c self, kind: &'c Kind) -> impl Iterator<Item = &'c dinh_forms::Form> {
        self.0.forms.iter().filter(|form| Some(&form.id) == kind.form.as_ref())
    }

    /// What fees are by dates, and what is taken off.
    pub fn tariff(&self) -> &Tariff {
        &self.0.tariff
    }

    /// What people are told.
    pub fn messages(&self) -> &Messages {
        &self.0.messages
    }

    /// The sets of indicators that hold on a day.
    pub fn indicators(&self, day: jiff::civil::Date) -> impl Iterator<Item = &IndicatorSet> {
        self.0.indicators.iter().filter(move |set| set.holds_on(day))
    }

    /// The version of its kind under which a case goes.
    ///
    /// # Errors
    /// [`Error::NoKind`] if the packs do not bring it any more.
    pub fn kind_of(&self, dossier: &Dossier) -> Result<&Arc<Kind>, Error> {
        let kind = self.0.book.version(&dossier.kind, dossier.kind_version);
        kind.ok_or_else(|| Error::NoKind(format!("{} version {}", dossier.kind, dossier.kind_version)))
    }

    fn names(&self) -> &Names {
        &self.0.names
    }

    fn now(&self) -> Timestamp {
        self.0.context.clock().now()
    }

    /// This part of the program itself, for what is not for those who ask but about them.
    fn own(&self, tenant: &Tenant) -> Session {
        self.0.context.system(PART, tenant.clone())
    }

    /// Refuses where nothing is offered, and whoever is nobody in particular: before what they send is read.
    ///
    /// # Errors
    /// [`Error::NotOffered`], [`Error::NotSignedIn`].
    pub fn may_ask(&self, session: &Session) -> Result<(), Error> {
        self.enter(session)
    }

    /// Refuses where nothing is offered, and whoever is nobody in particular.
    fn enter(&self, session: &Session) -> Result<(), Error> {
        if !self.is_offered() {
            return Err(Error::NotOffered);
        }
        match session.principal() {
            Principal::Account(_) => Ok(()),
            _ => Err(Error::NotSignedIn),
        }
    }

    /// True for an entity that is a case, masked or not.
    fn is_case(&self, entity: &dinh_model::Entity) -> bool {
        entity.attributes.contains_key(&self.names().of("kindVersion"))
    }

    /// A case as it is, for the machine.
    async fn whole(&self, tenant: &Tenant, id: &EntityId) -> Result<Dossier, Error> {
        let found = self.own(tenant).find(id).await?;
        let found = found.filter(|stored| self.is_case(&stored.entity));
        let stored = found.ok_or_else(|| Error::NoSuch(id.clone()))?;
        Dossier::read(self.names(), &stored)
    }
}
