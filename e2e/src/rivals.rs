//! Two batches of the same entities at once: the scenario that the tests run a few times and the benchmark a hundred.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::{Api, Server, Test};

const UPSERT: &str = "/ngsi-ld/v1/entityOperations/upsert";

/// Who writes.
const RIVALS: [&str; 2] = ["first", "second"];

/// What the rounds came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rivalry {
    /// Rounds in which one of the two batches had the last word on every entity.
    pub rounds: usize,
    /// Answers of a reader meanwhile; in none did an entity go back to what it had been before.
    pub reads: usize,
}

fn id(number: usize) -> String {
    format!("urn:ngsi-ld:Counter:{number}")
}

/// What one of them says of every entity in one round. Three attributes say the same, so that a mixture is seen.
fn batch(rival: &str, round: usize, entities: usize) -> Value {
    let said = word(rival, round);
    let property = json!({"type": "Property", "value": said});
    let entity =
        |number| json!({"id": id(number), "type": "Counter", "a": property, "b": property, "c": property});
    (0..entities).map(entity).collect()
}

fn word(rival: &str, round: usize) -> String {
    format!("{round} {rival}")
}

/// What an entity says, if its attributes agree.
fn said(entity: &Value) -> Result<&str> {
    let a = entity["a"]["value"].as_str().context("a value")?;
    ensure!(entity["b"]["value"] == a && entity["c"]["value"] == a, "half of each: {entity}");
    Ok(a)
}

async fn page(api: &Api, entities: usize) -> Result<Vec<Value>> {
    let page = api.query(&format!("type=Counter&limit={entities}")).await?;
    ensure!(page.len() == entities || page.is_empty(), "{} of {entities}", page.len());
    Ok(page)
}

/// Looks again and again. What was followed by something else never comes back.
async fn watch(api: Api, entities: usize, ended: Arc<AtomicBool>) -> Result<usize> {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut reads = 0;
    while !ended.load(Ordering::SeqCst) {
        for entity in page(&api, entities).await? {
            let id = entity["id"].as_str().context("an id")?;
            let told = told.entry(id.to_owned()).or_default();
            let said = said(&entity)?;
            if told.last().is_some_and(|last| last == said) {
                continue;
            }
            ensure!(told.iter().all(|before| before != said), "{id} says {said} again, after {told:?}");
            told.push(said.to_owned());
        }
        reads += 1;
    }
    Ok(reads)
}

/// Sends both batches at the same moment, and looks who had the last word.
async fn one_round(apis: &[Api; 2], round: usize, entities: usize) -> Test {
    let [first, second] = RIVALS.map(|rival| batch(rival, round, entities));
    let (first, second) = tokio::join!(apis[0].post(UPSERT, &first), apis[1].post(UPSERT, &second));
    let mut created = 0;
    for reply in [first?, second?] {
        created += match reply.status {
            201 => reply.json()?.as_array().map_or(0, Vec::len),
            _ => reply.expect(204).map(|_| 0)?,
        };
    }
    let new = if round == 0 { entities } else { 0 };
    ensure!(created == new, "round {round}: {created} created, not {new}");
    let page = page(&apis[0], entities).await?;
    let last = page.first().map(said).transpose()?.context("entities")?.to_owned();
    ensure!(RIVALS.iter().any(|rival| word(rival, round) == last), "round {round}: {last}");
    for entity in &page {
        ensure!(said(entity)? == last, "round {round}: {last}, but {entity}");
    }
    Ok(())
}

/// The history of an entity tells both of every round, one after the other.
async fn both_are_told(api: &Api, rounds: usize) -> Test {
    let path = format!("/ngsi-ld/v1/temporal/entities/{}?attrs=a&lastN=1000", id(0));
    let evolution = api.json(&path).await?;
    let mut told: Vec<&str> = evolution["a"]
        .as_array()
        .context("instances")?
        .iter()
        .filter_map(|instance| instance["value"].as_str())
        .collect();
    told.sort_unstable();
    let mut wanted: Vec<String> =
        (0..rounds).flat_map(|round| RIVALS.map(|rival| word(rival, round))).collect();
    wanted.sort_unstable();
    ensure!(told == wanted, "{told:?}");
    Ok(())
}

/// Upserts the same entities twice at the same moment, again and again, while a reader looks on. In every round both are
/// done, one of them after the other: all entities say in the end what one of the batches says, nobody sees one half done,
/// and history tells both.
pub async fn rival_batches(rounds: usize, entities: usize) -> Result<Rivalry> {
    let server = Server::start().await?;
    let apis = [server.api()?, server.api()?];
    let ended = Arc::new(AtomicBool::new(false));
    let watching = tokio::spawn(watch(server.api()?, entities, Arc::clone(&ended)));
    let mut done = Ok(());
    for round in 0..rounds {
        done = one_round(&apis, round, entities).await;
        if done.is_err() {
            break;
        }
    }
    ended.store(true, Ordering::SeqCst);
    let reads = watching.await?;
    done?;
    both_are_told(&apis[0], rounds).await?;
    Ok(Rivalry { rounds, reads: reads? })
}
