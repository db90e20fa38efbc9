//! Floor 4: several brokers answer as one (CIM 009 clauses 4.3.6, 5.12 and 6.3.17 to 6.3.19).
//!
//! Whoever asks is an [`Asker`]: a session, the way that the request came (`Via`), and the `@context` in which it is asked. Sources
//! that match are called at once, each within its own time; what they tell is read as if it had been written here, seen with
//! the sight of whoever asked, and laid over what is kept here ([`merge`]). What went wrong becomes a warning of a reading
//! ([`Warning`]), and the result of a part of a writing ([`Fate`]).
//!
//! Where nothing is registered nothing of this happens: callers ask [`Asker::is_alone`] first.

mod asker;
mod batch;
mod call;
mod discovery;
mod evolutions;
mod legs;
mod linked_maps;
mod maps;
mod merge;
mod purge;
mod question;
mod read;
mod series;
mod singly;
mod stamps;
mod tongue;
mod warning;
mod write;

pub use asker::{Asker, Way};
pub use batch::Share;
pub use call::{Answer, Call, Failure, Fate};
pub use discovery::{Inquiry, Inventory};
pub use evolutions::{FoundPast, Past};
pub use legs::{Legs, NOTICES, Taken};
pub use linked_maps::{LinkedMaps, SourceMaps};
pub use maps::{EntityMap, EntityMaps, HERE, MOST_ENTITIES};
pub use merge::{Part, merge};
pub use purge::{PurgePlan, Purging};
pub use question::QueryTexts;
pub use read::Found;
pub use series::{Reach, Series, aggregate, merge_series, reach_of_most};
pub use singly::{Overwriting, Singly};
pub use tongue::Tongue;
pub use warning::Warning;
pub use write::{Deed, Plan};
