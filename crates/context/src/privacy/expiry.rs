//! The daily round: what the law no longer asks to keep, and a type says to erase then, is erased.

use std::collections::BTreeMap;
use std::time::Duration;

use dinh_access::{Principal, Purpose};
use dinh_model::{EntityId, Tenant};
use dinh_ngsild::query::{EntityQuery, TypeExpr};
use dinh_store::Erasure;
use tokio_util::sync::CancellationToken;

use super::day::{Day, day_of};
use crate::schema::EntityType;
use crate::{Context, Error};

/// Who does it, in the audit.
const PART: &str = "retention";
/// Entities looked at in one step.
const PAGE: usize = 200;
/// How often it is looked whether another day has begun.
const LOOK: Duration = Duration::from_mins(10);

impl Context {
    /// Erases what retention has ended for, of all tenants, in bounded steps; gives how many entities went. Each step
    /// has its note in the audit.
    pub async fn expire(&self) -> Result<usize, Error> {
        let today = day_of(self.clock().now());
        let mut gone = 0;
        for tenant in self.tenants() {
            for entity_type in self.types().types() {
                if entity_type.retention.as_ref().is_some_and(|retention| retention.then_erase) {
                    gone += self.expire_type(&tenant, entity_type, today).await?;
                }
            }
        }
        Ok(gone)
    }

    /// Makes the round once at the start and then on every new day, until `stop`. What goes wrong is told in the log and
    /// tried again.
    pub async fn keep_retention(&self, stop: CancellationToken) {
        let mut look = tokio::time::interval(LOOK);
        let mut done: Option<Day> = None;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = look.tick() => {}
            }
            let today = day_of(self.clock().now());
            if done == Some(today) {
                continue;
            }
            match self.expire().await {
                Ok(gone) => {
                    self.sweep().await;
                    done = Some(today);
                    tracing::info!(entities = gone, "erased what need not be kept any more");
                }
                Err(error) => {
                    tracing::error!(%error, "what need not be kept could not be erased; it is tried again");
                }
            }
        }
    }

    /// Takes away the contents of files that nothing has named for a day, or whose keys are destroyed; how many.
    pub async fn sweep_files(&self) -> Result<usize, Error> {
        Ok(self.store().sweep_blobs(self.own()).await?)
    }

    async fn sweep(&self) {
        match self.sweep_files().await {
            Ok(swept) => tracing::info!(files = swept, "swept away files that nothing names"),
            Err(error) => tracing::error!(%error, "files that nothing names could not be swept away"),
        }
    }

    async fn expire_type(&self, tenant: &Tenant, of: &EntityType, today: Day) -> Result<usize, Error> {
        let part = Principal::System(PART.into());
        let reading = self.policy().read(&part, tenant, Purpose::Maintenance)?;
        let (mut after, mut gone) = (None, 0);
        loop {
            let query = EntityQuery {
                types: Some(TypeExpr::Is(of.term.clone())),
                limit: PAGE,
                after,
                ..EntityQuery::default()
            };
            let page = self.store().query(&reading, &query).await?;
            let Some(last) = page.entities.last() else { return Ok(gone) };
            after = Some(last.place);
            let mut due: BTreeMap<EntityId, Vec<EntityId>> = BTreeMap::new();
            for stored in &page.entities {
                let entity = &stored.entity;
                // Every type that it has must let it go.
                if self.types().kept(entity, today).is_none() {
                    let owner = self.policy().catalogue().owners(entity).into_iter().next();
                    due.entry(owner.unwrap_or_else(|| entity.id.clone()))
                        .or_default()
                        .push(entity.id.clone());
                }
            }
            for (subject, entities) in due {
                gone += entities.len();
                self.expire_some(tenant, of, subject, entities).await?;
            }
        }
    }

    async fn expire_some(
        &self,
        tenant: &Tenant,
        of: &EntityType,
        subject: EntityId,
        entities: Vec<EntityId>,
    ) -> Result<(), Error> {
        let part = Principal::System(PART.into());
        let grant = self.policy().erase(&part, tenant, Purpose::Maintenance)?;
        let basis = of.retention.as_ref().map(|retention| retention.basis.vi.clone()).unwrap_or_default();
        let reason = format!("hết thời hạn lưu giữ: {basis}");
        let erasure = Erasure { subject, entities, kept: Vec::new(), whole: false, reason };
        let receipt = self.store().erase(&grant, None, erasure).await?;
        match receipt.results.into_iter().find_map(Result::err) {
            Some(refused) => Err(refused.into()),
            None => Ok(()),
        }
    }
}
