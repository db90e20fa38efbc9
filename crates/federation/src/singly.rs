//! Batches for sources that take none: they are told item by item (clauses 5.6.7 to 5.6.10 and 5.6.20).

use std::collections::BTreeSet;

use dinh_context::registrations::Match;
use dinh_model::{EntityId, Term};
use dinh_ngsild::registration::Discovery;
use dinh_ngsild::registration::{Mode, Operation, Types, Wanted};
use http::Method;
use serde_json::Value as Json;

use crate::write::of_source;
use crate::{Asker, Deed, Failure, Plan};

/// Sources that are told of one item, each with the attributes that it is told of; none for all.
pub type Singly = Vec<(Match, BTreeSet<Term>)>;

/// How a batch deals with what is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overwriting {
    /// As the operation does unless it is told otherwise.
    #[default]
    Usual,
    /// An upsert updates (`options=update`).
    Updates,
    /// An update leaves attributes that are there (`options=noOverwrite`).
    Never,
}

/// What a source may be asked of one item instead of a batch, in the order of preference.
fn instead(batch: Operation, overwriting: Overwriting) -> &'static [Operation] {
    use Operation as O;
    match (batch, overwriting) {
        (O::CreateBatch, _) => &[O::CreateEntity],
        (O::UpsertBatch, Overwriting::Updates) => &[O::CreateEntity, O::UpdateEntity],
        (O::UpsertBatch, _) => &[O::CreateEntity, O::ReplaceEntity],
        (O::UpdateBatch, Overwriting::Never) => &[O::AppendAttrs],
        (O::UpdateBatch, _) => &[O::UpdateEntity],
        (O::MergeBatch, _) => &[O::MergeEntity],
        (O::DeleteBatch, _) => &[O::DeleteEntity],
        _ => &[],
    }
}

/// How an operation on one entity is written.
fn written(operation: Operation) -> (Method, &'static str) {
    match operation {
        Operation::CreateEntity => (Method::POST, ""),
        Operation::ReplaceEntity => (Method::PUT, ""),
        Operation::UpdateEntity => (Method::PATCH, "/attrs"),
        Operation::AppendAttrs => (Method::POST, "/attrs"),
        Operation::DeleteEntity => (Method::DELETE, ""),
        _ => (Method::PATCH, ""),
    }
}

impl Asker {
    /// Takes out of a plan for one item of a batch the sources that take no such batch, and are told of the item alone.
    pub fn singly(
        &self,
        plan: &mut Plan,
        (batch, overwriting): (Operation, Overwriting),
        (id, types): (&EntityId, Option<&[Term]>),
        attributes: &BTreeSet<Term>,
    ) -> Singly {
        let steps = instead(batch, overwriting);
        let takes = |source: &Match| {
            let registration = &source.registered.registration;
            !registration.supports(batch) && steps.iter().any(|one| registration.supports(*one))
        };
        let mut singly: Singly = Vec::new();
        plan.refused.retain(|source| {
            let mine = of_source(source, attributes).filter(|_| takes(source));
            singly.extend(mine.map(|mine| (source.clone(), mine)));
            !takes(source)
        });
        if plan.nothing_here {
            return singly;
        }
        let left: BTreeSet<Term> = attributes.difference(&plan.elsewhere).cloned().collect();
        let names: Vec<Term> = attributes.iter().cloned().collect();
        let wanted = Wanted {
            ids: std::slice::from_ref(id),
            types: types.map_or(Types::Any, Types::Of),
            attributes: &names,
            ..Wanted::default()
        };
        for source in self.matching(steps, &Discovery { wanted, ..Discovery::default() }) {
            let inclusive = source.registered.registration.mode == Mode::Inclusive;
            if inclusive
                && takes(&source)
                && let Some(mine) = of_source(&source, &left)
            {
                singly.push((source, mine));
            }
        }
        singly
    }

    /// Tells sources of one item. Answers, source by source, whether it has it anew, or why it has it not.
    ///
    /// # Errors
    /// The audit cannot be written: then nothing leaves.
    pub async fn tell_singly(
        &self,
        (batch, overwriting): (Operation, Overwriting),
        (id, types): (&EntityId, Option<&[Term]>),
        body: &Json,
        singly: Singly,
    ) -> Result<Vec<(Match, Result<bool, Failure>)>, dinh_context::Error> {
        let mut results = Vec::new();
        for (source, mine) in singly {
            let mut last = Err(Failure::Unreachable("it takes nothing of it".to_owned()));
            for step in instead(batch, overwriting) {
                if !source.registered.registration.supports(*step) {
                    continue;
                }
                let (method, suffix) = written(*step);
                let mut told = body.clone();
                if suffix == "/attrs"
                    && let Some(members) = told.as_object_mut()
                {
                    members.remove("id");
                }
                let never = overwriting == Overwriting::Never;
                let deed = Deed {
                    operation: *step,
                    id,
                    types,
                    attributes: mine.clone(),
                    method,
                    suffix,
                    query: if never { vec![("options", "noOverwrite".to_owned())] } else { Vec::new() },
                    body: body.is_object().then_some(&told),
                };
                let plan = Plan { told: vec![(source.clone(), mine.clone())], ..Plan::default() };
                let fates = self.tell(&deed, &plan).await?;
                let Some(fate) = fates.into_iter().next() else { break };
                last = fate.result.map(|answer| *step == Operation::CreateEntity && answer.status == 201);
                if !matches!(last, Err(Failure::Refused { status: 409, .. })) {
                    break;
                }
            }
            results.push((source, last));
        }
        Ok(results)
    }

    /// The same asker in other words.
    #[must_use]
    pub fn speaking(&self, context: std::sync::Arc<dinh_ngsild::context::Context>) -> Self {
        Self { context, ..self.clone() }
    }
}
