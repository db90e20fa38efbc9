//! Attributes of an entity that exists: append, update, patch, replace, delete, several instances.

use anyhow::ensure;
use dinh_e2e::{Server, Test};
use serde_json::{Value, json};

use crate::vocabulary::{gauge, gauge_id, path, value};

#[tokio::test]
async fn appending_adds_and_overwrites_unless_told_not_to() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let attributes = format!("{}/attrs", path(&gauge_id("a")));
    let both =
        json!({"waterLevel": {"type": "Property", "value": 2}, "flow": {"type": "Property", "value": 3}});
    api.post(&attributes, &both).await?.expect(204)?;
    let entity = api.json(&path(&gauge_id("a"))).await?;
    ensure!(*value(&entity, "waterLevel") == json!(2) && *value(&entity, "flow") == json!(3), "{entity}");

    let again =
        json!({"waterLevel": {"type": "Property", "value": 9}, "rain": {"type": "Property", "value": 4}});
    let told = api.post(&format!("{attributes}?options=noOverwrite"), &again).await?.expect(207)?.json()?;
    ensure!(
        named(&told["updated"][0], "rain") && named(&told["notUpdated"][0]["attributeName"], "waterLevel"),
        "{told}"
    );
    ensure!(*value(&api.json(&path(&gauge_id("a"))).await?, "waterLevel") == json!(2));
    Ok(())
}

#[tokio::test]
async fn updating_replaces_whole_attributes_and_leaves_the_others() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let attributes = format!("{}/attrs", path(&gauge_id("a")));
    let both = json!({"waterLevel": {"type": "Property", "value": 2}, "name": {"type": "Property", "value": "urn:ngsi-ld:null"}});
    api.patch(&attributes, &both).await?.expect(204)?;
    let entity = api.json(&path(&gauge_id("a"))).await?;
    ensure!(
        *value(&entity, "waterLevel") == json!(2) && entity["waterLevel"].get("unitCode").is_none(),
        "{entity}"
    );
    ensure!(entity.get("name").is_none() && entity.get("location").is_some(), "{entity}");
    Ok(())
}

/// Whether `told` names the attribute, by its short or by its full name.
fn named(told: &Value, name: &str) -> bool {
    told.as_str().is_some_and(|t| t == name || t.ends_with(&format!("/{name}")))
}

#[tokio::test]
async fn one_attribute_is_patched_replaced_and_deleted() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let attribute = format!("{}/attrs/waterLevel", path(&gauge_id("a")));
    api.patch(&attribute, &json!({"value": 1.5})).await?.expect(204)?;
    let entity = api.json(&path(&gauge_id("a"))).await?;
    ensure!(
        *value(&entity, "waterLevel") == json!(1.5) && entity["waterLevel"]["unitCode"] == "MTR",
        "{entity}"
    );

    api.put(&attribute, &json!({"type": "Property", "value": 1.75})).await?.expect(204)?;
    let entity = api.json(&path(&gauge_id("a"))).await?;
    ensure!(*value(&entity, "waterLevel") == json!(1.75), "{entity}");
    ensure!(entity["waterLevel"].get("unitCode").is_none(), "{entity}");

    api.delete(&attribute).await?.expect(204)?;
    ensure!(api.json(&path(&gauge_id("a"))).await?.get("waterLevel").is_none());
    api.delete(&attribute).await?.expect_problem(404)?;
    Ok(())
}

#[tokio::test]
async fn instances_of_one_attribute_live_side_by_side() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let radar = "urn:ngsi-ld:Dataset:radar";
    let attributes = format!("{}/attrs", path(&gauge_id("a")));
    let added = json!({"waterLevel": {"type": "Property", "value": 1.1, "datasetId": radar}});
    api.post(&attributes, &added).await?.expect(204)?;
    let only = api.json(&format!("{}?datasetId={radar}", path(&gauge_id("a")))).await?;
    ensure!(*value(&only, "waterLevel") == json!(1.1), "{only}");
    let both = api.json(&path(&gauge_id("a"))).await?;
    ensure!(both["waterLevel"].as_array().is_some_and(|i| i.len() == 2), "{both}");

    api.delete(&format!("{attributes}/waterLevel?datasetId={radar}")).await?.expect(204)?;
    ensure!(*value(&api.json(&path(&gauge_id("a"))).await?, "waterLevel") == json!(1.0));
    Ok(())
}
