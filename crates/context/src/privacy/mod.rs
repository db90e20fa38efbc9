//! What the law asks of personal data while it is kept and when it must go (Law 91/2025/QH15 on personal data
//! protection): which attributes are sealed, how long an entity must be kept, and erasing what is kept of somebody.
//!
//! A type says in its schema how long its entities are kept, from when, and by which rule:
//!
//! ```json
//! "x-dinh": {"retention": {"keep": "P5Y", "from": "completedAt", "then": "erase",
//!            "basis": {"vi": "Luật Lưu trữ …", "en": "Law on Archives …"}}}
//! ```
//!
//! `keep` is an ISO 8601 duration of years, months, weeks and days, or `always`; `from` is an attribute that holds a
//! date or an instant, or `modifiedAt`, which also holds where the attribute is missing. Within the period an erasure on
//! request leaves the entity, and says until when and why. After it, `"then": "erase"` lets the daily round
//! ([`crate::Context::expire`]) erase it without being asked; without `then` it stays until somebody asks.

mod day;
mod expiry;
mod files;
mod marks;
mod retention;

pub use day::Day;
pub(crate) use day::day_of;
pub(crate) use marks::SealMarks;
pub(crate) use retention::Written as WrittenRetention;
pub use retention::{Keep, Retention};
