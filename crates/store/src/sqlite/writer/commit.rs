//! One commit within a transaction.

use dinh_access::Reach;
use dinh_model::{Tenant, Timestamp};
use rusqlite::Connection;

use super::Writer;
use super::audit::Deeds;
use super::group::Outcome;
use crate::audit::Head;
use crate::names::NameId;
use crate::plan::{Planned, Step};
use crate::sqlite::failure::Failed;
use crate::{Done, DoneKind, Error, OpError, Receipt};

/// On whose behalf, and when.
pub(super) struct Context<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) tenant_id: NameId,
    pub(super) by: &'a str,
    pub(super) reach: &'a Reach,
    pub(super) head: &'a Head,
    pub(super) now: Timestamp,
}

/// What became of one operation. The outer failure is the engine's and ends the transaction.
pub(super) type Stepped = Failed<Result<Done, OpError>>;

impl Writer {
    pub(super) fn commit(&mut self, planned: &Planned) -> Failed<Outcome> {
        let now = self.shared.clock.now().max(self.place.at).max(self.place.audit.at);
        if self.is_due(now) {
            self.expire_due(now)?;
        }
        let default = Tenant::default_tenant();
        let tenant = planned.tenant.as_ref().unwrap_or(&default);
        let tenant_id = match &planned.tenant {
            Some(tenant) => match self.shared.tenants.intern(tenant.as_str()) {
                Ok(id) => id,
                Err(error) => return Ok(Err(Error::Invalid(error.to_string()))),
            },
            None => 0,
        };
        if let Some((key, digest)) = &planned.key
            && let Some(known) = self.known_key((tenant_id, &planned.by), key, digest, now)?
        {
            return Ok(known);
        }
        let (reach, head) = (&*planned.reach, &planned.head);
        let context = Context { tenant, tenant_id, by: &planned.by, reach, head, now };
        let told = self.group.feed.len();
        let results = if planned.atomic && planned.steps.len() > 1 {
            self.all_or_nothing(&context, &planned.steps)?
        } else {
            self.steps(&context, &planned.steps)?
        };
        self.enter(&context, planned.form, told)?;
        let mut counts = std::mem::take(&mut self.group.commit_counts);
        self.group.counts.take(&mut counts);
        if let Some((key, digest)) = &planned.key {
            self.remember_key((tenant_id, &planned.by), key, digest, now, &results)?;
        }
        Ok(Ok(Receipt { results, head: self.place.head, replayed: false }))
    }

    fn steps(&mut self, context: &Context<'_>, steps: &[Step]) -> Failed<Vec<Result<Done, OpError>>> {
        steps.iter().map(|step| self.step(context, step)).collect()
    }

    fn all_or_nothing(
        &mut self,
        context: &Context<'_>,
        steps: &[Step],
    ) -> Failed<Vec<Result<Done, OpError>>> {
        let place = self.place;
        let (told, touched) = (self.group.feed.len(), self.group.touched.len());
        run(&self.connection, "SAVEPOINT whole")?;
        let mut results = Vec::with_capacity(steps.len());
        for step in steps {
            let result = self.step(context, step)?;
            let failed = result.is_err();
            results.push(result);
            if failed {
                run(&self.connection, "ROLLBACK TO whole")?;
                run(&self.connection, "RELEASE whole")?;
                self.place = place;
                self.group.feed.truncate(told);
                self.group.commit_counts.clear();
                self.group.deeds = Deeds::default();
                for key in self.group.touched.get(touched..).unwrap_or_default() {
                    self.cache.remove(key);
                }
                let last = results.len() - 1;
                for (at, result) in results.iter_mut().enumerate() {
                    if at != last {
                        *result = Err(OpError::Undone);
                    }
                }
                results.resize(steps.len(), Err(OpError::Undone));
                return Ok(results);
            }
        }
        run(&self.connection, "RELEASE whole")?;
        Ok(results)
    }

    fn step(&mut self, context: &Context<'_>, step: &Step) -> Stepped {
        match step {
            Step::Create(entity) => self.create(context, entity),
            Step::Change { id, otherwise, mutation, expect, types } => {
                match self.expected(context, id, *expect, types.as_ref())? {
                    Ok(Some(found)) => self.change(context, &found, mutation),
                    Ok(None) => match otherwise {
                        Some(entity) => self.insert(context, entity),
                        None => Ok(Err(OpError::NotFound)),
                    },
                    Err(refused) => Ok(Err(refused)),
                }
            }
            Step::Delete { id, expect, types } => {
                match self.expected(context, id, *expect, types.as_ref())? {
                    Ok(Some(found)) => self.delete(context, &found),
                    Ok(None) => Ok(Err(OpError::NotFound)),
                    Err(refused) => Ok(Err(refused)),
                }
            }
            Step::Evolve { id, evolution } => self.evolve(context, id, evolution),
            Step::PutRecord { kind, key, body } => self.put_record(context, kind, key, body),
            Step::AddTo { kind, key, add } => self.add_to(context, kind, key, add),
            Step::DeleteRecord { kind, key } => self.delete_record(context, kind, key),
            Step::SaveCursor { name, seq } => self.save_cursor(context, name, *seq),
            Step::DropCursor { name } => self.drop_cursor(name),
            Step::Note(note) => self.note(context, note),
            Step::Erase(erasure) => self.erase_entities(context, erasure),
        }
    }
}

/// An operation that made no change in the feed.
pub(super) fn aside(kind: DoneKind) -> Done {
    Done { kind, version: 0, seq: None, updated: Vec::new(), not_updated: Vec::new() }
}

fn run(connection: &Connection, sql: &str) -> Failed<()> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}
