//! The one facade of payments.

mod accounts;
mod books;
mod cash;
mod find;
mod hand;
mod import;
mod raise;
mod receive;
mod refunds;
mod settle;
mod statements;
mod who;

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_casework::Casework;
use dinh_context::fields::Names;
use dinh_context::graph::{Commit, Op, OpError, Receipt};
use dinh_context::{Context, Session};
use dinh_ledger::CsvProfile;
use dinh_model::{EntityId, Tenant, Timestamp};
use jiff::civil::Date;
use tokio::sync::Mutex;

use crate::Error;

pub use accounts::NewAccount;
pub use books::{Board, JournalPage, Revenue};
pub use cash::Closing;
pub use find::{Ageing, BillState, LinesPage, Waiting};
pub use import::{Imported, Upload};
pub use raise::Fresh;
pub use refunds::PayTo;

/// The pack with types, policies and forms of statements; the name of this part of the program too.
const PACK: &str = "payments";

/// Money that people owe and pay. Cheap to clone.
#[derive(Clone)]
pub struct Payments(Arc<Inner>);

struct Inner {
    context: Context,
    casework: Casework,
    names: Names,
    profiles: Vec<CsvProfile>,
    offered: bool,
    /// Held while something is written into the books: there is one process, so that numbers have no gaps and a bill is
    /// paid by one payment after another.
    booking: Mutex<()>,
}

impl Payments {
    /// Reads the forms of statements of the packs. Without the pack `payments` nothing is offered.
    ///
    /// # Errors
    /// [`Error::Pack`] for a form that makes no sense, with file and rule.
    pub fn open(context: &Context, casework: &Casework) -> Result<Self, Error> {
        let packs = context.packs();
        let offered = packs.pack(PACK).is_some() && casework.is_offered();
        let (mut profiles, mut seen) = (Vec::new(), BTreeSet::new());
        if offered {
            for file in packs.files(PACK, "banks", ".toml").map_err(dinh_context::Error::from)? {
                let profile: CsvProfile = file.toml().map_err(dinh_context::Error::from)?;
                let twice = (!seen.insert(profile.code.clone())).then_some("code: stands there twice");
                if let Some(reason) = profile.fault().or(twice) {
                    return Err(Error::Pack { file: file.path, reason: reason.to_owned() });
                }
                profiles.push(profile);
            }
        }
        Ok(Self(Arc::new(Inner {
            context: context.clone(),
            casework: casework.clone(),
            names: Names::default(),
            profiles,
            offered,
            booking: Mutex::default(),
        })))
    }

    /// True if the packs in use bring what is needed.
    pub fn is_offered(&self) -> bool {
        self.0.offered
    }

    /// The forms of tables that can be read.
    pub fn profiles(&self) -> &[CsvProfile] {
        &self.0.profiles
    }

    fn names(&self) -> &Names {
        &self.0.names
    }

    fn now(&self) -> Timestamp {
        self.0.context.clock().now()
    }

    fn today(&self) -> Date {
        dinh_calendar::official_day(self.now().to_jiff())
    }

    /// This part of the program itself.
    fn own(&self, tenant: &Tenant) -> Session {
        self.0.context.system(PACK, tenant.clone())
    }

    /// A fresh identifier of an entity.
    fn fresh(&self, of: &str) -> EntityId {
        EntityId::trusted(format!("urn:ngsi-ld:{of}:{}", self.0.context.ids().uuid().simple()))
    }

    /// Commits all or nothing.
    async fn write(&self, session: &Session, ops: Vec<Op>) -> Result<Receipt, Error> {
        let receipt = session.clone().vouched().commit(Commit::atomic(ops)).await?;
        let first =
            |result: &Result<_, OpError>| result.as_ref().err().filter(|e| **e != OpError::Undone).cloned();
        match receipt.results.iter().find_map(first) {
            None => Ok(receipt),
            Some(OpError::VersionConflict { .. }) => Err(Error::Conflict),
            Some(error) => Err(dinh_context::Error::Op(error).into()),
        }
    }
}

/// A text of people: plain, of a length within bounds, and without the number of a card.
fn plain(field: &'static str, text: &str, least: usize, most: usize) -> Result<String, Error> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let odd = text.chars().any(|letter| letter.is_control() && letter != '\n');
    if odd || !(least..=most).contains(&text.chars().count()) {
        return Err(Error::Text { field, least, most });
    }
    if dinh_ledger::card::looks_like_one(&text) {
        return Err(Error::Card(field));
    }
    Ok(text)
}
