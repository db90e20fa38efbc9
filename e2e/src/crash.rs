//! kill -9 at random moments, under load: the scenario that the tests run a few times and the benchmark many times.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Result, ensure};
use rand::Rng as _;
use serde_json::{Value, json};

use crate::{Api, Receiver, Server, Test, run, until};

/// Writers at once.
const WRITERS: usize = 16;
/// The kill comes when so many updates of a round, at most, are acknowledged.
const MOST_BEFORE_KILL: u64 = 400;
/// Restart, delivery of what was missed, on a busy machine.
const LONGEST: Duration = Duration::from_mins(2);

/// What a writer knows: the last step that was acknowledged, and the last one sent.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    acknowledged: u64,
    sent: u64,
}

/// What the rounds came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Kills survived.
    pub rounds: usize,
    /// Updates acknowledged, all of them found after the restart.
    pub updates: u64,
    /// Notifications received; every acknowledged update is among them.
    pub notifications: usize,
}

type Board = Arc<Mutex<BTreeMap<String, Progress>>>;

fn id(name: &str) -> String {
    format!("urn:ngsi-ld:Counter:{name}")
}

fn counter(name: &str, step: f64) -> Value {
    json!({"id": id(name), "type": "Counter", "step": {"type": "Property", "value": step}})
}

/// Counts its own entity up until the server is gone.
async fn write(api: Api, name: String, board: Board, acknowledged: Arc<AtomicU64>) {
    let mut step = {
        let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
        // A step that was sent and not acknowledged before the kill is sent again.
        board.entry(name.clone()).or_default().acknowledged
    };
    loop {
        step += 1;
        note(&board, &name, |p| p.sent = step);
        #[expect(clippy::cast_precision_loss, reason = "steps stay small")]
        let body = json!([counter(&name, step as f64)]);
        let reply = api.post("/ngsi-ld/v1/entityOperations/update", &body).await;
        if !reply.is_ok_and(|r| r.status == 204) {
            return;
        }
        note(&board, &name, |p| p.acknowledged = step);
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

fn note(board: &Board, name: &str, change: impl FnOnce(&mut Progress)) {
    let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
    change(board.entry(name.to_owned()).or_default());
}

/// Writes with all writers until a random number of updates is acknowledged, then kills.
async fn one_round(server: &mut Server, board: &Board) -> Test {
    let acknowledged = Arc::new(AtomicU64::new(0));
    let writers: Vec<_> = (0..WRITERS)
        .map(|w| {
            let api = server.api()?;
            Ok(tokio::spawn(write(api, format!("w{w}"), Arc::clone(board), Arc::clone(&acknowledged))))
        })
        .collect::<Result<_>>()?;
    let enough = rand::rng().random_range(20..MOST_BEFORE_KILL);
    until("enough updates are acknowledged", LONGEST, || {
        let so_far = acknowledged.load(Ordering::SeqCst);
        async move { Ok((so_far >= enough).then_some(())) }
    })
    .await?;
    server.kill().await?;
    for writer in writers {
        writer.await?;
    }
    Ok(())
}

/// Every counter stands at a step between the last acknowledged and the last sent.
async fn nothing_is_lost(api: &Api, board: &Board, round: usize) -> Test {
    let expected = board.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for (name, progress) in expected {
        let entity = api.json(&format!("/ngsi-ld/v1/entities/{}", id(&name))).await?;
        let stands = step_of(&entity);
        ensure!(
            stands >= Some(progress.acknowledged) && stands <= Some(progress.sent),
            "round {round}: {name} stands at {stands:?}, {progress:?}"
        );
    }
    Ok(())
}

fn step_of(entity: &Value) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "steps are small whole numbers"
    )]
    entity["step"]["value"].as_f64().map(|step| step as u64)
}

/// Every acknowledged step of every counter has been notified at least once.
async fn nothing_is_forgotten(receiver: &Receiver, board: &Board, round: usize) -> Test {
    let expected = board.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let what = format!("every acknowledged step of round {round} is notified");
    let missing = |heard: &BTreeSet<(String, u64)>| -> Vec<(String, u64)> {
        let wanted = expected.iter().flat_map(|(name, p)| (1..=p.acknowledged).map(|s| (id(name), s)));
        wanted.filter(|step| !heard.contains(step)).collect()
    };
    receiver
        .wait_for(&what, LONGEST, |notifications| {
            let heard = notifications
                .iter()
                .flat_map(|n| n.entities().iter())
                .filter_map(|e| Some((e["id"].as_str()?.to_owned(), step_of(e)?)))
                .collect();
            missing(&heard).is_empty()
        })
        .await
        .map(drop)
}

/// Kills the server `count` times under the load of 16 writers, and after each kill checks that `verify` finds nothing,
/// that every acknowledged update is there, and that every one of them has been notified.
pub async fn survive_kills(count: usize) -> Result<Tally> {
    let mut server = Server::start().await?;
    let api = server.api()?;
    let receiver = Receiver::start().await?;
    let board = Board::default();
    for writer in 0..WRITERS {
        api.create(&counter(&format!("w{writer}"), 0.0)).await?;
    }
    let subscription = json!({
        "type": "Subscription",
        "entities": [{"type": "Counter"}],
        "watchedAttributes": ["step"],
        "notification": {"endpoint": {"uri": receiver.url(), "accept": "application/json"}},
    });
    api.post("/ngsi-ld/v1/subscriptions", &subscription).await?.expect(201)?;
    for round in 1..=count {
        one_round(&mut server, &board).await?;
        let verified =
            run(server.data(), ["verify".as_ref(), "--data".as_ref(), server.data().as_os_str()]).await?;
        verified.succeeded().map_err(|e| e.context(format!("verify after round {round}")))?;
        server.start_again().await?;
        nothing_is_lost(&server.api()?, &board, round).await?;
        nothing_is_forgotten(&receiver, &board, round).await?;
    }
    let updates = board.lock().unwrap_or_else(PoisonError::into_inner).values().map(|p| p.acknowledged).sum();
    Ok(Tally { rounds: count, updates, notifications: receiver.received().len() })
}
