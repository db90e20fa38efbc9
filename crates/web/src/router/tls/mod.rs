//! TLS at the door: the certificate, and connections that have shaken hands.

mod acme;
mod certificate;
mod listener;

pub use acme::Acme;
use certificate::provider;
pub use certificate::{Tls, TlsError};
pub(super) use listener::TlsListener;
