//! Sending notices: each by all ways that reach its recipient, at least once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::graph::{Commit, Op, Record};
use dinh_model::{Tenant, Timestamp};
use futures::future::join_all;
use serde::Deserialize as _;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::channel::Counts;
use super::keep::{FAILED, Kept, WAITING, failed_key, parse_waiting_key, waiting_key};
use super::{Messenger, NotSent, Notice, Ways};
use crate::Error;
use crate::facade::Casework;

/// Kind of the records that count what was sent, by month.
pub(super) const SENT: &str = "case-notices-sent";
/// The count of those whom no way reaches: they have given no address.
pub(super) const UNREACHED: &str = "unreached";
/// How often it is looked what is to be sent.
const EVERY: Duration = Duration::from_secs(5);
/// Notices read at a time.
const CHUNK: usize = 100;
/// Notices under way at a time.
const AT_ONCE: usize = 4;
/// Longest reason that is kept, in characters.
const LONGEST_FAULT: usize = 300;
/// Waits before another try, in seconds; beyond the last, nobody tries again.
const WAITS: [i64; 8] = [10, 60, 300, 1_800, 7_200, 21_600, 86_400, 172_800];

/// What came of one attempt.
#[derive(Default)]
struct Tried {
    /// Ways by which it went now.
    sent: Counts,
    /// Why it did not go, by way.
    faults: BTreeMap<String, NotSent>,
    /// Until when a way rests that would reach its recipient.
    rests: Option<Timestamp>,
}

impl Casework {
    /// Sends what is to be sent until `stop`, at least once each. While there is no way to send anything, what is to be
    /// sent is kept.
    pub async fn send(&self, ways: &Ways, stop: CancellationToken) {
        if ways.messengers.is_empty() {
            return stop.cancelled().await;
        }
        loop {
            for tenant in self.0.context.tenants() {
                tokio::select! {
                    // What is under way is sent again after the next start.
                    () = stop.cancelled() => return,
                    done = self.send_once(&tenant, ways) => if let Err(error) = done {
                        tracing::warn!(%tenant, %error, "notices of cases were not sent");
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Sends what is to be sent now in one tenant, and says how many were.
    ///
    /// # Errors
    /// Those of the graph. What could not be sent is tried again later.
    pub async fn send_once(&self, tenant: &Tenant, ways: &Ways) -> Result<usize, Error> {
        let own = self.own(tenant);
        self.0.channels.know(ways.messengers.iter().map(|way| way.name()));
        let (mut sent, mut after, until) = (0, String::new(), self.now());
        loop {
            if self.0.channels.all_rest(self.now()) {
                return Ok(sent);
            }
            let records = own.records(WAITING, &after, CHUNK).await?;
            let Some(last) = records.last() else { return Ok(sent) };
            after.clone_from(&last.key);
            let is_due = |record: &&Record| parse_waiting_key(&record.key).is_none_or(|(at, _)| at <= until);
            let due: Vec<&Record> = records.iter().take_while(is_due).collect();
            for some in due.chunks(AT_ONCE) {
                let tried = join_all(some.iter().map(|record| self.send_one(&own, record, ways))).await;
                for went in tried {
                    sent += usize::from(went?);
                }
            }
            if due.len() < records.len() {
                return Ok(sent);
            }
        }
    }

    /// Sends one, and keeps what came of it. True if it went by a way.
    async fn send_one(&self, own: &Session, record: &Record, ways: &Ways) -> Result<bool, Error> {
        let gone = || Op::DeleteRecord { kind: WAITING.to_owned(), key: record.key.clone() };
        let (Some((_, name)), Ok(mut kept)) =
            (parse_waiting_key(&record.key), Kept::deserialize(&record.body))
        else {
            own.apply(gone()).await?;
            return Ok(false);
        };
        let Some(notice) = self.written(own, ways, (name, &kept)).await? else {
            own.apply(gone()).await?;
            return Ok(false);
        };
        let tried = self.tried(ways, &notice, &kept).await;
        let went = !tried.sent.is_empty();
        let mut ops = vec![gone()];
        ops.extend(self.counted_sent(&notice, ways, &tried.sent));
        ops.extend(self.kept_on(&mut kept, &notice, &tried));
        own.commit(Commit::atomic(ops)).await?;
        Ok(went)
    }

    /// Tries every way that reaches whoever is told and by which it was not sent yet.
    async fn tried(&self, ways: &Ways, notice: &Notice, kept: &Kept) -> Tried {
        let mut tried = Tried::default();
        let open = |way: &&Arc<dyn Messenger>| way.reaches(notice) && !kept.settled.contains(way.name());
        for messenger in ways.messengers.iter().filter(open) {
            let name = messenger.name();
            if let Some(until) = self.0.channels.rests(name, self.now()) {
                tried.rests = Some(tried.rests.map_or(until, |other: Timestamp| other.max(until)));
                continue;
            }
            match messenger.send(notice).await {
                Ok(()) => {
                    self.0.channels.went(name, self.now());
                    tried.sent.insert(name.to_owned(), 1);
                }
                Err(fault) => {
                    if let NotSent::Down(why) = &fault {
                        tracing::warn!(way = name, reason = why, "notices do not go by this way now");
                        self.0.channels.is_down(name, self.now(), &notice.without_addresses(why));
                    }
                    tried.faults.insert(name.to_owned(), fault);
                }
            }
        }
        tried
    }

    /// What is added to the counts of what was sent.
    fn counted_sent(&self, notice: &Notice, ways: &Ways, sent: &Counts) -> Option<Op> {
        let mut add = sent.clone();
        if !ways.messengers.iter().any(|way| way.reaches(notice)) {
            add.insert(UNREACHED.to_owned(), 1);
        }
        let key = official_day(self.now().to_jiff()).strftime("%Y-%m").to_string();
        (!add.is_empty()).then(|| Op::AddTo { kind: SENT.to_owned(), key, add })
    }

    /// The record of a notice that is to be sent again, or that cannot be sent; none if nothing is left to be done.
    fn kept_on(&self, kept: &mut Kept, notice: &Notice, tried: &Tried) -> Option<Op> {
        let now = self.now();
        kept.settled.extend(tried.sent.keys().cloned());
        let last = kept.tries >= WAITS.len();
        let mut waits = tried.rests.is_some();
        for (way, fault) in &tried.faults {
            let mut why = notice.without_addresses(&fault.to_string());
            if let Some((end, _)) = why.char_indices().nth(LONGEST_FAULT) {
                why.truncate(end);
            }
            kept.faults.insert(way.clone(), why);
            if last || matches!(fault, NotSent::Never(_)) {
                kept.settled.insert(way.clone());
            } else {
                waits = true;
            }
        }
        for way in tried.sent.keys() {
            kept.faults.remove(way);
        }
        if waits {
            let wait = WAITS.get(kept.tries).filter(|_| !tried.faults.is_empty());
            let again = wait.map(|seconds| Timestamp::from_micros(now.as_micros() + seconds * 1_000_000));
            kept.tries += usize::from(wait.is_some());
            kept.again = again.max(tried.rests).unwrap_or(now);
            let key = waiting_key(kept.again, &notice.key);
            return Some(Op::PutRecord { kind: WAITING.to_owned(), key, body: json!(kept) });
        }
        if kept.faults.is_empty() {
            return None;
        }
        kept.again = now;
        let key = failed_key(&kept.case, &notice.key);
        Some(Op::PutRecord { kind: FAILED.to_owned(), key, body: json!(kept) })
    }
}
