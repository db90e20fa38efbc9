//! One case, for whoever works on it or applied.

use dinh_access::Purpose;
use dinh_cases::Action;
use dinh_context::Session;
use dinh_model::{EntityId, Timestamp};

use super::{Casework, complain, told};
use crate::{Dossier, Error};

/// Why an applicant sees their own case, for the audit.
const OWN: &str = "Xem hồ sơ của chính mình (own dossier)";

/// A case as somebody sees it, with what they may do.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The case, unmasked as far as the policy reveals it; to its applicant without what those who work on it say among
    /// themselves.
    pub dossier: Dossier,
    /// What may be done with it now.
    pub actions: Vec<Action>,
    /// Whether whoever looks applied.
    pub own: bool,
    /// The case that it is a part of or about, if whoever looks may see that.
    pub parent: Option<Dossier>,
    /// What was answered, for a complaint that has ended.
    pub answer: Option<String>,
    /// The cases that are parts of it or about it.
    pub children: Vec<Dossier>,
    /// Until when its applicant may rate it or change their rating; none if they may not, and for others.
    pub rate_until: Option<Timestamp>,
}

impl Casework {
    /// One case with everything on it. Seeing it leaves a note in the audit, with its number as the reason.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for a case that whoever asks may not see.
    pub async fn show(&self, session: &Session, id: &EntityId) -> Result<Shown, Error> {
        let looked = self.looked(session, id).await?;
        let own = looked.actor.ties.contains(&dinh_cases::Tie::Applicant);
        let which = looked.dossier.number.as_deref().unwrap_or("mới nộp");
        let (purpose, reason) = if own {
            (Purpose::OwnData, OWN.to_owned())
        } else {
            (Purpose::CaseHandling, format!("Giải quyết hồ sơ {which} (case handling)"))
        };
        let session = session.clone().with_purpose(purpose);
        let open = session.clone().revealing(&reason).unwrap_or_else(|_denied| session.clone());
        let found = open.find(id).await?.ok_or_else(|| Error::NoSuch(id.clone()))?;
        let mut dossier = Dossier::read(self.names(), &found)?;
        if own {
            let kind = self.kind_of(&dossier)?;
            dossier.case = dossier.case.take().map(|case| told::to_applicant(kind, case));
        }
        let actions = self.offered(&session, id).await?;
        let kind = self.kind_of(&looked.dossier)?;
        let rate_until = self.rate_until(kind, &looked.case).filter(|_| own);
        let answer = dossier.case.as_ref().and_then(|case| complain::answer(kind, case));
        let parent = match &dossier.parent {
            Some(parent) => self.seen(&session, parent).await.ok(),
            None => None,
        };
        let children = self.children(&session, id).await?;
        Ok(Shown { dossier, actions, own, parent, answer, children, rate_until })
    }
}
