//! What a step changes: the request itself, and what it brings about.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_context::graph::Op;
use dinh_context::{Kept, Session};
use dinh_model::{Attributes, Entity, EntityId, Term};
use dinh_ngsild::mutation::{Fragment, Instance, Mutation};
use serde_json::json;

use super::Privacy;
use crate::tables::Edition;
use crate::{DataRequest, Decision, Error, KeptBy, Kind, State, StepTaken};
use dinh_context::fields::Fields;

/// Most rules by which something stays that a request tells of.
const MOST_RULES: usize = 100;

/// What the completion of a request brings about.
#[derive(Default)]
pub(super) struct Effects {
    /// What is still to be committed with the step.
    pub(super) ops: Vec<Op>,
    /// How many consents are taken back.
    pub(super) consents: usize,
    /// How many entities are erased already.
    pub(super) erased: usize,
    /// What stays.
    pub(super) kept: Vec<KeptBy>,
}

impl Privacy {
    /// The change of a request by a step.
    pub(super) fn change_of(
        &self,
        request: &DataRequest,
        state: State,
        step: StepTaken,
        decision: Option<(&Decision, &[KeptBy])>,
    ) -> Op {
        let names = self.names();
        let mut steps = request.steps.clone();
        steps.push(step);
        let mut fields =
            Fields::new(&names.all, step.at).with("state", state.name()).with("steps", json!(steps));
        let mut answer_by = request.answer_by;
        match decision.map(|(decision, _)| decision) {
            Some(Decision::Acknowledge { involves_others: true }) => {
                answer_by = self.longer(request).unwrap_or(answer_by);
                fields = fields.with("involvesOthers", true);
            }
            Some(Decision::Acknowledge { involves_others: false }) | None => {}
            Some(Decision::Extend { days, reason }) => {
                answer_by = crate::tables::later(answer_by, *days);
                fields = fields.with("extensionReason", reason.as_str());
            }
            Some(Decision::Complete { answer, changed }) => {
                fields = fields.with("answer", answer.as_str());
                if let Some(changed) = changed {
                    fields = fields.to("changed", changed);
                }
            }
            Some(Decision::Refuse { reason }) => fields = fields.with("answer", reason.as_str()),
        }
        if let Some((_, kept)) = decision.filter(|(_, kept)| !kept.is_empty()) {
            fields = fields.with("kept", json!(kept));
        }
        let mut gone = None;
        if state.is_open() {
            let by = answer_by.to_string();
            fields = fields.with("answerBy", by.as_str()).with("nextBy", by.as_str());
        } else {
            gone = Some(names.of("nextBy"));
        }
        let fragment = fragment(fields.attributes, gone);
        let mutation = Box::new(Mutation::Update { fragment });
        Op::Mutate { id: request.id.clone(), mutation, expect: Some(request.version), types: None }
    }

    /// The last day for an answer where others must act.
    fn longer(&self, request: &DataRequest) -> Option<jiff::civil::Date> {
        let day = dinh_calendar::official_day(request.received.to_jiff());
        let edition: &Edition = self.0.deadlines.on(request.edition)?;
        Some(edition.answer_by(request.kind, day, true, &self.0.calendar))
    }

    /// What the completion of a request brings about. An erasure is done here; the rest is still to be committed.
    pub(super) async fn effects(&self, desk: &Session, request: &DataRequest) -> Result<Effects, Error> {
        let Some(subject) = &request.subject else { return Ok(Effects::default()) };
        Ok(match request.kind {
            Kind::Erase => {
                let basis = format!("Xoá theo yêu cầu {} (data request)", request.number);
                let erased = desk.erase(subject, &basis).await?;
                Effects { erased: erased.erased.len(), kept: by_rule(&erased.kept), ..Effects::default() }
            }
            Kind::Restrict => {
                let names = self.names();
                let attributes =
                    Fields::new(&names.all, self.now()).to("restrictedBy", &request.id).attributes;
                let fragment =
                    Fragment { types: vec![names.restricted.clone()], ..fragment(attributes, None) };
                let mutation = Mutation::Append { fragment, overwrite: true };
                Effects { ops: vec![Op::mutate(subject.clone(), mutation)], ..Effects::default() }
            }
            Kind::Lift => Effects { ops: self.lifting(desk, subject).await?, ..Effects::default() },
            Kind::Withdraw => {
                let kept = self.consents_of(desk.tenant(), subject, None).await?;
                let standing: Vec<_> = kept.iter().filter(|consent| consent.withdrawn.is_none()).collect();
                let ops = standing.iter().flat_map(|consent| self.taking_back(desk, consent)).collect();
                Effects { ops, consents: standing.len(), ..Effects::default() }
            }
            Kind::Access | Kind::Correct | Kind::Copy | Kind::Object => Effects::default(),
        })
    }
}

impl Privacy {
    /// Takes the mark of a restriction from a subject. Nobody else may write what is restricted, and an officer sees it
    /// masked: this part of the program does it, on the content as it stands.
    async fn lifting(&self, desk: &Session, subject: &EntityId) -> Result<Vec<Op>, Error> {
        let names = self.names();
        let found = self.own(desk.tenant()).find(subject).await?;
        let Some(stored) = found.filter(|stored| stored.entity.is_a(names.restricted.as_str())) else {
            return Err(Error::NotRestricted(subject.clone()));
        };
        let mut entity = Entity::clone(&stored.entity);
        entity.types.retain(|name| *name != names.restricted);
        entity.attributes.remove(&names.of("restrictedBy"));
        Ok(vec![Op::Replace { entity: Arc::new(entity), expect: Some(stored.version) }])
    }
}

/// What stays, by the rule and the day until which it stays.
fn by_rule(kept: &[Kept]) -> Vec<KeptBy> {
    let mut rules: Vec<KeptBy> = Vec::new();
    for one in kept {
        let same = |rule: &KeptBy| rule.basis == one.basis && rule.until == one.until;
        if let Some(rule) = rules.iter_mut().find(|rule| same(rule)) {
            rule.count += 1;
        } else if rules.len() < MOST_RULES {
            rules.push(KeptBy { count: 1, until: one.until, basis: one.basis.clone() });
        }
    }
    rules
}

fn fragment(attributes: Attributes, gone: Option<Term>) -> Fragment {
    let mut fragment = Fragment::from(attributes);
    let gone: BTreeMap<Term, Vec<Instance>> =
        gone.into_iter().map(|name| (name, vec![Instance::Delete(None)])).collect();
    fragment.attributes.extend(gone);
    fragment
}
