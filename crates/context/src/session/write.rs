//! Writing.

use std::sync::Arc;

use dinh_model::{Entity, EntityId};
use dinh_ngsild::mutation::Mutation;
use dinh_ngsild::temporal::Evolution;
use dinh_store::{Commit, Done, Op, Receipt};

use super::Session;
use crate::Error;

impl Session {
    /// Commits operations, in order. The receipt comes when they are durable.
    pub async fn commit(&self, mut commit: Commit) -> Result<Receipt, Error> {
        if commit.origin.is_none() {
            commit.origin.clone_from(&self.origin);
        }
        Ok(self.context().store().commit(&self.writing()?, commit).await?)
    }

    /// Commits one operation.
    pub async fn apply(&self, op: Op) -> Result<Done, Error> {
        let receipt = self.commit(op.into()).await?;
        Ok(receipt.results.into_iter().next().ok_or(Error::Nothing)??)
    }

    /// Adds an entity that must not be there yet.
    pub async fn create(&self, entity: Entity) -> Result<Done, Error> {
        self.apply(Op::Create(Arc::new(entity))).await
    }

    /// Changes an entity that must be there.
    pub async fn mutate(&self, id: EntityId, mutation: Mutation) -> Result<Done, Error> {
        self.apply(Op::mutate(id, mutation)).await
    }

    /// Changes what is kept of the past of an entity.
    pub async fn evolve(&self, id: EntityId, evolution: Evolution) -> Result<Done, Error> {
        self.apply(Op::evolve(id, evolution)).await
    }

    /// Removes an entity that must be there.
    pub async fn delete(&self, id: EntityId) -> Result<Done, Error> {
        self.apply(Op::delete(id)).await
    }
}
