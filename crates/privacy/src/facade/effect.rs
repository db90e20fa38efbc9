//! What a step changes: the request itself, and what it brings about.

use std::collections::BTreeMap;

use dinh_context::Session;
use dinh_context::graph::Op;
use dinh_model::{Attributes, Term};
use dinh_ngsild::mutation::{Fragment, Instance, Mutation};
use serde_json::json;

use super::Privacy;
use crate::fields::Fields;
use crate::tables::Edition;
use crate::{DataRequest, Decision, Error, Kind, State, StepTaken};

impl Privacy {
    /// The change of a request by a step.
    pub(super) fn change_of(
        &self,
        request: &DataRequest,
        state: State,
        step: StepTaken,
        decision: Option<&Decision>,
    ) -> Op {
        let names = self.names();
        let mut steps = request.steps.clone();
        steps.push(step);
        let mut fields = Fields::new(names, step.at).with("state", state.name()).with("steps", json!(steps));
        let mut answer_by = request.answer_by;
        match decision {
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

    /// What the completion of a request brings about, and how many consents it takes back.
    pub(super) async fn effects(
        &self,
        desk: &Session,
        request: &DataRequest,
    ) -> Result<(Vec<Op>, usize), Error> {
        let Some(subject) = &request.subject else { return Ok((Vec::new(), 0)) };
        match request.kind {
            Kind::Restrict => {
                let names = self.names();
                let attributes = Fields::new(names, self.now()).to("restrictedBy", &request.id).attributes;
                let fragment =
                    Fragment { types: vec![names.restricted.clone()], ..fragment(attributes, None) };
                let mutation = Mutation::Append { fragment, overwrite: true };
                Ok((vec![Op::mutate(subject.clone(), mutation)], 0))
            }
            Kind::Withdraw => {
                let kept = self.consents_of(desk.tenant(), subject, None).await?;
                let standing: Vec<_> = kept.iter().filter(|consent| consent.withdrawn.is_none()).collect();
                let ops = standing.iter().flat_map(|consent| self.taking_back(desk, consent)).collect();
                Ok((ops, standing.len()))
            }
            Kind::Access | Kind::Correct | Kind::Copy | Kind::Object | Kind::Erase => Ok((Vec::new(), 0)),
        }
    }
}

fn fragment(attributes: Attributes, gone: Option<Term>) -> Fragment {
    let mut fragment = Fragment::from(attributes);
    let gone: BTreeMap<Term, Vec<Instance>> =
        gone.into_iter().map(|name| (name, vec![Instance::Delete(None)])).collect();
    fragment.attributes.extend(gone);
    fragment
}
