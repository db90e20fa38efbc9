//! What batches have in common: each item is read by itself, all that can be done is done in one commit, and each item
//! has its own result (CIM 009 clauses 5.2.16, 5.2.17 and 5.5.11).

use std::collections::BTreeMap;

use axum::response::Response;
use dinh_context::graph::{Commit, Done, DoneKind, Op};
use dinh_ngsild::problem::Problem;

use crate::api::ngsild::federated::{self, Many, Told};
use crate::api::reply::{self, Outcome, Refusal, op_problem};
use crate::api::request::{Document, Item, Visit, idempotency_key};

/// Turns items into operations, commits them and answers.
pub(super) async fn run(
    visit: &Visit,
    mut items: Vec<Item>,
    many: &Many,
    to_op: impl Fn(Document) -> Result<Op, Problem>,
) -> Result<Response, Refusal> {
    let told = federated::share(visit, many, &mut items).await?;
    let here = |(at, item): (usize, Item)| {
        let elsewhere = told.get(&at).is_some_and(|told| told.nothing_here);
        let plan = if elsewhere { Ok(None) } else { item.document.and_then(&to_op).map(Some) };
        (item.id, plan)
    };
    let planned = items.into_iter().enumerate().map(here).collect();
    finish(visit, planned, told).await
}

/// The identifier of an item, as far as it says one, and what is to be done here: nothing where others do it alone.
pub(super) type Planned = (Option<String>, Result<Option<Op>, Problem>);

/// Commits what is planned and answers; what could not be planned is told beside it.
pub(super) async fn finish(
    visit: &Visit,
    planned: Vec<Planned>,
    told: BTreeMap<usize, Told>,
) -> Result<Response, Refusal> {
    let mut ops = Vec::with_capacity(planned.len());
    let mut outcomes = Vec::with_capacity(planned.len());
    let mut places = Vec::with_capacity(planned.len());
    for (at, (id, plan)) in planned.into_iter().enumerate() {
        let result = plan.map(|op| {
            if let Some(op) = op {
                ops.push(op);
                places.push(at);
            }
            false
        });
        outcomes.push(Outcome { id, result });
    }
    let mut replayed = false;
    if !ops.is_empty() {
        let commit = Commit { ops, key: idempotency_key(&visit.headers)?, ..Commit::default() };
        let receipt = visit.session.commit(commit).await?;
        replayed = receipt.replayed;
        for (at, result) in places.into_iter().zip(receipt.results) {
            let outcome = &mut outcomes[at];
            outcome.result = match result {
                Ok(done) if !done.not_updated.is_empty() => Err(left_alone(&done, outcome.id.as_deref())),
                Ok(done) => Ok(done.kind == DoneKind::Created),
                Err(error) => Err(op_problem(&error, outcome.id.as_deref())),
            };
        }
    }
    for (at, told) in told {
        if let Some(outcome) = outcomes.get_mut(at) {
            told.with(outcome);
        }
    }
    Ok(reply::with_replay(reply::batch(&outcomes), replayed))
}

/// Some attributes of an entity are not as asked for: the item as a whole counts as not done (clause 5.6.9.4).
fn left_alone(done: &Done, id: Option<&str>) -> Problem {
    let told: Vec<String> = done
        .not_updated
        .iter()
        .map(|attribute| format!("{}: {}", attribute.name, attribute.reason))
        .collect();
    let problem = Problem::bad_data(format!("Some attributes were left alone. {}.", told.join("; ")));
    match id {
        Some(id) => problem.about(id),
        None => problem,
    }
}
