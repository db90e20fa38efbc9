//! Reading.

use dinh_model::{EntityId, Term};
use dinh_ngsild::query::EntityQuery;
use dinh_store::{
    Area, AreaQuery, AttributeCount, EvolutionPage, EvolutionQuery, GridCell, History, HistoryQuery, Hit,
    Page, Record, Referrer, Stored, TypeCount,
};

use super::Session;
use crate::Error;

impl Session {
    /// One entity with its version, or [`Error::NotFound`].
    pub async fn entity(&self, id: &EntityId) -> Result<Stored, Error> {
        self.find(id).await?.ok_or_else(|| Error::NotFound(id.clone()))
    }

    /// One entity with its version, if it is there.
    pub async fn find(&self, id: &EntityId) -> Result<Option<Stored>, Error> {
        let found = self.context().store().entity(&self.seeing()?, id).await?;
        self.note_revealed(found.as_slice()).await?;
        Ok(found)
    }

    /// The entities that a query asks for, with their exact number if it asks for that too.
    pub async fn query(&self, query: EntityQuery) -> Result<Page, Error> {
        let page = self.context().store().query(&self.seeing()?, &query).await?;
        self.note_revealed(&page.entities).await?;
        Ok(page)
    }

    /// How many entities a query asks for, exactly; page bounds play no part.
    pub async fn count(&self, query: EntityQuery) -> Result<u64, Error> {
        let query = EntityQuery { limit: 0, offset: 0, count: true, order: Vec::new(), ..query };
        Ok(self.query(query).await?.total.unwrap_or_default())
    }

    /// How many entities there are of each type.
    pub async fn type_counts(&self) -> Result<Vec<TypeCount>, Error> {
        Ok(self.context().store().type_counts(&self.reading()?).await?)
    }

    /// How many entities of a type have each attribute.
    pub async fn attributes_of_type(&self, entity_type: &Term) -> Result<Vec<AttributeCount>, Error> {
        Ok(self.context().store().attributes_of_type(&self.reading()?, entity_type).await?)
    }

    /// Full-text search that ignores accents and ranks what is written just so first.
    /// `types` empty searches all types.
    pub async fn search(&self, text: &str, types: &[Term], limit: usize) -> Result<Vec<Hit>, Error> {
        Ok(self.context().store().search(&self.reading()?, text, types, limit).await?)
    }

    /// Observed values over time.
    pub async fn history(&self, query: HistoryQuery) -> Result<History, Error> {
        let history = self.context().store().history(&self.seeing()?, &query).await?;
        self.note_revealed_history(&query.id, &history).await?;
        Ok(history)
    }

    /// The evolution of one entity, also of one that is gone; none if nobody knows it.
    pub async fn evolution(
        &self,
        id: &EntityId,
        query: &EvolutionQuery,
    ) -> Result<Option<EvolutionPage>, Error> {
        let page = self.context().store().evolution(&self.seeing()?, id, query).await?;
        self.note_revealed_evolutions(page.as_slice()).await?;
        Ok(page)
    }

    /// The evolutions of the entities that a query asks for, also of those that are gone.
    pub async fn evolutions(&self, query: &EvolutionQuery) -> Result<EvolutionPage, Error> {
        let page = self.context().store().evolutions(&self.seeing()?, query).await?;
        self.note_revealed_evolutions(std::slice::from_ref(&page)).await?;
        Ok(page)
    }

    /// Entities with a point in a box, for maps.
    pub async fn points_in(&self, query: &AreaQuery) -> Result<Area, Error> {
        Ok(self.context().store().points_in(&self.reading()?, query).await?)
    }

    /// Entities with a line or polygon whose own box meets a box, for maps.
    pub async fn shapes_in(&self, query: &AreaQuery) -> Result<Area, Error> {
        Ok(self.context().store().shapes_in(&self.reading()?, query).await?)
    }

    /// How many points lie in each cell of a coarse grid over a box, for maps seen from afar.
    pub async fn grid(&self, query: &AreaQuery, level: u32) -> Result<Vec<GridCell>, Error> {
        Ok(self.context().store().grid(&self.reading()?, query, level).await?)
    }

    /// Entities with a relationship to `id`.
    pub async fn referrers(
        &self,
        id: &EntityId,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Referrer>, Error> {
        Ok(self.context().store().referrers(&self.reading()?, id, offset, limit).await?)
    }

    /// One record.
    pub async fn record(&self, kind: &str, key: &str) -> Result<Option<Record>, Error> {
        Ok(self.context().store().record(&self.reading()?, kind, key).await?)
    }

    /// Records of a kind with keys after `after` (empty for the first), in order of their keys.
    pub async fn records(&self, kind: &str, after: &str, limit: usize) -> Result<Vec<Record>, Error> {
        Ok(self.context().store().records(&self.reading()?, kind, after, limit).await?)
    }

    /// How many records of a kind there are.
    pub async fn record_count(&self, kind: &str) -> Result<u64, Error> {
        Ok(self.context().store().record_count(&self.reading()?, kind).await?)
    }
}
