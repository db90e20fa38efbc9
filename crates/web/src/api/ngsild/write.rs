//! What writes to one entity have in common.

use axum::response::Response;
use dinh_context::graph::{Commit, Done, Op};
use dinh_model::EntityId;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::query::TypeExpr;
use dinh_ngsild::read::Identified;

use crate::api::reply::{self, Refusal};
use crate::api::request::{Given, Visit, expected_version, idempotency_key};

/// Path of the collection of entities.
pub(super) const ENTITIES: &str = "/ngsi-ld/v1/entities";

/// One operation done, and whether it was done by an earlier request with the same key.
pub(super) struct Receipt {
    pub(super) done: Done,
    pub(super) replayed: bool,
}

/// Commits one operation on the entity `id`, under the idempotency key of the request.
pub(super) async fn commit(visit: &Visit, op: Op, id: &EntityId) -> Result<Receipt, Refusal> {
    let commit = Commit { ops: vec![op], key: idempotency_key(&visit.headers)?, ..Commit::default() };
    let receipt = visit.session.commit(commit).await?;
    match receipt.results.into_iter().next() {
        Some(Ok(done)) => Ok(Receipt { done, replayed: receipt.replayed }),
        Some(Err(error)) => Err(Refusal::of_op(error.into(), id.as_str())),
        None => Err(dinh_context::Error::Nothing.into()),
    }
}

/// Commits one change of the entity `id` and answers for it.
pub(super) async fn change(visit: &Visit, op: Op, id: &EntityId) -> Result<Response, Refusal> {
    let receipt = commit(visit, op, id).await?;
    let response = reply::with_version(reply::updated(&receipt.done), receipt.done.version);
    Ok(reply::with_replay(response, receipt.replayed))
}

/// The version that the entity must have.
pub(super) fn expected(visit: &Visit) -> Result<Option<u64>, Refusal> {
    Ok(expected_version(&visit.headers)?)
}

/// The types that the entity must have, from the parameter `type`.
pub(super) fn types(given: &Given, context: &LdContext) -> Result<Option<TypeExpr>, Refusal> {
    match given.text("type") {
        Some(text) => Ok(TypeExpr::parse(text, context)?),
        None => Ok(None),
    }
}

/// The content of a body about the entity `id`; a body may repeat the identifier, but not name another.
pub(super) fn about<T>(id: &EntityId, read: Identified<T>) -> Result<T, Refusal> {
    match read.id {
        Some(other) if other != *id => Err(other_entity(id, other.as_str()).into()),
        _ => Ok(read.content),
    }
}

/// The path names one entity and the body another.
pub(super) fn other_entity(id: &EntityId, other: &str) -> Problem {
    Problem::bad_data(format!("id: the body is about {other}, but the path names {id}.")).about(id.as_str())
}
