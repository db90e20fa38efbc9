//! Floor 5: the ways by which people are told of their cases.
//!
//! [`Mail`] speaks SMTP; [`Gateway`] calls whatever a provider of text messages or of Zalo offers over HTTP, as a template
//! in the configuration describes it. Both are a `Messenger` of `dinh_casework`, which says what is told to whom, keeps it
//! until it is, and tries again. Nothing is called that is not on the allow-list for outbound calls.

mod error;
mod gateway;
mod letter;
mod mail;
mod place;
mod plain;
mod template;

pub use error::Error;
pub use gateway::{Gateway, GatewaySettings, Match, Reach};
pub use mail::{Mail, MailSettings, Security};
pub use template::{NumberForm, Text};
