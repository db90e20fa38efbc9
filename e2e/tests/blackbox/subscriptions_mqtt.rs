//! Subscriptions delivered over MQTT, through the real Mosquitto.

use anyhow::ensure;
use dinh_e2e::{Broker, Server, Test};
use serde_json::{Value, json};

use crate::vocabulary::{gauge, gauge_id, subscribe, watch_levels};

#[tokio::test]
async fn a_change_is_published_to_the_topic_of_the_endpoint() -> Test {
    let broker = Broker::start().await?;
    let mut listener = broker.client("listener", "tinh/#").await?;
    let server = Server::start().await?;
    let api = server.api()?;
    subscribe(&api, &watch_levels(&format!("{}/tinh/muc-nuoc", broker.url()))).await?;
    api.create(&gauge("a", 1.5)).await?;
    let (topic, payload) = listener.next().await?;
    ensure!(topic == "tinh/muc-nuoc", "{topic}");
    let message: Value = serde_json::from_slice(&payload)?;
    let body = &message["body"];
    ensure!(message["metadata"].is_object(), "{message}");
    ensure!(body["type"] == "Notification" && body["data"][0]["id"] == gauge_id("a"), "{message}");
    ensure!(body["data"][0]["waterLevel"]["value"] == json!(1.5), "{message}");
    Ok(())
}

#[tokio::test]
async fn a_broker_that_comes_back_hears_what_it_missed() -> Test {
    let mut broker = Broker::start().await?;
    let url = broker.url();
    let mut server = Server::start().await?;
    let api = server.api()?;
    subscribe(&api, &watch_levels(&format!("{url}/tinh/muc-nuoc"))).await?;
    broker.kill().await?;
    api.create(&gauge("a", 1.5)).await?;
    // The listener must be there before the message is published again.
    server.kill().await?;
    broker.start_again().await?;
    let mut listener = broker.client("listener", "tinh/#").await?;
    server.start_again().await?;
    let (_topic, payload) = listener.next().await?;
    let message: Value = serde_json::from_slice(&payload)?;
    ensure!(message["body"]["data"][0]["waterLevel"]["value"] == json!(1.5), "{message}");
    Ok(())
}

#[tokio::test]
async fn an_endpoint_may_ask_for_the_older_version() -> Test {
    let broker = Broker::start().await?;
    let mut listener = broker.client("listener", "tinh/#").await?;
    let server = Server::start().await?;
    let api = server.api()?;
    let mut subscription = watch_levels(&format!("{}/tinh/muc-nuoc", broker.url()));
    subscription["notification"]["endpoint"]["notifierInfo"] =
        json!([{"key": "MQTT-Version", "value": "mqtt3.1.1"}, {"key": "MQTT-QoS", "value": "2"}]);
    subscribe(&api, &subscription).await?;
    api.create(&gauge("a", 1.5)).await?;
    let (_topic, payload) = listener.next().await?;
    let message: Value = serde_json::from_slice(&payload)?;
    ensure!(message["body"]["data"][0]["id"] == gauge_id("a"), "{message}");
    // Mosquitto's number for 3.1.1 is 2.
    let greeting = broker.greeting("dinh-notify")?;
    ensure!(greeting.contains("(p2,"), "{greeting}");
    ensure!(broker.greeting("listener")?.contains("(p5,"), "the listener speaks 5.0");
    Ok(())
}
