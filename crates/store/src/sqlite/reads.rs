//! The engine's reads: each takes a connection from the pool and looks from one tenant.

use std::sync::Arc;

use dinh_access::{Grant, Read, Sight};
use dinh_model::{EntityId, Tenant, Term};
use dinh_ngsild::query::EntityQuery;

use super::engine::Engine;
use super::failure::Failed;
use super::read::{Scene, listed_types, page_key};
use crate::feed::Recorded;
use crate::{
    Area, AreaQuery, AttributeCount, Cursor, EvolutionPage, EvolutionQuery, GridCell, History, HistoryQuery,
    Hit, Page, Record, Referrer, Stats, Stored, TypeCount,
};

impl Engine {
    /// Runs a read that sees what a grant lets it see of one tenant; the answer for a tenant that never wrote anything is the empty one.
    async fn of<T: Default + Send + 'static>(
        &self,
        grant: &Grant<Read>,
        work: impl FnOnce(&Scene<'_>) -> Failed<T> + Send + 'static,
    ) -> Failed<T> {
        let Some(tenant) = self.shared.tenant_id(grant.tenant()) else { return Ok(T::default()) };
        let (shared, sight) = (Arc::clone(&self.shared), Arc::clone(grant.sight()));
        self.pool.read(move |connection| work(&Scene::new(connection, &shared, tenant, &sight))).await
    }

    /// Runs a read that sees all tenants.
    async fn of_all<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Scene<'_>) -> Failed<T> + Send + 'static,
    ) -> Failed<T> {
        let shared = Arc::clone(&self.shared);
        let sight = Arc::new(Sight::EVERYTHING);
        self.pool.read(move |connection| work(&Scene::new(connection, &shared, 0, &sight))).await
    }

    pub(crate) async fn entity(&self, grant: &Grant<Read>, id: EntityId) -> Failed<Option<Stored>> {
        self.pool.check_open()?;
        // In memory and known to be the newest: no thread has to be asked.
        let tenant = self.shared.tenant_id(grant.tenant());
        if let Some(stored) = tenant.and_then(|tenant| self.shared.recall.named(tenant, &id)) {
            return Ok(self.shared.seen(grant.sight(), &stored));
        }
        // In a box, as below: who finds it in memory needs no room for the way to the database.
        Box::pin(self.of(grant, move |scene| scene.entity(&id))).await
    }

    pub(crate) async fn query(&self, grant: &Grant<Read>, query: EntityQuery) -> Failed<Page> {
        self.pool.check_open()?;
        if let Some(page) = self.recalled(grant, &query) {
            return Ok(page);
        }
        let count = query.count;
        let found = Box::pin(self.of(grant, move |scene| scene.query(&query))).await;
        // Above all if it was too much to look at.
        self.make_wanted();
        let mut page = found?;
        if count {
            page.total.get_or_insert(0);
        }
        Ok(page)
    }

    /// A page that is in memory and known to be the newest.
    fn recalled(&self, grant: &Grant<Read>, query: &EntityQuery) -> Option<Page> {
        let tenant = self.shared.tenant_id(grant.tenant())?;
        let types = listed_types(query, |term| self.shared.names.read().id(term.as_str()))?;
        let found = self.shared.recall.page(&page_key(grant.sight(), tenant, types, query))?;
        let seen = found.iter().map(|stored| self.shared.seen(grant.sight(), stored));
        Some(Page { entities: seen.collect::<Option<_>>()?, total: None })
    }

    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself is not general enough")]
    pub(crate) async fn type_counts(&self, grant: &Grant<Read>) -> Failed<Vec<TypeCount>> {
        self.of(grant, |scene| scene.type_counts()).await
    }

    pub(crate) async fn total(&self, grant: &Grant<Read>) -> Failed<u64> {
        self.of(grant, |scene| scene.type_count(0)).await
    }

    pub(crate) async fn attributes_of_type(
        &self,
        grant: &Grant<Read>,
        of: Term,
    ) -> Failed<Vec<AttributeCount>> {
        self.of(grant, move |scene| scene.attributes_of_type(&of)).await
    }

    pub(crate) async fn search(
        &self,
        grant: &Grant<Read>,
        text: String,
        types: Vec<Term>,
        limit: usize,
    ) -> Failed<Vec<Hit>> {
        self.of(grant, move |scene| scene.search(&text, &types, limit)).await
    }

    pub(crate) async fn history(&self, grant: &Grant<Read>, query: HistoryQuery) -> Failed<History> {
        self.of(grant, move |scene| scene.history(&query)).await
    }

    pub(crate) async fn evolution(
        &self,
        grant: &Grant<Read>,
        id: EntityId,
        query: EvolutionQuery,
    ) -> Failed<Option<EvolutionPage>> {
        self.of(grant, move |scene| scene.evolution(&id, &query)).await
    }

    pub(crate) async fn evolutions(
        &self,
        grant: &Grant<Read>,
        query: EvolutionQuery,
    ) -> Failed<EvolutionPage> {
        let count = query.entities.count;
        let mut page = self.of(grant, move |scene| scene.evolutions(&query)).await?;
        if count {
            page.total.get_or_insert(0);
        }
        Ok(page)
    }

    pub(crate) async fn points_in(&self, grant: &Grant<Read>, query: AreaQuery) -> Failed<Area> {
        self.of(grant, move |scene| scene.points_in(&query)).await
    }

    pub(crate) async fn shapes_in(&self, grant: &Grant<Read>, query: AreaQuery) -> Failed<Area> {
        self.of(grant, move |scene| scene.shapes_in(&query)).await
    }

    pub(crate) async fn grid(
        &self,
        grant: &Grant<Read>,
        query: AreaQuery,
        level: u32,
    ) -> Failed<Vec<GridCell>> {
        self.of(grant, move |scene| scene.grid(&query, level)).await
    }

    pub(crate) async fn referrers(
        &self,
        grant: &Grant<Read>,
        id: EntityId,
        offset: usize,
        limit: usize,
    ) -> Failed<Vec<Referrer>> {
        self.of(grant, move |scene| scene.referrers(&id, offset, limit)).await
    }

    pub(crate) async fn record(
        &self,
        grant: &Grant<Read>,
        kind: String,
        key: String,
    ) -> Failed<Option<Record>> {
        self.of(grant, move |scene| scene.record(&kind, &key)).await
    }

    pub(crate) async fn records(
        &self,
        grant: &Grant<Read>,
        kind: String,
        after: String,
        limit: usize,
    ) -> Failed<Vec<Record>> {
        self.of(grant, move |scene| scene.records(&kind, &after, limit)).await
    }

    pub(crate) async fn record_count(&self, grant: &Grant<Read>, kind: String) -> Failed<u64> {
        self.of(grant, move |scene| scene.record_count(&kind)).await
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
