//! What is answered from memory is what the database would answer, and queries get the indexes that they lack.

use dinh_access::{Grant, Read};
use dinh_ngsild::query::{EntityQuery, Literal, Op as Compare, Operand, Path, Q};
use dinh_store::{Commit, Error, Op, Options};

use crate::support::*;

contract!(
    pages_follow_what_comes_and_goes,
    what_is_acknowledged_is_read,
    what_is_gone_is_not_remembered,
    queries_get_the_index_that_they_lack,
);

async fn page(trial: &Trial, grant: &Grant<Read>) -> Vec<(String, u64)> {
    let query = EntityQuery { limit: 5, ..EntityQuery::of_type(term("Gauge")) };
    let page = trial.store.query(grant, &query).await.unwrap();
    page.entities.iter().map(|stored| (short(&stored.entity.id), stored.version)).collect()
}

/// Asked by somebody who has asked before, and by somebody new: nobody has kept anything for them.
async fn assert_same(trial: &Trial, known: &Grant<Read>, expected: &[(&str, u64)]) {
    let expected: Vec<(String, u64)> =
        expected.iter().map(|(id, version)| ((*id).into(), *version)).collect();
    for _ in 0..2 {
        assert_eq!(page(trial, known).await, expected);
    }
    assert_eq!(page(trial, &reading("hue")).await, expected);
}

async fn pages_follow_what_comes_and_goes(place: Place) {
    let trial = place.open().await;
    let known = reading("hue");
    for name in ["a", "b", "c"] {
        trial.create(thing("Gauge", name).with("level", 1)).await;
    }
    assert_same(&trial, &known, &[("a", 1), ("b", 1), ("c", 1)]).await;
    trial.op(Op::mutate(id("b"), set(&[("level", property(2))]))).await.unwrap();
    assert_same(&trial, &known, &[("a", 1), ("b", 2), ("c", 1)]).await;
    trial.create(thing("Gauge", "d").with("level", 1)).await;
    assert_same(&trial, &known, &[("a", 1), ("b", 2), ("c", 1), ("d", 1)]).await;
    // As many come as go.
    let delete = |name| Op::Delete { id: id(name), expect: None, types: None };
    let both = vec![delete("a"), Op::Create(thing("Gauge", "e").into())];
    assert!(trial.commit(Commit::of(both)).await.is_ok());
    assert_same(&trial, &known, &[("b", 2), ("c", 1), ("d", 1), ("e", 1)]).await;
    trial.create(thing("Gauge", "a").with("level", 7)).await;
    assert_same(&trial, &known, &[("b", 2), ("c", 1), ("d", 1), ("e", 1), ("a", 1)]).await;
    let refused = Commit::atomic(vec![delete("c"), delete("nobody")]);
    assert!(!trial.commit(refused).await.is_ok());
    assert_same(&trial, &known, &[("b", 2), ("c", 1), ("d", 1), ("e", 1), ("a", 1)]).await;
}

async fn what_is_acknowledged_is_read(place: Place) {
    let trial = place.open().await;
    for name in ["a", "b"] {
        trial.create(thing("Gauge", name).with("level", 0)).await;
    }
    let reader = |name: &'static str| {
        let trial = trial.clone();
        tokio::spawn(async move {
            let (mut last, mut looks) = (0, 0u32);
            while last < 200 {
                let found = trial.entity(name).await.unwrap().version;
                assert!(found >= last, "{name}: version {found} after {last}");
                (last, looks) = (found, looks + 1);
                tokio::task::yield_now().await;
            }
            looks
        })
    };
    let readers = [reader("a"), reader("b"), reader("a")];
    for n in 1..200 {
        for name in ["a", "b"] {
            let done = trial.op(Op::mutate(id(name), set(&[("level", property(n))]))).await.unwrap();
            assert_eq!(trial.entity(name).await.unwrap().version, done.version, "what was acknowledged");
        }
    }
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
}

async fn what_is_gone_is_not_remembered(place: Place) {
    let trial = place.open().await;
    for round in 1..4 {
        trial.create(thing("Gauge", "a").with("level", round)).await;
        for _ in 0..2 {
            assert_eq!(trial.entity("a").await.unwrap().version, 1);
        }
        trial.op(Op::Delete { id: id("a"), expect: None, types: None }).await.unwrap();
        for _ in 0..2 {
            assert!(trial.entity("a").await.is_none());
        }
    }
    trial.store.close().await.unwrap();
    let closed = trial.store.entity(&reading("hue"), &id("a")).await;
    assert!(matches!(closed, Err(Error::Closed)), "{closed:?}");
}

async fn queries_get_the_index_that_they_lack(place: Place) {
    let trial = place.open_with(Options { scan_budget: 1_000, ..options() }).await;
    let one = |n: usize| Op::Create(thing("Gauge", &format!("g{n:04}")).with("level", n).into());
    assert!(trial.commit(Commit::of((0..1_500).map(one).collect())).await.is_ok());
    let value = Operand::One(Literal::Number(1_234.0));
    let q = Q::Compare { path: Path::attribute(term("level")), op: Compare::Eq, value };
    let query = EntityQuery { q: Some(q), limit: 20, ..EntityQuery::of_type(term("Gauge")) };
    let mut refused = 0;
    let found = loop {
        match trial.store.query(&reading("hue"), &query).await {
            Ok(page) => break page,
            Err(Error::TooComplex { .. }) if refused < 2_000 => refused += 1,
            Err(error) => panic!("{error}"),
        }
    };
    assert!(refused > 0, "nobody has declared an index");
    assert_eq!(found.entities.len(), 1);
    let change = set(&[("level", property(1))]);
    trial.op(Op::mutate(id("g1234"), change)).await.unwrap();
    assert!(trial.find(&query).await.0.is_empty());
    trial.assert_sound().await;
    trial.store.close().await.unwrap();
    let again = place.open_with(Options { scan_budget: 1_000, ..options() }).await;
    assert!(again.find(&query).await.0.is_empty(), "the index is kept");
}
