//! Durable upserts of entities with five attributes, all of them new, beside a bare SQLite loop that writes the same rows.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Server};
use rand::Rng as _;

use crate::limits;
use crate::options::Options;
use crate::report::{Report, Row, say};

const UPSERT: &str = "/ngsi-ld/v1/entityOperations/upsert";
/// Entities that there are.
const ENTITIES: u32 = 100_000;
/// Entities in a request.
const BATCH: u32 = 100;
/// Connections at once.
const CONNECTIONS: usize = 16;
/// Attributes of each, and observations in its history for each upsert.
const ATTRIBUTES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Some entities, each of whose attributes has a value that it has not had. Written without a JSON tree: the generator
/// shares the cores with what it measures.
fn body(entities: impl Iterator<Item = u32>) -> Result<String> {
    let mut text = String::with_capacity(60_000);
    for entity in entities {
        let start = if text.is_empty() { '[' } else { ',' };
        write!(text, r#"{start}{{"id":"urn:ngsi-ld:Meter:{entity}","type":"Meter""#)?;
        for attribute in ATTRIBUTES {
            let value = rand::rng().random_range(0..1_000_000_u32);
            write!(text, r#","{attribute}":{{"type":"Property","value":{value},"unitCode":"MTR"}}"#)?;
        }
        text.push('}');
    }
    text.push(']');
    Ok(text)
}

async fn upsert(api: Api, until: Instant, done: Arc<AtomicU64>) -> Result<()> {
    while Instant::now() < until {
        let body = body((0..BATCH).map(|_| rand::rng().random_range(0..ENTITIES)))?;
        api.post_bytes(UPSERT, "application/json", body).await?.expect(204)?;
        done.fetch_add(u64::from(BATCH), Ordering::Relaxed);
    }
    Ok(())
}

/// Fills, upserts, and lets the bare loop write on a copy of the files.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    say("Upserting entities with five attributes");
    let mut server = Server::start().await?;
    let api = server.api()?;
    for first in (0..ENTITIES).step_by(1_000) {
        api.post_bytes(UPSERT, "application/json", body(first..first + 1_000)?).await?.expect(201)?;
    }
    let (begun, done) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let until = begun + Duration::from_secs(options.seconds);
    let writers: Vec<_> =
        (0..CONNECTIONS).map(|_| tokio::spawn(upsert(api.clone(), until, Arc::clone(&done)))).collect();
    for writer in writers {
        writer.await??;
    }
    #[expect(clippy::cast_precision_loss, reason = "some million upserts")]
    let rate = done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    let told = api.json("/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:Meter:0?lastN=1").await?;
    ensure!(ATTRIBUTES.iter().all(|attribute| told.get(attribute).is_some()), "no history: {told}");
    let data = server.data().to_owned();
    server.stop().await?;
    let bare = limits::bare_updates(options, &data, u32::try_from(ATTRIBUTES.len())?)?;
    let name = format!("durable upserts of five attributes, {BATCH} a request, {CONNECTIONS} connections");
    let row = Row::figure(name, rate, "entities/s").beside(bare, "bare SQLite loop");
    report.add(Row { least_ratio: Some(0.5), ..row });
    Ok(())
}
