//! Every observation is kept and can be asked for, also after a restart.

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Server, Test};
use serde_json::{Value, json};

use crate::vocabulary::{gauge, gauge_id, path};

async fn observe(api: &Api, at: &str, height: f64) -> Test {
    let body = json!({"waterLevel": {"type": "Property", "value": height, "observedAt": at}});
    api.patch(&format!("{}/attrs", path(&gauge_id("a"))), &body).await?.expect(204).map(drop)
}

/// `[value, time]` pairs of the gauge's level.
async fn evolution(api: &Api, parameters: &str) -> Result<Vec<Value>> {
    let at = format!("/ngsi-ld/v1/temporal/entities/{}?format=temporalValues&{parameters}", gauge_id("a"));
    let told = api.json(&at).await?;
    Ok(told["waterLevel"]["values"].as_array().cloned().unwrap_or_default())
}

#[tokio::test]
async fn observations_are_told_in_order_and_within_the_span_asked_for() -> Test {
    let mut server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 0.5)).await?;
    for hour in 1..=5 {
        observe(&api, &format!("2026-10-01T{hour:02}:00:00Z"), f64::from(hour)).await?;
    }
    // One that comes late is kept where it belongs.
    observe(&api, "2026-10-01T02:30:00Z", 2.5).await?;
    server.kill().await?;
    server.start_again().await?;
    let api = server.api()?;
    let all = evolution(&api, "timerel=after&timeAt=2026-09-30T00:00:00Z").await?;
    let mut heights: Vec<f64> = all.iter().filter_map(|pair| pair[0].as_f64()).collect();
    heights.sort_by(f64::total_cmp);
    ensure!(heights == [0.5, 1.0, 2.0, 2.5, 3.0, 4.0, 5.0], "{all:?}");
    let span = "timerel=between&timeAt=2026-10-01T02:00:00Z&endTimeAt=2026-10-01T03:30:00Z";
    ensure!(evolution(&api, span).await?.len() == 3);
    ensure!(evolution(&api, "lastN=2&timerel=after&timeAt=2026-09-30T00:00:00Z").await?.len() == 2);
    Ok(())
}
