//! The past of an entity is told, corrected and survives a crash; what expires goes by itself.

use std::time::Duration;

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Server, Test, until};
use serde_json::{Value, json};

const ALL: &str = "/ngsi-ld/v1/temporal/entities";
const ONE: &str = "/ngsi-ld/v1/temporal/entities/urn:x:1";

fn level(value: u32, hour: u32) -> Value {
    json!({"type": "Property", "value": value, "observedAt": format!("2026-10-01T{hour:02}:00:00Z")})
}

async fn levels(api: &Api) -> Result<Value> {
    let told = api.json(&format!("{ONE}?attrs=level&options=temporalValues")).await?;
    let pairs = told["level"]["values"].as_array().cloned().unwrap_or_default();
    Ok(pairs.iter().map(|pair| pair[0].clone()).collect())
}

#[tokio::test]
async fn a_past_that_was_told_and_corrected_outlives_a_crash() -> Test {
    let mut server = Server::start().await?;
    let api = server.api()?;
    let past = json!({"id": "urn:x:1", "type": "Bench", "level": [level(1, 1), level(2, 2), level(3, 3)]});
    api.post(ALL, &past).await?.expect(201)?;
    let told = api.json(ONE).await?;
    let name = told["level"][0]["instanceId"].as_str().unwrap_or_default().to_owned();
    api.patch(&format!("{ONE}/attrs/level/{name}"), &level(9, 1)).await?.expect(204)?;
    server.kill().await?;
    server.start_again().await?;
    let api = server.api()?;
    ensure!(levels(&api).await? == json!([9, 2, 3]), "{}", levels(&api).await?);
    let present = api.json("/ngsi-ld/v1/entities/urn:x:1").await?;
    ensure!(present["level"]["value"] == 3, "{present}");
    api.post(&format!("{ONE}/attrs"), &json!({"level": [level(4, 4)]})).await?.expect(204)?;
    let present = api.json("/ngsi-ld/v1/entities/urn:x:1").await?;
    ensure!(present["level"]["value"] == 4, "{present}");
    let asked = "aggrMethods=avg&aggrPeriodDuration=PT2H&options=aggregatedValues&attrs=level";
    let query = format!("{ALL}?type=Bench&timerel=after&timeAt=2026-10-01T00:00:00Z&{asked}");
    let found = api.json(&query).await?;
    ensure!(found[0]["level"]["avg"][0][0] == 5.5, "{found}");
    Ok(())
}

#[tokio::test]
async fn what_expires_goes_by_itself_and_frees_its_name() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    #[expect(clippy::disallowed_methods, reason = "a source outside the program has the machine's clock")]
    let soon = jiff::Timestamp::now() + Duration::from_secs(2);
    let alert = json!({"id": "urn:x:2", "type": "Bench", "name": "Báo động", "expiresAt": soon.to_string()});
    api.post("/ngsi-ld/v1/entities", &alert).await?.expect(201)?;
    api.json("/ngsi-ld/v1/entities/urn:x:2").await?;
    until("the entity has vanished", Duration::from_secs(20), async || {
        let again = api.post("/ngsi-ld/v1/entities", &json!({"id": "urn:x:2", "type": "Bench"})).await?;
        Ok((again.status == 201).then_some(()))
    })
    .await
}
