//! The harness of the black-box tests and the benchmarks.
//!
//! It starts the shipped binary as a person would, on a free port, in a folder of its own; speaks HTTP and MQTT to it;
//! receives its notifications; and ends it when the test ends. It depends on none of the house's crates, so a test can
//! only use what every user has.
//!
//! Waiting is level-triggered: [`until`] asks again and again whether something holds, up to a limit, and says what it
//! waited for when it gives up. No test sleeps and hopes.

mod api;
mod authority;
mod binary;
mod broker;
mod crash;
mod mail;
mod packs;
mod portal;
mod receiver;
mod rivals;
mod server;
mod skip;
mod source;
mod token;
mod wait;

pub use api::{Api, Method, Reply};
pub use authority::Authority;
pub use binary::{Output, dinh, rounds, run};
pub use broker::{Broker, MqttClient};
pub use crash::{Tally, survive_kills};
pub use mail::MailServer;
pub use packs::Packs;
pub use portal::{PORTAL_LOGIN, PortalMood, PortalServer, Simulated};
pub use receiver::{Mood, Notification, Receiver};
pub use rivals::{Rivalry, rival_batches};
pub use server::{Server, Stopped};
pub use skip::skip;
pub use source::{Asked, Source};
pub use token::{TokenAgent, UsbToken};
pub use wait::{PATIENCE, until};

/// What a test returns: any error fails it, with its whole story.
pub type Test = anyhow::Result<()>;
