//! Erasing for good: the order in which graph, ledger and keys follow one another.
//!
//! Within the transaction the entities go, and just before it is committed the ledger of the vault says so, durably.
//! After it the keys are destroyed. Whatever stops this in between, the next start finds an erasure in the ledger that
//! the graph has not seen, or one whose keys are still there, and goes on. An older backup looks just the same.

use std::collections::BTreeSet;

use dinh_model::{EntityId, Tenant};
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use super::commit::{Context, Stepped, aside};
use crate::codec::{Onlooker, decode_entity};
use crate::plan::{Planned, Step};
use crate::sqlite::failure::Failed;
use crate::sqlite::read::vault_place;
use crate::vault::{Erased, Vault};
use crate::{DoneKind, Erasure, Error, OpError, Receipt};

impl Writer {
    /// Erases what somebody has ordered.
    pub(super) fn erase(&mut self, planned: &Planned) -> Failed<Receipt> {
        let erased = planned.steps.iter().find_map(|step| match step {
            Step::Erase(erasure) => Some(self.for_the_ledger(planned, erasure)),
            _ => None,
        });
        let erased = erased.ok_or_else(|| Error::Invalid("there is nothing to erase".into()))?;
        let mut number = None;
        let done = self.overwriting(|writer| {
            writer.transaction(|writer| {
                let outcome = writer.commit(planned)?;
                if outcome.as_ref().is_ok_and(Receipt::is_ok)
                    && let Some(vault) = writer.shared.vault.clone()
                {
                    let entered = vault.enter(&erased)?;
                    number = Some(entered);
                    writer.carried_out(entered)?;
                }
                Ok(outcome)
            })
        });
        if let (Err(_), Some(number), Some(vault)) = (&done, number, &self.shared.vault)
            && let Err(error) = vault.withdraw(number)
        {
            tracing::error!(%error, erasure = number, "an erasure that failed is still in the ledger; the next start carries it out");
        }
        let receipt = done??;
        self.forget_all();
        if let Some(number) = number {
            self.destroy_keys(number, &erased)?;
        }
        Ok(receipt)
    }

    /// Erases again what the ledger says was erased and the graph still holds, and destroys keys that are left.
    pub(in crate::sqlite) fn catch_up(&mut self) -> Failed<()> {
        let Some(vault) = self.shared.vault.clone() else { return Ok(()) };
        loop {
            let upto = vault_place(&self.connection)?.map_or(0, |place| place.erased);
            let Some((number, mut erased)) = vault.erasure_due(upto)? else { return Ok(()) };
            if number > upto {
                erased.entities = self.still_there(&vault, number, &erased)?;
                tracing::warn!(
                    erasure = number,
                    entities = erased.entities.len(),
                    "the graph is older than the ledger of erasures: erasing again"
                );
                self.again(number, &erased)?;
            }
            self.destroy_keys(number, &erased)?;
        }
    }

    fn again(&mut self, number: u64, erased: &Erased) -> Failed<()> {
        for chunk in erased.entities.chunks(Erasure::MOST) {
            let erasure = Erasure {
                subject: erased.subject.clone(),
                entities: chunk.to_vec(),
                kept: Vec::new(),
                whole: erased.whole,
                reason: erased.reason.clone(),
            };
            let planned = Planned::of_erasure_again(&erased.tenant, erasure, number)?;
            let receipt =
                self.overwriting(|writer| writer.transaction(|writer| writer.commit(&planned)))??;
            if let Some(refused) = receipt.results.into_iter().find_map(Result::err) {
                return Err(Error::Invalid(format!("what was erased could not be erased again: {refused}")));
            }
        }
        self.transaction(|writer| writer.carried_out(number))
    }

    /// The entities that are still there, or have left history, of those that an erasure took; and if it took all of a
    /// subject, what else there is of them, as far as it was not left then.
    fn still_there(&mut self, vault: &Vault, number: u64, erased: &Erased) -> Failed<Vec<EntityId>> {
        let (tenant, subject) = (&erased.tenant, &erased.subject);
        let Some(tenant_id) = self.shared.tenant_id(tenant) else { return Ok(Vec::new()) };
        let mut all: BTreeSet<EntityId> = erased.entities.iter().cloned().collect();
        if erased.whole {
            all.insert(subject.clone());
            let mut others: BTreeSet<EntityId> = self.who_point_at(tenant_id, subject)?.into_iter().collect();
            others.extend(vault.entities_of_subject(tenant, subject)?);
            for left in vault.left_by(number, erased)? {
                all.remove(&left);
                others.remove(&left);
            }
            for id in others {
                if self.was_of(vault, tenant_id, &id, subject)? {
                    all.insert(id);
                }
            }
        }
        let mut there = Vec::new();
        for id in all {
            if self.is_kept(tenant_id, &id)? {
                there.push(id);
            }
        }
        Ok(there)
    }

    fn who_point_at(&self, tenant_id: u32, subject: &EntityId) -> Failed<Vec<EntityId>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT e.id FROM link AS l JOIN entity AS e ON e.pk = l.pk \
             WHERE l.tenant = ?1 AND l.object = ?2",
        )?;
        let rows =
            statement.query_map(params![tenant_id, subject.as_str()], |row| row.get::<_, String>(0))?;
        rows.map(|id| Ok(EntityId::trusted(id?))).collect()
    }

    /// True if an entity is there that is about nobody but a subject, or that holds what a destroyed key has sealed, so
    /// that it does not even say any more whom it is about. One that is somebody else's by now is neither.
    fn was_of(&self, vault: &Vault, tenant_id: u32, id: &EntityId, subject: &EntityId) -> Failed<bool> {
        let Some(doc) = self.doc(tenant_id, id)? else { return Ok(false) };
        let names = self.shared.names.read();
        let entity = decode_entity(id.clone(), &doc, &names, &self.shared.opening(tenant_id))?;
        if vault.is_of_one(&entity, subject) {
            return Ok(true);
        }
        let onlooker = Onlooker::default();
        decode_entity(id.clone(), &doc, &names, &onlooker)?;
        for (_, key) in onlooker.seen() {
            if vault.cipher(key)?.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn doc(&self, tenant_id: u32, id: &EntityId) -> Failed<Option<Vec<u8>>> {
        let mut statement =
            self.connection.prepare_cached("SELECT doc FROM entity WHERE tenant = ?1 AND id = ?2")?;
        Ok(statement.query_row(params![tenant_id, id.as_str()], |row| row.get(0)).optional()?)
    }

    fn is_kept(&self, tenant_id: u32, id: &EntityId) -> Failed<bool> {
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM entity WHERE tenant = ?1 AND id = ?2) \
             OR EXISTS (SELECT 1 FROM departed WHERE tenant = ?1 AND id = ?2)",
        )?;
        Ok(statement.query_row(params![tenant_id, id.as_str()], |row| row.get(0))?)
    }

    fn for_the_ledger(&self, planned: &Planned, erasure: &Erasure) -> Erased {
        Erased {
            tenant: planned.tenant.clone().unwrap_or_else(Tenant::default_tenant),
            subject: erasure.subject.clone(),
            whole: erasure.whole,
            entities: erasure.entities.clone(),
            kept: erasure.kept.clone(),
            reason: erasure.reason.clone(),
            at: self.shared.clock.now(),
        }
    }

    /// The graph has seen the erasure of this number.
    fn carried_out(&self, number: u64) -> Failed<()> {
        self.connection
            .prepare_cached("UPDATE vault SET erased = max(erased, ?1), words_to_wash = 1")?
            .execute([number.cast_signed()])?;
        Ok(())
    }

    /// Destroys the keys of an erasure, except those that an entity which stays is sealed with.
    fn destroy_keys(&mut self, number: u64, erased: &Erased) -> Failed<()> {
        let Some(vault) = self.shared.vault.clone() else { return Ok(()) };
        let mut keys: BTreeSet<(u64, EntityId)> = BTreeSet::new();
        for id in &erased.entities {
            keys.extend(vault.keys_of_entity(&erased.tenant, id)?.into_iter().map(|key| (key, id.clone())));
        }
        if erased.whole {
            let of_subject = vault.keys_of_subject(&erased.tenant, &erased.subject)?;
            keys.extend(of_subject.into_iter().map(|key| (key.number, key.entity)));
        }
        let mut gone = Vec::with_capacity(keys.len());
        for (key, id) in keys {
            if !self.needs(&erased.tenant, &id, key)? {
                gone.push(key);
            }
        }
        vault.destroy(&gone, number, self.shared.clock.now())
    }

    /// True if an entity is there, and something in it is sealed with this key.
    fn needs(&self, tenant: &Tenant, id: &EntityId, key: u64) -> Failed<bool> {
        let Some(tenant_id) = self.shared.tenant_id(tenant) else { return Ok(false) };
        let Some(doc) = self.doc(tenant_id, id)? else { return Ok(false) };
        let onlooker = Onlooker::default();
        decode_entity(id.clone(), &doc, &self.shared.names.read(), &onlooker)?;
        Ok(onlooker.seen().iter().any(|(_, number)| *number == key))
    }

    /// What was erased leaves memory: the feed's latest changes, and what was read lately.
    fn forget_all(&mut self) {
        self.shared.feed.forget();
        self.shared.recall.forget();
        self.cache.forget_series();
    }

    /// Overwrites what it deletes, so that it is not found in free pages.
    pub(super) fn overwriting<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let set = |connection: &rusqlite::Connection, on: bool| {
            let set = connection.pragma_update_and_check(None, "secure_delete", on, |_row| Ok(()));
            if let Err(error) = set {
                tracing::warn!(%error, "the engine does not overwrite what it deletes");
            }
        };
        set(&self.connection, true);
        let done = work(self);
        set(&self.connection, false);
        done
    }

    /// The step of an erasure: within the transaction, together with its note in the audit.
    pub(super) fn erase_entities(&mut self, context: &Context<'_>, erasure: &Erasure) -> Stepped {
        let mut lost = Vec::new();
        for id in &erasure.entities {
            if let Some(found) = self.find(context, id)? {
                let names = found.entity.attributes.keys().cloned();
                if let Err(refused) = context.reach.check(Some(&found.entity), None, &names) {
                    return Ok(Err(OpError::Denied(refused.to_string())));
                }
                let unopened = self.unopened(context, &found)?;
                if let Err(refused) = self.erase_one(context, &found)? {
                    return Ok(Err(refused));
                }
                if !unopened.is_empty() {
                    self.uncount(context, &found, &unopened);
                    lost.push(found.pk);
                }
            }
            self.erase_history_left(context, id)?;
        }
        self.erase_rows(context, &lost)?;
        Ok(Ok(aside(DoneKind::Deleted)))
    }
}

impl Vault {
    /// True if an entity is about nobody but `subject`.
    fn is_of_one(&self, entity: &dinh_model::Entity, subject: &EntityId) -> bool {
        self.subjects(entity).as_slice() == std::slice::from_ref(subject)
    }
}
