//! The change feed.

use std::collections::BTreeSet;
use std::time::Duration;

use dinh_model::{ChangeKind, Value};
use dinh_store::{Commit, Error, Op, Options};

use crate::support::*;

contract!(
    the_feed_tells_what_happened,
    the_feed_has_no_gaps_under_many_writers,
    old_changes_come_from_the_disk,
    watchers_hear_of_every_head,
    old_changes_go_once_every_cursor_has_passed,
    too_many_changes_go_whatever_the_cursors_say,
);

async fn the_feed_tells_what_happened(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Gauge", "g1").with("level", 1)).await;
    place.clock.advance(SECOND);
    trial.op(Op::mutate(id("g1"), set(&[("level", property(2)), ("unit", property("m"))]))).await.unwrap();
    trial.op(Op::delete(id("g1"))).await.unwrap();
    let changes = trial.store.changes(&following(), 0, 10).await.unwrap();
    let [created, updated, deleted] = changes.as_slice() else { panic!("three changes") };
    assert_eq!((created.change.kind, created.change.version), (ChangeKind::Created, 1));
    assert_eq!(created.change.by, "system:test");
    assert_eq!(created.change.attributes.len(), 1);
    assert_eq!(created.after.as_ref().unwrap().id, id("g1"));
    assert_eq!((updated.change.kind, updated.change.version), (ChangeKind::Updated, 2));
    assert_eq!(updated.change.at, at("2026-11-20T00:00:01Z"));
    let level = &updated.change.attributes[0];
    assert_eq!(level.kind, ChangeKind::Updated);
    assert_eq!(level.before.as_ref().unwrap().value, Value::Property(1.into()));
    assert_eq!(level.after.as_ref().unwrap().value, Value::Property(2.into()));
    assert_eq!(updated.change.attributes[1].kind, ChangeKind::Created);
    assert_eq!((deleted.change.kind, deleted.after.is_none()), (ChangeKind::Deleted, true));
    assert_eq!(deleted.change.types, [term("Gauge")]);
}

async fn the_feed_has_no_gaps_under_many_writers(place: Place) {
    let trial = place.open().await;
    let mut writers = Vec::new();
    for writer in 0..16 {
        let trial = trial.clone();
        writers.push(tokio::spawn(async move {
            let mut seqs = Vec::new();
            for n in 0..20 {
                let create = |name: String| Op::Create(thing("T", &name).with("n", n).into());
                let mut ops = vec![create(format!("{writer}-{n}")), create(format!("shared-{n}"))];
                if n % 3 == 0 {
                    ops.push(Op::delete(id(&format!("shared-{n}"))));
                }
                let commit = Commit { ops, atomic: n % 2 == 0, ..Commit::default() };
                let tenant = if writer % 2 == 0 { "hue" } else { "ha-noi" };
                let receipt = trial.store.commit(&writing(tenant), commit).await.unwrap();
                seqs.extend(receipt.results.into_iter().flatten().filter_map(|done| done.seq));
            }
            seqs
        }));
    }
    let mut told = BTreeSet::new();
    for writer in writers {
        for seq in writer.await.unwrap() {
            assert!(told.insert(seq), "{seq} was told twice");
        }
    }
    let head = trial.store.head(&following());
    assert_eq!(told, (1..=head).collect());
    let (mut seen, mut after) = (Vec::new(), 0);
    while after < head {
        let page = trial.store.changes(&following(), after, 37).await.unwrap();
        seen.extend(page.iter().map(|recorded| recorded.change.seq));
        after = *seen.last().unwrap();
    }
    assert_eq!(seen, (1..=head).collect::<Vec<_>>());
    trial.assert_sound().await;
}

async fn old_changes_come_from_the_disk(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Gauge", "g1").with("level", 0).at(107.5, 16.4)).await;
    for n in 1..=120 {
        let reading = property(n).observed(at(NOW).plus_micros(n)).unit("MTR");
        trial.op(Op::mutate(id("g1"), set(&[("level", reading)]))).await.unwrap();
    }
    let recent = trial.store.changes(&following(), 120, 10).await.unwrap();
    assert!(recent[0].after.is_some());
    let old = trial.store.changes(&following(), 0, 10).await.unwrap();
    assert_eq!(old.len(), 10);
    assert!(old[0].after.is_none(), "from the disk");
    trial.store.close().await.unwrap();
    let again = place.open().await;
    let from_disk = again.store.changes(&following(), 120, 10).await.unwrap();
    assert_eq!(from_disk[0].change, recent[0].change);
    assert!(again.store.changes(&following(), 121, 10).await.unwrap().is_empty());
}

async fn watchers_hear_of_every_head(place: Place) {
    let trial = place.open().await;
    let mut head = trial.store.watch(&following());
    let watcher = tokio::spawn(async move {
        while *head.borrow_and_update() < 10 {
            head.changed().await.unwrap();
        }
        *head.borrow()
    });
    for n in 0..10 {
        trial.create(thing("T", &n.to_string())).await;
    }
    assert_eq!(watcher.await.unwrap(), 10);
}

async fn old_changes_go_once_every_cursor_has_passed(place: Place) {
    let options = Options { feed_keep: Duration::from_hours(1), ring_length: 5, ..options() };
    let trial = place.open_with(options.clone()).await;
    for n in 0..30 {
        trial.create(thing("T", &n.to_string())).await;
    }
    trial.store.save_cursors(&following(), vec![("slow".into(), 10)]).await.unwrap();
    trial.store.housekeep(&following()).await.unwrap();
    assert_eq!(trial.store.changes(&following(), 0, 1).await.unwrap()[0].change.seq, 1, "still young");
    place.clock.advance(DAY);
    trial.store.housekeep(&following()).await.unwrap();
    let trimmed = trial.store.changes(&following(), 0, 1).await.unwrap_err();
    assert!(matches!(trimmed, Error::Trimmed { first: 11 }), "{trimmed}");
    assert_eq!(trial.store.changes(&following(), 10, 1).await.unwrap()[0].change.seq, 11);
    trial.store.drop_cursor(&following(), "slow").await.unwrap();
    trial.store.housekeep(&following()).await.unwrap();
    trial.assert_sound().await;
    trial.store.close().await.unwrap();
    let again = place.open_with(options).await;
    assert_eq!(again.store.stats(&following()).await.unwrap().feed_first, 30, "the last one always stays");
    assert_eq!(again.create(thing("T", "new")).await.seq, Some(31));
    again.assert_sound().await;
}

async fn too_many_changes_go_whatever_the_cursors_say(place: Place) {
    let trial = place.open_with(Options { feed_max: 20, ring_length: 5, ..options() }).await;
    for n in 0..50 {
        trial.create(thing("T", &n.to_string())).await;
    }
    trial.store.save_cursors(&following(), vec![("stuck".into(), 1)]).await.unwrap();
    trial.store.housekeep(&following()).await.unwrap();
    let stats = trial.store.stats(&following()).await.unwrap();
    assert_eq!((stats.feed_first, stats.feed_head), (31, 50));
}
