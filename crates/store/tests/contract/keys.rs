//! Idempotency keys.

use dinh_model::Entity;
use dinh_store::{Commit, Error, Op};

use crate::support::*;

contract!(a_repeated_request_is_done_once, a_key_is_for_one_request, a_key_is_forgotten_after_a_day);

fn create(name: &str, level: i32) -> Commit {
    Commit::from(Op::Create(thing("Gauge", name).with("level", level).into())).keyed("k1")
}

async fn a_repeated_request_is_done_once(place: Place) {
    let trial = place.open().await;
    let mut two = create("g1", 1);
    two.ops.push(Op::delete(id("missing")));
    let first = trial.commit(two.clone()).await;
    place.clock.advance(SECOND);
    // The same request, read at another time.
    let later: Entity = {
        let mut entity = thing("Gauge", "g1").with("level", 1);
        entity.created_at = at("2026-11-20T00:00:01Z");
        entity
    };
    two.ops[0] = Op::Create(later.into());
    let second = trial.commit(two.clone()).await;
    assert_eq!((first.results.clone(), first.replayed), (second.results, false));
    assert!(second.replayed);
    assert_eq!(second.head, 1);
    trial.store.close().await.unwrap();
    let again = place.open().await.commit(two).await;
    assert_eq!((again.results, again.replayed), (first.results, true));
}

async fn a_key_is_for_one_request(place: Place) {
    let trial = place.open().await;
    trial.commit(create("g1", 1)).await;
    let error = trial.store.commit(&writing("hue"), create("g1", 2)).await.unwrap_err();
    assert!(matches!(error, Error::KeyReused(key) if key == "k1"));
    let elsewhere = trial.store.commit(&writing("ha-noi"), create("g1", 2)).await.unwrap();
    assert!(elsewhere.is_ok() && !elsewhere.replayed, "another tenant, another key");
    trial.assert_sound().await;
}

async fn a_key_is_forgotten_after_a_day(place: Place) {
    let trial = place.open().await;
    trial.commit(create("g1", 1)).await;
    place.clock.advance(DAY + SECOND);
    let other = trial.commit(create("g2", 2)).await;
    assert!(other.is_ok() && !other.replayed);
    place.clock.advance(DAY + SECOND);
    trial.store.housekeep(&following()).await.unwrap();
    assert!(trial.entity("g2").await.is_some());
    trial.assert_sound().await;
}
