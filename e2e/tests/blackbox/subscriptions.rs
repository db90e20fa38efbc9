//! Subscriptions delivered over HTTP.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Mood, Notification, PATIENCE, Receiver, Server, Test, until};
use serde_json::{Value, json};

use crate::vocabulary::{gauge, gauge_id, level, path, subscribe, value, watch_levels};

const UPDATE: &str = "/ngsi-ld/v1/entityOperations/upsert?options=update";

/// Levels heard of, as text: JSON numbers do not order.
fn levels(heard: &[Notification]) -> BTreeSet<String> {
    heard.iter().flat_map(Notification::entities).map(|e| value(e, "waterLevel").to_string()).collect()
}

async fn set_level(api: &Api, name: &str, to: f64) -> Test {
    api.post(UPDATE, &json!([level(name, to)])).await?.expect(204).map(drop)
}

#[tokio::test]
async fn a_change_of_a_watched_attribute_is_notified_and_no_other() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let receiver = Receiver::start().await?;
    let at = subscribe(&api, &watch_levels(&receiver.url())).await?;

    let name = json!({"name": {"type": "Property", "value": "Đổi tên"}});
    api.patch(&format!("{}/attrs", path(&gauge_id("a"))), &name).await?.expect(204)?;
    set_level(&api, "a", 2.0).await?;
    let heard = receiver.wait_for("the level is notified", PATIENCE, |n| !n.is_empty()).await?;
    ensure!(heard.len() == 1, "{heard:?}");
    let body = &heard[0].body;
    ensure!(body["type"] == "Notification" && body["notifiedAt"].is_string(), "{body}");
    ensure!(at.ends_with(body["subscriptionId"].as_str().unwrap_or("-")), "{body}");
    ensure!(
        body["data"][0]["id"] == gauge_id("a") && *value(&body["data"][0], "waterLevel") == json!(2.0),
        "{body}"
    );
    Ok(())
}

#[tokio::test]
async fn a_subscription_is_read_changed_paused_and_removed() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let receiver = Receiver::start().await?;
    let at = subscribe(&api, &watch_levels(&receiver.url())).await?;
    ensure!(api.json(&at).await?["watchedAttributes"] == json!(["waterLevel"]));
    ensure!(api.json("/ngsi-ld/v1/subscriptions").await?.as_array().is_some_and(|s| s.len() == 1));

    api.patch(&at, &json!({"isActive": false})).await?.expect(204)?;
    ensure!(api.json(&at).await?["status"] == "paused");
    api.create(&gauge("a", 1.0)).await?;
    api.patch(&at, &json!({"isActive": true})).await?.expect(204)?;
    ensure!(api.json(&at).await?["status"] == "active");
    set_level(&api, "a", 2.0).await?;
    receiver.wait_for("the level is notified", PATIENCE, |n| levels(n).contains("2.0")).await?;
    ensure!(!levels(&receiver.received()).contains("1.0"), "nothing is notified of the time it was paused");

    api.delete(&at).await?.expect(204)?;
    api.get(&at).await?.expect_problem(404)?;
    Ok(())
}

#[tokio::test]
async fn conditions_decide_what_is_notified() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let receiver = Receiver::start().await?;
    let mut high = watch_levels(&receiver.url());
    high["q"] = json!("waterLevel>3");
    high["notification"]["format"] = json!("keyValues");
    high["notification"]["attributes"] = json!(["waterLevel"]);
    subscribe(&api, &high).await?;
    for (step, height) in [1.0, 3.5, 2.0, 4.0].into_iter().enumerate() {
        if step == 0 {
            api.create(&gauge("a", height)).await?;
        } else {
            set_level(&api, "a", height).await?;
        }
    }
    let heard = receiver.wait_for("the last level is notified", PATIENCE, |n| {
        n.iter().flat_map(Notification::entities).any(|e| e["waterLevel"] == json!(4.0))
    });
    let told: Vec<Value> = heard.await?.iter().flat_map(|n| n.entities().to_vec()).collect();
    ensure!(told.iter().all(|e| e["waterLevel"].as_f64().is_some_and(|l| l > 3.0)), "{told:?}");
    ensure!(told.iter().all(|e| e.get("name").is_none()), "{told:?}");
    Ok(())
}

#[tokio::test]
async fn a_broken_endpoint_is_tried_again_until_it_takes_everything() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let receiver = Receiver::start().await?;
    receiver.set(Mood::Broken);
    let at = subscribe(&api, &watch_levels(&receiver.url())).await?;
    api.create(&gauge("a", 1.0)).await?;
    set_level(&api, "a", 2.0).await?;
    until("the failure is counted", PATIENCE, || async {
        let told = api.json(&at).await?;
        Ok(told["notification"]["timesFailed"].as_u64().filter(|n| *n > 0))
    })
    .await?;
    receiver.set(Mood::Well);
    receiver
        .wait_for("both levels are delivered", PATIENCE, |n| {
            levels(n).is_superset(&["1.0", "2.0"].map(str::to_owned).into())
        })
        .await?;
    until("the success is counted", PATIENCE, || async {
        let told = api.json(&at).await?;
        let told = &told["notification"];
        Ok((told["lastSuccess"].is_string() && told["timesSent"].as_u64() >= Some(2)).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_dead_endpoint_slows_nobody() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let (dead, alive) = (Receiver::start().await?, Receiver::start().await?);
    dead.set(Mood::Hanging);
    for _ in 0..5 {
        subscribe(&api, &watch_levels(&dead.url())).await?;
    }
    subscribe(&api, &watch_levels("http://127.0.0.1:9/nobody")).await?;
    subscribe(&api, &watch_levels(&alive.url())).await?;
    api.create(&gauge("a", 0.0)).await?;
    let begun = Instant::now();
    for step in 1..=20 {
        set_level(&api, "a", f64::from(step)).await?;
    }
    alive.wait_for("the last level arrives", PATIENCE, |n| levels(n).contains("20.0")).await?;
    ensure!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    Ok(())
}

#[tokio::test]
async fn what_was_not_delivered_before_kill_9_is_delivered_after_it() -> Test {
    let mut server = Server::start().await?;
    let api = server.api()?;
    let receiver = Receiver::start().await?;
    receiver.set(Mood::Broken);
    subscribe(&api, &watch_levels(&receiver.url())).await?;
    api.create(&gauge("a", 0.0)).await?;
    for step in 1..=10 {
        set_level(&api, "a", f64::from(step)).await?;
    }
    server.kill().await?;
    receiver.set(Mood::Well);
    server.start_again().await?;
    let expected: BTreeSet<String> = (0..=10).map(|step| format!("{step}.0")).collect();
    receiver.wait_for("every level arrives", PATIENCE, |n| levels(n).is_superset(&expected)).await?;
    Ok(())
}

#[tokio::test]
async fn throttling_bounds_how_often_but_not_what_is_heard_last() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let receiver = Receiver::start().await?;
    let mut slow = watch_levels(&receiver.url());
    slow["throttling"] = json!(2);
    subscribe(&api, &slow).await?;
    api.create(&gauge("a", 0.0)).await?;
    for step in 1..=10 {
        set_level(&api, "a", f64::from(step)).await?;
    }
    receiver.wait_for("the last level is heard", PATIENCE, |n| levels(n).contains("10.0")).await?;
    ensure!(receiver.received().len() <= 4, "{} notifications", receiver.received().len());
    Ok(())
}

#[tokio::test]
async fn a_periodic_subscription_tells_without_any_change() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let receiver = Receiver::start().await?;
    api.create(&gauge("a", 1.0)).await?;
    let mut periodic = watch_levels(&receiver.url());
    if let Some(members) = periodic.as_object_mut() {
        members.remove("watchedAttributes");
    }
    periodic["timeInterval"] = json!(1);
    subscribe(&api, &periodic).await?;
    receiver.wait_for("three periods pass", PATIENCE, |n| n.len() >= 3).await?;
    Ok(())
}

#[tokio::test]
async fn a_subscription_that_makes_no_sense_is_refused() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut subscription = watch_levels("http://127.0.0.1:9/notify");
        change(&mut subscription);
        subscription
    };
    let wrong: Vec<Value> = vec![
        changed(&|s| s["timeInterval"] = json!(5)),
        changed(&|s| s["throttling"] = json!(-1)),
        changed(&|s| s["expiresAt"] = json!("2001-01-01T00:00:00Z")),
        changed(&|s| s["q"] = json!("((")),
        changed(&|s| s["notification"]["endpoint"]["uri"] = json!("not a uri")),
        changed(&|s| s["notification"]["endpoint"]["uri"] = json!("ftp://127.0.0.1/x")),
        changed(&|s| s["notification"] = json!({})),
        changed(&|s| s["type"] = json!("Entity")),
        changed(&|s| s["watchedAttributes"] = json!([])),
    ];
    for subscription in wrong {
        let reply = api.post("/ngsi-ld/v1/subscriptions", &subscription).await?;
        reply.expect_problem(400).map_err(|e| e.context(subscription.to_string()))?;
    }
    ensure!(listed(&api).await? == 0);
    Ok(())
}

async fn listed(api: &Api) -> Result<usize> {
    Ok(api.json("/ngsi-ld/v1/subscriptions").await?.as_array().map_or(0, Vec::len))
}
