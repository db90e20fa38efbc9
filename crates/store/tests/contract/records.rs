//! Records and cursors.

use dinh_model::Tenant;
use dinh_store::{Commit, DoneKind, Error, Op, OpError};
use serde_json::json;

use crate::support::*;

contract!(
    records_are_kept_counted_and_paged,
    records_of_all_tenants,
    numbers_add_up_whoever_counts,
    cursors_are_durable
);

fn put(kind: &str, key: &str, n: u32) -> Op {
    Op::PutRecord { kind: kind.into(), key: key.into(), body: json!({"n": n}) }
}

async fn records_are_kept_counted_and_paged(place: Place) {
    let trial = place.open().await;
    trial.commit(Commit::of((0..10).map(|n| put("subscription", &format!("s{n}"), n)).collect())).await;
    assert_eq!(trial.op(put("context", "c1", 1)).await.unwrap().kind, DoneKind::Created);
    assert_eq!(trial.op(put("context", "c1", 2)).await.unwrap().kind, DoneKind::Updated);
    let delete = |key: &str| Op::DeleteRecord { kind: "subscription".into(), key: key.into() };
    assert_eq!(trial.op(delete("s3")).await.unwrap().kind, DoneKind::Deleted);
    assert_eq!(trial.op(delete("s3")).await, Err(OpError::NoRecord));
    let count = trial.store.record_count(&reading("hue"), "subscription").await.unwrap();
    let mut keys: Vec<String> = Vec::new();
    loop {
        let after = keys.last().cloned().unwrap_or_default();
        let page = trial.store.records(&reading("hue"), "subscription", &after, 4).await.unwrap();
        if page.is_empty() {
            break;
        }
        keys.extend(page.into_iter().map(|record| record.key));
    }
    assert_eq!(keys, ["s0", "s1", "s2", "s4", "s5", "s6", "s7", "s8", "s9"]);
    assert_eq!(count, 9);
    let record = trial.store.record(&reading("hue"), "context", "c1").await.unwrap().unwrap();
    assert_eq!((record.body, record.at), (json!({"n": 2}), at(NOW)));
    assert_eq!(trial.store.head(&following()), 0, "records are no changes of the graph");
    trial.assert_sound().await;
}

async fn numbers_add_up_whoever_counts(place: Place) {
    let trial = place.open().await;
    let add = |key: &str, pairs: &[(&str, i64)]| Op::AddTo {
        kind: "tally".into(),
        key: key.into(),
        add: pairs.iter().map(|(name, more)| ((*name).to_owned(), *more)).collect(),
    };
    assert_eq!(trial.op(add("a", &[("in", 2), ("out", 1)])).await.unwrap().kind, DoneKind::Created);
    assert_eq!(trial.op(add("a", &[("in", 3), ("out", -1)])).await.unwrap().kind, DoneKind::Updated);
    let many = (0..50).map(|_| {
        let (store, op) = (trial.store.clone(), add("b", &[("n", 1)]));
        tokio::spawn(async move { store.commit(&writing("hue"), op.into()).await.unwrap().is_ok() })
    });
    for one in many.collect::<Vec<_>>() {
        assert!(one.await.unwrap());
    }
    // All or nothing holds for numbers too.
    let doomed = Commit::atomic(vec![add("b", &[("n", 1000)]), put("tally", "c", 1), {
        Op::DeleteRecord { kind: "tally".into(), key: "none".into() }
    }]);
    assert!(!trial.store.commit(&writing("hue"), doomed).await.unwrap().is_ok());
    let body =
        async |key: &str| trial.store.record(&reading("hue"), "tally", key).await.unwrap().unwrap().body;
    assert_eq!(body("a").await, json!({"in": 5}), "what is zero is left out");
    assert_eq!(body("b").await, json!({"n": 50}));
    assert_eq!(trial.op(add("a", &[("in", i64::MAX)])).await, Err(OpError::NoTally));
    trial.op(Op::PutRecord { kind: "tally".into(), key: "d".into(), body: json!("text") }).await.unwrap();
    assert_eq!(trial.op(add("d", &[("n", 1)])).await, Err(OpError::NoTally));
    trial.store.close().await.unwrap();
    let trial = place.open().await;
    assert_eq!(trial.store.record_count(&reading("hue"), "tally").await.unwrap(), 3);
    trial.assert_sound().await;
}

async fn records_of_all_tenants(place: Place) {
    let trial = place.open().await;
    for tenant in ["hue", "ha-noi", "quang-tri"] {
        let ops = ["a", "b"].map(|key| put("subscription", key, 1)).to_vec();
        trial.store.commit(&writing(tenant), Commit::of(ops)).await.unwrap();
    }
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = trial.store.all_records(&following(), "subscription", after.clone(), 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.tenant.clone(), last.key.clone()));
        found.extend(page.into_iter().map(|record| format!("{}/{}", record.tenant, record.key)));
    }
    assert_eq!(found, ["hue/a", "hue/b", "ha-noi/a", "ha-noi/b", "quang-tri/a", "quang-tri/b"]);
    let nobody = Some((Tenant::parse("nobody").unwrap(), "x".to_owned()));
    assert_eq!(trial.store.all_records(&following(), "subscription", nobody, 99).await.unwrap().len(), 6);
}

async fn cursors_are_durable(place: Place) {
    let trial = place.open().await;
    for n in 0..5 {
        trial.create(thing("T", &n.to_string())).await;
    }
    let save = |name: &str, seq| vec![(name.to_owned(), seq)];
    trial.store.save_cursors(&following(), save("delivery", 3)).await.unwrap();
    let ahead = trial.store.save_cursors(&following(), save("delivery", 6)).await.unwrap_err();
    assert!(matches!(ahead, Error::Invalid(_)), "{ahead}");
    let record_and_cursor =
        vec![put("state", "delivery", 1), Op::SaveCursor { name: "rules".into(), seq: 5 }];
    assert!(trial.commit(Commit::atomic(record_and_cursor)).await.is_ok());
    trial.store.close().await.unwrap();
    let again = place.open().await;
    let cursors = |trial: Trial| async move {
        let cursors = trial.store.cursors(&following()).await.unwrap();
        cursors.into_iter().map(|cursor| (cursor.name, cursor.seq)).collect::<Vec<_>>()
    };
    assert_eq!(cursors(again.clone()).await, [("delivery".to_owned(), 3), ("rules".to_owned(), 5)]);
    again.store.save_cursors(&following(), save("delivery", 1)).await.unwrap();
    again.store.drop_cursor(&following(), "rules").await.unwrap();
    assert!(again.store.drop_cursor(&following(), "rules").await.is_err());
    assert_eq!(cursors(again.clone()).await, [("delivery".to_owned(), 1)]);
    again.assert_sound().await;
}
