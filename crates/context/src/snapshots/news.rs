//! Telling how far snapshots are (CIM 009 clauses 5.3.4 and 5.16.6).

use std::time::Duration;

use bytes::Bytes;
use dinh_model::Tenant;
use dinh_ngsild::snapshot::Snapshot;

use crate::Context;
use crate::subscriptions::{Courier, Message};

/// How long its receiver may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Pauses between attempts; after the last one nobody tries again, and whoever asks still sees how far it is.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];

/// Sends the news of a snapshot to where it wants them, beside everything else.
pub(super) fn tell(house: &Context, snapshot: &Snapshot, tenant: &Tenant) {
    let Some(endpoint) = &snapshot.endpoint else { return };
    let id = format!("urn:ngsi-ld:Notification:{}", house.ids().uuid());
    let body = snapshot.notification(&id, house.clock().now()).to_string();
    let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    if !tenant.is_default() {
        headers.push(("NGSILD-Tenant".to_owned(), tenant.to_string()));
    }
    for pair in &snapshot.receiver_info {
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case(&pair.key));
        headers.push((pair.key.clone(), pair.value.clone()));
    }
    let message = Message {
        endpoint: endpoint.clone(),
        headers,
        mqtt: None,
        body: Bytes::from(body),
        timeout: TIMEOUT,
    };
    let courier = Courier::new(house.outbound().clone());
    tokio::spawn(async move {
        for pause in PAUSES {
            match courier.send(&message).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(%error, "news of a snapshot were not taken"),
            }
            tokio::time::sleep(pause).await;
        }
    });
}
