//! Snapshots: frozen, apart, of their maker alone, and gone when they end.

use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_context::{Error, Session};
use dinh_model::{Entity, ManualClock, Tenant};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::{EntityQuery, Q};
use dinh_ngsild::snapshot::{Outcome, Snapshot, Status};
use serde_json::{Value as Json, json};

use crate::house::{House, gauge, id, set};
use crate::receiver::Receiver;

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at("2026-11-20T00:00:00Z".parse().unwrap()))
}

fn asked(more: &Json) -> Json {
    let mut json = json!({"type": "Snapshot", "snapshotQueries": [{"type": "Query", "entities": [{"type": "RiverGauge"}]}]});
    json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json
}

/// A snapshot of all gauges, as whoever stands above the door fills it.
async fn filled(session: &Session, more: &Json) -> Snapshot {
    let snapshots = session.context().snapshots();
    let snapshot = snapshots.create(session, &asked(more), &LdContext::core()).await.unwrap();
    let gauges = all(session).await;
    assert_eq!(snapshots.put(session, snapshot.id.as_str(), &gauges).await.unwrap(), None);
    let place = (session.tenant(), snapshot.id.as_str());
    snapshots.end(session.context(), place, (vec![Outcome::Found], Vec::new())).await.unwrap();
    snapshots.get(session, snapshot.id.as_str()).unwrap()
}

async fn all(session: &Session) -> Vec<Arc<Entity>> {
    let page = session.query(EntityQuery { limit: 100, ..EntityQuery::default() }).await.unwrap();
    page.entities.into_iter().map(|stored| stored.entity).collect()
}

async fn level(session: &Session, number: u32) -> Option<f64> {
    let stored = session.find(&id(number)).await.unwrap()?;
    stored.entity.attribute(LdContext::core().expand("waterLevel").as_str())?.number()
}

fn somebody(house: &House, account: &str) -> Session {
    let account = Account { id: account.into(), kind: AccountKind::Official, ..Account::default() };
    let tenant = Tenant::parse("hue").unwrap();
    house.context.session(Principal::Account(account.into()), tenant, Purpose::Operations)
}

#[tokio::test]
async fn what_is_frozen_stays_as_it_was_and_changes_by_itself() {
    let house = House::new().await;
    let session = house.session();
    session.create(gauge(1, 1.5)).await.unwrap();
    let snapshot = filled(&session, &json!({})).await;
    assert_eq!(snapshot.status, Status::Success);
    let within = house.context.snapshots().enter(&session, snapshot.id.as_str()).unwrap();
    set(&session, 1, json!({"waterLevel": 7})).await.unwrap();
    assert_eq!((level(&within, 1).await, level(&session, 1).await), (Some(1.5), Some(7.0)));
    // A what-if stays within it.
    set(&within, 1, json!({"waterLevel": 9})).await.unwrap();
    within.create(gauge(2, 2.0)).await.unwrap();
    assert_eq!((level(&within, 1).await, level(&session, 1).await), (Some(9.0), Some(7.0)));
    assert!(session.find(&id(2)).await.unwrap().is_none());
    let tenants = house.context.tenants();
    assert!(
        !tenants.iter().any(Tenant::is_frozen),
        "no place of a snapshot is told as a tenant: {tenants:?}"
    );
    let clone = json!({"type": "Snapshot", "id": "urn:x:clone"});
    house.context.snapshots().clone_of(&session, snapshot.id.as_str(), &clone).await.unwrap();
    house.context.snapshots().copy(&session, snapshot.id.as_str(), "urn:x:clone").await.unwrap();
    assert_eq!(house.context.snapshots().get(&session, "urn:x:clone").unwrap().status, Status::Success);
    house.context.snapshots().delete(&session, snapshot.id.as_str()).await.unwrap();
    let cloned = house.context.snapshots().enter(&session, "urn:x:clone").unwrap();
    assert_eq!((level(&cloned, 1).await, level(&cloned, 2).await), (Some(9.0), Some(2.0)));
    assert!(house.context.verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn who_subscribes_within_is_told_of_nothing_else() {
    let house = House::new().await;
    let receiver = Receiver::start().await;
    let session = house.session();
    session.create(gauge(1, 1.0)).await.unwrap();
    let snapshot = filled(&session, &json!({})).await;
    let within = house.context.snapshots().enter(&session, snapshot.id.as_str()).unwrap();
    let json = json!({
        "type": "Subscription", "id": "urn:x:within", "entities": [{"type": "RiverGauge"}],
        "notification": {"endpoint": {"uri": receiver.url}}
    });
    let subscriptions = house.context.subscriptions();
    subscriptions.create(&within, &json, Arc::new(LdContext::core())).await.unwrap();
    set(&session, 1, json!({"waterLevel": 3})).await.unwrap();
    set(&within, 1, json!({"waterLevel": 4})).await.unwrap();
    receiver.until("the level within", |r| !r.taken().is_empty()).await;
    assert_eq!(receiver.levels(), [4.0]);
    assert!(subscriptions.get(&session, "urn:x:within").is_err());
    house.context.snapshots().delete(&session, snapshot.id.as_str()).await.unwrap();
    for _ in 0..400 {
        if subscriptions.get(&within, "urn:x:within").is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the subscription of a snapshot that is gone is still there");
}

#[tokio::test]
async fn a_snapshot_is_its_makers_and_outlives_the_program() {
    let house = House::new().await;
    let session = house.session();
    session.create(gauge(1, 1.5)).await.unwrap();
    let snapshots = house.context.snapshots();
    let snapshot = filled(&session, &json!({"snapshotPriority": 3})).await;
    let name = snapshot.id.as_str().to_owned();
    let twice = snapshots.create(&session, &asked(&json!({"id": name})), &LdContext::core()).await;
    assert!(matches!(twice, Err(Error::SnapshotExists(_))), "{twice:?}");
    for other in [somebody(&house, "a1"), session.clone().with_purpose(Purpose::Operations)] {
        let is_mine = matches!(other.principal(), Principal::System(_));
        assert_eq!(snapshots.get(&other, &name).is_ok(), is_mine);
        assert_eq!(snapshots.enter(&other, &name).is_ok(), is_mine);
    }
    let elsewhere = house.context.system("test", Tenant::parse("vinh").unwrap());
    assert!(matches!(snapshots.get(&elsewhere, &name), Err(Error::NoSnapshot(_))));
    let begun = snapshots.create(&session, &asked(&json!({"id": "urn:x:begun"})), &LdContext::core()).await;
    assert_eq!(begun.unwrap().status, Status::Preparing);
    drop(session);
    let house = house.restart().await;
    let (session, snapshots) = (house.session(), house.context.snapshots());
    let kept = snapshots.get(&session, &name).unwrap();
    assert_eq!((kept.priority, kept.status, kept.outcomes), (3, Status::Success, vec![Outcome::Found]));
    assert_eq!(level(&snapshots.enter(&session, &name).unwrap(), 1).await, Some(1.5));
    assert_eq!(snapshots.get(&session, "urn:x:begun").unwrap().status, Status::Failure);
    let low = Q::parse("snapshotPriority<5", &LdContext::core()).unwrap();
    assert_eq!(snapshots.purge(&session, &low).await.unwrap(), [snapshot.id]);
    assert!(matches!(snapshots.enter(&session, &name), Err(Error::NoSnapshot(_))));
}

#[tokio::test]
async fn what_has_ended_is_taken_away() {
    let clock = clock();
    let house = House::with_clock(Arc::<ManualClock>::clone(&clock)).await;
    let receiver = Receiver::start().await;
    let session = house.session();
    session.create(gauge(1, 1.5)).await.unwrap();
    let snapshots = house.context.snapshots();
    let told = json!({"endpoint": receiver.url, "snapshotLifetime": "PT10M"});
    let snapshot = filled(&session, &told).await;
    receiver.until("that it is ready", |r| !r.taken().is_empty()).await;
    let news = receiver.taken().remove(0);
    assert_eq!((&news["type"], &news["snapshotStatus"]), (&json!("SnapshotNotification"), &json!("success")));
    assert_eq!(
        (&news["snapshotId"], &news["expiresAt"]),
        (&json!(snapshot.id.as_str()), &json!("2026-11-20T00:10:00Z"))
    );
    let within = snapshots.enter(&session, snapshot.id.as_str()).unwrap();
    let longer = json!({"snapshotLifetime": "PT20M"});
    snapshots.update(&session, snapshot.id.as_str(), &longer).await.unwrap();
    receiver.until("that it lives longer", |r| r.taken().len() > 1).await;
    clock.advance(21 * 60 * 1_000_000);
    assert!(matches!(snapshots.get(&session, snapshot.id.as_str()), Err(Error::NoSnapshot(_))));
    receiver.until("that it has ended", |r| r.taken().len() > 2).await;
    for _ in 0..400 {
        if all(&within).await.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(all(&within).await.is_empty(), "its place is emptied");
    assert_eq!(level(&session, 1).await, Some(1.5));
}
