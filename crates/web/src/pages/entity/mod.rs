//! One entity: everything known of it, where it comes from, how its values went, what it is linked to.

mod attributes;
mod history;
mod links;
mod page;
mod series;

pub(super) use links::entity_name;
pub(super) use page::{entity, is_exercise, panel, provider};
pub(super) use series::{Span, read_series};
