//! The one facade of cards.

mod benefit;
mod check;
mod count;
mod find;
mod gather;
mod issue;
mod keys;
mod presentation;
mod print;
mod question;
mod rights;
mod status;
mod steps;
mod uses;
mod wallet;

use std::sync::{Arc, OnceLock};

use dinh_calendar::official_day;
use dinh_context::fields::Names;
use dinh_context::graph::{Commit, Op, OpError};
use dinh_context::{Context, Session};
use dinh_documents::Typeset;
use dinh_model::{EntityId, Tenant, Timestamp};
use jiff::civil::Date;
use ring::rand::SecureRandom;
use tokio::sync::Mutex;

use crate::{Error, Rules};

pub use benefit::NewBenefit;
pub use check::{Checked, Standing};
pub use count::Counts;
pub use find::Asked;
pub use gather::{Gathering, Presence};
pub use issue::{Holder, NewCard};
pub use keys::{KeyShown, Trusted};
pub use presentation::{Claim, Outcome, Presentation, Told};
pub use print::MOST_PRINTED;
pub use question::{Question, Wish};
pub use uses::{ShownCard, Use};
pub use wallet::Offer;

/// The pack with types, policies and rules; the name of this part of the program, in the audit too.
const PACK: &str = "cards";

/// Where randomness comes from.
pub type Random = Arc<dyn SecureRandom + Send + Sync>;

/// Cards. Cheap to clone.
#[derive(Clone)]
pub struct Cards(Arc<Inner>);

struct Inner {
    context: Context,
    names: Names,
    rules: Option<Rules>,
    random: Random,
    /// Held while a number is given out or the status list changes: there is one process, so that the next one waits
    /// until the last one is durable.
    giving: Mutex<()>,
    lists: status::Kept,
    answers: presentation::Answers,
    press: OnceLock<Arc<dyn Typeset>>,
}

impl Cards {
    /// Reads the rules of the pack. Without the pack `cards` nothing is offered.
    ///
    /// # Errors
    /// [`Error::Rules`] for rules that contradict themselves.
    pub fn open(context: &Context, random: Random) -> Result<Self, Error> {
        let packs = context.packs();
        let rules = if packs.pack(PACK).is_some() {
            let file = packs.file(PACK, "cards.toml").map_err(dinh_context::Error::from)?;
            let rules: Rules = file.toml().map_err(dinh_context::Error::from)?;
            Some(rules.checked()?)
        } else {
            None
        };
        Ok(Self(Arc::new(Inner {
            names: Names::default(),
            rules,
            random,
            giving: Mutex::default(),
            lists: status::Kept::default(),
            answers: presentation::Answers::default(),
            press: OnceLock::new(),
            context: context.clone(),
        })))
    }

    /// True if the packs of a province bring cards.
    pub fn is_offered(&self, tenant: &Tenant) -> bool {
        let province = self.0.context.packs().province(tenant.as_str());
        self.0.rules.is_some() && province.is_some_and(|found| found.packs.iter().any(|pack| pack == PACK))
    }

    /// What holds for cards.
    ///
    /// # Errors
    /// [`Error::NotOffered`].
    pub fn rules(&self) -> Result<&Rules, Error> {
        self.0.rules.as_ref().ok_or(Error::NotOffered)
    }

    fn names(&self) -> &Names {
        &self.0.names
    }

    fn random(&self) -> &dyn SecureRandom {
        &*self.0.random
    }

    /// Bytes that nobody can guess, as text.
    fn secret(&self) -> Result<String, Error> {
        use base64::Engine as _;
        let mut bytes = [0; 24];
        let filled = self.random().fill(&mut bytes);
        filled.map_err(|_error| dinh_credentials::Refused::Key("there is no randomness"))?;
        Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
    }

    fn now(&self) -> Timestamp {
        self.0.context.clock().now()
    }

    fn seconds(&self) -> i64 {
        self.now().to_jiff().as_second()
    }

    /// The present day in official time.
    pub fn today(&self) -> Date {
        official_day(self.now().to_jiff())
    }

    /// A fresh identifier for an entity of this crate.
    fn fresh(&self, of: &str) -> EntityId {
        EntityId::trusted(format!("urn:ngsi-ld:{of}:{}", self.0.context.ids().uuid().simple()))
    }

    /// This part of the program itself, for what is not for those who ask but about them.
    fn own(&self, tenant: &Tenant) -> Session {
        self.0.context.system(PACK, tenant.clone())
    }

    /// Writes in the name of whoever takes the step: all of it or nothing.
    async fn write(&self, session: &Session, ops: Vec<Op>) -> Result<(), Error> {
        let receipt = session.clone().vouched().commit(Commit::atomic(ops)).await?;
        let first =
            |result: &Result<_, OpError>| result.as_ref().err().filter(|e| **e != OpError::Undone).cloned();
        match receipt.results.iter().find_map(first) {
            None => Ok(()),
            Some(OpError::VersionConflict { .. }) => Err(Error::Conflict),
            Some(error) => Err(dinh_context::Error::Op(error).into()),
        }
    }
}

/// A text of people: plain, of a length within bounds, without blanks around it.
fn plain(field: &'static str, text: &str, least: usize, most: usize) -> Result<String, Error> {
    let text = text.replace("\r\n", " ").trim().to_owned();
    if text.chars().any(char::is_control) || !(least..=most).contains(&text.chars().count()) {
        return Err(Error::Text { field, least, most });
    }
    Ok(text)
}

/// Why somebody does something.
fn reason(text: &str) -> Result<String, Error> {
    plain("reason", text, 5, 500)
}
