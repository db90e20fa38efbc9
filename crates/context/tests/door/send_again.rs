//! Sending again: at once what waits, or everything since a moment; in order, durably, and noted.

use dinh_context::Error;
use dinh_context::graph::AuditQuery;
use dinh_context::subscriptions::{Again, Waiting};
use serde_json::json;

use crate::house::{House, gauge, set};
use crate::receiver::Receiver;

/// An endpoint that wants to be left alone for an hour after a failure: nobody waits for that by accident.
fn left_alone(receiver: &Receiver) -> serde_json::Value {
    json!({"notification": {"endpoint": {"uri": receiver.url, "cooldown": 3_600_000}}})
}

#[tokio::test]
async fn what_waits_after_a_failure_is_tried_at_once() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    let id = house.subscribe(&receiver.url, left_alone(&receiver)).await.unwrap();
    let (session, subscriptions) = (house.session(), house.context.subscriptions());
    assert_eq!(subscriptions.send_again(&session, &id, None).await.unwrap(), Again::Nothing);
    receiver.refuse(true);
    session.create(gauge(1, 1.0)).await.unwrap();
    set(&session, 1, json!({"waterLevel": 2})).await.unwrap();
    let mut standing = subscriptions.standing(&session, &id).await.unwrap();
    while standing.next_try.is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        standing = subscriptions.standing(&session, &id).await.unwrap();
    }
    assert!(matches!(standing.waiting, Waiting::Changes(1..=2)), "{:?}", standing.waiting);
    assert_eq!(standing.counters.deliveries.times_failed, 1);
    receiver.refuse(false);
    assert!(receiver.taken().is_empty());
    assert_eq!(subscriptions.send_again(&session, &id, None).await.unwrap(), Again::Waiting);
    receiver.until("both levels", |r| r.levels() == [1.0, 2.0]).await;
    let audit = session.audit(AuditQuery::latest(10)).await.unwrap();
    let noted = audit.entries.iter().any(|entry| format!("{entry:?}").contains("send-again"));
    assert!(noted, "{:?}", audit.entries);
}

#[tokio::test]
async fn what_was_taken_since_a_moment_is_told_again_in_order() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    let id = house.subscribe(&receiver.url, json!({})).await.unwrap();
    let (session, subscriptions) = (house.session(), house.context.subscriptions());
    session.create(gauge(1, 0.0)).await.unwrap();
    for level in 1..=3 {
        set(&session, 1, json!({"waterLevel": level})).await.unwrap();
    }
    receiver.until("four levels", |r| r.levels().len() == 4).await;
    // Further apart than the margin for times that are a little out of order.
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    let from = house.context.clock().now();
    for level in 4..=6 {
        set(&session, 1, json!({"waterLevel": level})).await.unwrap();
    }
    receiver.until("seven levels", |r| r.levels().len() == 7).await;
    let again = subscriptions.send_again(&session, &id, Some(from)).await.unwrap();
    assert_eq!(again, Again::Changes(3));
    set(&session, 1, json!({"waterLevel": 7})).await.unwrap();
    receiver.until("three again, and what came meanwhile", |r| r.levels().len() == 11).await;
    assert_eq!(receiver.levels()[7..], [4.0, 5.0, 6.0, 7.0]);
    let standing = subscriptions.standing(&session, &id).await.unwrap();
    assert_eq!((standing.again, standing.waiting, standing.own), (None, Waiting::Nothing, true));
    let later = house.context.clock().now().plus_micros(60_000_000);
    let nothing = subscriptions.send_again(&session, &id, Some(later)).await.unwrap();
    assert_eq!(nothing, Again::Nothing);
}

#[tokio::test]
async fn what_was_asked_for_again_survives_a_restart() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    let id = house.subscribe(&receiver.url, left_alone(&receiver)).await.unwrap();
    let from = house.context.clock().now();
    let session = house.session();
    session.create(gauge(1, 0.0)).await.unwrap();
    for level in 1..=300 {
        set(&session, 1, json!({"waterLevel": f64::from(level) / 100.0})).await.unwrap();
    }
    receiver.until("all levels", |r| r.levels().len() == 301).await;
    receiver.refuse(true);
    let subscriptions = house.context.subscriptions().clone();
    assert_eq!(subscriptions.send_again(&session, &id, Some(from)).await.unwrap(), Again::Changes(301));
    let twice = subscriptions.send_again(&session, &id, Some(from)).await;
    assert!(matches!(twice, Err(Error::SentAgainAlready(_))));
    let standing = subscriptions.standing(&session, &id).await.unwrap();
    assert_eq!((standing.again, standing.waiting), (Some(301), Waiting::ToRead(301)));
    drop((session, subscriptions));
    let house = house.restart().await;
    receiver.refuse(false);
    receiver.until("all levels again", |r| r.levels().len() >= 602).await;
    let levels = receiver.levels();
    assert_eq!(levels[..301], levels[301..602]);
    drop(house);
}

#[tokio::test]
async fn what_tells_of_nothing_is_not_sent_again() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    let (session, subscriptions) = (house.session(), house.context.subscriptions());
    let none = subscriptions.send_again(&session, "urn:ngsi-ld:Subscription:none", None).await;
    assert!(matches!(none, Err(Error::NoSubscription(_))));
    let paused = house.subscribe(&receiver.url, json!({"isActive": false})).await.unwrap();
    let rests = subscriptions.send_again(&session, &paused, None).await;
    assert!(matches!(rests, Err(Error::SubscriptionRests(_))));
}

#[tokio::test]
async fn what_is_told_by_time_is_told_now() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    let session = house.session();
    session.create(gauge(1, 1.0)).await.unwrap();
    let id = house.subscribe(&receiver.url, json!({"timeInterval": 3_600})).await.unwrap();
    receiver.until("the first time", |r| r.levels().len() == 1).await;
    let subscriptions = house.context.subscriptions();
    let from = house.context.clock().now();
    let back = subscriptions.send_again(&session, &id, Some(from)).await;
    assert!(matches!(back, Err(Error::SubscriptionRests(_))), "it has nothing to go back to");
    assert_eq!(subscriptions.send_again(&session, &id, None).await.unwrap(), Again::Now);
    receiver.until("once more", |r| r.levels().len() == 2).await;
}
