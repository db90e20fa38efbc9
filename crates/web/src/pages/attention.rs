//! What asks for attention: the entities whose value is in a class of a high level, the highest first.

use dinh_ngsild::query::EntityQuery;

use super::fault::Fault;
use super::list::{of_types, row};
use super::view;
use super::visitor::Visitor;
use crate::layers::{ATTENTION, Item, Layer};

/// Most entities of a layer looked at.
const MAX_LOOKED_AT: usize = 2_000;
/// Most entities shown: a wall that lists everything says nothing.
const MAX_SHOWN: usize = 8;

/// The rows, the highest level first, the freshest of a level first.
pub(super) async fn attention(visitor: &Visitor, layers: &[&Layer]) -> Result<Vec<view::Row>, Fault> {
    let mut found = Vec::new();
    for layer in layers.iter().filter(|layer| layer.classes.iter().any(|class| class.level >= ATTENTION)) {
        let query = EntityQuery {
            types: Some(of_types(layer)),
            attrs: vec![layer.geometry.clone()],
            limit: MAX_LOOKED_AT,
            ..EntityQuery::default()
        };
        let page = visitor.session.query(query).await.map_err(|e| Fault::of(visitor.taste, e))?;
        for stored in page.entities {
            let item = Item::new(layer, &stored.entity);
            let level = item.class_in(layer).map_or(0, |class| class.level);
            if level >= ATTENTION && !item.is_stale(layer, visitor.now) {
                found.push((level, item.at, row(visitor, layer, &stored.entity)));
            }
        }
    }
    found.sort_by_key(|(level, at, _)| std::cmp::Reverse((*level, *at)));
    Ok(found.into_iter().take(MAX_SHOWN).map(|(_, _, row)| row).collect())
}
