//! `@context`: what turns short names into full IRIs and back (CIM 009 clauses 4.4, 5.5.5 and 5.5.7).
//!
//! Only the part of JSON-LD that NGSI-LD needs: terms, prefixes, `@vocab`, arrays and remote documents. Contexts inside
//! terms or attributes are refused, as clause 5.5.7 asks. `@base` and `@language` change nothing here: identifiers are
//! absolute and texts carry their language themselves.

mod build;
mod core;
mod error;
mod iri;
mod terms;

pub use build::{ContextLoader, NoLoader, remote_urls};
pub use core::{CORE_DOCUMENT, CORE_URL, is_core_url};
pub use error::ContextError;
pub use terms::{Coercion, Context};
