//! Queries made to break or to stall the server.

use std::time::{Duration, Instant};

use anyhow::ensure;
use dinh_e2e::{Server, Test};
use serde_json::json;

use crate::vocabulary::gauge;

/// No hostile query may take longer, even unoptimised.
const LONGEST: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_query_that_is_not_one_is_refused_with_the_place_of_the_error() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    for q in [
        "",
        ";",
        "a==",
        "==1",
        "a==1;",
        "a==1||b==2",
        "(a==1",
        "a==1)",
        "a=1",
        "a>>1",
        "a==\"open",
        "a[b==1",
        "a..b==1",
        "a==1..",
        "a~=\"(\"",
        "a~=\"[\"",
        "!a",
        "a b==1",
        "a==1 2",
        "a[]==1",
        "\u{0}==1",
        "a{b==1",
    ] {
        let reply = api.ask("/ngsi-ld/v1/entities", &[("type", "T"), ("q", q)]).await?;
        reply.expect_problem(400).map_err(|e| e.context(format!("q={q:?}")))?;
    }
    Ok(())
}

#[tokio::test]
async fn hostile_queries_and_patterns_end_in_time() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let mut entity = gauge("a", 1.0);
    entity["text"] = json!({"type": "Property", "value": "a".repeat(50_000)});
    api.create(&entity).await?;
    let deep = format!("{}text{}", "(".repeat(5_000), ")".repeat(5_000));
    let wide = vec!["text==1"; 2_000].join("|");
    let many = format!("text=={}", vec!["1"; 5_000].join(","));
    let hostile = [
        ("q", deep),
        ("q", wide),
        ("q", many),
        ("q", "text~=\"(a+)+$\"".to_owned()),
        ("q", "text~=\"(a|a)*b\"".to_owned()),
        ("q", "text~=\"(a|aa)+$\"".to_owned()),
        ("q", "text~=\"a{1000}{1000}\"".to_owned()),
        ("q", "text~=\"(((((a{1,100}){1,100}){1,100}){1,100}){1,100})\"".to_owned()),
        ("q", format!("text~=\"{}\"", "(a?)".repeat(1_000))),
        ("idPattern", "^(([a-z])+.)+[A-Z]([a-z])+$".to_owned()),
        ("idPattern", "\\p{L}{1000}{1000}".to_owned()),
        ("idPattern", "(".repeat(3_000)),
        ("scopeQ", "/#".repeat(3_000)),
        ("type", format!("{}RiverGauge{}", "(".repeat(3_000), ")".repeat(3_000))),
        ("orderBy", vec!["text"; 3_000].join(",")),
    ];
    for (name, text) in hostile {
        let begun = Instant::now();
        let mut parameters = vec![(name, text.as_str())];
        if name != "type" {
            parameters.push(("type", "RiverGauge"));
        }
        let reply = api.ask("/ngsi-ld/v1/entities", &parameters).await?;
        let shown: String = text.chars().take(40).collect();
        ensure!(begun.elapsed() < LONGEST, "{name}={shown}… took {:?}", begun.elapsed());
        ensure!(
            reply.status == 200 || (400..500).contains(&reply.status),
            "{name}={shown}…: {}",
            reply.status
        );
        api.get("/health").await?.expect(200)?;
    }
    Ok(())
}

#[tokio::test]
async fn a_query_that_asks_for_everything_or_for_nonsense_is_refused() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    for parameters in [
        "",
        "?limit=10",
        "?type=T&limit=-1",
        "?type=T&limit=many",
        "?type=T&limit=1000000",
        "?type=T&offset=-1",
        "?type=T&unheardOf=1",
        "?type=T&georel=near&geometry=Point&coordinates=[107,16]",
        "?type=T&georel=near;maxDistance==far&geometry=Point&coordinates=[107,16]",
        "?type=T&georel=within&geometry=Polygon&coordinates=[107,16]",
        "?type=T&georel=within&geometry=Circle&coordinates=[107,16]",
        "?type=T&georel=within&geometry=Point",
        "?type=T&georel=beside&geometry=Point&coordinates=[107,16]",
        "?type=T&georel=near;maxDistance==1&geometry=Point&coordinates=[107,160]",
        "?type=T&format=unheard",
        "?type=T&scopeQ=no-slash",
        "?type=T&count=perhaps",
    ] {
        let reply = api.get(&format!("/ngsi-ld/v1/entities{parameters}")).await?;
        ensure!(reply.status != 200, "{parameters} was answered");
        reply.expect_problem(400).map_err(|e| e.context(parameters))?;
    }
    Ok(())
}
