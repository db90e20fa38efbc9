//! Notifications over MQTT 5.0 and 3.1.1 (CIM 009 clause 7.2).
//!
//! The payload is `{"metadata": headers, "body": notification}`. One connection per broker, user and version is kept,
//! and given up when its event loop fails. A message counts as taken when the broker acknowledges it: what a
//! subscription asks for with QoS 0 is sent with QoS 1 too, because nothing else would tell whether it arrived.

mod versions;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dinh_ngsild::subscription::MqttTarget;
use serde_json::value::RawValue;
use tokio::sync::Mutex;

use self::versions::{Client, failed};
use super::Message;
use crate::outbound::Error;

/// Most brokers spoken to at once.
const MAX_CLIENTS: usize = 64;

/// Open connections by broker, user and version: a target without topic and quality of service.
type Open = Mutex<Vec<(MqttTarget, Arc<Client>)>>;

/// The connections that notifications go through.
#[derive(Debug, Default)]
pub(super) struct Clients {
    open: Arc<Open>,
    made: AtomicU64,
}

impl Clients {
    /// Publishes the message and waits for the broker's acknowledgement.
    pub(super) async fn send(&self, target: &MqttTarget, message: &Message) -> Result<(), Error> {
        let payload = payload(message)?;
        let broker = MqttTarget { topic: String::new(), qos: 0, ..target.clone() };
        let client = self.client(&broker).await?;
        let outcome = client.publish(&target.topic, payload, target.qos == 2).await;
        if outcome.is_err() {
            self.open.lock().await.retain(|(_, other)| !Arc::ptr_eq(other, &client));
        }
        outcome
    }

    async fn client(&self, broker: &MqttTarget) -> Result<Arc<Client>, Error> {
        let mut open = self.open.lock().await;
        if let Some((_, client)) = open.iter().find(|(other, _)| other == broker) {
            return Ok(Arc::clone(client));
        }
        if open.len() >= MAX_CLIENTS {
            return Err(Error::Failed(format!("already connected to {MAX_CLIENTS} MQTT brokers")));
        }
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("dinh-notify-{}-{number}", std::process::id());
        let (client, mut events) = Client::new(broker, name);
        let client = Arc::new(client);
        open.push((broker.clone(), Arc::clone(&client)));
        let (held, list) = (Arc::downgrade(&client), Arc::clone(&self.open));
        tokio::spawn(async move {
            // The loop ends with its first error: waiting messages then fail, and the next one connects anew.
            while held.strong_count() > 0 {
                if let Err(error) = events.poll().await {
                    tracing::debug!(%error, "mqtt connection for notifications ended");
                    break;
                }
            }
            // Nobody is to wait for a connection that is gone.
            if let Some(gone) = held.upgrade() {
                list.lock().await.retain(|(_, other)| !Arc::ptr_eq(other, &gone));
            }
        });
        Ok(client)
    }
}

fn payload(message: &Message) -> Result<Vec<u8>, Error> {
    #[derive(serde::Serialize)]
    struct Payload<'a> {
        metadata: HashMap<&'a str, &'a str>,
        body: &'a RawValue,
    }
    let metadata = message.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = serde_json::from_slice(&message.body).map_err(failed)?;
    serde_json::to_vec(&Payload { metadata, body }).map_err(failed)
}
