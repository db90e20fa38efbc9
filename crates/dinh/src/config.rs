//! Configuration: file, then environment, then flags; the later wins.
//!
//! The file is TOML (`dinh.toml` in the working directory, or `--config FILE`). The environment overrides it with
//! `DINH_` names, two underscores between levels: `DINH_ACCESS__OPEN_WRITES=never`. Flags override both. Secrets are
//! never values: the configuration names a file that holds the secret.

mod http;
mod notices;
mod portal;
mod signing;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dinh_access::{OpenWrites, Privacy};
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};

pub(crate) use http::Http;
pub(crate) use notices::{Notices, Smtp};
pub(crate) use portal::Portal;
pub(crate) use signing::{SecurityModule, Signing};

use crate::said::{OrSay as _, Words, place};

/// Name of the file read when none is given.
const DEFAULT_FILE: &str = "dinh.toml";
/// Start of the names in the environment.
const PREFIX: &str = "DINH_";
/// Source of a value that nobody has set.
const DEFAULT: &str = "mặc định · default";
/// Source of a value that a flag has set.
const FLAG: &str = "dòng lệnh · command line";
/// Source of a value that the environment has set.
const ENVIRONMENT: &str = "biến môi trường · environment variable";
/// Source of a value that a file has set.
const FILE: &str = "tệp · file";

/// Everything that can be configured, with its defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Folder that holds the graph.
    pub(crate) data: PathBuf,
    /// Address to listen on; port 0 takes a free one.
    pub(crate) listen: String,
    /// Folder of the keys that this server makes for itself; by default beside the data, named like it with `-keys`.
    /// It belongs into no backup of the data.
    pub(crate) keys: Option<PathBuf>,
    /// Folder of packs to use instead of those built in.
    pub(crate) packs: Option<PathBuf>,
    /// Tenants to serve, of those that the packs describe; empty means all.
    pub(crate) tenants: Vec<String>,
    /// Who may write.
    pub(crate) access: Access,
    /// How people sign in.
    pub(crate) identity: Accounts,
    /// Files that people send.
    pub(crate) uploads: Uploads,
    /// How people are told of their cases.
    pub(crate) notices: Notices,
    /// Links with the national portal.
    pub(crate) portal: Portal,
    /// Calls to other machines.
    pub(crate) outbound: Outbound,
    /// The store.
    pub(crate) store: Store,
    /// The audit.
    pub(crate) audit: Audit,
    /// Signatures of documents.
    pub(crate) signing: Signing,
    /// The feeds.
    pub(crate) feeds: Feeds,
    /// HTTP.
    pub(crate) http: Http,
    /// Logs.
    pub(crate) log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            listen: "127.0.0.1:8420".to_owned(),
            keys: None,
            packs: None,
            tenants: Vec::new(),
            access: Access::default(),
            identity: Accounts::default(),
            uploads: Uploads::default(),
            notices: Notices::default(),
            portal: Portal::default(),
            outbound: Outbound::default(),
            store: Store::default(),
            audit: Audit::default(),
            signing: Signing::default(),
            feeds: Feeds::default(),
            http: Http::default(),
            log: Log::default(),
        }
    }
}

/// Who may write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Access {
    /// From where requests without a key may write: `never`, `local`, `anywhere`.
    pub(crate) open_writes: OpenWrites,
    /// File that holds the write key, sent as `Authorization: Bearer …`.
    pub(crate) write_key_file: Option<PathBuf>,
    /// Who may see entities of types that no pack describes: `open`, `internal`, `personal`, `sensitive`.
    pub(crate) undescribed: Privacy,
}

impl Default for Access {
    fn default() -> Self {
        Self { open_writes: OpenWrites::default(), write_key_file: None, undescribed: Privacy::Internal }
    }
}

/// How people sign in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Accounts {
    /// Identity providers (OpenID Connect). They send browsers back to `http.public_url`, followed by
    /// `/TENANT/sign-in/back`; their hosts must be in `outbound.allow`.
    pub(crate) providers: Vec<ProviderFiles>,
    /// A file of SHA-1 hashes of passwords that have leaked, ordered by hash, as Pwned Passwords offers it for download.
    /// None of them may be chosen. Nothing of a password leaves the machine.
    pub(crate) breached_passwords: Option<PathBuf>,
}

/// Files that people send.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Uploads {
    /// A ClamAV that looks at every file before it is kept: `tcp:HOST:PORT` or `unix:/PATH`. While it does not answer,
    /// no file is taken.
    pub(crate) clamav: Option<String>,
}

/// The files of an identity provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderFiles {
    /// Its settings; `packs/access/oidc` has examples.
    pub(crate) file: PathBuf,
    /// File of our secret there.
    #[serde(default)]
    pub(crate) secret_file: Option<PathBuf>,
}

/// Calls to other machines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Outbound {
    /// Hosts that may be called (`host`, `host:port`, `*.domain`, `*`): notifications, polls, remote @contexts.
    pub(crate) allow: Vec<String>,
}

impl Default for Outbound {
    fn default() -> Self {
        Self { allow: ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).to_vec() }
    }
}

/// The store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Store {
    /// Connections that read.
    pub(crate) readers: usize,
    /// Days of history kept hot.
    pub(crate) history_days: u32,
    /// Days of the change feed kept.
    pub(crate) feed_days: u32,
}

impl Default for Store {
    fn default() -> Self {
        Self { readers: 4, history_days: 400, feed_days: 7 }
    }
}

/// The audit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Audit {
    /// File of the key that seals are signed with; by default `audit-seal.pem` in the folder of keys.
    pub(crate) key_file: Option<PathBuf>,
    /// Address of a time-stamp server (RFC 3161) to ask for a time stamp on every seal; its host must be in
    /// `outbound.allow`.
    pub(crate) timestamp_url: Option<String>,
}

/// The feeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Feeds {
    /// Run the feeds that the provinces name.
    pub(crate) enabled: bool,
    /// What `{setting.name}` in feed definitions stands for: addresses of brokers, folders.
    pub(crate) settings: BTreeMap<String, String>,
    /// File of secrets for feeds, `name = "value"` lines in TOML.
    pub(crate) secrets_file: Option<PathBuf>,
}

impl Default for Feeds {
    fn default() -> Self {
        Self { enabled: true, settings: BTreeMap::new(), secrets_file: None }
    }
}

/// Logs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    /// `text` or `json`.
    pub(crate) format: LogFormat,
    /// Filter, e.g. `info` or `dinh_feeds=debug,info`.
    pub(crate) filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// A configuration with the knowledge of where each part came from.
pub(crate) struct Loaded {
    /// The result.
    pub(crate) config: Config,
    figment: Figment,
}

/// Flags that override the configuration; absent ones override nothing.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Flags {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) packs: Option<PathBuf>,
}

impl Config {
    /// The folder of keys.
    pub(crate) fn keys_folder(&self) -> PathBuf {
        let beside = || {
            // A folder called `.` has a name too.
            let data = std::path::absolute(&self.data).unwrap_or_else(|_empty| self.data.clone());
            let mut name = data.file_name().unwrap_or_default().to_owned();
            name.push("-keys");
            data.with_file_name(name)
        };
        self.keys.clone().unwrap_or_else(beside)
    }

    /// The file of the key that seals are signed with.
    pub(crate) fn audit_key_file(&self) -> PathBuf {
        self.audit.key_file.clone().unwrap_or_else(|| self.keys_folder().join("audit-seal.pem"))
    }

    /// The defaults of the demonstration: its data are a cache that may be thrown away.
    pub(crate) fn of_demo() -> Self {
        Self { data: cache_folder().join("dinh").join("demo"), ..Self::default() }
    }
}

/// Where this user's programs keep what they can make again.
fn cache_folder() -> PathBuf {
    let named = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || named("HOME").map(|home| home.join(".cache"));
    named("XDG_CACHE_HOME").or_else(home).unwrap_or_else(std::env::temp_dir)
}

/// Reads the configuration on top of `defaults`.
pub(crate) fn load(file: Option<&Path>, flags: &Flags, defaults: Config) -> anyhow::Result<Loaded> {
    if let Some(file) = file {
        // Otherwise a file that is not there would count as an empty one.
        std::fs::metadata(file)
            .or_say(|| place("không đọc được tệp cấu hình", "cannot read the configuration file", file))?;
    }
    let toml = match file {
        Some(file) => Toml::file_exact(file),
        None if Path::new(DEFAULT_FILE).exists() => Toml::file_exact(DEFAULT_FILE),
        None => Toml::string(""),
    };
    let figment = Figment::from(Serialized::defaults(defaults))
        .merge(toml)
        .merge(Env::prefixed(PREFIX).ignore(&["log", "bin", "real_data"]).split("__"))
        .merge(Named(Serialized::defaults(flags)));
    let config =
        figment.extract().or_say(|| Words::new("cấu hình không hợp lệ", "the configuration is not valid"))?;
    Ok(Loaded { config, figment })
}

/// The flags, under a name that people recognise.
struct Named<'a>(Serialized<&'a Flags>);

impl figment::Provider for Named<'_> {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named(FLAG)
    }

    fn data(&self) -> Result<figment::value::Map<figment::Profile, figment::value::Dict>, figment::Error> {
        self.0.data()
    }
}

impl Loaded {
    /// Every setting as `key = value  # source`.
    pub(crate) fn explain(&self) -> anyhow::Result<Vec<String>> {
        let mut lines = Vec::new();
        self.collect("", &serde_json::to_value(&self.config)?, &mut lines);
        Ok(lines)
    }

    /// True if nobody has set `key`.
    pub(crate) fn is_default(&self, key: &str) -> bool {
        self.source(key) == DEFAULT
    }

    fn collect(&self, path: &str, value: &serde_json::Value, lines: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(members) => {
                for (name, member) in members {
                    let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.collect(&inner, member, lines);
                }
            }
            value => lines.push(format!("{path} = {value}  # {}", self.source(path))),
        }
    }

    fn source(&self, path: &str) -> String {
        match self.figment.find_metadata(path) {
            Some(found) if found.name.contains("Config") => DEFAULT.to_owned(),
            Some(found) if found.name.contains("environment") => {
                format!("{ENVIRONMENT}: {PREFIX}{}", path.to_uppercase().replace('.', "__"))
            }
            Some(found) => match &found.source {
                Some(source) => format!("{FILE}: {source}"),
                None => found.name.to_string(),
            },
            None => DEFAULT.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::result_large_err, reason = "the error of the jail is figment's own")]
    fn flags_win_over_environment_and_environment_over_file() {
        figment::Jail::expect_with(|jail| {
            jail.create_file("dinh.toml", "listen = \"0.0.0.0:1\"\ndata = \"/a\"\n[store]\nreaders = 2\n")?;
            jail.set_env("DINH_LISTEN", "0.0.0.0:2");
            jail.set_env("DINH_HTTP__MAX_BODY", "1000");
            let flags = Flags { data: Some("/b".into()), ..Flags::default() };
            let loaded = load(None, &flags, Config::default()).expect("loads");
            assert_eq!(loaded.config.listen, "0.0.0.0:2");
            assert_eq!(loaded.config.data, PathBuf::from("/b"));
            assert_eq!((loaded.config.store.readers, loaded.config.http.max_body), (2, 1000));
            let lines = loaded.explain().expect("explains").join("\n");
            assert!(lines.contains("data = \"/b\"  # dòng lệnh · command line"), "{lines}");
            assert!(lines.contains("log.filter = \"info\"  # mặc định · default"), "{lines}");
            assert!(lines.contains("tệp · file: dinh.toml"), "{lines}");
            assert!(lines.contains("environment variable: DINH_HTTP__MAX_BODY"), "{lines}");
            Ok(())
        });
    }

    #[test]
    #[expect(clippy::result_large_err, reason = "the error of the jail is figment's own")]
    fn an_unknown_key_is_named() {
        figment::Jail::expect_with(|jail| {
            jail.create_file("dinh.toml", "lisen = \"x\"\n")?;
            let error =
                format!("{:#}", load(None, &Flags::default(), Config::default()).err().expect("refuses"));
            assert!(error.contains("lisen"), "{error}");
            Ok(())
        });
    }
}
