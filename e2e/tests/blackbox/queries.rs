//! Queries: each row of a table is a query and the entities that it must find, in no particular order.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Server, Test};
use serde_json::{Value, json};

const ENTITIES: &str = "/ngsi-ld/v1/entities";

/// Five gauges, two rain gauges, one bus.
async fn small_province() -> Result<(Server, Api)> {
    let server = Server::start().await?;
    let api = server.api()?;
    let property = |value: Value| json!({"type": "Property", "value": value});
    let gauge = |name: &str, level: f64, scope: &str, status: &str| {
        json!({
            "id": format!("urn:ngsi-ld:RiverGauge:{name}"), "type": "RiverGauge", "scope": scope,
            "waterLevel": {"type": "Property", "value": level, "observedAt": "2026-10-01T06:00:00Z",
                           "qualityFlag": property(json!("checked"))},
            "status": property(json!(status)),
            "operator": {"type": "Relationship", "object": format!("urn:ngsi-ld:Org:{status}")},
            "address": property(json!({"commune": {"name": name, "code": 19_000 + name.len()}})),
        })
    };
    let mut quiet = gauge("e", -0.5, "/QuangNgai", "closed");
    quiet["alarm"] = property(json!([1.0, 2.0, 3.5]));
    quiet["name"] =
        json!({"type": "LanguageProperty", "languageMap": {"vi": "Trạm Trà Khúc", "en": "Tra Khuc"}});
    let everything = json!([
        gauge("a", 1.0, "/Hue/PhuXuan", "ok"),
        gauge("b", 2.0, "/Hue/ThuanHoa", "ok"),
        gauge("c", 3.0, "/Hue/ThuanHoa", "watch"),
        gauge("d", 3.5, "/Hue", "alarm"),
        quiet,
        {"id": "urn:ngsi-ld:RainGauge:r1", "type": ["RainGauge", "Station"], "rain": property(json!(12))},
        {"id": "urn:ngsi-ld:RainGauge:r2", "type": "RainGauge", "rain": property(json!(0)),
         "openedAt": property(json!({"@type": "DateTime", "@value": "2020-05-01T00:00:00Z"}))},
        {"id": "urn:ngsi-ld:Bus:1", "type": "Bus", "inService": property(json!(true)), "line": property(json!("Số 1"))},
    ]);
    api.post("/ngsi-ld/v1/entityOperations/create", &everything).await?.expect(201)?;
    Ok((server, api))
}

async fn finds(api: &Api, table: &[(&str, &str)]) -> Test {
    for (query, expected) in table {
        let query = query.replace(' ', "%20").replace('"', "%22").replace('|', "%7C").replace('#', "%23");
        let found: BTreeSet<String> = api.ids(&query).await?.into_iter().collect();
        let expected: BTreeSet<String> = expected.split_whitespace().map(str::to_owned).collect();
        ensure!(found == expected, "{query}: expected {expected:?}, found {found:?}");
    }
    Ok(())
}

#[tokio::test]
async fn entities_are_found_by_type_identifier_and_attribute() -> Test {
    let (_server, api) = small_province().await?;
    finds(
        &api,
        &[
            ("type=RiverGauge", "a b c d e"),
            ("type=RainGauge,Bus", "r1 r2 1"),
            ("type=RainGauge|Bus", "r1 r2 1"),
            ("type=(RainGauge;Station)", "r1"),
            ("type=(RainGauge;Station)|Bus", "r1 1"),
            ("type=Nothing", ""),
            ("id=urn:ngsi-ld:RiverGauge:a,urn:ngsi-ld:Bus:1&type=RiverGauge,Bus", "a 1"),
            ("type=RiverGauge&idPattern=^urn:ngsi-ld:RiverGauge:[ab]$", "a b"),
            ("attrs=rain", "r1 r2"),
            ("attrs=alarm,inService", "e 1"),
        ],
    )
    .await
}

#[tokio::test]
async fn entities_are_found_by_the_query_language() -> Test {
    let (_server, api) = small_province().await?;
    finds(
        &api,
        &[
            ("type=RiverGauge&q=waterLevel>2", "c d"),
            ("type=RiverGauge&q=waterLevel>=2", "b c d"),
            ("type=RiverGauge&q=waterLevel<0", "e"),
            ("type=RiverGauge&q=waterLevel==2", "b"),
            ("type=RiverGauge&q=waterLevel!=2", "a c d e"),
            ("type=RiverGauge&q=waterLevel==1..3", "a b c"),
            ("type=RiverGauge&q=waterLevel==1,3.5", "a d"),
            ("type=RiverGauge&q=status==\"ok\"", "a b"),
            ("type=RiverGauge&q=status==\"ok\",\"alarm\"", "a b d"),
            ("type=RiverGauge&q=status==\"ok\";waterLevel>1", "b"),
            ("type=RiverGauge&q=status==\"ok\"|waterLevel>3", "a b d"),
            ("type=RiverGauge&q=(status==\"ok\"|status==\"alarm\");waterLevel>1.5", "b d"),
            ("type=RiverGauge&q=status~=\"^(ok|al)\"", "a b d"),
            ("type=RiverGauge&q=status!~=\"^(ok|al)\"", "c e"),
            ("type=RiverGauge&q=alarm", "e"),
            ("type=RiverGauge&q=alarm==3.5", "e"),
            ("type=RiverGauge&q=waterLevel.qualityFlag==\"checked\";waterLevel>3", "d"),
            ("type=RiverGauge&q=waterLevel.observedAt>2026-09-30T00:00:00Z;waterLevel<1", "e"),
            ("type=RiverGauge&q=address[commune.name]==\"c\"", "c"),
            ("type=RiverGauge&q=operator==\"urn:ngsi-ld:Org:ok\"", "a b"),
            ("type=RiverGauge&q=name[vi]==\"Trạm Trà Khúc\"", "e"),
            ("type=Bus&q=inService==true", "1"),
            ("type=Bus&q=line==\"Số 1\"", "1"),
            ("q=rain>5", "r1"),
        ],
    )
    .await
}

#[tokio::test]
async fn entities_are_found_by_scope() -> Test {
    let (_server, api) = small_province().await?;
    finds(
        &api,
        &[
            ("type=RiverGauge&scopeQ=/Hue/ThuanHoa", "b c"),
            ("type=RiverGauge&scopeQ=/Hue/%23", "a b c d"),
            ("type=RiverGauge&scopeQ=/Hue/%2B", "a b c"),
            ("type=RiverGauge&scopeQ=/Hue/PhuXuan,/QuangNgai", "a e"),
        ],
    )
    .await
}

#[tokio::test]
async fn answers_are_ordered_as_asked() -> Test {
    let (_server, api) = small_province().await?;
    ensure!(api.ids("type=RiverGauge&orderBy=waterLevel").await? == ["e", "a", "b", "c", "d"]);
    ensure!(api.ids("type=RiverGauge&orderBy=waterLevel;desc").await? == ["d", "c", "b", "a", "e"]);
    ensure!(api.ids("type=RiverGauge&orderBy=status,waterLevel;desc").await? == ["d", "e", "b", "a", "c"]);
    Ok(())
}

#[tokio::test]
async fn pages_join_up_to_the_whole_and_the_count_is_exact() -> Test {
    let (_server, api) = small_province().await?;
    let counted = api.get(&format!("{ENTITIES}?type=RiverGauge&count=true&limit=0")).await?.expect(200)?;
    ensure!(counted.header("ngsild-results-count") == "5" && counted.json()? == json!([]));

    let mut together = Vec::new();
    let mut next = Some(format!("{ENTITIES}?type=RiverGauge&limit=2"));
    while let Some(path) = next {
        let page = api.get(&path).await?.expect(200)?;
        together.extend(
            page.json()?.as_array().into_iter().flatten().filter_map(|e| e["id"].as_str().map(str::to_owned)),
        );
        ensure!(together.len() <= 5, "pages repeat entities: {together:?}");
        next = page.headers.get_all("link").iter().filter_map(|l| l.to_str().ok()).find_map(next_link);
    }
    together.sort();
    together.dedup();
    ensure!(together.len() == 5, "{together:?}");
    let rest = api.ids("type=RiverGauge&limit=10&offset=4").await?;
    ensure!(rest.len() == 1, "{rest:?}");
    Ok(())
}

/// The path of the `rel="next"` link, if there is one.
fn next_link(header: &str) -> Option<String> {
    let link = header.split(", ").find(|l| l.contains("rel=\"next\""))?;
    let url = link.split_once('<')?.1.split_once('>')?.0;
    Some(url.find("/ngsi-ld/").map_or(url, |at| url.split_at(at).1).to_owned())
}

#[tokio::test]
async fn types_and_attributes_in_use_are_listed() -> Test {
    let (_server, api) = small_province().await?;
    let types = api.json("/ngsi-ld/v1/types").await?.to_string();
    for name in ["RiverGauge", "RainGauge", "Station", "Bus"] {
        ensure!(types.contains(name), "{name} is not in {types}");
    }
    let attributes = api.json("/ngsi-ld/v1/attributes").await?.to_string();
    ensure!(attributes.contains("waterLevel") && attributes.contains("inService"), "{attributes}");
    Ok(())
}
