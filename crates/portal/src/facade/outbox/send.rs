//! The sender: takes what there is to tell, dossier by dossier, several at a time, each in the order of its steps.

use std::time::Duration;

use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::graph::{Commit, Op, Record};
use dinh_model::{EntityId, Tenant, Timestamp};
use futures::StreamExt as _;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::keep::{self, Dead, FAILED, NEWS, SENT, Standing, parse_news_key, without_numbers};
use super::tell::{Told, Untold};
use crate::Error;
use crate::facade::{Link, Portal};

/// How often it is looked what is to be told, at the latest.
const EVERY: Duration = Duration::from_secs(2);
/// Records read at a time.
const CHUNK: usize = 200;
/// Waits before another try with one dossier, in seconds; beyond the last, a person has to look.
const WAITS: [i64; 7] = [5, 30, 120, 600, 3_600, 21_600, 86_400];

/// A dossier of which there is news, and the records that say so.
#[derive(Debug, PartialEq, Eq)]
struct News {
    dossier: EntityId,
    keys: Vec<String>,
}

impl Portal {
    /// Tells what there is to tell in one tenant until `stop`.
    pub(in crate::facade) async fn send(&self, tenant: &Tenant, stop: &CancellationToken) {
        loop {
            let news = self.0.news.notified();
            tokio::select! {
                // What is under way is told again after the next start.
                () = stop.cancelled() => return,
                done = self.send_once(tenant) => if let Err(error) = done {
                    tracing::warn!(%tenant, %error, "counterparts were not told of dossiers");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = news => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Tells what there is to tell now, and says of how many dossiers a counterpart was told.
    ///
    /// # Errors
    /// Those of the graph. What could not be told is tried again later.
    pub async fn send_once(&self, tenant: &Tenant) -> Result<usize, Error> {
        let own = self.own(tenant);
        let at_once = self.links(tenant).map(|link| link.at_once).max().unwrap_or(1);
        let (mut told, mut after) = (0, String::new());
        loop {
            if self.links(tenant).all(|link| link.pulse.rests(self.now())) {
                return Ok(told);
            }
            let records = own.records(NEWS, &after, CHUNK).await?;
            let Some(last) = records.last() else { return Ok(told) };
            after.clone_from(&last.key);
            // A dossier whose records go on behind this page comes again with the next one, after this one is done.
            let mut done = futures::stream::iter(gathered(&records))
                .map(|news| self.send_one(&own, news))
                .buffer_unordered(at_once);
            while let Some(went) = done.next().await {
                told += usize::from(went?);
            }
        }
    }

    /// Tells of one dossier, and keeps what came of it. True if a counterpart was told something.
    async fn send_one(&self, own: &Session, news: News) -> Result<bool, Error> {
        let gone =
            || news.keys.iter().map(|key| Op::DeleteRecord { kind: NEWS.to_owned(), key: key.clone() });
        let Some((dossier, link)) = self.whom(own, &news.dossier).await? else {
            own.commit(Commit::atomic(gone().collect())).await?;
            return Ok(false);
        };
        let mut standing = keep::standing(own, &news.dossier).await?.unwrap_or_default();
        let before = standing.clone();
        standing.counterpart.clone_from(&link.counterpart.code);
        let now = self.now();
        if link.pulse.rests(now) || standing.again.is_some_and(|again| again > now) {
            return Ok(false);
        }
        let mut ops: Vec<Op> = Vec::new();
        let came = self.tell(own, link, &dossier, &mut standing).await?;
        let (went, came_to_something) = (matches!(came, Ok(Told::Sent)), !matches!(came, Ok(Told::Nothing)));
        match came {
            Ok(Told::Nothing) => ops.extend(gone()),
            Ok(Told::Sent) => {
                ops.extend(gone());
                ops.extend(self.no_longer_failed(own, &news.dossier).await?);
                ops.push(self.counted("told"));
                // One that was told of before it was received is counted with the step by which it is.
                if !before.counted && dossier.received.is_some() {
                    standing.counted = true;
                    ops.extend(self.0.casework.synced(&dossier));
                }
            }
            Err(untold) => ops.extend(self.kept_on(link, &news, &mut standing, untold)),
        }
        // What has no number yet is known to nobody.
        if standing != before && came_to_something {
            ops.push(keep::link(&news.dossier, &standing));
        }
        own.commit(Commit::atomic(ops)).await?;
        Ok(went)
    }

    /// The dossier, and who is to be told of it; none if nobody is.
    pub(super) async fn whom(
        &self,
        own: &Session,
        id: &EntityId,
    ) -> Result<Option<(dinh_casework::Dossier, &Link)>, Error> {
        let dossier = match self.0.casework.as_it_is(own, id).await {
            Ok(dossier) => dossier,
            Err(dinh_casework::Error::NoSuch(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let procedure = self.0.casework.kind_of(&dossier)?.procedure.clone();
        let link = procedure.and_then(|procedure| self.link_of(own.tenant(), &procedure));
        Ok(link.map(|link| (dossier, link)))
    }

    /// What follows when a dossier could not be told of: another try, or a person who looks.
    fn kept_on(&self, link: &Link, news: &News, standing: &mut Standing, untold: Untold) -> Vec<Op> {
        let now = self.now();
        let why = without_numbers(untold.text());
        standing.fault = Some(why.clone());
        match &untold {
            Untold::Down(_) => {
                link.pulse.failed(now, &why, true);
                return Vec::new();
            }
            Untold::Odd(_) => {
                link.pulse.failed(now, &why, false);
                if let Some(seconds) = WAITS.get(standing.tries) {
                    standing.tries += 1;
                    standing.again = Some(Timestamp::from_micros(now.as_micros() + seconds * 1_000_000));
                    return Vec::new();
                }
            }
            Untold::Refused { .. } => link.pulse.went(now),
            Untold::Unmapped(_) => {}
        }
        (standing.tries, standing.again) = (0, None);
        let code = match untold {
            Untold::Refused { code, .. } => Some(code),
            _ => None,
        };
        let (counterpart, number) = (standing.counterpart.clone(), standing.number.clone());
        let dead = Dead { at: now, counterpart, number, code, why };
        let mut ops: Vec<Op> = news
            .keys
            .iter()
            .map(|key| Op::DeleteRecord { kind: NEWS.to_owned(), key: key.clone() })
            .collect();
        let key = news.dossier.to_string();
        ops.push(Op::PutRecord { kind: FAILED.to_owned(), key, body: json!(dead) });
        ops.push(self.counted("failed"));
        ops
    }

    /// The operation that takes a dossier off the list of those that could not be told of.
    async fn no_longer_failed(&self, own: &Session, dossier: &EntityId) -> Result<Option<Op>, Error> {
        let failed = own.record(FAILED, dossier.as_str()).await?;
        Ok(failed.map(|record| Op::DeleteRecord { kind: FAILED.to_owned(), key: record.key }))
    }

    /// One more of something this month.
    pub(super) fn counted(&self, what: &str) -> Op {
        let key = official_day(self.now().to_jiff()).strftime("%Y-%m").to_string();
        Op::AddTo { kind: SENT.to_owned(), key, add: [(what.to_owned(), 1)].into() }
    }
}

/// Records by the dossiers of which they tell: they stand beside one another.
fn gathered(records: &[Record]) -> Vec<News> {
    let mut all: Vec<News> = Vec::new();
    for record in records {
        let Some(dossier) = parse_news_key(&record.key) else { continue };
        match all.last_mut() {
            Some(news) if news.dossier == dossier => news.keys.push(record.key.clone()),
            _ => all.push(News { dossier, keys: vec![record.key.clone()] }),
        }
    }
    all
}
