//! Where fresh identifiers come from.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// A source of fresh identifiers. The binary hands in a random one, tests a counting one.
pub trait Ids: Send + Sync {
    /// A UUID never handed out before.
    fn uuid(&self) -> Uuid;
}

/// Counts up from one: identifiers that a test can predict.
#[derive(Debug, Default)]
pub struct SequentialIds(AtomicU64);

impl Ids for SequentialIds {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed) + 1))
    }
}
