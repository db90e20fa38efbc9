//! Handing a notification to its endpoint, over HTTP or MQTT.

mod http;
mod mqtt;

use std::time::Duration;

use bytes::Bytes;
use dinh_ngsild::subscription::MqttTarget;

use crate::outbound::{Error, Outbound};

/// Time an endpoint has to answer, unless its subscription says otherwise.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest time a subscription may grant its endpoint.
pub(super) const MAX_TIMEOUT: Duration = Duration::from_secs(30);

/// One notification, ready to send.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// Where to.
    pub(crate) endpoint: String,
    /// Headers (HTTP) or metadata (MQTT), content type and link included.
    pub(crate) headers: Vec<(String, String)>,
    /// Broker and topic, if it goes over MQTT.
    pub(crate) mqtt: Option<MqttTarget>,
    /// The notification as JSON.
    pub(crate) body: Bytes,
    /// How long to wait.
    pub(crate) timeout: Duration,
}

/// Sends notifications.
#[derive(Debug)]
pub(crate) struct Courier {
    outbound: Outbound,
    mqtt: mqtt::Clients,
}

impl Courier {
    /// A courier that goes only where `outbound` allows.
    pub(crate) fn new(outbound: Outbound) -> Self {
        Self { outbound, mqtt: mqtt::Clients::default() }
    }

    /// Sends one message; `Ok` means that the other side has taken it.
    pub(crate) async fn send(&self, message: &Message) -> Result<(), Error> {
        self.outbound.check(&message.endpoint)?;
        let sending = async {
            match &message.mqtt {
                Some(target) => self.mqtt.send(target, message).await,
                None => http::send(&self.outbound, message).await,
            }
        };
        match tokio::time::timeout(message.timeout, sending).await {
            Ok(outcome) => outcome,
            Err(_elapsed) => Err(Error::Failed("timed out".to_owned())),
        }
    }
}

/// Refuses endpoints that no courier may go to, when a subscription is made.
pub(crate) fn check_endpoint(outbound: &Outbound, endpoint: &str) -> Result<(), Error> {
    outbound.check(endpoint).map(drop)
}
