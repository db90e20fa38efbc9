//! The one facade of accounts.

mod addresses;
mod by_card;
mod colleagues;
mod directory;
mod edit;
mod keys;
mod leave;
mod lookup;
mod office;
mod own;
mod passkeys;
mod present;
mod provider;
mod reached;
mod recovery;
mod roles;
mod set_up;
mod sign_in;
mod step_up;
mod trees;

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_context::Context;
use dinh_context::packs::Titles;
use dinh_model::Timestamp;
use tokio::sync::{Mutex, broadcast};

use crate::domain::{AccountId, AccountRecord, Handle};
use crate::entropy::Entropy;
use crate::event::{Event, Origin, Trail, What};
use crate::kept::{Kept, Locks, kind};
use crate::key::Keys;
use crate::password::Hasher;
use crate::secret::Digest;
use crate::secrets::Secrets;
use crate::session::{Cache, Tickets};
use crate::throttle::{Throttle, Told};
use crate::{Error, Settings, oidc};

pub use addresses::AddressCode;
pub use by_card::ByCard;
pub use colleagues::Colleague;
pub use keys::KeyHolder;
pub use lookup::{Card, Lookup};
pub use office::{Factors, Found, Known, NewAccount, NewKey, Office, Opened, Proved, Rights, Wanted};
pub use own::Details;
pub use passkeys::{PasskeyInfo, PasskeyQuestion};
pub use present::Present;
pub use provider::{Departure, Return};
pub use reached::Reached;
pub use roles::RoleInfo;
pub use set_up::FirstAdministrator;
pub use sign_in::{Answer, SignedIn};
pub use step_up::{Enrolled, TotpOffer};

/// Minutes that somebody has for the second half of signing in or of adding a factor.
const HALF_DONE: i64 = 5;
/// Minutes for which a code that was sent to an address is good.
const CONFIRMING: i64 = 30;
/// Minutes that somebody may spend at an identity provider.
const AWAY: i64 = 10;

/// Changes of accounts that may wait until somebody hears them; who misses more asks about everything.
const UNHEARD: usize = 1_024;

/// Accounts, sign-in, sessions and keys. Cheap to clone.
#[derive(Clone)]
pub struct Identity(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) context: Context,
    pub(crate) settings: Settings,
    pub(crate) kept: Kept,
    pub(crate) hasher: Hasher,
    pub(crate) breached: Option<crate::password::Breached>,
    pub(crate) throttle: Throttle,
    pub(crate) told: Told,
    pub(crate) cache: Cache,
    pub(crate) locks: Locks,
    /// Held while handles are given and taken, after the lock of the account: no two accounts get the same.
    pub(crate) register: Mutex<()>,
    /// Held while the set-up code is made or used.
    pub(crate) set_up: Mutex<()>,
    pub(crate) half: Tickets<sign_in::Half>,
    pub(crate) confirming: Tickets<addresses::Confirming>,
    pub(crate) asked: Tickets<passkeys::Asked>,
    pub(crate) away: Tickets<provider::Away>,
    pub(crate) providers: oidc::Known,
    pub(crate) enrolling: Tickets<step_up::Enrolling>,
    pub(crate) keys: Keys,
    roles: roles::Roles,
    trees: trees::Trees,
    standing: directory::Standing,
    /// Tells which account has changed, to those who act for it meanwhile.
    pub(crate) changed: broadcast::Sender<AccountId>,
    trail: Arc<dyn Trail>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

/// Who does something, and from where.
#[derive(Clone, Debug)]
pub(crate) struct By {
    pub(crate) who: String,
    pub(crate) from: Origin,
    /// Why, where it is done to somebody else.
    pub(crate) reason: Option<String>,
}

/// Changes of accounts, as they happen.
pub struct Changes(broadcast::Receiver<AccountId>);

impl Changes {
    /// Waits until something of an account changes: rights, state, sessions or keys. What changed since the last call is
    /// not missed.
    pub async fn of(&mut self, account: &str) {
        loop {
            match self.0.recv().await {
                Ok(id) if id.as_str() == account => return,
                Ok(_other) => {}
                // So much has changed that this account may be among it.
                Err(broadcast::error::RecvError::Lagged(_)) => return,
                // There are no accounts any more: nobody changes them.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// What a handle leads to.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct KeptHandle {
    pub(crate) account: AccountId,
}

impl Identity {
    /// Accounts in the graph behind `context`. Whatever happens to them goes to `trail`.
    pub fn open(
        context: Context,
        settings: Settings,
        trail: Arc<dyn Trail>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        Ok(Self(Arc::new(Inner {
            kept: Kept::new(&context),
            hasher: Hasher::new(settings.passwords, Arc::clone(&entropy))?,
            breached: settings.breached.clone(),
            throttle: Throttle::default(),
            told: Told::default(),
            cache: Cache::default(),
            locks: Locks::default(),
            register: Mutex::default(),
            set_up: Mutex::default(),
            half: Tickets::lasting(HALF_DONE),
            confirming: Tickets::lasting(CONFIRMING),
            asked: Tickets::lasting(HALF_DONE),
            away: Tickets::lasting(AWAY),
            providers: oidc::Known::default(),
            enrolling: Tickets::lasting(HALF_DONE),
            keys: Keys::default(),
            roles: roles::Roles::read(context.packs())?,
            trees: trees::Trees::default(),
            standing: directory::Standing::default(),
            changed: broadcast::Sender::new(UNHEARD),
            context,
            settings,
            trail,
            entropy,
        })))
    }

    /// The changes of accounts from now on.
    pub fn changes(&self) -> Changes {
        Changes(self.0.changed.subscribe())
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.context.clock().now()
    }

    /// What people call the roles, by code.
    pub fn role_titles(&self) -> &BTreeMap<String, Titles> {
        self.0.roles.titles()
    }

    /// The roles, in the order in which people read of them.
    pub fn roles(&self) -> &[RoleInfo] {
        self.0.roles.all()
    }

    /// Hands an event to the audit.
    pub(crate) async fn note(&self, by: &By, account: Option<&AccountId>, what: What) -> Result<(), Error> {
        let (at, account) = (self.now(), account.cloned());
        let (tenant, reason) = (by.from.tenant.clone(), by.reason.clone());
        let event = Event { at, by: by.who.clone(), from: by.from.clone(), tenant, account, reason, what };
        Ok(self.0.trail.note(event).await?)
    }

    /// The record of an account.
    pub(crate) async fn record(&self, id: &AccountId) -> Result<AccountRecord, Error> {
        self.0.kept.get(kind::ACCOUNT, id.as_str()).await?.ok_or(Error::NoAccount)
    }

    pub(crate) async fn secrets(&self, id: &AccountId) -> Result<Secrets, Error> {
        Ok(self.0.kept.get(kind::SECRET, id.as_str()).await?.unwrap_or_default())
    }

    /// How a handle is recognised in records.
    pub(crate) fn digest(&self, handle: &Handle) -> Digest {
        self.0.settings.key.digest(handle.scheme(), handle.text())
    }

    /// The account that a handle leads to.
    pub(crate) async fn owner(&self, digest: &Digest) -> Result<Option<AccountId>, Error> {
        let kept: Option<KeptHandle> = self.0.kept.get(kind::HANDLE, digest.as_str()).await?;
        Ok(kept.map(|kept| kept.account))
    }
}

impl By {
    /// Whoever this is, as principals write themselves.
    pub(crate) fn someone(who: String, from: &Origin) -> Self {
        Self { who, from: from.clone(), reason: None }
    }

    /// Nobody in particular.
    pub(crate) fn anybody(from: &Origin) -> Self {
        Self::someone("anonymous".to_owned(), from)
    }

    /// The holder of an account.
    pub(crate) fn holder(account: &AccountId, from: &Origin) -> Self {
        Self::someone(format!("account:{account}"), from)
    }
}
