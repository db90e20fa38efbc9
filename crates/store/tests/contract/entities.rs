//! Entities come, change and go.

use dinh_model::Entity;
use dinh_ngsild::mutation::{Mutation, MutationError};
use dinh_ngsild::query::TypeExpr;
use dinh_store::{Commit, Done, DoneKind, Error, Op, OpError, Options, UpsertMode};
use serde_json::json;

use crate::support::*;

contract!(
    entities_come_change_and_go,
    versions_guard_against_lost_updates,
    upserts_create_replace_update_and_merge,
    a_refused_operation_writes_nothing,
    atomic_commits_are_all_or_nothing,
    operations_on_one_entity_see_each_other,
    what_says_the_same_is_no_change,
    tenants_see_nothing_of_each_other,
    bounds_are_named,
    everything_is_there_after_reopening,
);

async fn entities_come_change_and_go(place: Place) {
    let trial = place.open().await;
    let done = trial.create(thing("Gauge", "g1").with("level", 1.5)).await;
    assert_eq!((done.kind, done.version, done.seq), (DoneKind::Created, 1, Some(1)));
    let stored = trial.entity("g1").await.unwrap();
    assert_eq!((*stored.entity).clone(), thing("Gauge", "g1").with("level", 1.5));
    place.clock.advance(SECOND);
    let done = trial.op(Op::mutate(id("g1"), set(&[("level", property(1.7))]))).await.unwrap();
    assert_eq!((done.kind, done.version, done.seq), (DoneKind::Updated, 2, Some(2)));
    assert_eq!(done.updated, [term("level")]);
    let stored = trial.entity("g1").await.unwrap();
    assert_eq!(stored.version, 2);
    assert_eq!(stored.entity.attribute(term("level").as_str()).unwrap().number(), Some(1.7));
    assert_eq!(stored.entity.modified_at, at("2026-11-20T00:00:01Z"));
    let new = thing("Gauge", "g1").with("name", "Kim Long");
    let done = trial.op(Op::Replace { entity: new.into(), expect: None }).await.unwrap();
    assert_eq!((done.kind, done.version), (DoneKind::Updated, 3));
    assert!(trial.entity("g1").await.unwrap().entity.attribute(term("level").as_str()).is_none());
    let done = trial.op(Op::delete(id("g1"))).await.unwrap();
    assert_eq!((done.kind, done.version, done.seq), (DoneKind::Deleted, 3, Some(4)));
    assert!(trial.entity("g1").await.is_none());
    assert_eq!(trial.op(Op::delete(id("g1"))).await, Err(OpError::NotFound));
    assert_eq!(trial.create(thing("Gauge", "g1")).await.version, 1);
    trial.assert_sound().await;
}

async fn versions_guard_against_lost_updates(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Gauge", "g1").with("level", 1)).await;
    let change = |expect, value: i32| Op::Mutate {
        id: id("g1"),
        mutation: Box::new(set(&[("level", property(value))])),
        expect,
        types: None,
    };
    assert_eq!(trial.op(change(Some(1), 2)).await.unwrap().version, 2);
    assert_eq!(trial.op(change(Some(1), 3)).await, Err(OpError::VersionConflict { found: 2 }));
    let delete = |expect| Op::Delete { id: id("g1"), expect, types: None };
    assert_eq!(trial.op(delete(Some(7))).await, Err(OpError::VersionConflict { found: 2 }));
    let upsert =
        |expect| Op::Upsert { entity: thing("Gauge", "g2").into(), mode: UpsertMode::Replace, expect };
    assert_eq!(trial.op(upsert(Some(3))).await, Err(OpError::NotFound));
    assert_eq!(trial.op(upsert(Some(0))).await.unwrap().kind, DoneKind::Created);
    assert_eq!(trial.op(upsert(Some(0))).await, Err(OpError::VersionConflict { found: 1 }));
    assert_eq!(trial.op(delete(Some(2))).await.unwrap().kind, DoneKind::Deleted);
}

async fn upserts_create_replace_update_and_merge(place: Place) {
    let trial = place.open().await;
    let with = |mode, entity: Entity| trial.op(Op::upsert(entity, mode));
    let update = UpsertMode::Update { no_overwrite: false };
    let keep = UpsertMode::Update { no_overwrite: true };
    assert_eq!(with(update, thing("Bus", "b1").with("speed", 30)).await.unwrap().kind, DoneKind::Created);
    let done = with(update, thing("Bus", "b1").with("line", "01").with("speed", 31)).await.unwrap();
    assert_eq!(done.kind, DoneKind::Updated);
    let done = with(keep, thing("Bus", "b1").with("speed", 99).with("driver", "An")).await.unwrap();
    assert_eq!(done.not_updated.len(), 1);
    let names = |stored: dinh_store::Stored| stored.entity.attributes.len();
    assert_eq!(names(trial.entity("b1").await.unwrap()), 3);
    let speed =
        |stored: dinh_store::Stored| stored.entity.attribute(term("speed").as_str()).unwrap().number();
    assert_eq!(speed(trial.entity("b1").await.unwrap()), Some(31.0));
    with(UpsertMode::Merge, thing("Bus", "b1").with("place", json!({"a": 1}))).await.unwrap();
    with(UpsertMode::Merge, thing("Bus", "b1").with("place", json!({"b": 2}))).await.unwrap();
    let merged = trial.entity("b1").await.unwrap();
    assert_eq!(
        merged.entity.attribute(term("place").as_str()).unwrap().value,
        dinh_model::Value::Property(json!({"a": 1, "b": 2}))
    );
    with(UpsertMode::Replace, thing("Bus", "b1").with("speed", 5)).await.unwrap();
    assert_eq!(names(trial.entity("b1").await.unwrap()), 1);
    trial.assert_sound().await;
}

async fn a_refused_operation_writes_nothing(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Gauge", "g1").with("level", 1)).await;
    let missing = Mutation::DeleteAttribute { name: term("nothing"), dataset_id: None, all: false };
    let receipt = trial
        .commit(Commit::of(vec![
            Op::Create(thing("Gauge", "g1").into()),
            Op::mutate(id("g9"), set(&[("level", property(1))])),
            Op::mutate(id("g1"), missing),
            Op::Mutate {
                id: id("g1"),
                mutation: Box::new(set(&[("level", property(5))])),
                expect: None,
                types: Some(TypeExpr::Is(term("Bus"))),
            },
            Op::Create(thing("Gauge", "g2").into()),
        ]))
        .await;
    let errors: Vec<_> = receipt.results.iter().map(|result| result.as_ref().err()).collect();
    assert_eq!(errors[0], Some(&OpError::AlreadyExists));
    assert_eq!(errors[1], Some(&OpError::NotFound));
    assert!(matches!(errors[2], Some(OpError::Mutation(MutationError::NoAttribute { .. }))));
    assert_eq!((errors[3], errors[4]), (Some(&OpError::NotFound), None));
    assert_eq!(receipt.head, 2, "only the last operation made a change");
    assert_eq!(trial.entity("g1").await.unwrap().version, 1);
    trial.assert_sound().await;
}

async fn atomic_commits_are_all_or_nothing(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Gauge", "g1").with("level", 1)).await;
    let before = trial.entity("g1").await.unwrap();
    let receipt = trial
        .commit(Commit::atomic(vec![
            Op::Create(thing("New", "n1").with("a", 1).at(107.0, 16.0).with_value("to", link("g1")).into()),
            Op::mutate(id("g1"), set(&[("level", property(2)), ("fresh", property("x").observed(at(NOW)))])),
            Op::PutRecord { kind: "note".into(), key: "1".into(), body: json!({}) },
            Op::delete(id("missing")),
            Op::delete(id("g1")),
        ]))
        .await;
    assert_eq!(
        receipt.results,
        [
            Err(OpError::Undone),
            Err(OpError::Undone),
            Err(OpError::Undone),
            Err(OpError::NotFound),
            Err(OpError::Undone)
        ]
    );
    assert_eq!(receipt.head, 1);
    assert_eq!(trial.entity("g1").await, Some(before));
    assert!(trial.entity("n1").await.is_none());
    assert_eq!(trial.store.record_count(&reading("hue"), "note").await.unwrap(), 0);
    trial.assert_sound().await;
    let receipt = trial
        .commit(Commit::atomic(vec![
            Op::Create(thing("New", "n1").into()),
            Op::mutate(id("g1"), set(&[("level", property(2))])),
        ]))
        .await;
    assert!(receipt.is_ok());
    assert_eq!(trial.entity("g1").await.unwrap().version, 2);
    trial.assert_sound().await;
}

async fn operations_on_one_entity_see_each_other(place: Place) {
    let trial = place.open().await;
    let level = |value: i32| Op::mutate(id("g1"), set(&[("level", property(value))]));
    let receipt = trial
        .commit(Commit::of(vec![
            level(0),
            Op::Create(thing("Gauge", "g1").into()),
            level(1),
            level(2),
            Op::delete(id("g1")),
            level(3),
            Op::Create(thing("Gauge", "g1").into()),
            level(4),
        ]))
        .await;
    let versions: Vec<_> = receipt.results.iter().map(|r| r.as_ref().map(|done| done.version).ok()).collect();
    assert_eq!(versions, [None, Some(1), Some(2), Some(3), Some(3), None, Some(1), Some(2)]);
    assert_eq!(receipt.head, 6);
    let stored = trial.entity("g1").await.unwrap();
    assert_eq!(stored.entity.attribute(term("level").as_str()).unwrap().number(), Some(4.0));
    trial.assert_sound().await;
}

async fn what_says_the_same_is_no_change(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Gauge", "g1").with("level", 1)).await;
    let done = trial.op(Op::mutate(id("g1"), set(&[("level", property(1))]))).await.unwrap();
    let expected = Done {
        kind: DoneKind::Unchanged,
        version: 1,
        seq: None,
        updated: vec![term("level")],
        not_updated: vec![],
    };
    assert_eq!(done, expected);
    assert_eq!(trial.store.head(&following()), 1);
}

async fn tenants_see_nothing_of_each_other(place: Place) {
    let trial = place.open().await;
    let there = |tenant: &'static str, kind: &'static str| {
        let store = trial.store.clone();
        async move { store.commit(&writing(tenant), Op::Create(thing(kind, "x").into()).into()).await.unwrap() }
    };
    assert!(there("hue", "A").await.is_ok());
    assert!(there("quang-ngai", "B").await.is_ok());
    let of = |tenant: &'static str| {
        let store = trial.store.clone();
        async move { store.entity(&reading(tenant), &id("x")).await.unwrap().map(|s| s.entity.types.clone()) }
    };
    assert_eq!(of("hue").await, Some(vec![term("A")]));
    assert_eq!(of("quang-ngai").await, Some(vec![term("B")]));
    assert_eq!(of("nobody").await, None);
    assert_eq!(trial.store.total(&reading("hue")).await.unwrap(), 1);
    assert_eq!(trial.store.total(&reading("nobody")).await.unwrap(), 0);
    let tenants: Vec<String> = trial.store.tenants(&following()).iter().map(ToString::to_string).collect();
    assert_eq!(tenants, ["hue", "quang-ngai"]);
    trial.assert_sound().await;
}

async fn bounds_are_named(place: Place) {
    let options = Options { max_commit_ops: 3, max_entity_bytes: 2_000, ..options() };
    let trial = place.open_with(options).await;
    let many = (0..4).map(|n| Op::delete(id(&n.to_string()))).collect();
    let error = trial.store.commit(&writing("hue"), Commit::of(many)).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { found: 4, bound: 3, .. }), "{error}");
    assert!(error.to_string().contains("bound is 3"), "{error}");
    let large = thing("T", "large").with("text", "x".repeat(3_000));
    let refused = trial.op(Op::Create(large.into())).await.unwrap_err();
    assert!(matches!(refused, OpError::TooLarge { bound: 2_000, .. }), "{refused}");
    let deep = (0..300).fold(json!(1), |inner, _| json!([inner]));
    let refused = trial.op(Op::Create(thing("T", "deep").with("deep", deep).into())).await.unwrap_err();
    assert!(matches!(refused, OpError::Refused(_)), "{refused}");
    assert_eq!(trial.store.head(&following()), 0);
    trial.assert_sound().await;
}

async fn everything_is_there_after_reopening(place: Place) {
    let trial = place.open().await;
    for n in 0..20 {
        trial.create(thing("Gauge", &format!("g{n}")).with("level", n)).await;
    }
    trial.op(Op::delete(id("g3"))).await.unwrap();
    trial.store.close().await.unwrap();
    let error = trial.store.commit(&writing("hue"), Op::delete(id("g1")).into()).await.unwrap_err();
    assert!(matches!(error, Error::Closed), "{error}");
    assert!(matches!(trial.store.entity(&reading("hue"), &id("g1")).await, Err(Error::Closed)));
    trial.store.close().await.unwrap();
    let again = place.open().await;
    assert_eq!(again.store.total(&reading("hue")).await.unwrap(), 19);
    assert_eq!(again.store.head(&following()), 21);
    assert_eq!(again.create(thing("Gauge", "g3")).await.seq, Some(22));
    again.assert_sound().await;
}
