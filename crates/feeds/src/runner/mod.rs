//! The runner: every feed as a unit of its own, supervised, with its health and its dead letters.
//!
//! A unit is two tasks. The source task reads the outside world and hands deliveries over a bounded channel; the
//! pump maps, checks and commits them, one batch at a time, and tells the source when its delivery is durable. A
//! third, slow beat keeps the feed's own entity up to date. One unit never waits for another.

mod batch;
mod delivery;
mod derived;
mod entity;
mod feeds;
mod health;
mod letters;
mod order;
mod pump;
mod replies;
mod unit;

pub use delivery::Outcome;
pub use feeds::{FeedPlan, Feeds, FeedsSetup};
pub use health::{FeedHealth, FeedStatus, LastError};
pub use letters::DeadLetter;
pub use replies::{CorrectError, PushError, PushReport, PushedRecord};

pub(crate) use delivery::{Delivery, Outlet, Stopped};
pub(crate) use health::Health;
