//! What sources hand to the pump, and what they hear back.

use serde_json::Value as Json;
use tokio::sync::{mpsc, oneshot};

use crate::formats::Item;
use crate::mapping::Rejection;
use crate::sink::RecordChange;

/// Records to become entities, and what to remember once they have.
pub(crate) struct Delivery {
    /// The records.
    pub(crate) items: Vec<Item>,
    /// Written after everything in `items` is durable: how far the source has come.
    pub(crate) then: Vec<RecordChange>,
    /// Hears what became of each item, in order, once all of it is durable.
    pub(crate) done: Option<oneshot::Sender<Vec<Outcome>>>,
    /// The dead letter that the only item was, if it was one.
    pub(crate) letter: Option<u64>,
    /// A dead letter to throw away.
    pub(crate) discard: Option<u64>,
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the graph.
    Accepted,
    /// No map of the feed is interested in it.
    Skipped,
    /// It is in the dead letters.
    Rejected(Box<Rejection>),
}

/// The feed is stopping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped;

/// The way from a source to its pump. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Outlet(pub(super) mpsc::Sender<Delivery>);

impl Outlet {
    /// Hands records over and waits until they are durable.
    pub(crate) async fn deliver(
        &self,
        items: Vec<Item>,
        then: Vec<RecordChange>,
    ) -> Result<Vec<Outcome>, Stopped> {
        let (delivery, heard) = Delivery::heard(items);
        self.send(Delivery { then, ..delivery }).await?;
        heard.await.map_err(|_dropped| Stopped)
    }

    /// Hands a delivery over; waits only for room.
    pub(crate) async fn send(&self, delivery: Delivery) -> Result<(), Stopped> {
        self.0.send(delivery).await.map_err(|_closed| Stopped)
    }
}

impl Delivery {
    /// Records whose fate the source wants to hear.
    pub(crate) fn heard(items: Vec<Item>) -> (Self, oneshot::Receiver<Vec<Outcome>>) {
        let (done, heard) = oneshot::channel();
        (Self { items, then: Vec::new(), done: Some(done), letter: None, discard: None }, heard)
    }

    /// A corrected dead letter.
    pub(super) fn corrected(id: u64, item: Item) -> (Self, oneshot::Receiver<Vec<Outcome>>) {
        let (delivery, heard) = Self::heard(vec![item]);
        (Self { letter: Some(id), ..delivery }, heard)
    }

    /// A dead letter to throw away.
    pub(super) fn discarded(id: u64) -> (Self, oneshot::Receiver<Vec<Outcome>>) {
        let (delivery, heard) = Self::heard(Vec::new());
        (Self { discard: Some(id), ..delivery }, heard)
    }
}

/// The raw form of an item, for the dead letters.
pub(super) fn raw(item: &Item) -> Json {
    match item {
        Ok(record) => record.as_json().clone(),
        Err(broken) => broken.raw.clone(),
    }
}
