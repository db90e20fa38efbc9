//! What goes into the graph with an action: the case, its number, its counts, the notices that it gives rise to.

use std::collections::BTreeMap;

use dinh_cases::{Case, Effect, Kind, Moved, StepTaken};
use dinh_context::Session;
use dinh_context::graph::{Commit, Op, OpError, Receipt};
use dinh_documents::Standing;
use dinh_model::{EntityId, Tenant, Timestamp};

use super::Casework;
use super::notices::Told;
use crate::Error;
use crate::dossier::{Around, drawn};

/// A case on its way into the graph.
pub(super) struct Going<'a> {
    pub(super) id: &'a EntityId,
    pub(super) kind: &'a Kind,
    /// As it was; none if it is new.
    pub(super) before: Option<&'a Case>,
    pub(super) moved: Moved,
    pub(super) now: Timestamp,
}

impl Casework {
    /// What an action brings about beside the case itself: its number, its counts, its notices.
    pub(super) async fn brought_about(
        &self,
        tenant: &Tenant,
        going: &mut Going<'_>,
    ) -> Result<Vec<Op>, Error> {
        let own = self.own(tenant);
        let mut ops = Vec::new();
        for effect in std::mem::take(&mut going.moved.effects) {
            match effect {
                Effect::Number => {
                    ops.push(self.number(&own, going.kind, &mut going.moved.case, going.now).await?);
                }
                Effect::Notify { role, message } => {
                    let told = Told { going, role: &role, message: &message };
                    ops.extend(self.notice(&own, &told));
                }
                Effect::DrawUp => {
                    ops.extend(Box::pin(self.drawn_up(tenant, going, Standing::Numbered, None)).await?);
                }
                Effect::GiveUp => ops.extend(Box::pin(self.given_up(tenant, going)).await?),
                Effect::Issue { by_hand } => {
                    ops.extend(Box::pin(self.issued(tenant, going, by_hand)).await?);
                }
                Effect::Open { kind } => ops.extend(self.child(tenant, going, &kind).await?),
            }
        }
        ops.extend(self.counted(going));
        ops.extend(Self::tells_of_money(going));
        Ok(ops)
    }

    /// The attributes of a case as they are drawn now.
    pub(super) fn draw(&self, kind: &Kind, case: &Case, now: Timestamp) -> dinh_context::fields::Fields {
        let schedule = self.0.times.schedule();
        let next = kind.next_wake(case, now.to_jiff(), schedule);
        drawn(case, &Around { names: self.names(), kind, schedule, now, next })
    }

    /// Commits all or nothing.
    pub(super) async fn write(&self, session: &Session, ops: Vec<Op>) -> Result<Receipt, Error> {
        let receipt = session.clone().vouched().commit(Commit::atomic(ops)).await?;
        let first =
            |result: &Result<_, OpError>| result.as_ref().err().filter(|e| **e != OpError::Undone).cloned();
        match receipt.results.iter().find_map(first) {
            None => Ok(receipt),
            Some(OpError::VersionConflict { .. }) => Err(Error::Conflict),
            Some(error) => Err(dinh_context::Error::Op(error).into()),
        }
    }
}

/// Values of messages about a step of a case.
pub(super) fn values(
    kind: &Kind,
    case: &Case,
    step: Option<&StepTaken>,
    due: Option<Timestamp>,
) -> BTreeMap<&'static str, String> {
    let said = |code: &str| step.and_then(|step| step.asked.get(code)).and_then(|answer| answer.text());
    let day = |at: Timestamp| {
        let day = dinh_calendar::official_day(at.to_jiff());
        format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
    };
    BTreeMap::from([
        ("number", case.number.clone().unwrap_or_default()),
        ("title", kind.title.vi.clone()),
        ("title_en", kind.title.en.clone()),
        ("due", due.map(day).unwrap_or_default()),
        ("reason", said("reason").unwrap_or_default().to_owned()),
        ("tracking", said("tracking").unwrap_or_default().to_owned()),
    ])
}
