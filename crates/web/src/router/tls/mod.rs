//! TLS at the door: the certificate, and connections that have shaken hands.

mod certificate;
mod listener;

pub use certificate::{Tls, TlsError};
pub(super) use listener::TlsListener;
