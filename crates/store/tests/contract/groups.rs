//! Many commits at once, and commits that cannot be.

use dinh_store::{Commit, Error, Op, Options};

use crate::support::*;

contract!(
    many_at_once_are_each_done_once,
    a_commit_that_does_not_fit_fails_alone,
    a_full_store_says_so_and_loses_nothing,
    a_crowd_is_told_to_wait,
);

async fn many_at_once_are_each_done_once(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Counter", "c").with("n", 0)).await;
    let mut tasks = Vec::new();
    for task in 0..20 {
        let trial = trial.clone();
        tasks.push(tokio::spawn(async move {
            for _ in 0..10 {
                // Counts up under optimistic concurrency: a lost update would be missing in the end.
                loop {
                    let stored = trial.entity("c").await.unwrap();
                    let n = stored.entity.attribute(term("n").as_str()).unwrap().number().unwrap();
                    let op = Op::Mutate {
                        id: id("c"),
                        mutation: Box::new(set(&[("n", property(n + 1.0)), ("by", property(task))])),
                        expect: Some(stored.version),
                        types: None,
                    };
                    if trial.op(op).await.is_ok() {
                        break;
                    }
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let stored = trial.entity("c").await.unwrap();
    assert_eq!(stored.entity.attribute(term("n").as_str()).unwrap().number(), Some(200.0));
    assert_eq!((stored.version, trial.store.head(&following())), (201, 201));
    trial.assert_sound().await;
}

fn small() -> Options {
    Options { max_bytes: Some(2 << 20), entity_cache_bytes: 100_000, ..options() }
}

fn bulky(name: &str, kib: usize) -> Op {
    // Not compressible by anything, not even by luck.
    let text: String =
        (0..kib * 1024).map(|n| char::from(b'a' + u8::try_from(n * n % 23).unwrap())).collect();
    Op::Create(thing("Bulky", name).with("text", text).into())
}

async fn a_commit_that_does_not_fit_fails_alone(place: Place) {
    let trial = place.open_with(small()).await;
    let mut tasks = Vec::new();
    for n in 0..40 {
        let trial = trial.clone();
        let op = if n % 10 == 5 { bulky(&format!("big{n}"), 3_000) } else { bulky(&format!("small{n}"), 1) };
        tasks.push(tokio::spawn(async move { trial.store.commit(&writing("hue"), op.into()).await }));
    }
    for (n, task) in tasks.into_iter().enumerate() {
        match task.await.unwrap() {
            Ok(receipt) => assert!(n % 10 != 5 && receipt.is_ok(), "{n}"),
            Err(error) => assert!(n % 10 == 5 && matches!(error, Error::DiskFull), "{n}: {error}"),
        }
    }
    assert_eq!(trial.store.total(&reading("hue")).await.unwrap(), 36);
    assert_eq!(trial.store.head(&following()), 36);
    trial.assert_sound().await;
}

async fn a_full_store_says_so_and_loses_nothing(place: Place) {
    let trial = place.open_with(small()).await;
    let mut kept = 0;
    let error = loop {
        let names = [format!("a{kept}"), format!("b{kept}")];
        let commit = Commit::of(names.iter().map(|name| bulky(name, 20)).collect());
        match trial.store.commit(&writing("hue"), commit).await {
            Ok(receipt) => {
                assert!(receipt.is_ok());
                kept += 1;
            }
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::DiskFull), "{error}");
    assert!(error.to_string().contains("nothing of this write was kept"));
    assert!(kept > 10);
    assert_eq!(trial.store.total(&reading("hue")).await.unwrap(), kept * 2);
    assert!(trial.entity(&format!("a{kept}")).await.is_none());
    trial.assert_sound().await;
    trial.store.close().await.unwrap();
    let roomy = place.open().await;
    assert_eq!(roomy.store.total(&reading("hue")).await.unwrap(), kept * 2);
    assert_eq!(roomy.create(thing("T", "more")).await.seq, Some(kept * 2 + 1));
    roomy.assert_sound().await;
}

async fn a_crowd_is_told_to_wait(place: Place) {
    let options = Options {
        write_queue: 1,
        queue_wait: std::time::Duration::from_millis(1),
        read_queue: 1,
        readers: 1,
        ..options()
    };
    let trial = place.open_with(options).await;
    let mut tasks = Vec::new();
    for n in 0..200 {
        let trial = trial.clone();
        let op = bulky(&format!("t{n}"), 100);
        tasks.push(tokio::spawn(async move {
            let written = trial.store.commit(&writing("hue"), op.into()).await;
            let read = trial.store.total(&reading("hue")).await;
            (written.map(drop), read.map(drop))
        }));
    }
    let (mut done, mut told) = (0, 0);
    for task in tasks {
        let (written, _read) = task.await.unwrap();
        match written {
            Ok(()) => done += 1,
            Err(Error::Busy { bound: 1, .. }) => told += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(done > 0 && told > 0, "{done} done, {told} told to wait");
    assert_eq!(trial.store.total(&reading("hue")).await.unwrap(), done);
    trial.assert_sound().await;
}
