//! What this client remembers of its session with a broker: nothing.
//!
//! The broker keeps our session while we are away. The client library refuses to go on with such a session unless it
//! knows what of its own was in flight; we publish nothing, so nothing ever is.

use rumqttc::{PersistedAckMode, PersistedSession, SessionStore, SessionStoreError, SessionStoreKey};

use futures::future::BoxFuture;

/// A session in which nothing of ours is in flight.
#[derive(Debug)]
pub(super) struct NothingInFlight {
    /// How long the broker keeps the session, in seconds.
    pub(super) expiry: u32,
}

impl SessionStore for NothingInFlight {
    fn load<'a>(
        &'a self,
        key: &'a SessionStoreKey,
    ) -> BoxFuture<'a, Result<Option<PersistedSession>, SessionStoreError>> {
        let session = PersistedSession {
            format_version: 1,
            client_id: key.client_id().to_owned(),
            clean_start: false,
            session_expiry_interval: Some(self.expiry),
            outgoing_inflight_upper_limit: None,
            ack_mode: PersistedAckMode::Manual,
            last_pkid: 0,
            last_puback: 0,
            replay: Vec::new(),
            incoming_qos2: Vec::new(),
        };
        Box::pin(std::future::ready(Ok(Some(session))))
    }

    fn save<'a>(
        &'a self,
        _key: &'a SessionStoreKey,
        _session: &'a PersistedSession,
    ) -> BoxFuture<'a, Result<(), SessionStoreError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn clear<'a>(&'a self, _key: &'a SessionStoreKey) -> BoxFuture<'a, Result<(), SessionStoreError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
