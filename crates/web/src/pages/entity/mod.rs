//! One entity: everything known of it, where it comes from, how its values went, what it is linked to.

mod attributes;
mod history;
mod links;
mod page;
mod reveal;
mod series;

pub(super) use links::entity_name;
pub(super) use page::{entity, is_exercise, panel, provider};
pub(super) use reveal::reveal;
pub(super) use series::{Span, read_series};

use dinh_model::Entity;

use super::view::AttributeRow;
use super::visitor::Visitor;

/// The attributes of an entity as rows, without a layer that would put its value first.
pub(super) fn attribute_rows(visitor: &Visitor, entity: &Entity) -> Vec<AttributeRow> {
    attributes::rows(visitor, entity, None)
}
