//! Who is told when something happens to a case: kept in the commit of what they are told of, sent afterwards.
//!
//! What is kept names the case, the role and the message, and nothing of a person: text and addresses are made when it is
//! sent. Each is sent at least once, and kept until it was, or until it was tried for three days.

use std::sync::Arc;
use std::time::Duration;

use dinh_calendar::Named;
use dinh_cases::Tie;
use dinh_context::Session;
use dinh_context::graph::{Op, Record};
use dinh_model::{EntityId, Tenant, Timestamp};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::Casework;
use super::commit::{Going, values};
use crate::Error;

/// Kind of the records of notices that are still to be sent.
const WAITING: &str = "case-notice";
/// Kind of the records of notices that could not be sent.
const FAILED: &str = "case-notice-failed";
/// How often it is looked what is to be sent.
const EVERY: Duration = Duration::from_secs(5);
/// Notices sent at a time.
const CHUNK: usize = 100;
/// Waits before another try, in seconds; beyond the last, nobody tries again.
const WAITS: [i64; 8] = [10, 60, 300, 1_800, 7_200, 21_600, 86_400, 172_800];

/// A notice to be kept.
pub(super) struct Told<'a> {
    pub(super) going: &'a Going<'a>,
    pub(super) role: &'a str,
    pub(super) message: &'a str,
}

/// A notice as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    case: EntityId,
    role: String,
    message: String,
    at: Timestamp,
    tries: usize,
    again: Timestamp,
}

/// Something that somebody is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What makes it the same if it is sent twice.
    pub key: String,
    /// Its subject, in both languages.
    pub subject: Named,
    /// Its text, in both languages.
    pub text: Named,
    /// Their e-mail address, if they have given one.
    pub email: Option<String>,
    /// Their telephone number, if they have given one.
    pub telephone: Option<String>,
}

/// Why a notice was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// Another try may help.
    #[error("{0}")]
    Later(String),
    /// It never will: the address is none.
    #[error("{0}")]
    Never(String),
}

/// A way by which people are told: e-mail, a text message.
pub trait Messenger: Send + Sync {
    /// Tells somebody. Nothing is done for those who have given no address of its kind.
    fn send<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotSent>>;
}

impl Casework {
    /// The operations that keep a notice. Officials see what lies on their desk in the queue; those are told by it.
    pub(super) fn notice(&self, own: &Session, told: &Told<'_>) -> Option<Op> {
        let tie = told.going.kind.role(told.role).map(|role| role.tie);
        if tie != Some(Tie::Applicant) || self.0.messages.get(told.message).is_none() {
            return None;
        }
        let (now, name) = (told.going.now, own.context().ids().uuid());
        let kept = Kept {
            case: told.going.id.clone(),
            role: told.role.to_owned(),
            message: told.message.to_owned(),
            at: now,
            tries: 0,
            again: now,
        };
        let key = format!("{}-{}", now.as_micros(), name.simple());
        Some(Op::PutRecord { kind: WAITING.to_owned(), key, body: json!(kept) })
    }

    /// Sends what is to be sent until `stop`, at least once each. While there is no way to send anything, what is to be
    /// sent is kept.
    pub async fn send(&self, messengers: &[Arc<dyn Messenger>], stop: CancellationToken) {
        if messengers.is_empty() {
            return stop.cancelled().await;
        }
        loop {
            for tenant in self.0.context.tenants() {
                if let Err(error) = self.send_once(&tenant, messengers).await {
                    tracing::warn!(%tenant, %error, "notices of cases were not sent");
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
    pub async fn send_once(
        &self,
        tenant: &Tenant,
        messengers: &[Arc<dyn Messenger>],
    ) -> Result<usize, Error> {
        let own = self.own(tenant);
        let (mut sent, mut after) = (0, String::new());
        loop {
            let records = own.records(WAITING, &after, CHUNK).await?;
            let Some(last) = records.last() else { return Ok(sent) };
            after.clone_from(&last.key);
            for record in records {
                sent += usize::from(self.send_one(&own, &record, messengers).await?);
            }
        }
    }

    async fn send_one(
        &self,
        own: &Session,
        record: &Record,
        messengers: &[Arc<dyn Messenger>],
    ) -> Result<bool, Error> {
        let gone = || Op::DeleteRecord { kind: WAITING.to_owned(), key: record.key.clone() };
        let Ok(mut kept) = Kept::deserialize(&record.body) else {
            own.apply(gone()).await?;
            return Ok(false);
        };
        if kept.again > self.now() {
            return Ok(false);
        }
        let Some(notice) = self.written(own, &kept, &record.key).await? else {
            own.apply(gone()).await?;
            return Ok(false);
        };
        let mut fault = None;
        for messenger in messengers {
            if let Err(not_sent) = messenger.send(&notice).await {
                fault = Some(not_sent);
            }
        }
        let Some(fault) = fault else {
            own.apply(gone()).await?;
            return Ok(true);
        };
        let wait = WAITS.get(kept.tries).filter(|_| matches!(fault, NotSent::Later(_)));
        kept.tries += 1;
        if let Some(seconds) = wait {
            kept.again = Timestamp::from_micros(self.now().as_micros() + seconds * 1_000_000);
            let body = json!(kept);
            own.apply(Op::PutRecord { kind: WAITING.to_owned(), key: record.key.clone(), body }).await?;
            return Ok(false);
        }
        let body = json!({"kept": kept, "fault": fault.to_string()});
        let failed = Op::PutRecord { kind: FAILED.to_owned(), key: record.key.clone(), body };
        own.commit(dinh_context::graph::Commit::atomic(vec![failed, gone()])).await?;
        Ok(false)
    }

    /// A notice with its text and address, as they are now; none if the case is gone.
    async fn written(&self, own: &Session, kept: &Kept, key: &str) -> Result<Option<Notice>, Error> {
        let dossier = match self.whole(own.tenant(), &kept.case).await {
            Ok(dossier) => dossier,
            Err(Error::NoSuch(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (Some(message), Some(case), Some(applicant)) =
            (self.0.messages.get(&kept.message), &dossier.case, &dossier.applicant)
        else {
            return Ok(None);
        };
        let kind = self.kind_of(&dossier)?;
        let values = values(kind, case, dossier.due);
        let ((subject_vi, text_vi), (subject_en, text_en)) =
            (message.filled(true, &values), message.filled(false, &values));
        Ok(Some(Notice {
            key: key.to_owned(),
            subject: Named { vi: subject_vi, en: subject_en },
            text: Named { vi: text_vi, en: text_en },
            email: applicant.email.clone(),
            telephone: applicant.telephone.clone(),
        }))
    }
}
