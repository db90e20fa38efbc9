//! The reading half of the handle.

use dinh_access::{Feed, Grant, Read};
use dinh_model::{EntityId, Tenant, Term};
use dinh_ngsild::query::EntityQuery;

use crate::store::Engine;
use crate::{
    Area, AreaQuery, AttributeCount, EvolutionPage, EvolutionQuery, GridCell, History, HistoryQuery, Hit,
    Page, Record, Referrer, Result, Stats, Store, Stored, TypeCount,
};

impl Store {
    /// The entity of this name.
    pub async fn entity(&self, grant: &Grant<Read>, id: &EntityId) -> Result<Option<Stored>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.entity(grant, id.clone()).await,
        }
    }

    /// The entities that match, in the order asked for, or else in the order in which they entered the store: that
    /// order needs no sorting, and pages of it stay the same while new entities arrive.
    ///
    /// # Errors
    /// [`crate::Error::TooComplex`] if the answer would take a look at more entities than
    /// [`crate::Options::scan_budget`]; [`crate::Error::TooLarge`] for too large a page.
    pub async fn query(&self, grant: &Grant<Read>, query: &EntityQuery) -> Result<Page> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.query(grant, query.clone()).await,
        }
    }

    /// How many entities there are. Exact, and known without counting.
    pub async fn total(&self, grant: &Grant<Read>) -> Result<u64> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.total(grant).await,
        }
    }

    /// The types in use and how many entities have each, by type. Exact, and known without counting.
    pub async fn type_counts(&self, grant: &Grant<Read>) -> Result<Vec<TypeCount>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.type_counts(grant).await,
        }
    }

    /// The attributes of the entities of a type and how many have each, by attribute. Exact, known without counting.
    pub async fn attributes_of_type(&self, grant: &Grant<Read>, of: &Term) -> Result<Vec<AttributeCount>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.attributes_of_type(grant, of.clone()).await,
        }
    }

    /// Entities with words that begin as the words of `text` do, accents optional, best first: as typed before folded,
    /// in a name before elsewhere. Of one of `types`, or of any if there are none.
    pub async fn search(
        &self,
        grant: &Grant<Read>,
        text: &str,
        types: &[Term],
        limit: usize,
    ) -> Result<Vec<Hit>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.search(grant, text.to_owned(), types.to_vec(), limit).await,
        }
    }

    /// The history of an entity, also of one that is gone.
    pub async fn history(&self, grant: &Grant<Read>, query: &HistoryQuery) -> Result<History> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.history(grant, query.clone()).await,
        }
    }

    /// The evolution of one entity, also of one that is gone; `query.entities` plays no part but for its `dataset_ids`.
    pub async fn evolution(
        &self,
        grant: &Grant<Read>,
        id: &EntityId,
        query: &EvolutionQuery,
    ) -> Result<Option<EvolutionPage>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.evolution(grant, id.clone(), query.clone()).await,
        }
    }

    /// The evolutions of the entities that match, also of those that are gone: first those that are there, in the order in
    /// which they entered the store, unless they are ordered by their identifier.
    pub async fn evolutions(&self, grant: &Grant<Read>, query: &EvolutionQuery) -> Result<EvolutionPage> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.evolutions(grant, query.clone()).await,
        }
    }

    /// Entities whose point lies in an area, in no particular order.
    pub async fn points_in(&self, grant: &Grant<Read>, query: &AreaQuery) -> Result<Area> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.points_in(grant, query.clone()).await,
        }
    }

    /// Entities whose line, polygon or collection has a box that touches an area, in no particular order.
    pub async fn shapes_in(&self, grant: &Grant<Read>, query: &AreaQuery) -> Result<Area> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.shapes_in(grant, query.clone()).await,
        }
    }

    /// How many points lie in each cell of a grid over an area, without touching a point; empty cells are left out and
    /// `limit` does not matter. The grid divides the world into 2^`level` columns and rows; `level` goes up to 12
    /// (0.088° × 0.044°). An entity that has two of the types counts twice.
    pub async fn grid(&self, grant: &Grant<Read>, query: &AreaQuery, level: u32) -> Result<Vec<GridCell>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.grid(grant, query.clone(), level).await,
        }
    }

    /// Who points at an entity, by relationship. The entity pointed at need not exist.
    pub async fn referrers(
        &self,
        grant: &Grant<Read>,
        id: &EntityId,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Referrer>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.referrers(grant, id.clone(), offset, limit).await,
        }
    }

    /// One record.
    pub async fn record(&self, grant: &Grant<Read>, kind: &str, key: &str) -> Result<Option<Record>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.record(grant, kind.to_owned(), key.to_owned()).await,
        }
    }

    /// Records of a kind in the order of their keys, those after the key `after`.
    pub async fn records(
        &self,
        grant: &Grant<Read>,
        kind: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Record>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.records(grant, kind.to_owned(), after.to_owned(), limit).await,
        }
    }

    /// How many records of a kind there are. Exact, and known without counting.
    pub async fn record_count(&self, grant: &Grant<Read>, kind: &str) -> Result<u64> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.record_count(grant, kind.to_owned()).await,
        }
    }

    /// Records of a kind of all tenants, by tenant and key, those after the one given.
    pub async fn all_records(
        &self,
        _grant: &Grant<Feed>,
        kind: &str,
        after: Option<(Tenant, String)>,
        limit: usize,
    ) -> Result<Vec<Record>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.all_records(kind.to_owned(), after, limit).await,
        }
    }

    /// Every tenant that ever wrote something, in the order in which they came.
    pub fn tenants(&self, _grant: &Grant<Feed>) -> Vec<Tenant> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.tenants(),
        }
    }

    /// Sizes.
    pub async fn stats(&self, _grant: &Grant<Feed>) -> Result<Stats> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.stats().await,
        }
    }
}
