//! Which entries are asked for, and reading them page by page.

use std::path::PathBuf;

use clap::Args;
use dinh_model::{EntityId, Tenant, Timestamp};
use dinh_store::{Act, AuditOrder, AuditQuery, AuditTrail, Entry};

use crate::cli::DataArgs;
use crate::config::{self, Config, Flags};
use crate::logging;
use crate::said::{OrSay as _, Words, place, said};

/// Entries read at once.
const PAGE: usize = 1000;
/// What entries of commits do.
const DONE: [&str; 4] = ["created", "updated", "deleted", "record"];

/// Which entries.
#[derive(Debug, Args)]
pub(super) struct Filter {
    #[command(flatten)]
    pub(super) data: DataArgs,
    /// Chỉ những mục của vùng dữ liệu này; nếu không nêu thì tất cả · Only entries of this tenant; otherwise of all
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    /// Từ ngày (giờ Việt Nam) hoặc thời điểm này, ví dụ 2026-11-01 · From this day (in Vietnam) or instant on, as 2026-11-01
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Trước ngày (giờ Việt Nam) hoặc thời điểm này · Before this day (in Vietnam) or instant
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Do ai làm, tên đầy đủ như account:… hoặc system:… · Done by whom, by the whole name such as account:… or system:…
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// Liên quan đến thực thể này · About this entity
    #[arg(long, value_name = "URN")]
    entity: Option<String>,
    /// Việc đã làm: created, updated, deleted, record, reveal, export, sign-in … · What was done: created, updated, deleted, record, reveal, export, sign-in …
    #[arg(long, value_name = "WORD")]
    action: Option<String>,
    /// Chữ có trong mục, không kể dấu và hoa thường · Text that stands in the entry, accents and case aside
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
}

impl Filter {
    /// Opens the audit and starts reading.
    pub(super) fn open(&self, file: Option<&std::path::Path>, order: AuditOrder) -> anyhow::Result<Entries> {
        let loaded = config::load(file, &flags(&self.data), Config::default())?;
        logging::start_quietly(&loaded)?;
        let trail = open(&loaded.config.data)?;
        let tenant = self.tenant.as_deref().map(Tenant::parse).transpose()?;
        let query = AuditQuery {
            from: self.from.as_deref().map(time).transpose()?,
            to: self.to.as_deref().map(time).transpose()?,
            principal: self.by.clone(),
            entity: self.entity.as_deref().map(entity).transpose()?,
            action: self.action.as_deref().map(action).transpose()?,
            text: self.text.clone(),
            order,
            ..AuditQuery::latest(PAGE)
        };
        Ok(Entries { trail, tenant, query, done: false })
    }
}

/// What a data folder says of the configuration.
pub(super) fn flags(data: &DataArgs) -> Flags {
    Flags { data: data.data.clone(), ..Flags::default() }
}

/// Opens the audit of a data folder.
pub(super) fn open(data: &PathBuf) -> anyhow::Result<AuditTrail> {
    AuditTrail::open(data)
        .or_say(|| place("không đọc được nhật ký kiểm toán trong", "cannot read the audit in", data))
}

/// Entries, page by page.
pub(super) struct Entries {
    trail: AuditTrail,
    tenant: Option<Tenant>,
    query: AuditQuery,
    done: bool,
}

impl Entries {
    /// The next page; it may be empty without being the last.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Vec<Entry>>> {
        if self.done {
            return Ok(None);
        }
        let page = self.trail.search(self.tenant.as_ref(), &self.query)?;
        self.query.after = page.next;
        self.done = page.next.is_none();
        Ok(Some(page.entries))
    }
}

/// A day as Vietnam has it (its clocks stand at UTC+7 all year), or an instant.
fn time(text: &str) -> anyhow::Result<Timestamp> {
    let day = (text.len() == 10).then(|| format!("{text}T00:00:00+07:00"));
    day.as_deref().unwrap_or(text).parse().or_say(|| {
        Words::new(
            format!("{text:?} không phải là ngày như 2026-11-21 hay thời điểm như 2026-11-21T07:00:00+07:00"),
            format!("{text:?} is neither a day such as 2026-11-21 nor an instant such as 2026-11-21T07:00:00+07:00"),
        )
    })
}

fn entity(text: &str) -> anyhow::Result<EntityId> {
    EntityId::parse(text).or_say(|| {
        Words::new(
            format!("{text:?} không phải là định danh thực thể"),
            format!("{text:?} is not the identifier of an entity"),
        )
    })
}

fn action(word: &str) -> anyhow::Result<String> {
    if DONE.contains(&word) || Act::from_name(word).is_some() {
        return Ok(word.to_owned());
    }
    let known: Vec<&str> = DONE.into_iter().chain(Act::ALL.map(Act::name)).collect();
    let known = known.join(", ");
    Err(said(
        format!("không có việc nào tên là {word:?}; hãy chọn trong số: {known}"),
        format!("nothing that is done is called {word:?}; choose one of {known}"),
    ))
}
