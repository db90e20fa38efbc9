//! Complaints, reports and proposals about a dossier: cases of their own, children of the dossier that they are about. Whoever
//! worked on the dossier is kept apart from them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dinh_calendar::official_day;
use dinh_cases::{Actor, Case, Channel, Kind, Opening, Tie};
use dinh_context::Session;
use dinh_model::{EntityId, Tenant};
use dinh_ngsild::query::EntityQuery;
use serde_json::{Map, Value as Json};

use super::{AtDesk, Casework, Filed, Filing};
use crate::{Dossier, Error};

/// Most of them that are open at once about one dossier.
const MOST_OPEN: usize = 3;
/// Most children of a case that are looked at.
const MOST_CHILDREN: usize = 50;

/// The dossier that somebody complains about, and how they stand to it.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// One of their own, by its entity.
    Own(&'a EntityId),
    /// The one whose number and secret they show.
    Shown {
        /// Its number.
        number: &'a str,
        /// The secret of its receipt.
        secret: &'a str,
    },
}

/// A complaint to be filed.
#[derive(Clone, Debug, PartialEq)]
pub struct Complaint {
    /// Of which kind; one whose cases are about other cases.
    pub kind: String,
    /// The form as it was filled in, checked by whoever knows forms.
    pub answers: Map<String, Json>,
    /// What makes it the same when it comes twice: from the form that was shown.
    pub once: String,
}

impl Casework {
    /// The kinds of which complaints are opened today.
    pub fn complaints(&self) -> Vec<Arc<Kind>> {
        let today = official_day(self.now().to_jiff());
        self.0.book.open_on(today).filter(|kind| kind.about_case).cloned().collect()
    }

    /// Files a complaint about a dossier. It gets its number at once, and the applicant of the dossier is its own.
    ///
    /// # Errors
    /// [`Error::NoKind`] for a kind that is none of complaints, or a dossier that is a complaint itself; [`Error::NoSuch`]
    /// where number and secret belong to none; [`Error::NotYours`] for somebody who is not the applicant;
    /// [`Error::TooMany`] while others about the same dossier are open.
    pub async fn complain(
        &self,
        session: &Session,
        about: About<'_>,
        complaint: Complaint,
    ) -> Result<Filed, Error> {
        if !self.is_offered() {
            return Err(Error::NotOffered);
        }
        let (parent, writer, account) = self.complained_of(session, about).await?;
        let missing = || Error::NoKind(complaint.kind.clone());
        let kind = self.complaints().into_iter().find(|kind| kind.code == complaint.kind);
        let kind = kind.ok_or_else(missing)?;
        if self.kind_of(&parent)?.about_case {
            return Err(missing());
        }
        let damaged = |field| dinh_context::fields::Damaged { id: parent.id.clone(), field };
        let applicant = parent.applicant.clone().ok_or_else(|| damaged("contact"))?;
        let of = parent.case.as_ref().ok_or_else(|| damaged("case"))?;
        let role = kind.roles.iter().find(|role| role.tie == Tie::Applicant).ok_or_else(missing)?;
        let (now, rules) = (self.now(), self.0.times.rules(&kind, None, self.now()));
        let actor = Actor { account, ties: [Tie::Applicant].into(), ..Actor::default() };
        // What is over stays with the unit that settled it; a complaint goes to the one that has its work today.
        let successors = self.successors(&self.own(session.tenant())).await?;
        let today = |unit: &EntityId| {
            successors.get(unit.as_str()).map_or_else(|| unit.clone(), |now| EntityId::trusted(now.as_str()))
        };
        let (receiving, competent) = (today(&parent.receiving), today(&parent.competent));
        let mut moved = kind.open(Opening {
            actor: &actor,
            role: &role.code,
            at: now.to_jiff(),
            channel: Channel::Online,
            answers: complaint.answers.clone(),
            parts: BTreeMap::new(),
            sent: None,
            handling: None,
            receiving: receiving.as_str().to_owned(),
            competent: competent.as_str().to_owned(),
            schedule: self.0.times.schedule(),
            rules: &rules,
        })?;
        moved.case.barred = barred(self.kind_of(&parent)?, of);
        self.room_for_one(session.tenant(), &parent.id).await?;
        let filing = Filing {
            kind: kind.code.clone(),
            channel: Channel::Online,
            answers: complaint.answers,
            parts: BTreeMap::new(),
            applicant: applicant.clone(),
            receiving,
            competent: Some(competent),
            parent: Some(parent.id.clone()),
            once: Some(format!("{} {}", parent.id, complaint.once)),
            at_desk: AtDesk::default(),
        };
        let moved = self.then(&kind, moved, &Actor::system(), &filing)?;
        Box::pin(self.put(&writer, &kind, moved, (filing, applicant, parent.account.clone()))).await
    }

    /// The dossier, in whose name a complaint about it is written, and the account of whoever complains.
    async fn complained_of(
        &self,
        session: &Session,
        about: About<'_>,
    ) -> Result<(Dossier, Session, Option<String>), Error> {
        match about {
            About::Own(id) => {
                let looked = self.looked(session, id).await?;
                if !looked.actor.ties.contains(&Tie::Applicant) {
                    return Err(Error::NotYours);
                }
                Ok((looked.dossier, session.clone(), looked.actor.account))
            }
            About::Shown { number, secret } => {
                let found = self.by_secret(session.tenant(), number, secret).await?;
                let found =
                    found.ok_or_else(|| Error::NoSuch(EntityId::trusted("urn:ngsi-ld:Dossier:none")))?;
                Ok((found, self.own(session.tenant()), None))
            }
        }
    }

    async fn room_for_one(&self, tenant: &Tenant, parent: &EntityId) -> Result<(), Error> {
        let is_complaint = |dossier: &Dossier| self.kind_of(dossier).is_ok_and(|kind| kind.about_case);
        let children = self.children(&self.own(tenant), parent).await?;
        let open = children.iter().filter(|child| child.ended.is_none() && is_complaint(child)).count();
        if open >= MOST_OPEN {
            return Err(Error::TooMany { what: "complaints", most: MOST_OPEN });
        }
        Ok(())
    }

    /// The cases that are parts of a case or about it, as somebody sees them, the latest first.
    pub(super) async fn children(&self, session: &Session, id: &EntityId) -> Result<Vec<Dossier>, Error> {
        let query = EntityQuery {
            q: Some(self.links("parent", id.as_str())),
            limit: MOST_CHILDREN,
            ..EntityQuery::of_type(self.names().of("Dossier"))
        };
        let page = session.query(query).await?;
        page.entities.iter().map(|stored| Dossier::read(self.names(), stored)).collect()
    }
}

/// What was answered to a complaint that has ended.
pub(super) fn answer(kind: &Kind, case: &Case) -> Option<String> {
    case.ended.filter(|_| kind.about_case)?;
    let last = case.steps.iter().rev().find(|step| step.action != "rate")?;
    last.asked.get("reason")?.text().map(str::to_owned)
}

/// The accounts that worked on a case otherwise than for its applicant.
fn barred(kind: &Kind, case: &Case) -> Vec<String> {
    let worked = |role: &str| kind.role(role).is_none_or(|role| role.tie != Tie::Applicant);
    let steps = case.steps.iter().filter(|step| worked(&step.role));
    let tasks = case.tasks.iter().filter_map(|task| task.by.clone());
    let all: BTreeSet<String> =
        steps.filter_map(|step| step.by.clone()).chain(case.assignee.clone()).chain(tasks).collect();
    all.into_iter().collect()
}
