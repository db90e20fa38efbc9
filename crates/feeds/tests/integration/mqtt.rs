//! Messages of a real Mosquitto broker.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use dinh_feeds::FeedStatus;
use rumqttc::{
    AsyncClient, Broker, Event, MqttOptions, Packet, PublishOptions, QoS, TlsConfiguration, Transport,
};
use serde_json::json;

use crate::support::{Place, health, key};

const MOSQUITTO: &str = "/usr/sbin/mosquitto";

/// A broker on a port of its own.
struct Mosquitto {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Mosquitto {
    async fn start(more: &str) -> Self {
        Self::start_with("", more).await
    }

    /// `listener` belongs to the listener of the port, `more` to the whole broker.
    async fn start_with(listener: &str, more: &str) -> Self {
        assert!(
            Path::new(MOSQUITTO).exists(),
            "{MOSQUITTO} is missing: install the Debian package mosquitto to test the MQTT source"
        );
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // Started by root, Mosquitto would become another user who may not write into the folder.
        let config = format!(
            "listener {port} 127.0.0.1\n{listener}\npersistence true\npersistence_location {}/\n\
             user root\nmax_queued_messages 100000\n{more}\n",
            folder.path().display()
        );
        std::fs::File::create(folder.path().join("conf")).unwrap().write_all(config.as_bytes()).unwrap();
        let child = Self::run(&folder);
        let broker = Self { child, port, folder };
        broker.ready().await;
        broker
    }

    fn run(folder: &tempfile::TempDir) -> Child {
        Command::new(MOSQUITTO)
            .arg("-c")
            .arg(folder.path().join("conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    async fn ready(&self) {
        for _try in 0..500 {
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("mosquitto did not open its port");
    }

    /// Kills the broker and starts it again on the same port with what it had saved.
    async fn restart(&mut self) {
        // Mosquitto saves what it keeps when it is asked to end.
        let ended = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().unwrap();
        assert!(ended.success());
        self.child.wait().unwrap();
        self.child = Self::run(&self.folder);
        self.ready().await;
    }

    fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }

    /// Publishes one message with QoS 1 through a listener that speaks TLS.
    async fn publish_over_tls(&self, topic: &str, payload: String) {
        let mut options = MqttOptions::new("publisher", Broker::tcp("localhost", self.port));
        let ca = std::fs::read(tls("authority.pem")).unwrap();
        options.set_transport(Transport::tls_with_config(TlsConfiguration::Simple {
            ca,
            alpn: None,
            client_auth: None,
        }));
        Self::publish_as(options, &[(topic, payload)]).await;
    }

    /// Publishes messages with QoS 1 and waits for every acknowledgement.
    async fn publish(&self, messages: &[(&str, String)]) {
        let mut options = MqttOptions::new("publisher", Broker::tcp("127.0.0.1", self.port));
        options.set_credentials("sensor", "s3cret");
        Self::publish_as(options, messages).await;
    }

    async fn publish_as(options: MqttOptions, messages: &[(&str, String)]) {
        let (client, mut connection) = AsyncClient::builder(options).capacity(10_000).build();
        for (topic, payload) in messages {
            client.publish(*topic, payload.clone(), PublishOptions::new(QoS::AtLeastOnce)).await.unwrap();
        }
        let mut acknowledged = 0;
        while acknowledged < messages.len() {
            if let Event::Incoming(Packet::PubAck(_)) = connection.poll().await.unwrap() {
                acknowledged += 1;
            }
        }
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// A certificate made for these tests.
fn tls(file: &str) -> String {
    format!("{}/tests/tls/{file}", env!("CARGO_MANIFEST_DIR"))
}

fn feed(url: &str) -> String {
    format!(
        r#"
title = {{ vi = "Cảm biến ngập", en = "Flood sensors" }}
[source]
kind = "mqtt"
url = "{url}"
topics = ["hue/flood/+/up"]
[map]
type = "FloodSensor"
id = "urn:ngsi-ld:FloodSensor:{{$topic.2}}"
[[map.attribute]]
name = "depth"
field = "/data/depth"
type = "number"
unit = "MTR"
from_unit = "mm"
required = true
"#
    )
}

fn reading(depth: i32) -> String {
    json!({"data": {"depth": depth}}).to_string()
}

#[tokio::test]
async fn messages_become_entities_and_broken_ones_dead_letters() {
    let broker = Mosquitto::start("allow_anonymous true").await;
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(&feed(&broker.url()));
    place.sink.until("the connection", |_| true).await;
    // The subscription may come after the first message; so publish until one arrives.
    while place.sink.ids().is_empty() {
        broker.publish(&[("hue/flood/first/up", reading(1))]).await;
    }
    let messages = [
        ("hue/flood/a1/up", reading(250)),
        ("hue/flood/a2/up", "not json".to_owned()),
        ("hue/flood/a3/down", reading(1)),
        ("hue/flood/a4/up", json!([{"data": {"depth": 1}}, {"data": {}}]).to_string()),
        ("hue/flood/a5/up", String::new()),
        ("hue/flood/a6/up", reading(10)),
    ];
    broker.publish(&messages).await;
    place.sink.until("the last message", |sink| sink.entity("urn:ngsi-ld:FloodSensor:a6").is_some()).await;
    assert_eq!(place.sink.value("urn:ngsi-ld:FloodSensor:a1", "depth"), json!(0.25));
    assert!(place.sink.entity("urn:ngsi-ld:FloodSensor:a3").is_none());
    feeds.stop().await;
    let feeds = place.start(&feed(&broker.url()));
    let letters = feeds.dead_letters(&key(), 0, 10).await.unwrap();
    let described: Vec<_> =
        letters.iter().map(|l| (l.position.as_str(), l.rejection.rule.as_str())).collect();
    assert_eq!(
        described,
        [
            ("hue/flood/a2/up", "unreadable"),
            ("hue/flood/a4/up:2", "missing"),
            ("hue/flood/a5/up", "unreadable")
        ]
    );
    assert_eq!(letters[1].record["$topic.2"], json!("a4"));
    assert_eq!(letters[0].record["$raw"], json!("not json"));
    assert_eq!(letters[0].record["$topic"], json!("hue/flood/a2/up"));
    feeds.correct(&key(), 2, Some(json!({"$topic.2": "a4", "data": {"depth": 3}}))).await.unwrap();
    feeds.stop().await;
}

#[tokio::test]
async fn what_was_published_while_we_were_away_or_the_graph_was_full_is_not_lost() {
    let mut broker = Mosquitto::start("allow_anonymous true").await;
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(&feed(&broker.url()));
    while place.sink.ids().is_empty() {
        broker.publish(&[("hue/flood/first/up", reading(1))]).await;
    }
    // The graph refuses to write; then we are stopped: nothing of this has been acknowledged.
    place.sink.fail_next(usize::MAX);
    let batch = |from: usize, to: usize| -> Vec<(String, String)> {
        (from..to).map(|n| (format!("hue/flood/s{n:04}/up"), reading(1))).collect()
    };
    let publish = |messages: Vec<(String, String)>| {
        let broker = &broker;
        async move {
            let borrowed: Vec<(&str, String)> =
                messages.iter().map(|(topic, text)| (topic.as_str(), text.clone())).collect();
            broker.publish(&borrowed).await;
        }
    };
    publish(batch(0, 600)).await;
    while health(&feeds).status != FeedStatus::Error {
        tokio::task::yield_now().await;
    }
    feeds.stop().await;
    assert_eq!(place.sink.ids().len(), 1);
    publish(batch(600, 900)).await;
    place.sink.fail_next(0);
    broker.restart().await;
    let feeds = place.start(&feed(&broker.url()));
    place.sink.until("all 900 sensors", |sink| sink.ids().len() == 901).await;
    feeds.stop().await;
    // Everything was acknowledged: nothing comes again.
    let writes = place.sink.writes("urn:ngsi-ld:FloodSensor:s");
    let feeds = place.start(&feed(&broker.url()));
    while place.sink.writes("urn:ngsi-ld:FloodSensor:last") == 0 {
        broker.publish(&[("hue/flood/last/up", reading(1))]).await;
    }
    assert_eq!(place.sink.writes("urn:ngsi-ld:FloodSensor:s"), writes);
    feeds.stop().await;
}

#[tokio::test]
async fn a_broker_that_goes_away_is_reported_and_found_again() {
    let mut broker = Mosquitto::start("allow_anonymous true").await;
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(&feed(&broker.url()));
    while place.sink.ids().is_empty() {
        broker.publish(&[("hue/flood/first/up", reading(1))]).await;
    }
    broker.child.kill().unwrap();
    broker.child.wait().unwrap();
    while health(&feeds).status != FeedStatus::Error {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(health(&feeds).last_error.unwrap().reason.vi.contains("MQTT"));
    broker.child = Mosquitto::run(&broker.folder);
    broker.ready().await;
    while health(&feeds).status != FeedStatus::Ok {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    broker.publish(&[("hue/flood/again/up", reading(1))]).await;
    place.sink.until("a message", |sink| sink.entity("urn:ngsi-ld:FloodSensor:again").is_some()).await;
    feeds.stop().await;
}

#[tokio::test]
async fn a_password_comes_from_the_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let passwords = folder.path().join("passwords");
    let made = Command::new("/usr/bin/mosquitto_passwd")
        .args(["-b", "-c"])
        .arg(&passwords)
        .args(["sensor", "s3cret"])
        .status()
        .unwrap();
    assert!(made.success());
    let broker =
        Mosquitto::start(&format!("allow_anonymous false\npassword_file {}", passwords.display())).await;
    let mut place = Place::at("2026-11-20T08:00:00Z");
    let definition = feed("{setting.broker}")
        .replace("topics", "user_from = \"user\"\npassword_from = \"password\"\ntopics");
    place.settings.values.insert("broker".into(), broker.url());
    place.settings.secrets.insert("user".into(), "sensor".into());
    place.settings.secrets.insert("password".into(), "wrong".into());
    let feeds = place.start(&definition);
    while health(&feeds).status != FeedStatus::Error {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    feeds.stop().await;
    place.settings.secrets.insert("password".into(), "s3cret".into());
    let feeds = place.start(&definition);
    while place.sink.ids().is_empty() {
        broker.publish(&[("hue/flood/x/up", reading(1))]).await;
    }
    feeds.stop().await;
}

#[tokio::test]
async fn a_broker_behind_tls_is_trusted_by_its_authority_only() {
    let listener = format!("certfile {}\nkeyfile {}", tls("broker.pem"), tls("broker.key"));
    let broker = Mosquitto::start_with(&listener, "allow_anonymous true").await;
    let place = Place::at("2026-11-20T08:00:00Z");
    let secure = feed(&format!("mqtts://localhost:{}", broker.port));
    // The machine's own list of authorities does not know ours.
    let feeds = place.start(&secure);
    while health(&feeds).status != FeedStatus::Error {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    feeds.stop().await;
    let ca = format!("ca = \"{}\"\ntopics", tls("authority.pem"));
    let feeds = place.start(&secure.replace("topics", &ca));
    while place.sink.ids().is_empty() {
        broker.publish_over_tls("hue/flood/x/up", reading(7)).await;
    }
    assert_eq!(health(&feeds).status, FeedStatus::Ok);
    feeds.stop().await;
}
