//! The pump: sends chunks while others are read, several at a time, and books them in order.

use std::collections::{HashSet, VecDeque};
use std::hash::RandomState;

use futures::stream::FuturesOrdered;
use futures::{FutureExt as _, StreamExt as _};
use tokio_util::sync::CancellationToken;

use super::books::Books;
use super::chunk::Chunk;
use super::reader::Reading;
use super::sender::Sender;
use crate::said::{OrSay as _, Words, said};

/// Chunks on their way at once: enough to keep the one writer busy while others are read and parsed.
const ON_THEIR_WAY: usize = 8;

/// A chunk that waits for its turn, with its identifiers.
struct Waiting {
    chunk: Chunk,
    identifiers: HashSet<u64>,
}

impl Waiting {
    /// True if it may leave beside those on their way: there is room, and it overtakes no earlier word on an entity.
    fn may_leave(&self, on_their_way: &VecDeque<HashSet<u64>>) -> bool {
        on_their_way.len() < ON_THEIR_WAY
            && on_their_way.iter().all(|other| other.is_disjoint(&self.identifiers))
    }
}

/// Sends what is read until the end, a fault, or a signal.
pub(super) async fn run(
    reading: Reading,
    sender: &Sender<'_>,
    books: &mut Books<'_>,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let Reading { mut chunks, end, .. } = reading;
    let hasher = RandomState::new();
    let mut sending = FuturesOrdered::new();
    let mut identifiers = VecDeque::new();
    let mut waiting: Option<Waiting> = None;
    let mut is_read = false;
    loop {
        if let Some(next) = waiting.take_if(|next| next.may_leave(&identifiers)) {
            identifiers.push_back(next.identifiers);
            sending.push_back(sender.send(next.chunk).boxed());
        }
        if is_read && waiting.is_none() && sending.is_empty() {
            break;
        }
        tokio::select! {
            Some(sent) = sending.next(), if !sending.is_empty() => {
                identifiers.pop_front();
                books.enter(&sent?).await?;
            }
            chunk = stop.run_until_cancelled(chunks.recv()), if waiting.is_none() && !is_read => match chunk.flatten() {
                Some(chunk) => waiting = Some(Waiting { identifiers: chunk.identifiers(&hasher), chunk }),
                None => is_read = true,
            },
        }
    }
    if stop.is_cancelled() {
        return Err(said("bị ngắt", "interrupted"));
    }
    end.await.or_say(|| {
        Words::new("luồng đọc tệp kết thúc bất ngờ", "the reading thread has ended unexpectedly")
    })?
}
