//! What a vault is opened with.

use std::fmt::{Debug, Formatter};
use std::path::PathBuf;
use std::sync::Arc;

use dinh_model::{Entity, EntityId, Term};

/// The machine has no randomness to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the machine gives no randomness")]
pub struct NoRandomness;

/// A source of bytes that nobody can guess.
pub trait Randomness: Debug + Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// What is sealed, and whose it is: told by the owner of the store, who knows how types are marked. Asked by the writer
/// inside the commit; it must be quick and do no I/O.
pub trait Marks: Debug + Send + Sync {
    /// True if entities of these types may have attributes that are sealed: the first question of every write, so that
    /// types without personal data pay for no other.
    fn any_sealed(&self, types: &[Term]) -> bool;

    /// True if this attribute of entities of these types is sealed.
    fn sealed(&self, types: &[Term], attribute: &Term) -> bool;

    /// True if the words of this attribute, which is sealed, are found by full text all the same: they are then in its
    /// index as they are.
    fn searched(&self, types: &[Term], attribute: &Term) -> bool;

    /// The persons and enterprises that an entity is about, each once, sorted. None if it says of none: then it is about
    /// itself.
    fn subjects(&self, entity: &Entity) -> Vec<EntityId>;
}

/// Nothing is sealed.
#[derive(Debug)]
struct Nothing;

impl Marks for Nothing {
    fn any_sealed(&self, _types: &[Term]) -> bool {
        false
    }

    fn sealed(&self, _types: &[Term], _attribute: &Term) -> bool {
        false
    }

    fn searched(&self, _types: &[Term], _attribute: &Term) -> bool {
        false
    }

    fn subjects(&self, _entity: &Entity) -> Vec<EntityId> {
        Vec::new()
    }
}

/// Where the keys are, and what opens them.
#[derive(Clone)]
pub struct VaultOptions {
    /// The folder of the keys: not the store's own, and in no backup of it.
    pub folder: PathBuf,
    /// The key that wraps the keys. Without it nothing that is sealed can be read ever again.
    pub master: [u8; 32],
    /// What is sealed, and whose it is.
    pub marks: Arc<dyn Marks>,
    /// What keys and nonces are made of.
    pub random: Arc<dyn Randomness>,
}

impl VaultOptions {
    /// The keys in `folder`, opened by `master`. Nothing is sealed until somebody says what by setting `marks`.
    pub fn new(folder: impl Into<PathBuf>, master: [u8; 32], random: Arc<dyn Randomness>) -> Self {
        Self { folder: folder.into(), master, marks: Arc::new(Nothing), random }
    }
}

impl Debug for VaultOptions {
    /// Without the master key.
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VaultOptions")
            .field("folder", &self.folder)
            .field("marks", &self.marks)
            .finish_non_exhaustive()
    }
}
