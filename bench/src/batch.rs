//! Durable updates of one attribute through HTTP batch, beside a bare SQLite loop that writes the same rows.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use dinh_e2e::{Api, Server};
use rand::Rng as _;

use crate::graph::Graph;
use crate::limits;
use crate::options::Options;
use crate::report::{Bar, Report, Row, say};

/// Entities in a request.
const BATCH: u32 = 100;
/// Connections at once.
const CONNECTIONS: usize = 16;

/// What the connections share.
#[derive(Debug)]
struct Shared {
    entities: u32,
    until: Instant,
    requests: AtomicU64,
    updates: AtomicU64,
}

/// Updates of a hundred random entities, written without a JSON tree: the generator shares the cores with what it
/// measures. Every request is observed a second later than the one before.
fn body(entities: u32, second: u64) -> Result<String> {
    let mut text = String::with_capacity(20_000);
    let (day, hour, minute) = (2 + second / 86_400 % 27, second / 3600 % 24, second / 60 % 60);
    for number in 0..BATCH {
        let start = if number == 0 { '[' } else { ',' };
        let (id, level) = (rand::rng().random_range(0..entities), rand::rng().random_range(0..1000_u32));
        write!(
            text,
            r#"{start}{{"id":"{}","type":"Sensor","level":{{"type":"Property","value":{}.{},"unitCode":"MTR","observedAt":"2026-10-{day:02}T{hour:02}:{minute:02}:{:02}Z"}}}}"#,
            Graph::id(id),
            level / 100,
            level % 100,
            second % 60,
        )?;
    }
    text.push(']');
    Ok(text)
}

async fn update(api: Api, shared: Arc<Shared>) -> Result<()> {
    while Instant::now() < shared.until {
        let body = body(shared.entities, shared.requests.fetch_add(1, Ordering::Relaxed))?;
        let reply = api.post_bytes("/ngsi-ld/v1/entityOperations/update", "application/json", body).await?;
        reply.expect(204)?;
        shared.updates.fetch_add(u64::from(BATCH), Ordering::Relaxed);
    }
    Ok(())
}

/// Stops the server in the end: the limit is measured on a copy of its files.
pub(crate) async fn measure(
    options: &Options,
    graph: &Graph,
    server: &mut Server,
    report: &mut Report,
) -> Result<()> {
    say("Updating through HTTP batch");
    let begun = Instant::now();
    let shared = Arc::new(Shared {
        entities: graph.entities,
        until: begun + Duration::from_secs(options.seconds),
        requests: AtomicU64::new(0),
        updates: AtomicU64::new(0),
    });
    let api = server.tenant(graph.tenant())?;
    let writers: Vec<_> =
        (0..CONNECTIONS).map(|_| tokio::spawn(update(api.clone(), Arc::clone(&shared)))).collect();
    for writer in writers {
        writer.await??;
    }
    #[expect(clippy::cast_precision_loss, reason = "some million updates")]
    let rate = shared.updates.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    server.stop().await?;
    let bare = limits::bare_updates(options, &graph.data, 1)?;
    report.add(Row {
        bar: Bar::AtLeast(10_000.0),
        least_ratio: Some(0.5),
        ..Row::figure(
            format!("durable updates, {BATCH} a request, {CONNECTIONS} connections"),
            rate,
            "updates/s",
        )
        .beside(bare, "bare SQLite loop")
    });
    Ok(())
}
