//! From an update to the browsers that watch: how long until each of many has it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{Api, PATIENCE, Server, until};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::graph::Graph;
use crate::options::Options;
use crate::report::{Report, Row, say};
use crate::samples::Samples;

/// Updates made while all watch.
const UPDATES: u32 = 50;
/// Between two updates.
const PACE: Duration = Duration::from_millis(200);

/// What the watchers share.
#[derive(Debug, Default)]
struct Shared {
    connected: usize,
    /// When each update was sent, by the level that it set.
    sent: BTreeMap<u32, Instant>,
    samples: Samples,
}

type Board = Arc<Mutex<Shared>>;

fn with<T>(board: &Board, work: impl FnOnce(&mut Shared) -> T) -> T {
    work(&mut board.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Follows the events and notes when it sees the identifier of the watched sensor beside a level. Reads raw bytes: a
/// thousand browsers here must cost little beside the server.
async fn watch(address: String, path: String, board: Board) -> Result<()> {
    let mut connection = TcpStream::connect(&address).await?;
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\n\r\n");
    connection.write_all(head.as_bytes()).await?;
    let mut text = String::new();
    let mut buffer = vec![0; 16_384];
    let mut counted = false;
    let mut next = 0;
    loop {
        let read = connection.read(&mut buffer).await?;
        ensure!(read > 0, "the server closed the stream");
        let now = Instant::now();
        text.push_str(&String::from_utf8_lossy(buffer.get(..read).unwrap_or_default()));
        if !counted && text.contains("\r\n\r\n") {
            ensure!(text.starts_with("HTTP/1.1 200"), "{text}");
            with(&board, |b| b.connected += 1);
            counted = true;
        }
        // Levels are 1000.5, 1001.5, …: unmistakable among the sensors' own levels under ten.
        while text.contains(&format!("\"v\":{}.5", 1000 + next)) {
            with(&board, |b| {
                if let Some(sent) = b.sent.get(&next) {
                    b.samples.add(now - *sent);
                }
            });
            next += 1;
        }
        if next == UPDATES {
            return Ok(());
        }
        // What is kept may hold the beginning of the next event, no more.
        if text.len() > 65_536 {
            let cut = text.char_indices().rev().nth(4096).map_or(0, |(at, _)| at);
            text.drain(..cut);
        }
    }
}

async fn set_level(api: &Api, sensor: u32, level: f64) -> Result<()> {
    let body = json!({"level": {"type": "Property", "value": level, "unitCode": "MTR"}});
    let reply = api.patch(&format!("/ngsi-ld/v1/entities/{}/attrs", Graph::id(sensor)), &body).await?;
    reply.expect(204)?;
    Ok(())
}

/// Connects the watchers, makes the updates, and waits until everybody has seen all of them.
pub(crate) async fn measure(
    options: &Options,
    graph: &Graph,
    server: &Server,
    report: &mut Report,
) -> Result<()> {
    say(&format!("Following live with {} browsers", options.watchers));
    let api = server.tenant(graph.tenant())?;
    // An earlier run on the same graph has left the very levels that this one sets, and what changes nothing is told
    // to nobody.
    for step in 0..UPDATES {
        set_level(&api, step, 0.25).await?;
    }
    let board = Board::default();
    let address = server.url().trim_start_matches("http://").to_owned();
    let path = format!("/api/v1/{}/events?layers=sensors", graph.tenant());
    let watchers: Vec<_> = (0..options.watchers)
        .map(|_| tokio::spawn(watch(address.clone(), path.clone(), Arc::clone(&board))))
        .collect();
    until("all browsers follow", PATIENCE, || async {
        if let Some(failed) = watchers.iter().find(|w| w.is_finished()) {
            anyhow::bail!("a browser was turned away ({})", failed.id());
        }
        Ok(with(&board, |b| b.connected == options.watchers).then_some(()))
    })
    .await?;
    for step in 0..UPDATES {
        with(&board, |b| b.sent.insert(step, Instant::now()));
        set_level(&api, step, f64::from(1000 + step) + 0.5).await?;
        tokio::time::sleep(PACE).await;
    }
    for watcher in watchers {
        let seen = tokio::time::timeout(PATIENCE, watcher).await;
        seen.context("a browser did not see every update")???;
    }
    let (seen, p95) = with(&board, |b| (b.samples.len(), b.samples.percentile(0.95)));
    ensure!(seen == options.watchers * UPDATES as usize, "{seen} sightings");
    report.add(Row::under(format!("update to {} browsers, p95", options.watchers), p95, "ms", 300.0));
    Ok(())
}
