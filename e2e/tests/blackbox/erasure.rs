//! Personal data is sealed on the disk, and what is erased does not come back.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Packs, Reply, Server, Test, run};
use reqwest::Method;
use serde_json::json;

const ID: &str = "urn:ngsi-ld:Patient:1";
const PATH: &str = "/ngsi-ld/v1/entities/urn:ngsi-ld:Patient:1";
const SECRET: &str = "hen-suyen-kin-7f3a";

/// A pack whose data this machine may write and reveal.
fn packs() -> Result<Packs> {
    let packs = Packs::new()?;
    let schema = json!({"title": "Patient", "type": "object", "properties": {
        "illness": {"type": "string", "x-dinh": {"title": {"vi": "Bệnh", "en": "Illness"}, "privacy": "personal"}},
        "ward": {"type": "string", "x-dinh": {"title": {"vi": "Khoa", "en": "Ward"}, "index": true}}
    }});
    packs.write("thu/types/Patient.json", schema.to_string())?;
    let policy = r#"@id("trial") @vi("Máy này được thử") @en("This machine may try")
permit (principal in Role::"local", action in [Action::"read", Action::"write", Action::"reveal"], resource);
"#;
    packs.write("thu/policies/thu.cedar", policy)?;
    Ok(packs)
}

fn holds(folder: &Path, text: &str) -> Result<bool> {
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        let found = if path.is_dir() {
            holds(&path, text)?
        } else {
            std::fs::read(&path)?.windows(text.len()).any(|window| window == text.as_bytes())
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is kept over time, whether it is there or not.
async fn history(api: &Api) -> Result<String> {
    let path = format!("/ngsi-ld/v1/temporal/entities/{ID}");
    Ok(api.send(api.request(Method::GET, &path)).await?.text())
}

async fn found(api: &Api) -> Result<Reply> {
    api.send(api.request(Method::GET, PATH)).await
}

/// A backup opens in another folder with the copy of the keys that was made with it, and not without.
async fn opens_elsewhere(folder: &Path, copy: &Path, flags: &[&OsStr]) -> Test {
    let elsewhere = folder.join("elsewhere");
    let restore: [&OsStr; 5] =
        ["restore".as_ref(), "--from".as_ref(), copy.as_os_str(), "--data".as_ref(), elsewhere.as_os_str()];
    run(folder, restore).await?.succeeded()?;
    let server = Server::start_in(&elsewhere, flags).await?;
    let request = server.api()?.request(Method::GET, PATH).header("dinh-purpose", "case-handling");
    let shown = server.api()?.send(request.header("dinh-reveal", "doi chieu")).await?.expect(200)?;
    ensure!(shown.text().contains(SECRET), "{}", shown.text());
    drop(server);
    std::fs::rename(folder.join("elsewhere-keys"), folder.join("put-away"))?;
    let verify = ["verify".as_ref(), "--data".as_ref(), elsewhere.as_os_str()];
    let refused = run(folder, verify.into_iter().chain(flags.iter().copied())).await?.refused()?;
    ensure!(refused.err.contains("belong to another store"), "{}", refused.err);
    Ok(())
}

#[tokio::test]
async fn what_is_personal_is_sealed_and_what_is_erased_stays_away() -> Test {
    let (folder, packs) = (tempfile::tempdir()?, packs()?);
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    let flags = ["--packs".as_ref(), packs.path().as_os_str()];
    let mut server = Server::start_in(&data, &flags).await?;
    let api = server.api()?;
    let at = "2026-11-01T00:00:00Z";
    let patient = json!({"id": ID, "type": "Patient", "ward": "Khoa Nội",
        "illness": {"type": "Property", "value": SECRET, "observedAt": at}});
    api.create(&patient).await?.expect(201)?;
    server.kill().await?;
    ensure!(holds(&data, "Khoa N")?, "what is not personal is kept as it is");
    ensure!(!holds(&data, SECRET)?, "what is personal is sealed");

    server.start_again().await?;
    let api = server.api()?;
    ensure!(found(&api).await?.expect(200)?.text().contains("Khoa N"));
    let keys = folder.path().join("elsewhere-keys");
    let backup: [&OsStr; 7] = [
        "backup".as_ref(),
        "--data".as_ref(),
        data.as_os_str(),
        "--to".as_ref(),
        copy.as_os_str(),
        "--keys-to".as_ref(),
        keys.as_os_str(),
    ];
    run(folder.path(), backup).await?.succeeded()?;
    opens_elsewhere(folder.path(), &copy, &flags).await?;
    ensure!(!holds(&copy, SECRET)?);

    let erase: Vec<&OsStr> =
        ["erase", "--tenant", "default", "--subject", ID, "--reason", "theo đơn 12/2026"]
            .map(OsStr::new)
            .into_iter()
            .chain(["--data".as_ref(), data.as_os_str()])
            .chain(flags)
            .collect();
    run(folder.path(), erase.clone()).await?.refused()?;
    server.stop().await?;
    let told = run(folder.path(), erase).await?.succeeded()?.out;
    ensure!(told.contains("Đã xoá vĩnh viễn 1 thực thể") && told.contains(ID), "{told}");

    server.start_again().await?;
    let api = server.api()?;
    found(&api).await?.expect(404)?;
    ensure!(!history(&api).await?.contains(SECRET));
    server.stop().await?;
    ensure!(!holds(&data, SECRET)?);

    std::fs::rename(&data, folder.path().join("away"))?;
    let restore: [&OsStr; 5] =
        ["restore".as_ref(), "--from".as_ref(), copy.as_os_str(), "--data".as_ref(), data.as_os_str()];
    run(folder.path(), restore).await?.succeeded()?;
    server.start_again().await?;
    let api = server.api()?;
    found(&api).await?.expect(404)?;
    ensure!(!history(&api).await?.contains(SECRET));
    ensure!(api.query("type=Patient").await?.is_empty(), "an older backup brings nothing back");
    server.stop().await?;
    let verify = ["verify".as_ref(), "--data".as_ref(), data.as_os_str()].into_iter().chain(flags);
    run(folder.path(), verify.collect::<Vec<_>>()).await?.succeeded()?;
    Ok(())
}
