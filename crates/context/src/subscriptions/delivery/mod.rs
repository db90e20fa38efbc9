//! Handing a notification to its endpoint, over HTTP or MQTT.

mod http;
mod mqtt;

use std::time::Duration;

use bytes::Bytes;
use url::Url;

use crate::outbound::{Error, Outbound};

/// Time an endpoint has to answer, unless its subscription says otherwise.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest time a subscription may grant its endpoint.
pub(super) const MAX_TIMEOUT: Duration = Duration::from_secs(30);

/// One notification, ready to send.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// Where to.
    pub(super) endpoint: String,
    /// Headers (HTTP) or metadata (MQTT), content type and link included.
    pub(super) headers: Vec<(String, String)>,
    /// Settings for the notifier, e.g. `MQTT-QoS`.
    pub(super) settings: Vec<(String, String)>,
    /// The notification as JSON.
    pub(super) body: Bytes,
    /// How long to wait.
    pub(super) timeout: Duration,
}

/// Sends notifications.
#[derive(Debug)]
pub(super) struct Courier {
    outbound: Outbound,
    mqtt: mqtt::Clients,
}

impl Courier {
    /// A courier that goes only where `outbound` allows.
    pub(super) fn new(outbound: Outbound) -> Self {
        Self { outbound, mqtt: mqtt::Clients::default() }
    }

    /// Sends one message; `Ok` means that the other side has taken it.
    pub(super) async fn send(&self, message: &Message) -> Result<(), Error> {
        let url = self.outbound.check(&message.endpoint)?;
        let sending = async {
            match url.scheme() {
                "http" | "https" => http::send(&self.outbound, message).await,
                "mqtt" | "mqtts" => self.mqtt.send(&url, message).await,
                _ => Err(Error::NotAUrl(message.endpoint.clone())),
            }
        };
        match tokio::time::timeout(message.timeout, sending).await {
            Ok(outcome) => outcome,
            Err(_elapsed) => Err(Error::Failed("timed out".to_owned())),
        }
    }
}

/// Refuses endpoints that no courier could reach, when a subscription is made.
pub(crate) fn check_endpoint(outbound: &Outbound, endpoint: &str) -> Result<(), Error> {
    let url: Url = outbound.check(endpoint)?;
    match url.scheme() {
        "http" | "https" => Ok(()),
        "mqtt" | "mqtts" if url.path().len() > 1 => Ok(()),
        _ => Err(Error::NotAUrl(endpoint.to_owned())),
    }
}
