//! What links with other systems need of cases: a case as it is, and opening one that was filed elsewhere.

use std::sync::Arc;

use dinh_access::Principal;
use dinh_calendar::official_day;
use dinh_cases::{Actor, Case, Channel, Opening, Tie};
use dinh_context::Session;
use dinh_context::graph::Op;
use dinh_model::{EntityId, Tenant, Timestamp};

use super::file::filing_role;
use super::tally::Tally;
use super::{Casework, Filed, Filing};
use crate::{Dossier, Error};

impl Casework {
    /// A case with everything on it, for a part of the program that tells another system of it. Whoever sends any of it
    /// away notes that in the audit first.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`] for a session of anybody else, [`Error::NoSuch`].
    pub async fn as_it_is(&self, part: &Session, id: &EntityId) -> Result<Dossier, Error> {
        match part.principal() {
            Principal::System(_) => self.whole(part.tenant(), id).await,
            _ => Err(Error::NotSignedIn),
        }
    }

    /// When a case is due, or was when it ended.
    pub fn due_of(&self, case: &Case) -> Option<Timestamp> {
        case.due(self.0.times.schedule()).map(Timestamp::from)
    }

    /// The operations that count a dossier as known to the national portal, in the month in which it was received; none
    /// before that. Whoever tells the portal commits them with what it knows, once.
    pub fn synced(&self, dossier: &Dossier) -> Vec<Op> {
        let Some(received) = dossier.received else { return Vec::new() };
        let month = official_day(received.to_jiff()).strftime("%Y-%m").to_string();
        let mut tally = Tally::default();
        tally.add("synced", 1);
        tally.added((&month, dossier.competent.as_str(), &dossier.kind)).into()
    }

    /// The name that a case will have that was filed elsewhere, from [`Filing::once`].
    pub fn arrival_id(&self, tenant: &Tenant, filing: &Filing) -> Result<EntityId, Error> {
        let kind = self.0.book.on(&filing.kind, official_day(self.now().to_jiff()));
        let kind = kind.ok_or_else(|| Error::NoKind(filing.kind.clone()))?;
        Ok(self.id_of(filing, kind, &self.own(tenant)))
    }

    /// Opens a case that its applicant has filed with another system, which says so. It waits at the desk of the unit that
    /// receives it, as what is filed online does. What comes twice opens one case.
    ///
    /// # Errors
    /// [`Error::NoKind`] for a kind that is not open today, [`Error::NoUnit`], [`Error::Text`] and [`Error::Number`] for an
    /// applicant who is not told well, [`Error::Refused`] for a kind that nobody files by themselves.
    pub async fn arrive(&self, tenant: &Tenant, filing: Filing) -> Result<Filed, Error> {
        let (own, now) = (self.own(tenant), self.now());
        let kind = self.0.book.on(&filing.kind, official_day(now.to_jiff())).filter(|kind| !kind.about_case);
        let kind = Arc::clone(kind.ok_or_else(|| Error::NoKind(filing.kind.clone()))?);
        let applicant = filing.applicant.clone().checked()?;
        self.code_of(&own, &filing.receiving).await?;
        let actor = Actor { ties: [Tie::Applicant].into(), ..Actor::default() };
        let rules = self.0.times.rules(&kind, None, now);
        let moved = kind.open(Opening {
            actor: &actor,
            role: &filing_role(&kind, true)?,
            at: now.to_jiff(),
            channel: Channel::Online,
            answers: filing.answers.clone(),
            parts: filing.parts.clone(),
            sent: None,
            handling: None,
            receiving: filing.receiving.as_str().to_owned(),
            competent: filing.competent.as_ref().unwrap_or(&filing.receiving).as_str().to_owned(),
            schedule: self.0.times.schedule(),
            rules: &rules,
        })?;
        Box::pin(self.put(&own, &kind, moved, (filing, applicant, None))).await
    }
}
