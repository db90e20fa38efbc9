//! Who may write: this machine, or who shows the key; never another site's page in this machine's browser.

use anyhow::ensure;
use dinh_e2e::{Server, Test};
use reqwest::Method;

use crate::vocabulary::{exists, gauge, gauge_id};

const ENTITIES: &str = "/ngsi-ld/v1/entities";
const KEY: &str = "mot-chia-khoa-du-dai-0123456789";

#[tokio::test]
async fn requests_that_only_seem_to_come_from_this_machine_may_read_but_not_write() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.5"),
        ("forwarded", "for=203.0.113.5"),
        ("origin", "http://evil.example"),
        ("host", "evil.example"),
    ] {
        let write = api.request(Method::POST, ENTITIES).header(name, value).json(&gauge("a", 1.0));
        let refused = api.send(write).await?;
        ensure!(
            matches!(refused.status, 401 | 403),
            "{name}: {value}: {} {}",
            refused.status,
            refused.text()
        );
        let read = api.request(Method::GET, &format!("{ENTITIES}?type=RiverGauge")).header(name, value);
        api.send(read).await?.expect(200)?;
    }
    ensure!(!exists(&api, &gauge_id("a")).await?);
    Ok(())
}

#[tokio::test]
async fn with_writing_closed_only_the_key_opens_it() -> Test {
    let folder = tempfile::tempdir()?;
    let (settings, key) = (folder.path().join("dinh.toml"), folder.path().join("key"));
    std::fs::write(&key, format!("{KEY}\n"))?;
    let text =
        format!("[access]\nopen_writes = \"never\"\nwrite_key_file = {:?}\n", key.display().to_string());
    std::fs::write(&settings, text)?;
    let server =
        Server::start_in(&folder.path().join("data"), &["--config".as_ref(), settings.as_os_str()]).await?;
    let api = server.api()?;
    let refused = api.post(ENTITIES, &gauge("a", 1.0)).await?;
    ensure!(matches!(refused.status, 401 | 403), "{}", refused.status);
    let shown = |key: &str| {
        let request = api.request(Method::POST, ENTITIES).header("authorization", format!("Bearer {key}"));
        api.send(request.json(&gauge("a", 1.0)))
    };
    shown("mot-chia-khoa-sai-0123456789").await?.expect_problem(401)?;
    ensure!(!exists(&api, &gauge_id("a")).await?);
    shown(KEY).await?.expect(201)?;
    ensure!(!server.log().contains(KEY), "the key is not written to the log");
    Ok(())
}
