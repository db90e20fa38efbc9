//! The daily round: what the law no longer asks to keep, and a type says to erase then, is erased.

use std::collections::BTreeMap;
use std::time::Duration;

use dinh_access::{Grant, Principal, Purpose, Read};
use dinh_model::{EntityId, Tenant};
use dinh_ngsild::query::{EntityQuery, TypeExpr};
use dinh_store::Erasure;
use tokio_util::sync::CancellationToken;

use super::day::{Day, day_of};
use crate::schema::EntityType;
use crate::session::attached_to;
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
                    let due = due.entry(owner.unwrap_or_else(|| entity.id.clone())).or_default();
                    due.push(entity.id.clone());
                    due.extend(self.files_of(&reading, &entity.id).await?);
                }
            }
            for (subject, entities) in due {
                gone += entities.len();
                self.expire_some(tenant, of, &subject, &entities).await?;
            }
        }
    }

    /// The files attached to an entity: they go with it. The first ones; what is left goes when somebody asks.
    async fn files_of(&self, reading: &Grant<Read>, id: &EntityId) -> Result<Vec<EntityId>, Error> {
        let mut files = Vec::new();
        for referrer in self.store().referrers(reading, id, 0, PAGE).await? {
            let Some(stored) = self.store().entity(reading, &referrer.id).await? else { continue };
            if attached_to(&stored.entity).as_ref() == Some(id) {
                files.push(stored.entity.id.clone());
            }
        }
        Ok(files)
    }

    async fn expire_some(
        &self,
        tenant: &Tenant,
        of: &EntityType,
        subject: &EntityId,
        entities: &[EntityId],
    ) -> Result<(), Error> {
        let part = Principal::System(PART.into());
        let grant = self.policy().erase(&part, tenant, Purpose::Maintenance)?;
        let basis = of.retention.as_ref().map(|retention| retention.basis.vi.clone()).unwrap_or_default();
        for entities in entities.chunks(Erasure::MOST) {
            let erasure = Erasure {
                subject: subject.clone(),
                entities: entities.to_vec(),
                kept: Vec::new(),
                whole: false,
                reason: format!("hết thời hạn lưu giữ: {basis}"),
            };
            let receipt = self.store().erase(&grant, None, erasure).await?;
            if let Some(refused) = receipt.results.into_iter().find_map(Result::err) {
                return Err(refused.into());
            }
        }
        Ok(())
    }
}
