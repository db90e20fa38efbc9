//! Erasing for good what is kept of somebody.

use dinh_access::{Erase, Grant};
use dinh_model::EntityId;

use crate::plan::{Planned, check};
use crate::store::Engine;
use crate::{Origin, Receipt, Result, Store};

/// Most entities that one erasure takes or leaves: more are erased by several.
const MOST: usize = 1_000;
/// Longest reason, in bytes.
const MAX_REASON: usize = 4 << 10;

/// What is to be erased for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Whose data it is.
    pub subject: EntityId,
    /// The entities that go, with their history. Those that are gone already lose what history they left.
    pub entities: Vec<EntityId>,
    /// Entities of the subject that stay, for a reason that the law knows. The ledger remembers them, so that they also
    /// stay when a backup is brought back.
    pub kept: Vec<EntityId>,
    /// Whether this is all that is kept of the subject. Then every key of the subject is destroyed too that no entity
    /// needs which stays: what earlier deletions left behind, in the history, the feed and in backups.
    pub whole: bool,
    /// Why, in the words of whoever orders it.
    pub reason: String,
}

impl Erasure {
    /// Most entities that [`Erasure::entities`] and [`Erasure::kept`] may hold, each.
    pub const MOST: usize = MOST;

    pub(crate) fn check(&self) -> Result<()> {
        check("entities of an erasure", self.entities.len(), MOST)?;
        check("kept entities of an erasure", self.kept.len(), MOST)?;
        check("bytes of a reason", self.reason.len(), MAX_REASON)
    }
}

impl Store {
    /// Erases entities for good: themselves, their rows in the indexes, their history, and the keys of what the feed and
    /// backups still hold of them. All of it or nothing; the audit says so in the same commit. When this returns, it is
    /// done, in the graph and in the ledger of the vault: a backup that is brought back later is without them too.
    ///
    /// What is not personal of an entity stays in the feed until the feed is trimmed.
    ///
    /// # Errors
    /// Nothing was erased, unless the keys could not be destroyed: then they are when the store is opened next.
    pub async fn erase(
        &self,
        grant: &Grant<Erase>,
        origin: Option<Origin>,
        erasure: Erasure,
    ) -> Result<Receipt> {
        erasure.check()?;
        let planned = Planned::of_erasure(grant, origin, erasure)?;
        match &self.engine {
            Engine::Sqlite(engine) => engine.erase(planned).await,
        }
    }
}
