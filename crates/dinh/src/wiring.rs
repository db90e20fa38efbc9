//! The wiring: from a configuration to a house that can be lived in, in one place.
//!
//! The store stands behind the door ([`Context`]); feeds bring data in through the [`bridge`](crate::bridge); the web
//! ([`App`]) shows both to the outside.

mod accounts;
mod http;
mod notices;
mod papers;
mod portal;
mod procedures;
mod signing;
mod vault;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dinh_access::Rule;
use dinh_casework::Ways;
use dinh_context::audit::{SEALS, SealKey, Sealing};
use dinh_context::graph::{Options, StoreError};
use dinh_context::outbound::{AllowList, Outbound};
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, Erased, Error, RandomIds, Settings, SystemClock, fresh_seed};
use dinh_feeds::definition::{FeedDefinition, FeedName};
use dinh_feeds::mapping::Vocabulary;
use dinh_feeds::sink::Sink;
use dinh_feeds::{FeedPlan, FeedSettings, Feeds, FeedsSetup};
use dinh_identity::{Identity, InstallationKey};
use dinh_model::{EntityId, Tenant};
use dinh_policies::PolicyFile;
use dinh_store::{KeptSeal, Report};
use dinh_web::{App, HttpSettings, Parts, RenderMetrics, WriteKey};

use crate::bridge::{FilesOfPack, GraphSink, OutboundFetch, derivations};
use crate::config::Config;
use crate::metering;
use crate::said::{OrSay as _, Words, place, said};

pub(crate) use http::tls;
pub(crate) use notices::messengers;
pub(crate) use procedures::import_procedures;
pub(crate) use vault::look as look_at_the_vault;

const DAY: Duration = Duration::from_hours(24);

/// Everything, put together.
pub(crate) struct House {
    /// The door to the graph.
    pub(crate) context: Context,
    /// The feeds that run.
    pub(crate) feeds: Feeds,
    /// Accounts.
    pub(crate) identity: Identity,
    /// The web.
    pub(crate) app: App,
    /// The ways by which people are told of their cases; none for one command.
    pub(crate) ways: Ways,
}

/// A house that serves under `address`, with its feeds running.
pub(crate) async fn to_serve(
    config: &Config,
    address: SocketAddr,
    metrics: RenderMetrics,
) -> anyhow::Result<House> {
    let (packs, key) = (packs(config)?, write_key(config)?);
    // Before anything is opened: what cannot work is refused at once.
    let messengers = messengers(config)?;
    let context = open(config, packs.clone(), own_addresses(config, address)).await?;
    context.note_rules(config.access.open_writes, config.access.undescribed).await?;
    let plans = if config.feeds.enabled { plans(&packs) } else { Vec::new() };
    let setup = feeds_of(config, &context)?;
    // A feed that cannot be started is logged by the feeds themselves; the others run.
    let (feeds, _refused) = Feeds::start(&setup, plans);
    let identity = accounts::identity(config, &context, accounts::installation_key(config)?, Some(address))?;
    // Subscriptions of accounts tell what their owners may see then, and rest while these may not act.
    context.introduce(identity.directory());
    let app = app(config, (&context, &feeds, &identity), key, metrics)?;
    papers::press(&app, context.packs(), &address_of(config, address))?;
    let ways = notices::ways(config, messengers, &identity);
    portal::connect(config, app.portal())?;
    Ok(House { context, feeds, identity, app, ways })
}

/// A house for one command: nothing runs by itself, and `key` opens it.
pub(crate) async fn for_a_command(config: &Config, key: &str) -> anyhow::Result<House> {
    let context = open(config, packs(config)?, Vec::new()).await?;
    let setup = feeds_of(config, &context)?;
    let (feeds, _none) = Feeds::start(&setup, Vec::new());
    // A command has no accounts to open: what it makes of their secrets nobody sees.
    let nobody = fresh_seed()
        .or_say(|| Words::new("hệ thống không cho số ngẫu nhiên", "the system gives no randomness"))?;
    let nobody = InstallationKey::new(nobody)
        .ok_or_else(|| said("khoá tạm không dùng được", "a passing key is unusable"))?;
    let identity = accounts::identity(config, &context, nobody, None)?;
    let app = app(config, (&context, &feeds, &identity), WriteKey::new(key), metering::none())?;
    Ok(House { context, feeds, identity, app, ways: Ways::default() })
}

/// The packs of the configuration, with the provinces that it serves.
pub(crate) fn packs(config: &Config) -> anyhow::Result<Packs> {
    let packs = match &config.packs {
        Some(folder) => Packs::from_folder(folder),
        None => Packs::embedded(),
    };
    let mut packs = packs.or_say(|| Words::new("không dùng được các gói", "the packs cannot be used"))?;
    for tenant in &config.tenants {
        if packs.province(tenant).is_none() {
            let known: Vec<&str> =
                packs.provinces().iter().map(|province| province.tenant.as_str()).collect();
            let known = known.join(", ");
            return Err(said(
                format!("mục tenants nêu {tenant:?} mà không gói nào mô tả; các gói mô tả {known}"),
                format!("tenants names {tenant:?}, which no pack describes; the packs describe {known}"),
            ));
        }
    }
    if !config.tenants.is_empty() {
        packs.retain_provinces(|province| {
            config.tenants.iter().any(|tenant| tenant == province.tenant.as_str())
        });
    }
    Ok(packs)
}

async fn open(config: &Config, packs: Packs, own_addresses: Vec<String>) -> anyhow::Result<Context> {
    let store = Options { vault: Some(vault::options(config)?), ..store_options(config) };
    let settings = Settings {
        data: config.data.clone(),
        store,
        access: AccessSettings {
            rules: rules(&packs)?,
            open_writes: config.access.open_writes,
            undescribed: config.access.undescribed,
        },
        outbound: allow_list(config),
        own_addresses,
    };
    let data = config.data.display();
    match Context::open(settings, packs, Arc::new(SystemClock), Arc::new(RandomIds)).await {
        Err(Error::Store(StoreError::InUse(_))) => Err(said(
            format!(
                "một Đình khác đang dùng thư mục {data}; hãy nối tới nó bằng --url ĐỊA_CHỈ, dừng nó, hoặc nêu thư mục khác"
            ),
            format!(
                "another Đình is using the folder {data}; reach it with --url ADDRESS, stop it, or name another folder"
            ),
        )),
        opened => {
            opened.or_say(|| place("không mở được đồ thị trong", "cannot open the graph in", &config.data))
        }
    }
}

/// The rules that the packs write.
pub(crate) fn rules(packs: &Packs) -> anyhow::Result<Vec<Rule>> {
    let broken = || {
        Words::new("không dùng được chính sách truy cập của gói", "the policies of the packs cannot be used")
    };
    let files = packs.policies().or_say(broken)?;
    let mut texts = Vec::with_capacity(files.len());
    for (pack, file) in &files {
        let text = file.text().or_say(broken)?;
        texts.push(PolicyFile { path: &file.path, pack, text });
    }
    let core = dinh_ngsild::context::Context::core();
    dinh_policies::read(&texts, &|name| core.expand(name)).or_say(broken)
}

fn store_options(config: &Config) -> Options {
    let store = &config.store;
    Options {
        readers: store.readers,
        history_keep: Some(DAY * store.history_days),
        feed_keep: DAY * store.feed_days,
        ..Options::default()
    }
}

fn feeds_of(config: &Config, context: &Context) -> anyhow::Result<FeedsSetup> {
    let sink = Arc::new(GraphSink::new(context.clone()));
    feeds_setup(config, context.packs(), context.outbound().clone(), sink)
}

/// The way out that the configuration allows.
pub(crate) fn allow_list(config: &Config) -> AllowList {
    AllowList::new(config.outbound.allow.iter().cloned())
}

/// What the feeds stand on.
pub(crate) fn feeds_setup(
    config: &Config,
    packs: &Packs,
    outbound: Outbound,
    sink: Arc<dyn Sink>,
) -> anyhow::Result<FeedsSetup> {
    let settings = FeedSettings {
        data: std::path::absolute(&config.data)?,
        values: config.feeds.settings.clone(),
        secrets: config.feeds.secrets_file.as_deref().map(secrets).transpose()?.unwrap_or_default(),
    };
    Ok(FeedsSetup {
        sink,
        clock: Arc::new(SystemClock),
        fetch: Arc::new(OutboundFetch::new(outbound)),
        settings: Arc::new(settings),
        vocabulary: vocabulary(),
        derivations: derivations(packs).or_say(|| {
            Words::new("không dùng được các bảng của gói", "the tables of the packs cannot be used")
        })?,
    })
}

/// Short names as the core context and its default vocabulary expand them.
pub(crate) fn vocabulary() -> Vocabulary {
    let core = dinh_ngsild::context::Context::core();
    Vocabulary::new(move |name| core.expand(name))
}

fn secrets(file: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let unreadable =
        || place("không đọc được bí mật của các nguồn trong", "cannot read the secrets of feeds in", file);
    let text = std::fs::read_to_string(file).or_say(unreadable)?;
    // The parser's message would quote the line, secret included.
    toml::from_str(&text)
        .map_err(|_quoting| {
            said("mỗi dòng hãy viết tên = \"giá trị\"", "write name = \"value\" on each line")
        })
        .or_say(unreadable)
}

/// The feeds that the provinces name. One that cannot be read is told and left out.
fn plans(packs: &Packs) -> Vec<FeedPlan> {
    let mut plans = Vec::new();
    for province in packs.provinces() {
        for feed in &province.feeds {
            match plan(packs, feed) {
                Ok((definition, files)) => {
                    plans.push(FeedPlan { tenant: province.tenant.clone(), definition, files });
                }
                Err(reason) => {
                    tracing::error!(tenant = %province.tenant, feed, reason = format!("{reason:#}"), "the feed was not started");
                }
            }
        }
    }
    plans
}

/// The definition of the feed `pack/feed`, and the files of its pack.
pub(crate) fn plan(packs: &Packs, feed: &str) -> anyhow::Result<(Arc<FeedDefinition>, Arc<FilesOfPack>)> {
    let name = FeedName::parse(feed).ok_or_else(|| {
        said(
            format!("{feed:?} không phải là một nguồn; hãy viết theo dạng gói/nguồn"),
            format!("{feed:?} is not a feed; write it as pack/feed"),
        )
    })?;
    let file = packs.file(&name.pack, &format!("feeds/{}.toml", name.feed))?;
    let files = FilesOfPack::new(packs, &name.pack);
    let definition = FeedDefinition::parse(name, &file.path, file.text()?)?;
    Ok((Arc::new(definition), Arc::new(files)))
}

fn app(
    config: &Config,
    (context, feeds, identity): (&Context, &Feeds, &Identity),
    write_key: Option<WriteKey>,
    metrics: RenderMetrics,
) -> anyhow::Result<App> {
    let parts = Parts {
        context: context.clone(),
        feeds: feeds.clone(),
        identity: identity.clone(),
        settings: HttpSettings { scanner: http::scanner(&config.uploads)?, ..http::settings(&config.http)? },
        write_key,
        ids: Arc::new(RandomIds),
        metrics,
        signing: signing::settings(config)?,
    };
    App::new(parts).or_say(|| Words::new("không chuẩn bị được các trang", "the pages cannot be prepared"))
}

fn write_key(config: &Config) -> anyhow::Result<Option<WriteKey>> {
    let Some(file) = &config.access.write_key_file else { return Ok(None) };
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .or_say(|| place("không đọc được khoá ghi trong", "cannot read the write key in", file))?;
    if !text.trim().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(said(
            format!(
                "khoá ghi trong {shown} phải là một dòng gồm chữ cái ASCII, chữ số và dấu, để gửi được trong tiêu đề HTTP"
            ),
            format!(
                "the write key in {shown} must be one line of ASCII letters, digits and signs, as headers carry them"
            ),
        ));
    }
    let Some(key) = WriteKey::new(&text) else {
        let least = WriteKey::MIN_LENGTH;
        return Err(said(
            format!("khoá ghi trong {shown} quá ngắn; cần ít nhất {least} ký tự"),
            format!("the write key in {shown} is too short; it needs {least} characters"),
        ));
    };
    Ok(Some(key))
}

/// The address under which people reach this server: papers name it.
fn address_of(config: &Config, address: SocketAddr) -> String {
    let scheme = config.http.scheme();
    config.http.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"))
}

/// Under which addresses this server is known: links to it are not calls to another machine.
fn own_addresses(config: &Config, address: SocketAddr) -> Vec<String> {
    let port = address.port();
    let scheme = config.http.scheme();
    let mut own = vec![format!("{scheme}://{address}")];
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        own.extend([format!("{scheme}://localhost:{port}"), format!("{scheme}://127.0.0.1:{port}")]);
    }
    own.extend(config.http.public_url.iter().map(|url| url.trim_end_matches('/').to_owned()));
    own
}

/// Checks every invariant of the graph.
pub(crate) async fn verify(config: &Config) -> anyhow::Result<Report> {
    let context = open(config, packs(config)?, Vec::new()).await?;
    let report = context.verify().await?;
    context.close().await?;
    Ok(report)
}

/// Erases for good what is kept of somebody, by order of whoever may use the folder.
pub(crate) async fn erase(
    config: &Config,
    tenant: Tenant,
    subject: &EntityId,
    reason: &str,
) -> anyhow::Result<Erased> {
    let context = open(config, packs(config)?, Vec::new()).await?;
    let erased = context.system("command-line", tenant).erase(subject, reason).await;
    context.close().await?;
    erased.or_say(|| Words::new(format!("không xoá được {subject}"), format!("{subject} cannot be erased")))
}

/// What the audit is sealed with; a new key if there is none yet.
pub(crate) fn sealing(config: &Config) -> anyhow::Result<Sealing> {
    let file = config.audit_key_file();
    let key = SealKey::open_or_create(&file, fresh_seed).or_say(|| {
        place(
            "không dùng được khoá niêm phong nhật ký kiểm toán",
            "cannot use the key that seals the audit,",
            &file,
        )
    })?;
    Ok(Sealing { key, folder: config.data.join(SEALS), timestamp_url: config.audit.timestamp_url.clone() })
}

/// Seals the audit up to now.
pub(crate) async fn seal(config: &Config) -> anyhow::Result<Vec<KeptSeal>> {
    let sealing = sealing(config)?;
    let context = open(config, packs(config)?, Vec::new()).await?;
    let made = sealing.seal_all(&context).await;
    // A seal without a time stamp is a seal; the server asks again.
    if let Err(error) = sealing.stamp_after(&context, 0).await {
        tracing::warn!(%error, "a seal of the audit has no time stamp yet");
    }
    context.close().await?;
    Ok(made?)
}
