//! Tenants share a process and see nothing of each other.

use anyhow::ensure;
use dinh_e2e::{PATIENCE, Packs, Receiver, Server, Test};

use crate::vocabulary::{exists, gauge, gauge_id, level, subscribe, watch_levels};

#[tokio::test]
async fn what_one_tenant_writes_another_does_not_see() -> Test {
    let packs = Packs::new()?;
    let server = Server::start_with(&["--packs".as_ref(), packs.path().as_os_str()]).await?;
    let (nobody, thu) = (server.api()?, server.tenant(packs.tenant())?);
    thu.create(&gauge("a", 1.0)).await?;
    ensure!(exists(&thu, &gauge_id("a")).await?);
    ensure!(!exists(&nobody, &gauge_id("a")).await?);
    ensure!(nobody.query("type=RiverGauge").await?.is_empty());
    nobody.create(&gauge("a", 2.0)).await?;
    nobody.delete(&crate::vocabulary::path(&gauge_id("a"))).await?.expect(204)?;
    ensure!(exists(&thu, &gauge_id("a")).await?);
    Ok(())
}

#[tokio::test]
async fn a_subscription_hears_of_its_own_tenant_only() -> Test {
    let packs = Packs::new()?;
    let server = Server::start_with(&["--packs".as_ref(), packs.path().as_os_str()]).await?;
    let (nobody, thu) = (server.api()?, server.tenant(packs.tenant())?);
    let receiver = Receiver::start().await?;
    subscribe(&thu, &watch_levels(&receiver.url())).await?;
    nobody.create(&gauge("other", 1.0)).await?;
    thu.create(&gauge("own", 1.0)).await?;
    let upsert = "/ngsi-ld/v1/entityOperations/upsert?options=update";
    thu.post(upsert, &serde_json::json!([level("own", 2.0)])).await?.expect(204)?;
    let heard = receiver.wait_for("both changes are notified", PATIENCE, |n| n.len() >= 2).await?;
    for notification in &heard {
        ensure!(notification.headers.get("ngsild-tenant").is_some_and(|t| t == "thu"), "{notification:?}");
        ensure!(notification.entities().iter().all(|e| e["id"] == gauge_id("own")), "{notification:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_tenant_that_does_not_exist_is_named_in_the_refusal() -> Test {
    let server = Server::start().await?;
    let problem = server.tenant("khong-co")?.get("/ngsi-ld/v1/entities?type=X").await?.expect_problem(404)?;
    ensure!(problem["type"].as_str().is_some_and(|t| t.ends_with("NonexistentTenant")), "{problem}");
    server.tenant("khong hop le!")?.get("/ngsi-ld/v1/entities?type=X").await?.expect_problem(400)?;
    Ok(())
}
