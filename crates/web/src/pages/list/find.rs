//! Finding the entities of a page of the list.
//!
//! Several layers are listed one after the other, each in the order asked for: values of different kinds have no
//! common order.

use dinh_context::Session;
use dinh_context::graph::Stored;
use dinh_model::{Geometry, Term};
use dinh_ngsild::query::{
    Direction, EntityQuery, GeoQuery, GeoRelation, OrderKey, OrderSubject, Path, TypeExpr,
};
use geo::{Coord, Rect};

use crate::layers::Layer;
use crate::pages::asked::Asked;
use crate::tiles::Bounds;

/// Rows on a page.
pub(crate) const PAGE: u64 = 50;
/// Most entities found by words.
const MAX_FOUND: usize = 500;
/// The last page that can be turned to: the graph skips so many entities and no more.
pub(super) const MAX_PAGE: u64 = 2_000;

/// What a list shows.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) layers: Vec<&'a Layer>,
    pub(crate) words: Option<String>,
    pub(crate) bbox: Option<Bounds>,
    pub(crate) sort: Sort,
    /// From 1.
    pub(crate) page: u64,
}

/// In which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    pub(crate) by: By,
    pub(crate) descending: bool,
}

/// By what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Name,
    Value,
    /// When the value was observed.
    At,
    /// Short name of a column's attribute.
    Column(String),
}

impl Sort {
    /// From `name`, `-value`, `at` or the short name of a column's attribute.
    fn parse(text: &str) -> Self {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let by = match name {
            "name" => By::Name,
            "value" => By::Value,
            "at" => By::At,
            other => By::Column(other.to_owned()),
        };
        Self { by, descending }
    }
}

/// Entities with the layers that list them, and how many there are in all.
#[derive(Debug, Default)]
pub(crate) struct Found<'a> {
    pub(crate) entities: Vec<(&'a Layer, Stored)>,
    pub(crate) total: u64,
    /// There may be fewer than `total`: so many lie in a large area that they were not counted one by one.
    pub(crate) at_most: bool,
    /// There were too many to be put in order.
    pub(crate) unsorted: bool,
}

impl<'a> Wanted<'a> {
    /// What an address asks of these layers.
    pub(crate) fn new(asked: &Asked, layers: Vec<&'a Layer>) -> Self {
        Self {
            layers,
            words: asked.words(),
            bbox: asked.bbox(),
            sort: Sort::parse(asked.get("sort").unwrap_or("name")),
            page: asked.number("page").unwrap_or(1).clamp(1, MAX_PAGE),
        }
    }

    /// The rows of the page.
    pub(crate) async fn find(&self, session: &Session) -> Result<Found<'a>, dinh_context::Error> {
        match &self.words {
            Some(words) => self.by_words(session, words).await,
            None => self.by_query(session).await,
        }
    }

    async fn by_query(&self, session: &Session) -> Result<Found<'a>, dinh_context::Error> {
        let mut found = Found::default();
        let (mut skip, mut room) = ((self.page - 1) * PAGE, PAGE);
        for layer in &self.layers {
            let total = self.count(session, layer, &mut found).await?;
            found.total += total;
            if skip >= total {
                skip -= total;
                continue;
            }
            if room == 0 {
                continue;
            }
            let query = EntityQuery {
                offset: usize::try_from(skip).unwrap_or(usize::MAX),
                limit: usize::try_from(room).unwrap_or(0),
                order: self.order(layer),
                ..self.query(layer)
            };
            let page = match session.query(query.clone()).await {
                Err(error) if error.is_too_complex() => {
                    found.unsorted = true;
                    session.query(EntityQuery { order: Vec::new(), ..query }).await?
                }
                page => page?,
            };
            room = room.saturating_sub(page.entities.len() as u64);
            skip = 0;
            found.entities.extend(page.entities.into_iter().map(|stored| (*layer, stored)));
        }
        Ok(found)
    }

    /// How many entities of a layer are listed; where they are too many to look at each, at most how many.
    async fn count(
        &self,
        session: &Session,
        layer: &Layer,
        found: &mut Found<'_>,
    ) -> Result<u64, dinh_context::Error> {
        match session.count(self.query(layer)).await {
            Err(error) if error.is_too_complex() => found.at_most = true,
            counted => return counted,
        }
        let mut total = 0;
        for entity_type in &layer.types {
            let attrs = vec![layer.geometry.clone()];
            total +=
                session.count(EntityQuery { attrs, ..EntityQuery::of_type(entity_type.clone()) }).await?;
        }
        Ok(total)
    }

    /// What words find, best first; the conditions of the list are checked here.
    async fn by_words(&self, session: &Session, words: &str) -> Result<Found<'a>, dinh_context::Error> {
        let types: Vec<Term> = self.layers.iter().flat_map(|layer| layer.types.clone()).collect();
        let hits = session.search(words, &types, MAX_FOUND).await?;
        let mut all = Vec::new();
        for hit in hits {
            let layer = self.layers.iter().copied().find(|layer| layer.holds(&hit.found.entity));
            if let Some(layer) = layer.filter(|layer| self.query(layer).matches(&hit.found.entity)) {
                all.push((layer, hit.found));
            }
        }
        let total = all.len() as u64;
        let skip = usize::try_from((self.page - 1) * PAGE).unwrap_or(usize::MAX);
        let entities = all.into_iter().skip(skip).take(usize::try_from(PAGE).unwrap_or(0)).collect();
        Ok(Found { entities, total, ..Found::default() })
    }

    fn query(&self, layer: &Layer) -> EntityQuery {
        EntityQuery {
            types: Some(of_types(layer)),
            attrs: vec![layer.geometry.clone()],
            geo: self.bbox.map(|bounds| within(bounds, layer)),
            ..EntityQuery::default()
        }
    }

    fn order(&self, layer: &Layer) -> Vec<OrderKey> {
        let value = layer.value.as_ref().map(|value| Path::attribute(value.attribute.clone()));
        let subject = match &self.sort.by {
            By::Name => OrderSubject::Value(Path::attribute(layer.label.clone())),
            By::Value => value.map_or(OrderSubject::Id, OrderSubject::Value),
            By::At => match value {
                Some(mut path) => {
                    path.subs.push("https://uri.etsi.org/ngsi-ld/observedAt".into());
                    OrderSubject::Value(path)
                }
                None => OrderSubject::ModifiedAt,
            },
            By::Column(name) => match layer.columns.iter().find(|column| column.name == *name) {
                Some(column) => OrderSubject::Value(Path::attribute(column.attribute.clone())),
                None => OrderSubject::Id,
            },
        };
        let direction = if self.sort.descending { Direction::Descending } else { Direction::Ascending };
        vec![OrderKey { subject, direction }]
    }
}

/// The types of a layer's entities.
pub(crate) fn of_types(layer: &Layer) -> TypeExpr {
    match &layer.types[..] {
        [one] => TypeExpr::Is(one.clone()),
        several => TypeExpr::Any(several.iter().cloned().map(TypeExpr::Is).collect()),
    }
}

fn within(bounds: Bounds, layer: &Layer) -> GeoQuery {
    let corner = |x, y| Coord { x, y };
    let area = Rect::new(corner(bounds.west, bounds.south), corner(bounds.east, bounds.north)).to_polygon();
    GeoQuery::new(GeoRelation::Intersects, Geometry::Polygon(area), layer.geometry.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read() {
        assert_eq!(Sort::parse("-value"), Sort { by: By::Value, descending: true });
        assert_eq!(Sort::parse("river"), Sort { by: By::Column("river".into()), descending: false });
    }
}
