//! A disk that fills up: writes are refused clearly, reads go on, nothing acknowledged is lost, and when there is room
//! again everything works again.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Result, bail, ensure};
use dinh_e2e::{PATIENCE, Server, Test, run, skip, until};
use serde_json::json;
use tokio::process::Command;

use crate::vocabulary::{exists, gauge_id};

/// A small file system in memory, unmounted when dropped.
struct SmallDisk {
    at: PathBuf,
    _folder: tempfile::TempDir,
}

impl SmallDisk {
    /// `None` when this user may not mount.
    async fn of_mebibytes(size: u32) -> Result<Option<Self>> {
        let folder = tempfile::tempdir()?;
        let at = folder.path().join("disk");
        std::fs::create_dir(&at)?;
        let mounted = mount(&["-t", "tmpfs", "-o", &format!("size={size}m"), "tmpfs"], &at).await?;
        Ok(mounted.then_some(Self { at, _folder: folder }))
    }

    async fn grow_to_mebibytes(&self, size: u32) -> Test {
        if mount(&["-o", &format!("remount,size={size}m")], &self.at).await? {
            Ok(())
        } else {
            bail!("cannot remount")
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(std::process::Command::new("umount").arg("--lazy").arg(&self.at).stderr(Stdio::null()).status());
    }
}

async fn mount(arguments: &[&str], at: &Path) -> Result<bool> {
    let status = Command::new("mount").args(arguments).arg(at).stderr(Stdio::null()).status().await;
    Ok(status.is_ok_and(|s| s.success()))
}

#[tokio::test]
async fn a_full_disk_refuses_writes_keeps_reads_and_recovers() -> Test {
    let Some(disk) = SmallDisk::of_mebibytes(24).await? else {
        skip("a full disk", "mounting a small tmpfs needs root");
        return Ok(());
    };
    let mut server = Server::start_in::<&str>(&disk.at.join("data"), &[]).await?;
    let api = server.api()?;
    let mut acknowledged = Vec::new();
    let refused = loop {
        let name = format!("g{}", acknowledged.len());
        let entity = json!({
            "id": gauge_id(&name), "type": "RiverGauge",
            "note": {"type": "Property", "value": "x".repeat(200_000)}
        });
        let reply = api.post("/ngsi-ld/v1/entities", &entity).await?;
        if reply.status != 201 {
            break reply;
        }
        acknowledged.push(name);
        ensure!(acknowledged.len() < 1_000, "24 MiB never fill up");
    };
    ensure!(matches!(refused.status, 500 | 503 | 507), "{} {}", refused.status, refused.text());
    let status = refused.status;
    refused.expect_problem(status)?;
    for name in &acknowledged {
        ensure!(exists(&api, &gauge_id(name)).await?, "{name} was acknowledged");
    }
    ensure!(
        !exists(&api, &gauge_id(&format!("g{}", acknowledged.len()))).await?,
        "what was refused is not there"
    );

    disk.grow_to_mebibytes(200).await?;
    until("writes are accepted again", PATIENCE, || async {
        let reply = api.post("/ngsi-ld/v1/entities", &crate::vocabulary::gauge("after", 1.0)).await?;
        Ok(matches!(reply.status, 201 | 409).then_some(()))
    })
    .await?;
    server.stop().await?;
    run(&disk.at, ["verify".as_ref(), "--data".as_ref(), server.data().as_os_str()]).await?.succeeded()?;
    server.start_again().await?;
    let api = server.api()?;
    for name in acknowledged.iter().map(String::as_str).chain(["after"]) {
        ensure!(exists(&api, &gauge_id(name)).await?, "{name} was acknowledged");
    }
    Ok(())
}
