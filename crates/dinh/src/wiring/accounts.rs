//! Accounts: the installation's key, the site that passkeys are for, identity providers.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use dinh_context::{Context, fresh_seed};
use dinh_identity::oidc::{Provider, ProviderDefinition};
use dinh_identity::passkey::Site;
use dinh_identity::password::Breached;
use dinh_identity::{AuditTrail, Identity, InstallationKey, SystemEntropy};

use crate::config::{Config, ProviderFiles};
use crate::keyfile;
use crate::said::{OrSay as _, Words, place, said};

/// Accounts in the graph, with whatever happens to them in the audit. `address` is where browsers find this server.
pub(super) fn identity(
    config: &Config,
    context: &Context,
    key: InstallationKey,
    address: Option<SocketAddr>,
) -> anyhow::Result<Identity> {
    let mut settings = dinh_identity::Settings::new(key);
    let here = address.filter(|address| address.ip().is_loopback());
    // Passkeys go by names: a browser on this machine has one at `localhost` and none at its number.
    let here = here.map(|address| format!("{}://localhost:{}", config.http.scheme(), address.port()));
    settings.site = config.http.public_url.clone().or(here).as_deref().and_then(site);
    settings.providers = providers(config)?;
    if let Some(file) = &config.identity.breached_passwords {
        let unusable = || {
            place(
                "không dùng được danh sách mật khẩu đã lộ",
                "cannot use the list of leaked passwords,",
                file,
            )
        };
        settings.breached = Some(Breached::open(file).or_say(unusable)?);
    }
    let trail = Arc::new(AuditTrail(context.clone()));
    Identity::open(context.clone(), settings, trail, Arc::new(SystemEntropy::new()))
        .or_say(|| Words::new("không dùng được các tài khoản", "the accounts cannot be used"))
}

/// The site that passkeys are for: the one under which browsers know this server.
fn site(public_url: &str) -> Option<Site> {
    let origin = public_url.trim_end_matches('/').to_owned();
    let domain = origin.split_once("://")?.1.split([':', '/']).next()?.to_owned();
    Some(Site { domain, origins: vec![origin] })
}

/// The installation's own key, in the folder of keys; a new one if there is none yet.
pub(super) fn installation_key(config: &Config) -> anyhow::Result<InstallationKey> {
    let file = config.keys_folder().join("installation.key");
    let unusable =
        || place("không dùng được khoá của bản cài đặt", "cannot use the key of the installation,", &file);
    let bytes = keyfile::open_or_create(&file, fresh_seed).or_say(unusable)?;
    InstallationKey::new(bytes).ok_or_else(|| {
        said("khoá của bản cài đặt không dùng được", "the key of the installation is unusable")
    })
}

/// The identity providers that the configuration names.
fn providers(config: &Config) -> anyhow::Result<Vec<Provider>> {
    let files = &config.identity.providers;
    if !files.is_empty() && config.http.public_url.is_none() {
        return Err(said(
            "identity.providers cần http.public_url: nhà cung cấp định danh đưa trình duyệt về địa chỉ ấy",
            "identity.providers needs http.public_url: providers send browsers back to that address",
        ));
    }
    files.iter().map(provider).collect()
}

fn provider(files: &ProviderFiles) -> anyhow::Result<Provider> {
    let broken = |file: &Path| {
        place("không dùng được nhà cung cấp định danh trong", "cannot use the identity provider in", file)
    };
    let text = std::fs::read_to_string(&files.file).or_say(|| broken(&files.file))?;
    let definition: ProviderDefinition = toml::from_str(&text).or_say(|| broken(&files.file))?;
    let secret = match &files.secret_file {
        Some(file) => Some(std::fs::read_to_string(file).or_say(|| broken(file))?.trim().to_owned()),
        None => None,
    };
    Provider::new(definition, secret).or_say(|| broken(&files.file))
}
