//! Pages without a browser: they work without scripts, are small, and name no other host.

use std::io::Read as _;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{Api, PATIENCE, Server, Test, until};
use reqwest::Method;

/// The shipped packs, as they are.
async fn demo() -> Result<(tempfile::TempDir, Server, Api)> {
    let folder = tempfile::tempdir()?;
    let server = Server::demo_in(&folder.path().join("data")).await?;
    let api = server.api()?;
    until("the demo is ready", PATIENCE, || async {
        Ok((api.get("/ready").await?.status == 200).then_some(()))
    })
    .await?;
    Ok((folder, server, api))
}

/// Every `http://` or `https://` that a page would load something from: in `src`, `href` of a stylesheet or preload,
/// `url(…)`. Links that a person follows are fine.
fn loads_from_elsewhere(html: &str, own: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in html.split('<').filter(|t| !t.starts_with("a ") && !t.starts_with("!--")) {
        let tag = tag.split('>').next().unwrap_or_default();
        for start in
            ["src=\"http", "href=\"http", "url(http", "srcset=\"http", "action=\"http", "content=\"http"]
        {
            if let Some((_, rest)) = tag.split_once(start) {
                let url = format!("http{}", rest.split(['"', ')']).next().unwrap_or_default());
                if !url.starts_with(own) {
                    found.push(format!("<{tag}>: {url}"));
                }
            }
        }
    }
    found
}

/// Paths of the embedded files that a page loads, in the order in which it names them.
fn assets(html: &str) -> Vec<String> {
    let named = html.split('"').filter(|part| part.starts_with("/assets/")).map(str::to_owned);
    let mut all: Vec<String> = named.collect();
    all.sort();
    all.dedup();
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_of_the_demo_answer_and_load_nothing_from_another_host() -> Test {
    let (_folder, server, api) = demo().await?;
    let home = api.get("/").await?;
    ensure!((300..400).contains(&home.status), "/ leads to the first province: {}", home.status);
    let tenant = home.header("location").trim_matches('/').to_owned();
    for page in [
        format!("/{tenant}/"),
        format!("/{tenant}/list"),
        format!("/{tenant}/sources"),
        format!("/{tenant}/quanh-toi"),
        format!("/{tenant}/quanh-toi?lon=107.58&lat=16.46"),
        format!("/{tenant}/?wall=1"),
        "/docs".to_owned(),
    ] {
        let reply = api.get(&page).await?.expect(200).with_context(|| page.clone())?;
        ensure!(reply.header("content-type").starts_with("text/html"), "{page}");
        let html = reply.text();
        ensure!(html.contains("<title>") && html.contains("lang=\""), "{page}");
        let elsewhere = loads_from_elsewhere(&html, server.url());
        ensure!(elsewhere.is_empty(), "{page} loads from {elsewhere:?}");
        for asset in assets(&html) {
            let file = api.get(&asset).await?.expect(200).with_context(|| format!("{page} names {asset}"))?;
            ensure!(file.header("cache-control").contains("immutable"), "{asset}");
            if file.header("content-type").contains("css") {
                ensure!(!file.text().contains("url(http") && !file.text().contains("@import"), "{asset}");
            }
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn around_me_answers_without_scripts_in_less_than_60_kilobytes() -> Test {
    let (_folder, _server, api) = demo().await?;
    let page = "/hue/quanh-toi?lon=107.58&lat=16.46";
    let squeezed = |path: &str| api.request(Method::GET, path).header("accept-encoding", "gzip");
    let answer = api.send(squeezed(page)).await?.expect(200)?;
    ensure!(answer.header("content-encoding") == "gzip");
    let mut html = String::new();
    flate2::read::GzDecoder::new(&answer.bytes[..]).read_to_string(&mut html)?;
    let mut total = answer.bytes.len();
    // Fonts are counted where the page preloads them; what a browser would fetch later is counted in the browser tests.
    for asset in assets(&html) {
        total += api.send(squeezed(&asset)).await?.expect(200)?.bytes.len();
    }
    ensure!(total < 60_000, "first load is {total} bytes");
    ensure!(html.contains("<main") && html.contains("lang=\"vi\""), "{html}");
    ensure!(!html.contains("<noscript"), "nothing on this page needs scripts");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_map_has_layers_tiles_and_a_list_with_the_same_entities() -> Test {
    let (_folder, _server, api) = demo().await?;
    let provinces = api.json("/api/v1/provinces").await?;
    ensure!(provinces.as_array().is_some_and(|p| p.len() >= 2), "{provinces}");
    let layers = api.json("/api/v1/hue/layers").await?;
    let layers = layers.as_array().context("layers are a list")?;
    ensure!(!layers.is_empty());
    let basemap = api.get("/basemap/8/204/116").await?.expect(200)?;
    ensure!(basemap.bytes.len() > 100, "an empty basemap tile");
    let found = api.json("/api/v1/hue/search?text=song%20huong").await?;
    ensure!(found.as_array().is_some(), "{found}");
    Ok(())
}
