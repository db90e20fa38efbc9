//! The list of procedures, taken day by day from the counterparts that the configuration names for it.

use std::time::Duration;

use dinh_calendar::official_day;
use dinh_context::Context;
use dinh_context::graph::Op;
use dinh_model::Tenant;
use dinh_portal::Portal;
use dinh_procedures::read;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{PACK, Taken, events, import};

/// Kind of the records that remember on which day a list was taken, by the counterpart.
const KIND: &str = "procedure-refresh";
/// How often it is looked whether a day has begun, and how long after one that failed it is tried again.
const EVERY: Duration = Duration::from_mins(30);

/// Takes the lists once a day until `stop`.
pub(crate) async fn keep_fresh(context: Context, portal: Portal, stop: CancellationToken) {
    loop {
        for tenant in portal.tenants() {
            for counterpart in portal.lists(&tenant) {
                tokio::select! {
                    () = stop.cancelled() => return,
                    done = once_a_day(&context, &portal, &tenant, &counterpart) => if let Err(error) = done {
                        let reason = format!("{error:#}");
                        tracing::warn!(%tenant, counterpart, reason, "the list of procedures was not taken");
                    }
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn once_a_day(
    context: &Context,
    portal: &Portal,
    tenant: &Tenant,
    counterpart: &str,
) -> anyhow::Result<()> {
    let session = context.system(PACK, tenant.clone());
    let today = official_day(context.clock().now().to_jiff());
    let last = session.record(KIND, counterpart).await?;
    if last.is_some_and(|record| record.body["day"] == today.to_string()) {
        return Ok(());
    }
    let events = events(context.packs())?;
    let lines = portal.list(tenant, counterpart).await?;
    let reading = tokio::task::spawn_blocking(move || read::read(&lines)).await??;
    for refused in reading.refused.iter().take(20) {
        tracing::warn!(counterpart, %refused, "a record of the list of procedures was refused");
    }
    let taken = Taken { on: today, valid_from: None };
    let imported = import(&session, &reading.records, &events, taken).await?;
    let body = json!({"day": today.to_string(), "new": imported.new, "changed": imported.changed,
        "refused": reading.refused.len()});
    session.apply(Op::PutRecord { kind: KIND.to_owned(), key: counterpart.to_owned(), body }).await?;
    tracing::info!(%tenant, counterpart, new = imported.new, changed = imported.changed, "the list of procedures was taken");
    Ok(())
}
