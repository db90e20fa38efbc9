//! A ward with a one-stop desk on the shipped binary: its unit, its officials and a citizen, each a program with a key.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use dinh_e2e::{Api, Reply, Server};
use percent_encoding::percent_decode_str;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::administrator::{Administrator, Browser};

/// The packs that ship.
pub(crate) const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../packs");
/// Those that a one-stop desk stands on.
const PACKS: [&str; 9] =
    ["access", "admin-units", "calendar", "files", "national", "one-stop", "payments", "people", "privacy"];
/// The province, without feeds and without the national list.
const PROVINCE: &str = "tenant = \"hue\"\ntitle = { vi = \"Huế\", en = \"Huế\" }\nprovince_code = \"46\"\n\
    center = [107.58, 16.45]\nbounds = [107.0, 15.95, 108.25, 16.8]\nzoom = 9.6\n\
    packs = [\"admin-units\", \"people\", \"calendar\", \"files\", \"one-stop\", \"national\", \"payments\"]\nfeeds = []\n";
/// A kind with few papers: copies of an extract.
pub(crate) const KIND: &str = "civil-status-copy";
/// Its tenant.
pub(crate) const TENANT: &str = "hue";

/// A ward at work.
pub(crate) struct Ward {
    pub(crate) server: Server,
    /// The administrator of the installation.
    pub(crate) administrator: Administrator,
    /// URI of the unit.
    pub(crate) unit: String,
    keys: BTreeMap<&'static str, String>,
    _folder: TempDir,
}

/// Somebody of the ward, at the API.
#[derive(Clone)]
pub(crate) struct Person {
    api: Api,
    key: String,
}

impl Ward {
    /// Starts the program with a configuration and peoples the ward: `clerk`, `handler`, `leader`, `records`, and `citizen` and
    /// `neighbour`, who have no role.
    pub(crate) async fn start(config: &str) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("dinh-ward-").tempdir()?;
        let packs = folder.path().join("packs");
        for pack in PACKS {
            copy(&Path::new(SHIPPED).join(pack), &packs.join(pack))?;
        }
        fs::create_dir_all(packs.join("provinces"))?;
        fs::write(packs.join("provinces/hue.toml"), PROVINCE)?;
        let settings = folder.path().join("dinh.toml");
        fs::write(&settings, config)?;
        let arguments = ["--packs".as_ref(), packs.as_os_str(), "--config".as_ref(), settings.as_os_str()];
        let server = Server::start_in(&folder.path().join("data"), &arguments).await?;
        let mut administrator = Administrator::first(&server, TENANT, Browser::plain()?).await?;
        let unit = administrator.unit("UBND phường Thuận Hoá", "H57.20.01").await?;
        let mut keys = BTreeMap::new();
        for (name, role) in [
            ("clerk", "one-stop-officer"),
            ("handler", "officer"),
            ("leader", "unit-leader"),
            ("records", "clerk"),
            ("treasurer", "treasurer"),
            ("citizen", ""),
            ("neighbour", ""),
        ] {
            let account = administrator.system(name, role).await?;
            if !role.is_empty() {
                administrator.position(&account, &unit).await?;
            }
            keys.insert(name, administrator.key(&account).await?);
        }
        Ok(Self { server, administrator, unit, keys, _folder: folder })
    }

    /// Somebody, by name.
    pub(crate) fn person(&self, name: &str) -> Result<Person> {
        let key = self.keys.get(name).with_context(|| format!("nobody is called {name}"))?.clone();
        Ok(Person { api: self.server.tenant(TENANT)?, key })
    }

    /// A dossier for two copies of an extract, sent by whoever is to be told at an address.
    pub(crate) fn filing(&self, email: &str) -> Value {
        json!({
            "kind": KIND, "receiving": self.unit, "answers": answers(),
            "applicant": {"name": "Nguyễn Thị Hoa", "number": "046192001234", "email": email},
        })
    }
}

/// Answers to the form of [`KIND`].
pub(crate) fn answers() -> Value {
    json!({
        "requester": {
            "name": "Nguyễn Thị Hoa", "birthDate": "1992-05-14", "personalId": "046192001234",
            "address": {"province": "Thành phố Huế", "commune": "Phường Phú Xuân", "detail": "12 Lê Lợi"},
        },
        "relation": "self", "event": "birth",
        "subject": {"name": "Nguyễn Thị Hoa", "birthDate": "1992-05-14"},
        "registeredAt": "UBND xã Thuỷ Thanh", "copies": 2, "exempt": false, "pledge": true,
    })
}

/// The path of something about a case, or of cases.
pub(crate) fn path(rest: &str) -> String {
    format!("/api/v1/{TENANT}/cases{rest}")
}

impl Person {
    /// Asks.
    pub(crate) async fn get(&self, path: &str) -> Result<Reply> {
        self.api.send(self.request(Method::GET, path)).await
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Reply> {
        self.api.send(self.request(Method::POST, path).json(body)).await
    }

    /// Sends a file.
    pub(crate) async fn send(&self, path: &str, media_type: &str, content: Vec<u8>) -> Result<Reply> {
        let request = self.request(Method::POST, path).header("content-type", media_type).body(content);
        self.api.send(request).await
    }

    /// Takes an action with a case as it is now; answers the case.
    pub(crate) async fn act(&self, id: &str, action: &str, asked: Value) -> Result<Reply> {
        let shown = self.get(&path(&format!("/{id}"))).await?.expect(200)?.json()?;
        let body = json!({"action": action, "version": shown["case"]["version"], "asked": asked});
        self.post(&path(&format!("/{id}/actions")), &body).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.api.request(method, path).header("authorization", format!("Bearer {}", self.key))
    }
}

/// The last part of an address, decoded.
pub(crate) fn last_part(address: &str) -> Result<String> {
    let last = address.rsplit('/').next().context("an address")?;
    Ok(percent_decode_str(last).decode_utf8()?.into_owned())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
