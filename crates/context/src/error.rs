//! What the door says when it does not open.

use dinh_access::Denied;
use dinh_model::EntityId;
use dinh_ngsild::context::ContextError;
use dinh_store::OpError;

use crate::{outbound, packs};

/// Why a session could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such entity.
    #[error("{0} was not found")]
    NotFound(EntityId),
    /// The operation does not fit the entity as it stands.
    #[error(transparent)]
    Op(#[from] OpError),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] dinh_store::Error),
    /// An `@context` cannot be used.
    #[error(transparent)]
    LdContext(#[from] ContextError),
    /// An `@context` cannot be kept here.
    #[error(transparent)]
    Hosted(#[from] crate::ldcontext::HostedError),
    /// A call to another machine failed or is not allowed.
    #[error(transparent)]
    Outbound(#[from] outbound::Error),
    /// The packs are broken.
    #[error(transparent)]
    Packs(#[from] packs::Error),
    /// The administrative units of the graph contradict one another.
    #[error("the administrative units cannot be used: {0}")]
    Units(String),
    /// Personal data is asked for without a reason worth keeping.
    #[error("say why in {least} to {most} characters: it is kept, and the person may read it")]
    Reason {
        /// Fewest characters.
        least: usize,
        /// Most characters.
        most: usize,
    },
    /// The name of a file is none.
    #[error("the name of a file has 1 to {most} characters, no spaces around it, and no path")]
    File {
        /// Most characters.
        most: usize,
    },
    /// A commit without operations.
    #[error("there is nothing to do")]
    Nothing,
    /// The subscription does not exist.
    #[error("the subscription {0} was not found")]
    NoSubscription(String),
    /// A subscription with this identifier exists.
    #[error("the subscription {0} exists already")]
    SubscriptionExists(EntityId),
    /// A subscription that tells of nothing now is to be sent again.
    #[error("the subscription tells of nothing now: {0}")]
    SubscriptionRests(String),
    /// What is asked for again is on its way.
    #[error("what the subscription {0} tells is being sent again already; ask again when that has ended")]
    SentAgainAlready(String),
    /// More is asked for again than the feed is gone back over.
    #[error(
        "more than {0} changes were made since then, the most that are gone back over; name a later time"
    )]
    TooFarBack(u64),
    /// More subscriptions than are kept.
    #[error("there are already {0} subscriptions, the most that are kept")]
    TooManySubscriptions(usize),
    /// The registration does not exist.
    #[error("the registration {0} was not found")]
    NoRegistration(String),
    /// A registration with this identifier exists.
    #[error("the registration {0} exists already")]
    RegistrationExists(EntityId),
    /// More registrations than are kept.
    #[error("there are already {0} registrations, the most that are kept")]
    TooManyRegistrations(usize),
    /// The snapshot does not exist.
    #[error("the snapshot {0} was not found")]
    NoSnapshot(String),
    /// A snapshot with this identifier exists.
    #[error("the snapshot {0} exists already")]
    SnapshotExists(EntityId),
    /// More snapshots than are kept.
    #[error("there are already {0} snapshots, the most that are kept; remove one, or wait until one ends")]
    TooManySnapshots(usize),
    /// A kept snapshot is broken.
    #[error("the kept snapshot {0}")]
    Snapshot(String),
    /// What is said to be at one place alone is at another.
    #[error("what is registered is to be at one place alone, but {0}")]
    RegistrationConflict(String),
    /// A kept registration is broken.
    #[error("the kept registration {0}")]
    Registration(String),
    /// What came does not say something sensible.
    #[error(transparent)]
    Read(#[from] dinh_ngsild::read::ReadError),
    /// The audit cannot be sealed or checked.
    #[error(transparent)]
    Audit(#[from] crate::audit::Error),
    /// The whole audit is being read already.
    #[error("the audit is being examined at this moment; ask again when that has ended")]
    Examining,
    /// A kept subscription is broken.
    #[error("the kept subscription {0}")]
    Subscription(String),
}

impl Error {
    /// True if the question went beyond a bound on work, so that a simpler one may be answered.
    pub fn is_too_complex(&self) -> bool {
        matches!(self, Self::Store(dinh_store::Error::TooComplex { .. }))
    }
}
