//! MQTT endpoints (clause 7.2): `mqtt[s]://[user][:password]@host[:port]/topic[/subtopic]*`.

use super::endpoint::{Accept, Endpoint};
use crate::read::ReadError;

/// A version of MQTT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum MqttVersion {
    /// 3.1.1.
    V311,
    /// 5.0.
    #[default]
    V5,
}

/// Where a notification goes over MQTT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MqttTarget {
    /// Host name or address.
    pub host: String,
    /// Port: 1883, or 8883 with TLS, unless told otherwise.
    pub port: u16,
    /// Whether to use TLS.
    pub tls: bool,
    /// User name, if any.
    pub user: Option<String>,
    /// Password, if any.
    pub password: Option<String>,
    /// The topic, levels separated by slashes.
    pub topic: String,
    /// Quality of service: 0, 1 or 2.
    pub qos: u8,
    /// Version of the protocol.
    pub version: MqttVersion,
}

/// The target of an MQTT endpoint; `None` for an HTTP one.
pub(super) fn target(endpoint: &Endpoint) -> Result<Option<MqttTarget>, ReadError> {
    let at = "notification.endpoint.uri";
    let bad = |reason: &str| ReadError::at(at, reason);
    let url = url::Url::parse(&endpoint.uri).map_err(|reason| bad(&reason.to_string()))?;
    let tls = match url.scheme() {
        "mqtt" => false,
        "mqtts" => true,
        _ => return Ok(None),
    };
    if endpoint.accept() == Accept::GeoJson {
        return Err(ReadError::at(
            "notification.endpoint.accept",
            "over MQTT it is application/json or application/ld+json",
        ));
    }
    let topic = url.path().trim_start_matches('/').to_owned();
    if topic.is_empty() || topic.contains('+') || url.fragment().is_some() || url.query().is_some() {
        return Err(bad("an MQTT endpoint names a topic after the host, without +, # and ?"));
    }
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (qos, version) = settings(endpoint)?;
    Ok(Some(MqttTarget {
        host: url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
        port: url.port().unwrap_or(if tls { 8883 } else { 1883 }),
        tls,
        user: Some(url.username()).filter(|user| !user.is_empty()).map(decoded),
        password: url.password().map(decoded),
        topic: decoded(&topic),
        qos,
        version,
    }))
}

fn settings(endpoint: &Endpoint) -> Result<(u8, MqttVersion), ReadError> {
    let bad = |reason: &str| ReadError::at("notification.endpoint.notifierInfo", reason);
    let (mut qos, mut version) = (0, MqttVersion::default());
    for pair in &endpoint.notifier_info {
        match pair.key.as_str() {
            "MQTT-QoS" => {
                qos = match pair.value.as_str() {
                    "0" => 0,
                    "1" => 1,
                    "2" => 2,
                    _ => return Err(bad("MQTT-QoS is 0, 1 or 2")),
                }
            }
            "MQTT-Version" => {
                version = match pair.value.as_str() {
                    "mqtt3.1.1" => MqttVersion::V311,
                    "mqtt5.0" => MqttVersion::V5,
                    _ => return Err(bad("MQTT-Version is mqtt3.1.1 or mqtt5.0")),
                }
            }
            _ => {}
        }
    }
    Ok((qos, version))
}
