//! The one facade of signing.

mod check;
mod inventory;
mod picture;
mod sign;

use std::fmt;
use std::sync::Arc;

use dinh_access::{Account, Principal};
use dinh_context::{Context, Session};
use dinh_model::Tenant;
use jiff::{SignedDuration, Timestamp};
use ring::rand::SystemRandom;
use tokio::sync::{Mutex, Semaphore};

use crate::Error;
use crate::module::Module;
use crate::seal::SealKey;
use crate::sources::Sources;
use crate::trust::TrustList;
use crate::waiting::Waiting;

pub use inventory::NewKey;
pub use sign::{Begun, Seen, Wanted};

/// This part of the program.
const PART: &str = "signing";
/// Documents that are worked on beside one another.
const BESIDE: usize = 2;

/// What signing goes by.
#[derive(Clone)]
pub struct Settings {
    /// Whom to believe.
    pub trust: TrustList,
    /// Where time stamps are asked for; nowhere if there is none.
    pub time_stamps: Option<String>,
    /// How much longer than it says something about revocation is taken for new.
    pub grace: SignedDuration,
    /// What private keys are sealed with; without it none are kept here.
    pub seal: Option<SealKey>,
    /// The security module, if there is one.
    pub module: Option<Arc<dyn Module>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            trust: TrustList::default(),
            time_stamps: None,
            grace: SignedDuration::from_hours(24),
            seal: None,
            module: None,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("time_stamps", &self.time_stamps).finish_non_exhaustive()
    }
}

/// Keys, signing and checking of a tenant. Cheap to clone.
#[derive(Clone)]
pub struct Signing(Arc<Inner>);

struct Inner {
    context: Context,
    settings: Settings,
    sources: Sources,
    waiting: Waiting,
    random: SystemRandom,
    /// Documents that are worked on.
    working: Arc<Semaphore>,
    /// Held while a key is changed.
    changing: Mutex<()>,
}

impl Signing {
    /// Signing by these settings.
    pub fn new(context: &Context, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            context: context.clone(),
            settings,
            sources: Sources::default(),
            waiting: Waiting::default(),
            random: SystemRandom::new(),
            working: Arc::new(Semaphore::new(BESIDE)),
            changing: Mutex::default(),
        }))
    }

    /// What it goes by.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.0.context.clock().now().to_jiff()
    }

    fn own(&self, tenant: &Tenant) -> Session {
        self.0.context.system(PART, tenant.clone())
    }

    /// Does something that takes the processor for a while, beside what the program does otherwise.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let working = Arc::clone(&self.0.working);
        let _place = working.acquire_owned().await.map_err(|_closed| Error::CutShort)?;
        tokio::task::spawn_blocking(work).await.map_err(|_panicked| Error::CutShort)
    }
}

fn account(session: &Session) -> Option<&Arc<Account>> {
    match session.principal() {
        Principal::Account(account) => Some(account),
        _ => None,
    }
}
