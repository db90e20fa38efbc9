//! Floor 2: administrative procedures as the national list tells them. Pure.
//!
//! A record of the list, in the form of the national API or of the public portal, is read into one [`Procedure`]
//! ([`read`]). What the law changes becomes another [`Edition`]; earlier ones stay. [`plain`] writes what a citizen
//! needs first; a [`Shelf`] holds the whole list in memory and finds the right procedure; [`LifeEvents`] say which
//! procedures belong to a birth, a house, a business. [`graph`] turns all this into entities and back.
//!
//! The field tree follows Decree 63/2010/NĐ-CP, article 8.2: name, steps, ways to file, documents, time limit, who,
//! which agency, result, forms, fees and conditions.

mod code;
mod edition;
pub mod graph;
mod kinds;
mod life;
pub mod plain;
mod procedure;
pub mod read;
mod shelf;

pub use code::Code;
pub use edition::{Edition, READER, Standing, Treatment, content_hash};
pub use kinds::{Audience, ChannelKind, Level, TimeUnit};
pub use life::{LifeEvent, LifeEventError, LifeEvents, Titles};
pub use procedure::{
    Act, Channel, Document, DocumentSet, Doubt, Duration, Fee, Form, Named, Outcome, Procedure, StepSet,
};
pub use shelf::{Entry, Found, Group, Groups, Query, Shelf};
