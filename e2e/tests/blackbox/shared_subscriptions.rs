//! Subscriptions of which other sources tell too.

use anyhow::ensure;
use dinh_e2e::{Api, Mood, Notification, PATIENCE, Receiver, Server, Test, until};
use serde_json::{Value, json};

use crate::sources::register;
use crate::vocabulary::{gauge, gauge_id, path, subscribe, watch_levels};

fn level_of(notification: &Notification) -> Option<f64> {
    notification.entities().first()?["waterLevel"]["value"].as_f64()
}

#[tokio::test]
async fn a_subscription_reaches_sources_and_what_they_tell_reaches_the_subscriber_after_a_crash_too() -> Test
{
    let (mut here, there) = (Server::start().await?, Server::start().await?);
    let (receiver, other) = (Receiver::start().await?, there.api()?);
    other.create(&gauge("b", 2.0)).await?;
    register(&here.api()?, there.url(), "inclusive", json!({})).await?;
    let at = subscribe(&here.api()?, &watch_levels(&receiver.url())).await?;
    let copies = async || Ok::<_, anyhow::Error>(other.json("/ngsi-ld/v1/subscriptions").await?);
    until("the source has a copy", PATIENCE, || async {
        Ok((copies().await?.as_array().is_some_and(|all| all.len() == 1)).then_some(()))
    })
    .await?;
    let hidden = copies().await?;
    ensure!(
        !hidden.to_string().contains(&receiver.url()),
        "the subscriber is nobody else's business: {hidden}"
    );
    other.patch(&format!("{}/attrs", path(&gauge_id("b"))), &level_body(5.0)).await?.expect(204)?;
    let heard = receiver.wait_for("what the source tells", PATIENCE, |all| !all.is_empty()).await?;
    ensure!(level_of(&heard[0]) == Some(5.0), "{:?}", heard[0].body);
    ensure!(at.ends_with(heard[0].body["subscriptionId"].as_str().unwrap_or("?")), "{:?}", heard[0].body);
    let listed = here.api()?.json("/ngsi-ld/v1/csourceSubscriptions").await?;
    ensure!(listed.as_array().is_some_and(|all| all.len() == 1), "{listed}");

    // What is on its way is not forgotten.
    receiver.set(Mood::Broken);
    other.patch(&format!("{}/attrs", path(&gauge_id("b"))), &level_body(6.0)).await?.expect(204)?;
    until("it was taken", PATIENCE, || async {
        let copy = &copies().await?[0]["notification"];
        Ok((copy["timesSent"] == 2 && copy["status"] == "ok").then_some(()))
    })
    .await?;
    here.kill().await?;
    receiver.set(Mood::Well);
    here.start_again().await?;
    receiver
        .wait_for("it comes after the crash", PATIENCE, |all| {
            all.iter().any(|one| level_of(one) == Some(6.0))
        })
        .await?;

    let api = here.api()?;
    api.patch(&at, &json!({"q": "waterLevel>10"})).await?.expect(204)?;
    until("the copy is changed", PATIENCE, || async {
        Ok((copies().await?[0]["q"] == "waterLevel>10").then_some(()))
    })
    .await?;
    api.delete(&at).await?.expect(204)?;
    until("the copy is gone", PATIENCE, || async {
        Ok((copies().await?.as_array().is_some_and(Vec::is_empty)).then_some(()))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn what_something_was_before_is_told_of_other_servers_too() -> Test {
    let (here, there, receiver) = (Server::start().await?, Server::start().await?, Receiver::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    other.create(&gauge("b", 2.0)).await?;
    register(&api, there.url(), "inclusive", json!({})).await?;
    let mut asked = watch_levels(&receiver.url());
    asked["notification"]["showChanges"] = json!(true);
    asked["notificationTrigger"] = json!(["attributeUpdated", "attributeDeleted"]);
    subscribe(&api, &asked).await?;
    until("the source has a copy", PATIENCE, || async {
        let copies = other.json("/ngsi-ld/v1/subscriptions").await?;
        Ok((copies.as_array().is_some_and(|all| all.len() == 1)).then_some(()))
    })
    .await?;
    let at = format!("{}/attrs", path(&gauge_id("b")));
    other.patch(&at, &level_body(5.0)).await?.expect(204)?;
    let heard = receiver.wait_for("the change", PATIENCE, |all| !all.is_empty()).await?;
    let level = &heard[0].entities()[0]["waterLevel"];
    ensure!(level["value"] == 5.0 && level["previousValue"] == 2.0, "{:?}", heard[0].body);
    other.delete(&format!("{at}/waterLevel")).await?.expect(204)?;
    let heard = receiver.wait_for("that it went", PATIENCE, |all| all.len() == 2).await?;
    let level = &heard[1].entities()[0]["waterLevel"];
    ensure!(level["value"] == "urn:ngsi-ld:null" && level["previousValue"] == 5.0, "{:?}", heard[1].body);
    Ok(())
}

fn level_body(level: f64) -> Value {
    json!({"waterLevel": {"type": "Property", "value": level}})
}

#[tokio::test]
async fn nobody_tells_a_subscriber_who_was_not_asked() -> Test {
    let here = Server::start().await?;
    let (api, receiver) = (here.api()?, Receiver::start().await?);
    subscribe(&api, &watch_levels(&receiver.url())).await?;
    let forged = json!({"type": "Notification", "subscriptionId": "urn:ngsi-ld:Subscription:guessed", "data": [gauge("a", 99.0)]});
    api.post("/ngsi-ld/ex/remote-notify", &forged).await?.expect_problem(404)?;
    // What is told afterwards is the first that arrives.
    api.create(&gauge("b", 1.0)).await?;
    let heard = receiver.wait_for("what happened here", PATIENCE, |all| !all.is_empty()).await?;
    ensure!(level_of(&heard[0]) == Some(1.0), "{:?}", heard[0].body);
    Ok(())
}

#[tokio::test]
async fn a_circle_of_servers_is_a_warning_for_readers_and_no_circle_of_copies() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    api.create(&gauge("a", 1.0)).await?;
    other.create(&gauge("b", 2.0)).await?;
    register(&api, there.url(), "inclusive", json!({})).await?;
    register(&other, here.url(), "inclusive", json!({})).await?;
    let reply = api.get("/ngsi-ld/v1/entities?type=RiverGauge").await?.expect(200)?;
    ensure!(reply.json()?.as_array().is_some_and(|all| all.len() == 2), "{}", reply.text());
    ensure!(reply.header("ngsild-warning").starts_with("199 "), "{:?}", reply.headers);
    // A subscription is copied to the other one, and not back.
    let receiver = Receiver::start().await?;
    subscribe(&api, &watch_levels(&receiver.url())).await?;
    let count = async |api: &Api| Ok::<_, anyhow::Error>(api.json("/ngsi-ld/v1/subscriptions").await?);
    until("the other one has a copy", PATIENCE, || async {
        Ok((count(&other).await?.as_array().is_some_and(|all| all.len() == 1)).then_some(()))
    })
    .await?;
    other.patch(&format!("{}/attrs", path(&gauge_id("b"))), &level_body(5.0)).await?.expect(204)?;
    receiver.wait_for("what the other one tells", PATIENCE, |all| !all.is_empty()).await?;
    ensure!(count(&api).await?.as_array().is_some_and(|all| all.len() == 1), "its own alone");
    Ok(())
}
