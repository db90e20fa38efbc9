//! What a request says: its media types, its `@context`, its parameters, its body, who sends it.

mod body;
mod condition;
mod link;
mod media;
mod page;
mod parameters;
mod path;
mod tenant;
mod visit;

pub(crate) use body::{Document, Item, Written, read_bytes};
pub(crate) use condition::{expected_version, idempotency_key, is_known, tag};
pub(crate) use link::{context_link, context_url};
pub(crate) use media::{JSON, JSON_OR_GEO, Media};
pub(crate) use page::Window;
pub(crate) use parameters::{Given, Known, Operation, Parameters};
pub(crate) use path::{Segments, entity_id, registration_id, subscription_id};
pub(crate) use tenant::{TENANT, Tenants, tenant};
pub(crate) use visit::{Author, FirstVisit, SNAPSHOT, Visit};
