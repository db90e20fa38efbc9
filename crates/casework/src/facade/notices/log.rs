//! What became of notices, for officials: how many wait and went, which could not be sent and why, sending those again.

use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::graph::{Commit, Op, Record};
use dinh_model::{EntityId, Timestamp};
use serde::Deserialize as _;
use serde_json::json;

use super::Channel;
use super::channel::Counts;
use super::keep::{FAILED, Kept, WAITING, failed_key, waiting_key};
use super::send::SENT;
use crate::facade::Casework;
use crate::{Dossier, Error};

/// Most notices of one answer.
const MOST: usize = 100;
/// Most records that are looked at for them: whoever asks sees but the cases of their own units.
const LOOKED_AT: usize = 2_000;

/// How notices fare here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// Ways that are configured; none if what is to be sent is kept.
    pub channels: Vec<Channel>,
    /// How many are still to be sent.
    pub waiting: u64,
    /// How many could not be sent.
    pub failed: u64,
    /// How many went this month, by way; `unreached` of them to nobody, for want of an address.
    pub sent: Counts,
}

/// A notice that could not be sent.
#[derive(Clone, Debug)]
pub struct Untold {
    /// What it is called, within its case.
    pub name: String,
    /// The case, as whoever asks may see it.
    pub dossier: Dossier,
    /// Which message.
    pub message: String,
    /// When there was something to tell.
    pub at: Timestamp,
    /// Why it was not sent, by way. No address stands in it.
    pub faults: Vec<(String, String)>,
}

impl Casework {
    /// How notices fare in a tenant: for officials.
    ///
    /// # Errors
    /// Those of the graph, and [`Error::NotSignedIn`].
    pub async fn notices(&self, session: &Session) -> Result<Notices, Error> {
        self.enter(session)?;
        let own = self.own(session.tenant());
        let month = official_day(self.now().to_jiff()).strftime("%Y-%m").to_string();
        let sent = own.record(SENT, &month).await?;
        let sent = sent.and_then(|record| Counts::deserialize(&record.body).ok()).unwrap_or_default();
        Ok(Notices {
            channels: self.0.channels.list(),
            waiting: own.record_count(WAITING).await?,
            failed: own.record_count(FAILED).await?,
            sent,
        })
    }

    /// Notices that could not be sent, of the cases that whoever asks sees; at most a hundred.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn untold(&self, session: &Session) -> Result<Vec<Untold>, Error> {
        self.enter(session)?;
        let own = self.own(session.tenant());
        let (mut found, mut looked_at, mut after) = (Vec::new(), 0, String::new());
        while looked_at < LOOKED_AT && found.len() < MOST {
            let records = own.records(FAILED, &after, MOST).await?;
            let Some(last) = records.last() else { break };
            after.clone_from(&last.key);
            looked_at += records.len();
            for record in &records {
                found.extend(self.untold_one(session, record).await?);
            }
        }
        found.truncate(MOST);
        Ok(found)
    }

    /// Notices of one case that could not be sent.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for a case that whoever asks may not see.
    pub async fn untold_of(&self, session: &Session, case: &EntityId) -> Result<Vec<Untold>, Error> {
        self.seen(session, case).await?;
        let (own, prefix) = (self.own(session.tenant()), failed_key(case, ""));
        let mut found = Vec::new();
        for record in own.records(FAILED, &prefix, MOST).await? {
            if !record.key.starts_with(&prefix) {
                break;
            }
            found.extend(self.untold_one(session, &record).await?);
        }
        Ok(found)
    }

    async fn untold_one(&self, session: &Session, record: &Record) -> Result<Option<Untold>, Error> {
        let Ok(kept) = Kept::deserialize(&record.body) else { return Ok(None) };
        let dossier = match self.seen(session, &kept.case).await {
            Ok(dossier) => dossier,
            Err(Error::NoSuch(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let name = record.key.rsplit(' ').next().unwrap_or_default().to_owned();
        let faults = kept.faults.into_iter().collect();
        Ok(Some(Untold { name, dossier, message: kept.message, at: kept.at, faults }))
    }

    /// Has a notice that could not be sent sent again, by the ways by which it was not. For those who work on its case.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for a case that whoever asks may not see, or a notice of it that there is not;
    /// [`Error::NotYours`] for those who do not work on it.
    pub async fn tell_again(&self, session: &Session, case: &EntityId, name: &str) -> Result<(), Error> {
        let looked = self.looked(session, case).await?;
        let works = |tie: &dinh_cases::Tie| *tie != dinh_cases::Tie::Applicant;
        if !looked.actor.ties.iter().any(works) {
            return Err(Error::NotYours);
        }
        let (own, key) = (self.own(session.tenant()), failed_key(case, name));
        let record = own.record(FAILED, &key).await?.ok_or_else(|| Error::NoSuch(case.clone()))?;
        let gone = Op::DeleteRecord { kind: FAILED.to_owned(), key };
        let mut ops = vec![gone];
        if let Ok(mut kept) = Kept::deserialize(&record.body) {
            kept.settled.retain(|way| !kept.faults.contains_key(way));
            kept.faults.clear();
            (kept.tries, kept.again) = (0, self.now());
            let key = waiting_key(kept.again, name);
            ops.push(Op::PutRecord { kind: WAITING.to_owned(), key, body: json!(kept) });
        }
        own.commit(Commit::atomic(ops)).await?;
        Ok(())
    }
}
