//! What batches have in common: each item is read by itself, all that can be done is done in one commit, and each item
//! has its own result (CIM 009 clauses 5.2.16, 5.2.17 and 5.5.11).

use axum::response::Response;
use dinh_context::graph::{Commit, Done, DoneKind, Op};
use dinh_ngsild::problem::Problem;

use crate::api::reply::{self, Outcome, Refusal, op_problem};
use crate::api::request::{Document, Item, Visit, idempotency_key};

/// Turns items into operations, commits them and answers.
pub(super) async fn run(
    visit: &Visit,
    items: Vec<Item>,
    to_op: impl Fn(Document) -> Result<Op, Problem>,
) -> Result<Response, Refusal> {
    let planned = items.into_iter().map(|item| (item.id, item.document.and_then(&to_op))).collect();
    finish(visit, planned).await
}

/// Commits what is planned and answers; what could not be planned is told beside it.
pub(super) async fn finish(
    visit: &Visit,
    planned: Vec<(Option<String>, Result<Op, Problem>)>,
) -> Result<Response, Refusal> {
    let mut ops = Vec::with_capacity(planned.len());
    let mut outcomes = Vec::with_capacity(planned.len());
    for (id, plan) in planned {
        let result = plan.map(|op| ops.push(op)).map(|()| false);
        outcomes.push(Outcome { id, result });
    }
    let mut replayed = false;
    if !ops.is_empty() {
        let commit = Commit { ops, key: idempotency_key(&visit.headers)?, ..Commit::default() };
        let receipt = visit.session.commit(commit).await?;
        replayed = receipt.replayed;
        let planned = outcomes.iter_mut().filter(|outcome| outcome.result.is_ok());
        for (outcome, result) in planned.zip(receipt.results) {
            outcome.result = match result {
                Ok(done) if !done.not_updated.is_empty() => Err(left_alone(&done, outcome.id.as_deref())),
                Ok(done) => Ok(done.kind == DoneKind::Created),
                Err(error) => Err(op_problem(&error, outcome.id.as_deref())),
            };
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
