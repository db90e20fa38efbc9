//! A connection to a broker in the version of MQTT that a subscription asks for. Both versions are spoken by one
//! library in two crates with the same names; here they become one type.

use dinh_ngsild::subscription::{MqttTarget, MqttVersion};

use crate::outbound::Error;

/// Messages that may wait for one broker.
const QUEUE: usize = 64;
/// Seconds of silence after which the connection is tried.
const KEEP_ALIVE: u16 = 30;

/// Where messages are handed in.
#[derive(Debug)]
pub(super) enum Client {
    V5(rumqttc::AsyncClient),
    V311(rumqttc_v311::AsyncClient),
}

/// What carries them to the broker; it must be polled.
pub(super) enum Events {
    V5(Box<rumqttc::EventLoop>),
    V311(Box<rumqttc_v311::EventLoop>),
}

impl Client {
    /// A client that calls itself `name`. Nothing is connected before the events are polled.
    pub(super) fn new(broker: &MqttTarget, name: String) -> (Self, Events) {
        match broker.version {
            MqttVersion::V5 => {
                let builder = rumqttc::AsyncClient::builder(v5(broker, name));
                let (client, events) = builder.capacity(QUEUE).build();
                (Self::V5(client), Events::V5(Box::new(events)))
            }
            MqttVersion::V311 => {
                let builder = rumqttc_v311::AsyncClient::builder(v311(broker, name));
                let (client, events) = builder.capacity(QUEUE).build();
                (Self::V311(client), Events::V311(Box::new(events)))
            }
        }
    }

    /// Publishes and waits until the broker has acknowledged: with QoS 1, or with QoS 2 if `exactly_once`.
    pub(super) async fn publish(
        &self,
        topic: &str,
        payload: Vec<u8>,
        exactly_once: bool,
    ) -> Result<(), Error> {
        match self {
            Self::V5(client) => {
                use rumqttc::mqttbytes::QoS::{AtLeastOnce, ExactlyOnce};
                let options =
                    rumqttc::PublishOptions::new(if exactly_once { ExactlyOnce } else { AtLeastOnce });
                let notice = client.publish_tracked(topic, payload, options).await.map_err(failed)?;
                notice.wait_completion_async().await.map_err(failed)
            }
            Self::V311(client) => {
                use rumqttc_v311::mqttbytes::QoS::{AtLeastOnce, ExactlyOnce};
                let options =
                    rumqttc_v311::PublishOptions::new(if exactly_once { ExactlyOnce } else { AtLeastOnce });
                let notice = client.publish_tracked(topic, payload, options).await.map_err(failed)?;
                notice.wait_completion_async().await.map_err(failed)
            }
        }
    }
}

impl Events {
    /// Carries on until something has happened; an error ends the connection.
    pub(super) async fn poll(&mut self) -> Result<(), Error> {
        match self {
            Self::V5(events) => events.poll().await.map(drop).map_err(failed),
            Self::V311(events) => events.poll().await.map(drop).map_err(failed),
        }
    }
}

fn v5(broker: &MqttTarget, name: String) -> rumqttc::MqttOptions {
    let mut options = rumqttc::MqttOptions::new(name, (broker.host.as_str(), broker.port));
    options.set_keep_alive(KEEP_ALIVE);
    if let Some(user) = &broker.user {
        options.set_credentials(user.clone(), broker.password.clone().unwrap_or_default());
    }
    if broker.tls {
        options.set_transport(rumqttc::Transport::tls_with_default_config());
    }
    options
}

fn v311(broker: &MqttTarget, name: String) -> rumqttc_v311::MqttOptions {
    let mut options = rumqttc_v311::MqttOptions::new(name, (broker.host.as_str(), broker.port));
    options.set_keep_alive(KEEP_ALIVE);
    if let Some(user) = &broker.user {
        options.set_credentials(user.clone(), broker.password.clone().unwrap_or_default());
    }
    if broker.tls {
        options.set_transport(rumqttc_v311::Transport::tls_with_default_config());
    }
    options
}

pub(super) fn failed(error: impl std::fmt::Display) -> Error {
    Error::Failed(format!("mqtt: {error}"))
}
