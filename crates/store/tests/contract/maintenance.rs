//! Opening, copying and looking after a store.

use dinh_store::{Error, Op, Store};

use crate::support::*;

contract!(
    a_backup_is_one_moment_of_a_running_store,
    a_backup_never_writes_over_anything,
    one_process_at_a_time,
    sizes_are_told,
    verification_runs_beside_everything,
);

async fn a_backup_is_one_moment_of_a_running_store(place: Place) {
    let trial = place.open().await;
    for n in 0..300 {
        trial.create(thing("T", &format!("t{n}")).with("n", n)).await;
    }
    let writer = tokio::spawn({
        let trial = trial.clone();
        async move {
            for n in 300..600 {
                // Two at once: a moment has both or neither.
                let ops =
                    ["a", "b"].map(|half| Op::Create(thing("T", &format!("t{n}{half}")).into())).to_vec();
                trial.commit(dinh_store::Commit::atomic(ops)).await;
            }
        }
    });
    trial.store.backup(&following(), place.path("backup")).await.unwrap();
    writer.await.unwrap();
    assert_eq!(trial.store.total(&reading("hue")).await.unwrap(), 900);
    Store::restore(place.path("backup"), place.path("restored")).await.unwrap();
    let restored = place.open_at(&place.path("restored"), options()).await;
    let total = restored.store.total(&reading("hue")).await.unwrap();
    assert!((300..=900).contains(&total) && total.is_multiple_of(2), "{total}");
    assert_eq!(restored.store.head(&following()), total);
    restored.assert_sound().await;
    restored.create(thing("T", "new")).await;
    trial.assert_sound().await;
}

async fn a_backup_never_writes_over_anything(place: Place) {
    let trial = place.open().await;
    trial.create(thing("T", "t1")).await;
    let to = place.path("backup");
    trial.store.backup(&following(), &to).await.unwrap();
    let again = trial.store.backup(&following(), &to).await.unwrap_err();
    assert!(matches!(again, Error::Invalid(_)), "{again}");
    let over = Store::restore(&to, place.path("store")).await.unwrap_err();
    assert!(matches!(over, Error::InUse(_)), "{over}");
    trial.store.close().await.unwrap();
    let over = Store::restore(&to, place.path("store")).await.unwrap_err();
    assert!(matches!(over, Error::Invalid(_)), "{over}");
    let nothing = Store::restore(place.path("nowhere"), place.path("new")).await.unwrap_err();
    assert!(matches!(nothing, Error::Invalid(_)), "{nothing}");
    let closed = trial.store.backup(&following(), place.path("late")).await.unwrap_err();
    assert!(matches!(closed, Error::Closed), "{closed}");
}

async fn one_process_at_a_time(place: Place) {
    let trial = place.open().await;
    let clock = std::sync::Arc::<dinh_model::ManualClock>::clone(&place.clock);
    let second = Store::open(place.path("store"), options(), clock).await.unwrap_err();
    assert!(matches!(second, Error::InUse(_)), "{second}");
    trial.store.close().await.unwrap();
    place.open().await.assert_sound().await;
}

async fn sizes_are_told(place: Place) {
    let trial = place.open().await;
    let empty = trial.store.stats(&following()).await.unwrap();
    assert_eq!((empty.entities, empty.feed_first, empty.feed_head, empty.series), (0, 0, 0, 0));
    trial.create(thing("T", "t1").with("a", 1)).await;
    let reading = property(1).observed(at(NOW));
    trial.op(Op::mutate(id("t1"), set(&[("a", reading)]))).await.unwrap();
    let stats = trial.store.stats(&following()).await.unwrap();
    assert_eq!((stats.entities, stats.feed_first, stats.feed_head, stats.series), (1, 1, 2, 1));
    assert_eq!((stats.names, stats.tenants.len()), (2, 1));
    assert!(stats.database_bytes > 0);
}

async fn verification_runs_beside_everything(place: Place) {
    let trial = place.open().await;
    let writer = tokio::spawn({
        let trial = trial.clone();
        async move {
            for n in 0..200 {
                let entity =
                    thing("T", &format!("t{}", n % 20)).with("n", n).at(107.0 + f64::from(n) / 100.0, 16.0);
                trial.op(Op::upsert(entity, dinh_store::UpsertMode::Replace)).await.unwrap();
            }
        }
    });
    for _ in 0..5 {
        trial.assert_sound().await;
    }
    writer.await.unwrap();
    let report = trial.store.verify(&following()).await.unwrap();
    let names: Vec<_> = report.checks.iter().map(|check| check.name).collect();
    for name in [
        "change feed",
        "entities",
        "type index",
        "point index",
        "type counts",
        "grid counts",
        "full text",
        "history",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(report.checks.iter().filter(|check| check.name == "entities").all(|check| check.checked == 20));
}
