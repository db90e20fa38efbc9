//! Notices as they are kept until they are sent.

use std::collections::{BTreeMap, BTreeSet};

use dinh_calendar::Named;
use dinh_cases::Tie;
use dinh_context::Session;
use dinh_context::graph::Op;
use dinh_model::{EntityId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Contact, Notice, Ways};
use crate::facade::Casework;
use crate::facade::commit::{Going, values};
use crate::{Dossier, Error};

/// Kind of the records of notices that are still to be sent. Their keys begin with when they are, so that what waits for
/// another try stands behind what is to be sent now.
pub(super) const WAITING: &str = "case-notice";
/// Kind of the records of notices that could not be sent. Their keys begin with the case.
pub(super) const FAILED: &str = "case-notice-failed";

/// A notice to be kept.
pub(in crate::facade) struct Told<'a> {
    pub(in crate::facade) going: &'a Going<'a>,
    pub(in crate::facade) role: &'a str,
    pub(in crate::facade) message: &'a str,
}

/// A notice as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) case: EntityId,
    pub(super) role: String,
    pub(super) message: String,
    /// When there was something to tell.
    pub(super) at: Timestamp,
    /// How many steps the case had then: what was said with the last of them is told, whatever came later.
    #[serde(default)]
    pub(super) steps: usize,
    pub(super) tries: usize,
    pub(super) again: Timestamp,
    /// Ways by which it was sent, or never will be.
    #[serde(default)]
    pub(super) settled: BTreeSet<String>,
    /// Why it was not sent, by way: those of the last try, and those for good.
    #[serde(default)]
    pub(super) faults: BTreeMap<String, String>,
}

/// The key of a notice that is to be sent at an instant.
pub(super) fn waiting_key(at: Timestamp, name: &str) -> String {
    format!("{:016}-{name}", at.as_micros().max(0))
}

/// When a notice is to be sent, and its name, by its key.
pub(super) fn parse_waiting_key(key: &str) -> Option<(Timestamp, &str)> {
    let (at, name) = key.split_once('-')?;
    Some((Timestamp::from_micros(at.parse().ok()?), name))
}

/// The key of a notice of a case that could not be sent.
pub(super) fn failed_key(case: &EntityId, name: &str) -> String {
    format!("{case} {name}")
}

impl Casework {
    /// The operations that keep a notice. Officials see what lies on their desk in the queue; those are told by it.
    pub(in crate::facade) fn notice(&self, own: &Session, told: &Told<'_>) -> Option<Op> {
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
            steps: told.going.moved.case.steps.len(),
            tries: 0,
            again: now,
            settled: BTreeSet::new(),
            faults: BTreeMap::new(),
        };
        let key = waiting_key(now, &name.simple().to_string());
        Some(Op::PutRecord { kind: WAITING.to_owned(), key, body: json!(kept) })
    }

    /// A notice with its text and addresses, as they are now; none if the case or the message is gone.
    pub(super) async fn written(
        &self,
        own: &Session,
        ways: &Ways,
        (name, kept): (&str, &Kept),
    ) -> Result<Option<Notice>, Error> {
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
        let step = kept.steps.checked_sub(1).and_then(|last| case.steps.get(last)).or(case.steps.last());
        let values = values(kind, case, step, dossier.due);
        let ((subject_vi, text_vi), (subject_en, text_en)) =
            (message.filled(true, &values), message.filled(false, &values));
        let contact = contact(own, ways, &dossier).await;
        Ok(Some(Notice {
            key: name.to_owned(),
            case: dossier.id.clone(),
            number: dossier.number.clone(),
            name: applicant.name.clone(),
            subject: Named { vi: subject_vi, en: subject_en },
            text: Named { vi: text_vi, en: text_en },
            english: contact.english,
            link: link(own, ways, &dossier),
            email: applicant.email.clone().or(contact.email),
            telephone: applicant.telephone.clone().or(contact.telephone),
        }))
    }
}

/// What the account says of whoever filed a case; nothing if no account did.
async fn contact(own: &Session, ways: &Ways, dossier: &Dossier) -> Contact {
    match (&ways.contacts, &dossier.account) {
        (Some(contacts), Some(account)) => contacts.of(own.tenant(), account).await.unwrap_or_default(),
        _ => Contact::default(),
    }
}

/// Where more is told of a case: its page for those who have an account, the page for following it for the others.
fn link(own: &Session, ways: &Ways, dossier: &Dossier) -> Option<String> {
    let (home, tenant) = (ways.home.as_ref()?, own.tenant());
    Some(match dossier.account {
        Some(_) => format!("{home}/{tenant}/cases/{}", dossier.id),
        None => format!("{home}/{tenant}/follow"),
    })
}
