//! Notifications over MQTT (CIM 009 clause 7.2): `mqtt[s]://[user[:password]@]host[:port]/topic`.
//!
//! The payload is `{"metadata": headers, "body": notification}`. One connection per broker and user is kept, and given
//! up when its event loop fails; a message counts as taken when the broker acknowledges it (QoS 1 unless the
//! subscription asks for another).

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rumqttc::mqttbytes::QoS;
use rumqttc::{AsyncClient, MqttOptions, PublishOptions, Transport};
use serde_json::value::RawValue;
use tokio::sync::Mutex;
use url::Url;

use super::Message;
use crate::outbound::Error;

/// Most brokers spoken to at once.
const MAX_CLIENTS: usize = 64;
/// Messages that may wait for one broker.
const QUEUE: usize = 64;

/// Open connections by broker and user.
#[derive(Debug, Default)]
pub(super) struct Clients {
    open: Mutex<HashMap<String, Arc<AsyncClient>>>,
    made: AtomicU64,
}

impl Clients {
    /// Publishes the message and waits for the broker's acknowledgement.
    pub(super) async fn send(&self, url: &Url, message: &Message) -> Result<(), Error> {
        let topic = url.path().trim_start_matches('/');
        let payload = payload(message)?;
        let key = format!("{}://{}@{}", url.scheme(), url.username(), url.authority());
        let client = self.client(&key, url).await?;
        let outcome = async {
            let notice = client.publish_tracked(topic, payload, PublishOptions::new(qos(message))).await.map_err(failed)?;
            notice.wait_completion_async().await.map_err(failed)
        }
        .await;
        if outcome.is_err() {
            self.open.lock().await.remove(&key);
        }
        outcome
    }

    async fn client(&self, key: &str, url: &Url) -> Result<Arc<AsyncClient>, Error> {
        let mut open = self.open.lock().await;
        if let Some(client) = open.get(key) {
            return Ok(Arc::clone(client));
        }
        if open.len() >= MAX_CLIENTS {
            return Err(Error::Failed(format!("already connected to {MAX_CLIENTS} MQTT brokers")));
        }
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let (client, mut events) = AsyncClient::builder(options(url, number)).capacity(QUEUE).build();
        let client = Arc::new(client);
        open.insert(key.to_owned(), Arc::clone(&client));
        let held = Arc::downgrade(&client);
        tokio::spawn(async move {
            // The loop ends with its first error: waiting messages then fail, and the next one connects anew.
            while held.strong_count() > 0 {
                if let Err(error) = events.poll().await {
                    tracing::debug!(%error, "mqtt connection for notifications ended");
                    break;
                }
            }
        });
        Ok(client)
    }
}

fn options(url: &Url, number: u64) -> MqttOptions {
    let secure = url.scheme() == "mqtts";
    let port = url.port().unwrap_or(if secure { 8883 } else { 1883 });
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let mut options = MqttOptions::new(format!("dinh-notify-{}-{number}", std::process::id()), (host, port));
    options.set_keep_alive(30);
    if !url.username().is_empty() {
        let decode = |text: &str| percent_decode(text);
        options.set_credentials(decode(url.username()), decode(url.password().unwrap_or_default()));
    }
    if secure {
        options.set_transport(Transport::tls_with_default_config());
    }
    options
}

fn percent_decode(text: &str) -> String {
    url::form_urlencoded::parse(format!("x={}", text.replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn payload(message: &Message) -> Result<Vec<u8>, Error> {
    #[derive(serde::Serialize)]
    struct Payload<'a> {
        metadata: HashMap<&'a str, &'a str>,
        body: &'a RawValue,
    }
    let metadata = message.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = serde_json::from_slice(&message.body).map_err(|e| Error::Failed(e.to_string()))?;
    serde_json::to_vec(&Payload { metadata, body }).map_err(|e| Error::Failed(e.to_string()))
}

fn qos(message: &Message) -> QoS {
    let wanted = message.settings.iter().find(|(name, _)| name.eq_ignore_ascii_case("MQTT-QoS"));
    match wanted.map(|(_, value)| value.as_str()) {
        Some("0") => QoS::AtMostOnce,
        Some("2") => QoS::ExactlyOnce,
        _ => QoS::AtLeastOnce,
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Failed(format!("mqtt: {error}"))
}

