//! The engine's reads: each takes a connection from the pool and looks from one tenant.

use std::sync::Arc;

use dinh_model::{EntityId, Tenant, Term};
use dinh_ngsild::query::EntityQuery;

use super::engine::Engine;
use super::failure::Failed;
use super::read::Scene;
use crate::feed::Recorded;
use crate::{
    Area, AreaQuery, AttributeCount, Cursor, GridCell, History, HistoryQuery, Hit, Page, Record, Referrer,
    Stats, Stored, TypeCount,
};

impl Engine {
    /// Runs a read that sees one tenant; the answer for a tenant that never wrote anything is the empty one.
    async fn of<T: Default + Send + 'static>(
        &self,
        tenant: &Tenant,
        work: impl FnOnce(&Scene<'_>) -> Failed<T> + Send + 'static,
    ) -> Failed<T> {
        let Some(tenant) = self.shared.tenant_id(tenant) else { return Ok(T::default()) };
        let shared = Arc::clone(&self.shared);
        self.pool.read(move |connection| work(&Scene::new(connection, &shared, tenant))).await
    }

    /// Runs a read that sees all tenants.
    async fn of_all<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Scene<'_>) -> Failed<T> + Send + 'static,
    ) -> Failed<T> {
        let shared = Arc::clone(&self.shared);
        self.pool.read(move |connection| work(&Scene::new(connection, &shared, 0))).await
    }

    pub(crate) async fn entity(&self, tenant: &Tenant, id: EntityId) -> Failed<Option<Stored>> {
        self.of(tenant, move |scene| scene.entity(&id)).await
    }

    pub(crate) async fn query(&self, tenant: &Tenant, query: EntityQuery) -> Failed<Page> {
        let count = query.count;
        let mut page = self.of(tenant, move |scene| scene.query(&query)).await?;
        if count {
            page.total.get_or_insert(0);
        }
        Ok(page)
    }

    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself is not general enough")]
    pub(crate) async fn type_counts(&self, tenant: &Tenant) -> Failed<Vec<TypeCount>> {
        self.of(tenant, |scene| scene.type_counts()).await
    }

    pub(crate) async fn total(&self, tenant: &Tenant) -> Failed<u64> {
        self.of(tenant, |scene| scene.type_count(0)).await
    }

    pub(crate) async fn attributes_of_type(&self, tenant: &Tenant, of: Term) -> Failed<Vec<AttributeCount>> {
        self.of(tenant, move |scene| scene.attributes_of_type(&of)).await
    }

    pub(crate) async fn search(
        &self,
        tenant: &Tenant,
        text: String,
        types: Vec<Term>,
        limit: usize,
    ) -> Failed<Vec<Hit>> {
        self.of(tenant, move |scene| scene.search(&text, &types, limit)).await
    }

    pub(crate) async fn history(&self, tenant: &Tenant, query: HistoryQuery) -> Failed<History> {
        self.of(tenant, move |scene| scene.history(&query)).await
    }

    pub(crate) async fn points_in(&self, tenant: &Tenant, query: AreaQuery) -> Failed<Area> {
        self.of(tenant, move |scene| scene.points_in(&query)).await
    }

    pub(crate) async fn shapes_in(&self, tenant: &Tenant, query: AreaQuery) -> Failed<Area> {
        self.of(tenant, move |scene| scene.shapes_in(&query)).await
    }

    pub(crate) async fn grid(&self, tenant: &Tenant, query: AreaQuery, level: u32) -> Failed<Vec<GridCell>> {
        self.of(tenant, move |scene| scene.grid(&query, level)).await
    }

    pub(crate) async fn referrers(
        &self,
        tenant: &Tenant,
        id: EntityId,
        offset: usize,
        limit: usize,
    ) -> Failed<Vec<Referrer>> {
        self.of(tenant, move |scene| scene.referrers(&id, offset, limit)).await
    }

    pub(crate) async fn record(&self, tenant: &Tenant, kind: String, key: String) -> Failed<Option<Record>> {
        self.of(tenant, move |scene| scene.record(&kind, &key)).await
    }

    pub(crate) async fn records(
        &self,
        tenant: &Tenant,
        kind: String,
        after: String,
        limit: usize,
    ) -> Failed<Vec<Record>> {
        self.of(tenant, move |scene| scene.records(&kind, &after, limit)).await
    }

    pub(crate) async fn record_count(&self, tenant: &Tenant, kind: String) -> Failed<u64> {
        self.of(tenant, move |scene| scene.record_count(&kind)).await
    }

    pub(crate) async fn all_records(
        &self,
        kind: String,
        after: Option<(Tenant, String)>,
        limit: usize,
    ) -> Failed<Vec<Record>> {
        let after = match after {
            Some((tenant, key)) => self.shared.tenant_id(&tenant).map_or((0, String::new()), |id| (id, key)),
            None => (0, String::new()),
        };
        self.of_all(move |scene| scene.all_records(&kind, (after.0, &after.1), limit)).await
    }

    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself is not general enough")]
    pub(crate) async fn cursors(&self) -> Failed<Vec<Cursor>> {
        self.of_all(|scene| scene.cursors()).await
    }

    pub(crate) async fn changes(&self, after: u64, limit: usize) -> Failed<Vec<Arc<Recorded>>> {
        crate::plan::check("items of a page", limit, self.shared.options.max_page)?;
        if let Some(recent) = self.shared.feed.after(after, limit) {
            return Ok(recent);
        }
        self.of_all(move |scene| scene.changes(after, limit)).await
    }

    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself is not general enough")]
    pub(crate) async fn stats(&self) -> Failed<Stats> {
        self.of_all(|scene| scene.stats()).await
    }

    /// Tenants that ever wrote something, in the order in which they came.
    pub(crate) fn tenants(&self) -> Vec<Tenant> {
        (1..).map_while(|id| self.shared.tenant(id)).collect()
    }
}
