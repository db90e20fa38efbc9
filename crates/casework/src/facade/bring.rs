//! Cases that went their way elsewhere and come in whole: from another system, or from paper after an outage. The machine
//! takes every step again, at the time at which it was taken, so that nothing comes in that could not have happened; each
//! case is counted in the months in which its steps were taken. Nobody is told of what is past, and numbers are those that
//! people hold already.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_calendar::official_day;
use dinh_cases::{Actor, Answer, Attempt, Channel, Effect, Kind, Moved, Opening};
use dinh_context::graph::Op;
use dinh_model::{Entity, EntityId, Tenant, Timestamp};

use super::commit::Going;
use super::file::{filing_role, unchanging};
use super::{Casework, Filing};
use crate::Error;

/// Most cases that come in at once, so that a commit stays within its bounds.
const MOST: usize = 1_000;
/// Numbers of one operation that adds them up.
const ADDED: usize = 100;

/// A case that went its way elsewhere.
#[derive(Clone, Debug)]
pub struct Brought {
    /// How it was filed.
    pub filing: Filing,
    /// The account that filed it, if it was one here.
    pub account: Option<String>,
    /// When.
    pub opened: Timestamp,
    /// By whom.
    pub by: Actor,
    /// Its number, which it keeps.
    pub number: Option<String>,
    /// What happened then, in order.
    pub steps: Vec<BroughtStep>,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct BroughtStep {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// Which action it was.
    pub action: String,
    /// What they answered to what it asks.
    pub asked: BTreeMap<String, Answer>,
}

/// Numbers to be added to records, by kind and key.
type Sums = BTreeMap<(String, String), BTreeMap<String, i64>>;

impl Casework {
    /// Brings cases in, all of them or none.
    ///
    /// # Errors
    /// [`Error::TooMany`], [`Error::NoKind`], [`Error::Refused`] for a step that the machine does not take.
    pub async fn bring(&self, tenant: &Tenant, cases: Vec<Brought>) -> Result<Vec<EntityId>, Error> {
        if cases.len() > MOST {
            return Err(Error::TooMany { what: "cases", most: MOST });
        }
        let (mut ops, mut sums, mut ids) = (Vec::new(), Sums::new(), Vec::new());
        for case in cases {
            let entity = self.lived(case, &mut sums)?;
            ids.push(entity.id.clone());
            ops.push(Op::Create(Arc::new(entity)));
        }
        for ((kind, key), add) in sums {
            let mut names = add.into_iter().peekable();
            while names.peek().is_some() {
                let add = names.by_ref().take(ADDED).collect();
                ops.push(Op::AddTo { kind: kind.clone(), key: key.clone(), add });
            }
        }
        self.write(&self.own(tenant), ops).await?;
        Ok(ids)
    }

    /// Takes every step of a case again.
    fn lived(&self, brought: Brought, sums: &mut Sums) -> Result<Entity, Error> {
        let (filing, opened) = (brought.filing, brought.opened);
        let kind = self.0.book.on(&filing.kind, official_day(opened.to_jiff()));
        let kind = Arc::clone(kind.ok_or_else(|| Error::NoKind(filing.kind.clone()))?);
        let applicant = filing.applicant.clone().checked()?;
        let name = self.0.context.ids().uuid().simple().to_string();
        let id = EntityId::trusted(format!("urn:ngsi-ld:{}:{name}", kind.entity_type));
        let rules = self.0.times.rules(&kind, None, opened);
        let moved = kind.open(Opening {
            actor: &brought.by,
            role: &filing_role(&kind, filing.channel == Channel::Online)?,
            at: opened.to_jiff(),
            channel: filing.channel,
            answers: filing.answers.clone(),
            parts: filing.parts.clone(),
            receiving: filing.receiving.as_str().to_owned(),
            competent: filing.competent.as_ref().unwrap_or(&filing.receiving).as_str().to_owned(),
            schedule: self.0.times.schedule(),
            rules: &rules,
        })?;
        let mut going = Going { id: &id, kind: &kind, before: None, moved, now: opened };
        self.sum_up(&mut going, sums);
        let mut case = going.moved.case;
        for step in brought.steps {
            let moved = self.again(&kind, &case, step.at, (&step.by, &step.action), step.asked)?;
            let mut going = Going { id: &id, kind: &kind, before: Some(&case), moved, now: step.at };
            if going.moved.effects.contains(&Effect::Number) {
                going.moved.case.number.clone_from(&brought.number);
            }
            self.sum_up(&mut going, sums);
            case = going.moved.case;
        }
        let now = self.now();
        let fields = unchanging(self.draw(&kind, &case, now), &kind, &filing, &applicant, opened);
        let mut entity = Entity::new(id.clone(), self.names().of(&kind.entity_type), now);
        entity.attributes = fields.maybe("account", brought.account.as_deref()).attributes;
        Ok(entity)
    }

    fn again(
        &self,
        kind: &Kind,
        case: &dinh_cases::Case,
        at: Timestamp,
        (actor, action): (&Actor, &str),
        asked: BTreeMap<String, Answer>,
    ) -> Result<Moved, Error> {
        let rules = self.0.times.rules(kind, case.variant.as_deref(), at);
        let schedule = self.0.times.schedule();
        Ok(kind.act(case, &Attempt { action, actor, at: at.to_jiff(), asked, schedule, rules: &rules })?)
    }

    fn sum_up(&self, going: &mut Going<'_>, sums: &mut Sums) {
        for op in self.counted(going) {
            let Op::AddTo { kind, key, add } = op else { continue };
            let sum = sums.entry((kind, key)).or_default();
            for (name, more) in add {
                *sum.entry(name).or_default() += more;
            }
        }
    }
}
