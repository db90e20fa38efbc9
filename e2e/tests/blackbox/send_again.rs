//! Notifications that failed are sent again when somebody asks for it, once the receiver is back.

use anyhow::ensure;
use dinh_e2e::{Mood, Notification, PATIENCE, Receiver, Server, Test, until};
use serde_json::{Value, json};

use crate::vocabulary::{gauge, gauge_id, level, subscribe, value, watch_levels};

const UPDATE: &str = "/ngsi-ld/v1/entityOperations/upsert?options=update";
/// The tenant of those who name none.
const HOUSE: &str = "/api/v1/default/subscriptions";

/// A watch on levels whose endpoint wants to be left alone for an hour after a failure: what arrives before was asked for.
fn patient(receiver: &Receiver) -> Value {
    let mut watch = watch_levels(&receiver.url());
    watch["notification"]["endpoint"]["cooldown"] = json!(3_600_000);
    watch
}

#[tokio::test]
async fn what_failed_is_sent_again_after_the_receiver_is_back() -> Test {
    let mut server = Server::start().await?;
    let api = server.api()?;
    let receiver = Receiver::start().await?;
    receiver.set(Mood::Broken);
    let at = subscribe(&api, &patient(&receiver)).await?;
    let id = at.rsplit('/').next().unwrap_or_default().to_owned();
    let standing = format!("{HOUSE}/{id}");
    api.create(&gauge("a", 1.0)).await?;
    api.post(UPDATE, &json!([level("a", 2.0)])).await?.expect(204)?;
    until("the failure is told, and when it is tried again", PATIENCE, || async {
        let told = api.json(&standing).await?;
        Ok((told["next_try"].is_string() && told["last_error"].is_string()).then_some(()))
    })
    .await?;
    let listed = api.json(&format!("{HOUSE}?troubled=true")).await?;
    ensure!(listed.as_array().is_some_and(|all| all.len() == 1), "{listed}");

    receiver.set(Mood::Well);
    ensure!(receiver.received().is_empty(), "nobody has asked yet");
    let sent = api.post(&format!("{standing}/send-again"), &json!({})).await?.expect(200)?;
    ensure!(sent.json()?["again"] == "waiting", "{}", sent.text());
    let heard = receiver.wait_for("both changes arrive", PATIENCE, |heard| heard.len() >= 2).await?;
    let told: Vec<_> = heard.iter().flat_map(Notification::entities).collect();
    ensure!(told.iter().all(|one| one["id"] == gauge_id("a")), "{told:?}");
    ensure!(*value(told[1], "waterLevel") == json!(2.0), "in order: {told:?}");

    // Somebody has lost them: all of it again, and a crash forgets nothing of what was asked.
    receiver.set(Mood::Broken);
    let again = api.post(&format!("{standing}/send-again"), &json!({"from": "2026-01-01T00:00:00Z"})).await?;
    ensure!(again.expect(200)?.json()?["again"] == "changes");
    server.kill().await?;
    receiver.set(Mood::Well);
    server.start_again().await?;
    let heard = receiver.wait_for("both arrive again", PATIENCE, |heard| heard.len() >= 4).await?;
    let told: Vec<_> =
        heard.iter().flat_map(Notification::entities).map(|one| value(one, "waterLevel")).collect();
    ensure!(told[told.len() - 2..] == [&json!(1.0), &json!(2.0)], "in order: {told:?}");

    let page = server.api()?.get("/thu/explore/subscriptions").await?;
    page.expect(200)?;
    Ok(())
}
