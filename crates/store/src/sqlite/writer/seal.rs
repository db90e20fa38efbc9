//! Keys for what is written.

use std::sync::Arc;

use dinh_model::{Entity, Tenant};

use super::Writer;
use super::commit::Context;
use crate::Error;
use crate::codec::Sides;
use crate::sqlite::failure::Failed;

/// An entity that is to be written, and needs its key before.
pub(in crate::sqlite) struct KeyFor {
    pub(in crate::sqlite) tenant: Tenant,
    pub(in crate::sqlite) entity: Arc<Entity>,
}

impl Writer {
    /// What seals an entity as it was and as it becomes. Types without personal data pay for one question.
    pub(super) fn sides(
        &self,
        context: &Context<'_>,
        before: Option<&Entity>,
        after: Option<&Entity>,
    ) -> Failed<Sides> {
        let Some(vault) = &self.shared.vault else { return Ok(Sides::default()) };
        let seal = |entity: Option<&Entity>| match entity {
            Some(entity) => vault.sealing(context.tenant, entity, context.now),
            None => Ok(None),
        };
        Ok(Sides { before: seal(before)?, after: seal(after)? })
    }

    /// Keys are durable before what they seal is.
    pub(super) fn keys_first(&self) -> Failed<()> {
        let Some(vault) = &self.shared.vault else { return Ok(()) };
        if let Some(last) = vault.flush()? {
            self.connection.prepare_cached("UPDATE vault SET keys = ?1")?.execute([last.cast_signed()])?;
        }
        Ok(())
    }

    /// The key of an entity before it is written: for its content.
    pub(super) fn key_for(&mut self, asked: &KeyFor) -> Failed<u64> {
        let vault = self.shared.vault.clone().ok_or(Error::NoVault)?;
        let now = self.shared.clock.now();
        self.transaction(|_writer| {
            let sealing = vault.sealing(&asked.tenant, &asked.entity, now)?;
            let nothing =
                || Error::Invalid("entities of this type are not sealed, and so have no files".into());
            Ok(sealing.ok_or_else(nothing)?.number())
        })
    }
}
