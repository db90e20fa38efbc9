//! Reading.

use dinh_model::{EntityId, Term};
use dinh_ngsild::query::EntityQuery;
use dinh_store::{
    Area, AreaQuery, AttributeCount, GridCell, History, HistoryQuery, Hit, Page, Record, Referrer, SearchQuery,
    Stored, TypeCount,
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
        Ok(self.context().store().entity(&self.reading()?, id).await?)
    }

    /// The entities that a query asks for, with their exact number if it asks for that too.
    pub async fn query(&self, query: EntityQuery) -> Result<Page, Error> {
        Ok(self.context().store().query(&self.reading()?, query).await?)
    }

    /// How many entities a query asks for, exactly; page bounds play no part.
    pub async fn count(&self, query: EntityQuery) -> Result<u64, Error> {
        Ok(self.context().store().count(&self.reading()?, query).await?)
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
    pub async fn search(&self, query: SearchQuery) -> Result<Vec<Hit>, Error> {
        Ok(self.context().store().search(&self.reading()?, query).await?)
    }

    /// Observed values over time.
    pub async fn history(&self, query: HistoryQuery) -> Result<History, Error> {
        Ok(self.context().store().history(&self.reading()?, query).await?)
    }

    /// Entities with a geometry that meets a box, for maps.
    pub async fn area(&self, query: AreaQuery) -> Result<Area, Error> {
        Ok(self.context().store().area(&self.reading()?, query).await?)
    }

    /// How many points lie in each coarse cell of a box, for maps seen from afar.
    pub async fn grid(&self, query: AreaQuery) -> Result<Vec<GridCell>, Error> {
        Ok(self.context().store().grid(&self.reading()?, query).await?)
    }

    /// Entities with a relationship to `id`.
    pub async fn referrers(&self, id: &EntityId, limit: usize) -> Result<Vec<Referrer>, Error> {
        Ok(self.context().store().referrers(&self.reading()?, id, limit).await?)
    }

    /// One record.
    pub async fn record(&self, kind: &str, key: &str) -> Result<Option<Record>, Error> {
        Ok(self.context().store().record(&self.reading()?, kind, key).await?)
    }

    /// Records of a kind with keys after `after`, in order of their keys.
    pub async fn records(&self, kind: &str, after: Option<&str>, limit: usize) -> Result<Vec<Record>, Error> {
        Ok(self.context().store().records(&self.reading()?, kind, after, limit).await?)
    }
}
