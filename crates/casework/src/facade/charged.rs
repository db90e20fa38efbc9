//! What cases cost, for the part of the program that keeps money: what is asked, and that it was paid.

use std::collections::BTreeMap;

use dinh_calendar::Named;
use dinh_cases::{Action, Actor, Answer, Attempt, Charge, Does, Outcome, Refused, Tie};
use dinh_context::graph::Op;
use dinh_model::{EntityId, Tenant, Timestamp};
use serde_json::json;

use super::Casework;
use super::commit::Going;
use crate::Error;

/// Kind of the records that say that what a case costs, or whether that is asked, has changed. Whoever keeps money takes
/// them away. Their keys begin with the case.
pub const CHARGED: &str = "case-charged";
/// The fact that says that what a case costs was paid.
const PAID: &str = "paid";
/// The question by which an action asks for the number of a receipt.
const RECEIPT: &str = "receipt";

/// What a case costs, as it stands.
#[derive(Clone, Debug)]
pub struct Charged {
    /// Its number, once it has one.
    pub number: Option<String>,
    /// Of which kind it is.
    pub kind: String,
    /// What that is called.
    pub title: Named,
    /// The unit that received it, which collects.
    pub unit: EntityId,
    /// The account that filed it.
    pub account: Option<String>,
    /// Who applies.
    pub name: String,
    /// What is asked, fee by fee, each with what it is called; what is free is there too.
    pub charges: Vec<(Charge, Named)>,
    /// Whether that is asked now: not before somebody may pay, and not of what was refused or taken back.
    pub asked: bool,
    /// What was paid, in đồng, and the number of the receipt that was written down for it.
    pub paid: Option<(u64, String)>,
    /// Whether it has ended.
    pub ended: bool,
    /// When it was opened.
    pub opened: Timestamp,
}

impl Casework {
    /// What a case costs. For a part of the program, which shows it to nobody who may not see the case.
    ///
    /// # Errors
    /// [`Error::NoSuch`].
    pub async fn charged(&self, tenant: &Tenant, id: &EntityId) -> Result<Charged, Error> {
        let dossier = self.whole(tenant, id).await?;
        let kind = self.kind_of(&dossier)?;
        let damaged = |field| dinh_context::fields::Damaged { id: id.clone(), field };
        let case = dossier.case.as_ref().ok_or_else(|| damaged("case"))?;
        let title = |code: &str| kind.fees.iter().find(|fee| fee.code == code).map(|fee| fee.title.clone());
        let charges = kind.charges_of(case).unwrap_or_default();
        let paid = case.facts.get(PAID).map(|paid| {
            let said = |step: &dinh_cases::StepTaken| {
                let sets = kind.action(&step.action).is_some_and(collects);
                let text = step.asked.get(RECEIPT).and_then(Answer::text).map(str::to_owned);
                if sets { text } else { None }
            };
            (paid.as_u64().unwrap_or_default(), case.steps.iter().rev().find_map(said).unwrap_or_default())
        });
        // What no step collects is paid at the counter, from the receipt on.
        let asked = match case.ended {
            Some((_, outcome)) => outcome == Outcome::Granted,
            None if kind.actions.iter().any(collects) => {
                kind.actions_from(&case.state).any(|action| collects(action) && by_program(kind, action))
            }
            None => case.received.is_some(),
        };
        Ok(Charged {
            number: dossier.number.clone(),
            kind: kind.code.clone(),
            title: kind.title.clone(),
            unit: dossier.receiving.clone(),
            account: dossier.account.clone(),
            name: dossier.applicant_name.clone(),
            charges: charges
                .into_iter()
                .filter_map(|charge| Some((charge.clone(), title(&charge.fee)?)))
                .collect(),
            asked,
            paid,
            ended: case.ended.is_some(),
            opened: dossier.opened,
        })
    }

    /// Takes, as the program, the action by which a case is paid. Done once: true if it was paid before or is now, or has
    /// ended; false if it cannot be taken where the case stands, and may be later.
    ///
    /// # Errors
    /// [`Error::NoSuch`], [`Error::Conflict`] if somebody acts on it at this moment, and those of the graph.
    pub async fn was_paid(&self, tenant: &Tenant, id: &EntityId, receipt: &str) -> Result<bool, Error> {
        let (own, now) = (self.own(tenant), self.now());
        let dossier = self.whole(tenant, id).await?;
        let kind = self.kind_of(&dossier)?.clone();
        let damaged = |field| dinh_context::fields::Damaged { id: id.clone(), field };
        let case = dossier.case.clone().ok_or_else(|| damaged("case"))?;
        let nothing_to_say = !kind.actions.iter().any(collects);
        if nothing_to_say || case.ended.is_some() || case.facts.contains_key(PAID) {
            return Ok(true);
        }
        let rules = self.0.times.rules(&kind, case.variant.as_deref(), now);
        for action in kind.actions_from(&case.state).filter(|action| collects(action)) {
            let attempt = Attempt {
                action: &action.code,
                actor: &Actor::system(),
                at: now.to_jiff(),
                asked: BTreeMap::from([(RECEIPT.to_owned(), Answer::Text(receipt.to_owned()))]),
                schedule: self.0.times.schedule(),
                rules: &rules,
            };
            let moved = match kind.act(&case, &attempt) {
                Ok(moved) => moved,
                Err(Refused::Role { .. } | Refused::Guard { .. } | Refused::State { .. }) => continue,
                Err(refused) => return Err(refused.into()),
            };
            let _numbering = self.0.numbering.lock().await;
            let mut going = Going { id, kind: &kind, before: Some(&case), moved, now };
            let mut ops = self.brought_about(tenant, &mut going).await?;
            ops.insert(0, self.change(id, dossier.version, &kind, &going.moved.case, now));
            self.write(&own, ops).await?;
            return Ok(true);
        }
        Ok(false)
    }

    /// The record that whoever keeps money looks at, if a step changed what a case costs or whether that is asked. It is
    /// durable with the step, and looked at as often as it takes.
    pub(super) fn tells_of_money(going: &Going<'_>) -> Option<Op> {
        let (before, after) = (going.before, &going.moved.case);
        if going.kind.fees.is_empty() {
            return None;
        }
        let same = before.is_some_and(|before| {
            before.charges == after.charges
                && before.state == after.state
                && before.facts.get(PAID) == after.facts.get(PAID)
        });
        let key = format!("{} {:05}", going.id, after.steps.len());
        let body = json!({"case": going.id, "at": going.now.to_string()});
        (!same).then(|| Op::PutRecord { kind: CHARGED.to_owned(), key, body })
    }
}

/// True for an action that says that a case was paid.
fn collects(action: &Action) -> bool {
    action.does(|does| matches!(does, Does::Set { fact, .. } if fact == PAID))
}

fn by_program(kind: &dinh_cases::Kind, action: &Action) -> bool {
    action.by.iter().filter_map(|role| kind.role(role)).any(|role| role.tie == Tie::System)
}
