//! How the broker is reached.

use rumqttc::{
    AckMode, Broker, IncomingPacketSizeLimit, MqttOptions, NetworkOptions, SessionMode, TlsConfiguration,
    Transport,
};
use url::Url;

use super::session::NothingInFlight;
use super::{MAX_MESSAGE, RECEIVE_MAXIMUM};
use crate::Words;
use crate::definition::MqttSource;
use crate::sources::Site;
use crate::sources::site::both;

/// Acknowledgements written to the connection at once.
const ACKNOWLEDGED_AT_ONCE: usize = 64;

/// Everything about the connection that the definition and the settings say.
pub(super) fn options(site: &Site, source: &MqttSource) -> Result<MqttOptions, Words> {
    let address = site.settings.fill(&source.url)?;
    let invalid = |reason: &dyn std::fmt::Display| {
        both("địa chỉ MQTT không hợp lệ", "the MQTT address is not valid", reason)
    };
    let url = Url::parse(&address).map_err(|reason| invalid(&reason))?;
    let tls = match url.scheme() {
        "mqtt" => false,
        "mqtts" => true,
        other => return Err(invalid(&format!("{other} is neither mqtt nor mqtts"))),
    };
    site.fetch.allows(&url).map_err(|reason| {
        both("không được phép gọi địa chỉ này", "this address may not be called", &reason)
    })?;
    let host = url.host_str().ok_or_else(|| invalid(&"there is no host"))?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = url.port().unwrap_or(if tls { 8883 } else { 1883 });
    let own = || format!("dinh-{}-{}-{}", site.key.tenant, site.key.name.pack, site.key.name.feed);
    let client_id = source.client_id.clone().unwrap_or_else(own);
    let mut options = MqttOptions::new(client_id, Broker::tcp(host, port));
    // Acknowledgements are small: without this each would wait for the one before to be seen by the other side.
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    let expiry = u32::try_from(source.session.duration().as_secs()).unwrap_or(u32::MAX - 1);
    let largest = source.format.max_bytes.and_then(|bytes| u32::try_from(bytes).ok()).unwrap_or(MAX_MESSAGE);
    options
        .set_network_options(network)
        .set_max_request_batch(ACKNOWLEDGED_AT_ONCE)
        .set_keep_alive(30)
        .set_session_mode(SessionMode::Persistent)
        .set_session_expiry_interval(Some(expiry))
        .set_receive_maximum(Some(RECEIVE_MAXIMUM))
        .set_max_packet_size(Some(largest))
        .set_incoming_packet_size_limit(IncomingPacketSizeLimit::Bytes(largest))
        .set_ack_mode(AckMode::Manual);
    options.set_session_store(NothingInFlight { expiry });
    if let Some(user) = &source.user_from {
        let password = source.password_from.as_deref().map(|name| site.settings.secret(name)).transpose()?;
        let user = site.settings.secret(user)?;
        options.set_credentials(user, password.unwrap_or_default().to_owned());
    }
    if tls {
        options.set_transport(transport(source)?);
    }
    Ok(options)
}

fn transport(source: &MqttSource) -> Result<Transport, Words> {
    let Some(path) = &source.ca else {
        return Transport::try_tls_with_default_config()
            .map_err(|reason| both("không thiết lập được TLS", "TLS cannot be set up", &reason));
    };
    let ca = std::fs::read(path).map_err(|reason| {
        both("không đọc được tệp chứng thư", "the certificate file cannot be read", &reason)
    })?;
    Ok(Transport::tls_with_config(TlsConfiguration::Simple { ca, alpn: None, client_auth: None }))
}
