//! Subscriptions: nothing that matches is missed, whatever the endpoint does.

use serde_json::json;

use crate::house::{House, gauge, id, set};
use crate::receiver::Receiver;

#[tokio::test]
async fn what_matches_is_told_in_order_and_what_does_not_is_not() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    let subscription = house.subscribe(&receiver.url, json!({"q": "waterLevel>2"})).await.unwrap();
    let session = house.session();
    session.create(gauge(1, 1.0)).await.unwrap();
    for level in [3.0, 1.5, 4.0, 5.0] {
        set(&session, 1, json!({"waterLevel": level})).await.unwrap();
    }
    receiver.until("three notifications", |r| r.levels().len() >= 3).await;
    assert_eq!(receiver.levels(), [3.0, 4.0, 5.0]);
    let notification = &receiver.taken()[0];
    assert_eq!(notification["type"], "Notification");
    assert_eq!(notification["subscriptionId"], subscription);
    let view = house.context.subscriptions().get(&session, &subscription).unwrap();
    assert_eq!((view.counters.deliveries.times_sent, view.counters.deliveries.times_failed), (3, 0));
}

#[tokio::test]
async fn a_dead_endpoint_delays_nobody_and_gets_everything_when_it_is_back() {
    let house = House::new().await;
    let (dead, well) = (Receiver::start().await, Receiver::start().await);
    dead.refuse(true);
    let subscription = house.subscribe(&dead.url, json!({})).await.unwrap();
    house.subscribe(&well.url, json!({})).await.unwrap();
    let session = house.session();
    session.create(gauge(1, 0.0)).await.unwrap();
    // More than the queue holds, so that the dead one has to read on from the feed.
    let levels: Vec<f64> = (1..=600).map(|n| f64::from(n) / 100.0).collect();
    for level in &levels {
        set(&session, 1, json!({"waterLevel": level})).await.unwrap();
    }
    well.until("all of them at the well endpoint", |r| r.levels().len() > levels.len()).await;
    assert!(dead.taken().is_empty());
    dead.refuse(false);
    dead.until("all of them at the dead endpoint", |r| r.levels().len() > levels.len()).await;
    assert_eq!(dead.levels()[1..], levels);
    let counters = house.context.subscriptions().get(&session, &subscription).unwrap().counters;
    assert!(counters.deliveries.times_failed >= 1 && counters.last_error.is_none());
}

#[tokio::test]
async fn a_restart_forgets_no_notification() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    receiver.refuse(true);
    house.subscribe(&receiver.url, json!({})).await.unwrap();
    let session = house.session();
    session.create(gauge(1, 0.0)).await.unwrap();
    for level in 1..=20 {
        set(&session, 1, json!({"waterLevel": level})).await.unwrap();
    }
    drop(session);
    let house = house.restart().await;
    receiver.refuse(false);
    receiver.until("the last level", |r| r.levels().last() == Some(&20.0)).await;
    let mut told = receiver.levels();
    told.dedup();
    assert_eq!(told, (0..=20).map(f64::from).collect::<Vec<_>>());
    drop(house);
}

#[tokio::test]
async fn what_was_trimmed_from_the_feed_does_not_keep_the_rest_from_being_told() {
    let house = House::new().await;
    let (well, dead) = (Receiver::start().await, Receiver::start().await);
    dead.refuse(true);
    house.subscribe(&well.url, json!({})).await.unwrap();
    house.subscribe(&dead.url, json!({})).await.unwrap();
    house.session().create(gauge(1, 0.0)).await.unwrap();
    well.until("the first", |r| !r.taken().is_empty()).await;
    let folder = house.leave().await;
    House::outrun(&folder, async |session| {
        for level in 1..=100 {
            set(session, 1, json!({"waterLevel": f64::from(level) / 10.0})).await.unwrap();
        }
    })
    .await;
    dead.refuse(false);
    let house = House::back(folder).await;
    set(&house.session(), 1, json!({"waterLevel": 33})).await.unwrap();
    for receiver in [&well, &dead] {
        receiver.until("what came after", |r| r.levels().last() == Some(&33.0)).await;
    }
}

#[tokio::test]
async fn a_changed_subscription_goes_on_where_it_stood() {
    let house = House::new().await;
    let (old, new) = (Receiver::start().await, Receiver::start().await);
    old.refuse(true);
    let subscription = house.subscribe(&old.url, json!({})).await.unwrap();
    let session = house.session();
    session.create(gauge(1, 7.0)).await.unwrap();
    let patch = json!({"notification": {"endpoint": {"uri": new.url}}});
    let core = house.context.ld_contexts().core();
    house.context.subscriptions().update(&session, &subscription, &patch, &core).await.unwrap();
    new.until("the level from before the change", |r| r.levels().contains(&7.0)).await;
}

#[tokio::test]
async fn throttling_bundles_and_keeps_the_last_state() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    house.subscribe(&receiver.url, json!({"throttling": 1})).await.unwrap();
    let session = house.session();
    session.create(gauge(1, 0.0)).await.unwrap();
    receiver.until("the first", |r| !r.taken().is_empty()).await;
    for level in 1..=10 {
        set(&session, 1, json!({"waterLevel": level})).await.unwrap();
    }
    receiver.until("the last state", |r| r.levels().last() == Some(&10.0)).await;
    assert!(receiver.taken().len() <= 3, "{} notifications within a second or two", receiver.taken().len());
}

#[tokio::test]
async fn a_deletion_tells_what_went() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    let more = json!({"notificationTrigger": ["entityDeleted"], "q": "waterLevel>2"});
    house.subscribe(&receiver.url, more).await.unwrap();
    let session = house.session();
    for (number, level) in [(1, 1.0), (2, 3.0)] {
        session.create(gauge(number, level)).await.unwrap();
        session.delete(id(number)).await.unwrap();
    }
    receiver.until("the deletion", |r| !r.taken().is_empty()).await;
    let told = &receiver.taken()[0]["data"][0];
    assert_eq!(told["id"], "urn:ngsi-ld:RiverGauge:2");
    assert!(told["deletedAt"].is_string(), "{told}");
}

#[tokio::test]
async fn a_subscription_by_time_tells_what_matches_again_and_again() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    let session = house.session();
    session.create(gauge(1, 1.0)).await.unwrap();
    session.create(gauge(2, 9.0)).await.unwrap();
    house.subscribe(&receiver.url, json!({"timeInterval": 1, "q": "waterLevel>2"})).await.unwrap();
    receiver.until("two rounds", |r| r.taken().len() >= 2).await;
    assert!(receiver.levels().iter().all(|level| *level == 9.0), "{:?}", receiver.levels());
}

#[tokio::test]
async fn an_endpoint_off_the_allow_list_is_refused() {
    let house = House::new().await;
    let error = house.subscribe("http://evil.test/", json!({})).await.unwrap_err().to_string();
    assert!(error.contains("evil.test is not on the allow-list"), "{error}");
}

#[tokio::test]
async fn conditions_and_notifications_look_behind_links() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    let more = json!({
        "q": "manager{name}==\"Trạm 9\"",
        "notification": {"endpoint": {"uri": receiver.url}, "join": "inline"}
    });
    house.subscribe(&receiver.url, more).await.unwrap();
    let session = house.session();
    session.create(gauge(9, 0.0)).await.unwrap();
    session.create(gauge(8, 0.0)).await.unwrap();
    for (number, manager) in [(1, 8), (2, 7), (3, 9)] {
        session.create(gauge(number, f64::from(number))).await.unwrap();
        let object = id(manager).as_str().to_owned();
        set(&session, number, json!({"manager": {"type": "Relationship", "object": object}})).await.unwrap();
    }
    receiver.until("the one whose manager is called so", |r| !r.taken().is_empty()).await;
    let told = &receiver.taken()[0]["data"];
    assert_eq!((told.as_array().unwrap().len(), &told[0]["id"]), (1, &json!(id(3).as_str())));
    assert_eq!(told[0]["manager"]["entity"]["name"]["value"], "Trạm 9");
    set(&session, 1, json!({"waterLevel": 5})).await.unwrap();
    set(&session, 3, json!({"waterLevel": 6})).await.unwrap();
    receiver.until("its next level", |r| r.levels().contains(&6.0)).await;
    assert!(!receiver.levels().contains(&5.0));
}
