//! The lists that the pack ships, brought in once for each content.

use std::sync::Arc;

use dinh_context::graph::{Op, hex};
use dinh_context::packs::{PackFile, Packs};
use dinh_context::{Context, Session};
use dinh_model::Tenant;
use dinh_procedures::LifeEvents;
use dinh_procedures::read::{self, Reading};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use super::{Imported, Taken, import};
use crate::said::{OrSay as _, Words};

/// The pack.
pub(crate) const PACK: &str = "procedures";
/// Kind of the records that remember which lists are in the graph.
const KIND: &str = "procedure-list";

/// `catalogue.toml`: the lists, the oldest first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    #[serde(default, rename = "list")]
    lists: Vec<List>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    file: String,
    taken: toml::value::Datetime,
}

/// A list that some tenants still lack.
struct Waiting {
    file: PackFile,
    taken: Taken,
    /// Under which name it is remembered: a hash over its content, the reader and the life events.
    key: String,
    tenants: Vec<Tenant>,
}

/// The life events of the pack.
pub(crate) fn events(packs: &Packs) -> anyhow::Result<LifeEvents> {
    let file = packs.file(PACK, "life-events.toml")?;
    LifeEvents::parse(file.text()?).or_say(|| {
        Words::new(format!("không đọc được {}", file.path), format!("{} cannot be read", file.path))
    })
}

/// Brings the lists of the pack into the provinces that use it, until `stop`. A province that has them costs one look.
pub(crate) async fn keep_up(context: Context, stop: CancellationToken) {
    let done = async {
        let events = Arc::new(events(context.packs())?);
        for waiting in waiting(&context, &events).await? {
            bring(&context, &events, waiting).await?;
        }
        anyhow::Ok(())
    };
    if context.packs().provinces().iter().all(|province| !province.packs.iter().any(|pack| pack == PACK)) {
        return;
    }
    tokio::select! {
        () = stop.cancelled() => {}
        done = done => if let Err(error) = done {
            tracing::error!(reason = format!("{error:#}"), "the list of procedures was not brought in");
        },
    }
}

/// The lists that some province lacks.
async fn waiting(context: &Context, events: &LifeEvents) -> anyhow::Result<Vec<Waiting>> {
    let packs = context.packs();
    let mut waiting = Vec::new();
    for list in packs.file(PACK, "catalogue.toml")?.toml::<Catalogue>()?.lists {
        let file = packs.file(PACK, &list.file)?;
        let on: Date = list.taken.to_string().parse().or_say(|| {
            let taken = list.taken;
            Words::new(
                format!("taken = {taken} không phải là một ngày"),
                format!("taken = {taken} is not a day"),
            )
        })?;
        let digest = Sha256::new()
            .chain_update(&file.bytes)
            .chain_update(events.reader())
            .chain_update(on.to_string())
            .finalize();
        let key = hex(&digest);
        let mut tenants = Vec::new();
        for province in packs.provinces().iter().filter(|province| province.packs.iter().any(|p| p == PACK)) {
            if session(context, &province.tenant).record(KIND, &key).await?.is_none() {
                tenants.push(province.tenant.clone());
            }
        }
        if !tenants.is_empty() {
            waiting.push(Waiting { file, taken: Taken { on, valid_from: None }, key, tenants });
        }
    }
    Ok(waiting)
}

async fn bring(context: &Context, events: &Arc<LifeEvents>, waiting: Waiting) -> anyhow::Result<()> {
    let Waiting { file, taken, key, tenants } = waiting;
    let path = file.path.clone();
    let reading = tokio::task::spawn_blocking(move || read::read(&file.bytes)).await??;
    for refused in &reading.refused {
        tracing::warn!(file = path, %refused, "a record of the list of procedures was refused");
    }
    for tenant in tenants {
        let session = session(context, &tenant);
        let imported = import(&session, &reading.records, events, taken).await?;
        remember(&session, &path, &key, &imported, &reading).await?;
        let Imported { new, changed, read_anew, unchanged, .. } = imported;
        tracing::info!(%tenant, new, changed, read_anew, unchanged, "the list of procedures is in the graph");
    }
    Ok(())
}

/// Remembers that a list is in the graph.
async fn remember(
    session: &Session,
    path: &str,
    key: &str,
    imported: &Imported,
    reading: &Reading,
) -> anyhow::Result<()> {
    let body = json!({
        "file": path,
        "at": session.context().clock().now().to_string(),
        "new": imported.new,
        "changed": imported.changed,
        "refused": reading.refused.len(),
    });
    session.apply(Op::PutRecord { kind: KIND.to_owned(), key: key.to_owned(), body }).await?;
    Ok(())
}

fn session(context: &Context, tenant: &Tenant) -> Session {
    context.system("procedures", tenant.clone())
}
