//! `dinh erase`.

use std::path::Path;

use clap::Args;
use dinh_context::Erased;
use dinh_model::{EntityId, Tenant};

use super::folder::must_be_there;
use crate::cli::{DataArgs, PackArgs};
use crate::config::{self, Config, Flags};
use crate::outcome::{Outcome, answer};
use crate::said::{OrSay as _, Words};
use crate::{logging, runtime, wiring};

pub(crate) const ABOUT: &str = "\
Xoá vĩnh viễn những gì lưu về một người hoặc tổ chức: thực thể của họ và mọi thực thể chỉ nói về họ, kèm lịch sử, và huỷ khoá \
mở phần còn nằm trong dòng thay đổi và trong các bản sao lưu. Những gì quy định bắt phải lưu thì giữ lại và được nêu kèm thời \
hạn, căn cứ. Không khôi phục được. Lý do được ghi vào nhật ký kiểm toán. Không được có máy chủ nào đang dùng thư mục.

Erases for good what is kept of a person or organisation: their own entity and every entity that is about nobody else, with \
its history, and the keys of what the change feed and backups still hold. What a rule asks to keep stays, and is told with its \
day and its rule. This cannot be undone. The reason is kept in the audit. No server may be using the folder.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh erase --tenant hue --subject urn:ngsi-ld:Person:42 --reason \"Đơn đề nghị xoá số 12/2026\"";

/// Flags of `dinh erase`.
#[derive(Debug, Args)]
pub(crate) struct EraseArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    packs: PackArgs,
    /// Vùng dữ liệu (tenant) của tỉnh · Tenant (province) to work in
    #[arg(long, value_name = "NAME")]
    tenant: String,
    /// Định danh của người hoặc tổ chức · Identifier of the person or organisation
    #[arg(long, value_name = "URN")]
    subject: String,
    /// Căn cứ, từ 5 đến 500 ký tự · Why, in 5 to 500 characters
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Erases.
pub(crate) fn run(args: &EraseArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let flags = Flags { data: args.data.data.clone(), packs: args.packs.packs.clone(), listen: None };
    let loaded = config::load(file, &flags, Config::default())?;
    logging::start_quietly(&loaded)?;
    must_be_there(&loaded.config.data)?;
    let tenant = Tenant::parse(&args.tenant)?;
    let subject = EntityId::parse(&args.subject).or_say(|| {
        let subject = &args.subject;
        Words::new(
            format!("{subject:?} không phải là định danh của một thực thể, như urn:ngsi-ld:Person:42"),
            format!("{subject:?} is not the identifier of an entity, such as urn:ngsi-ld:Person:42"),
        )
    })?;
    let erased = runtime::run(wiring::erase(&loaded.config, tenant, &subject, &args.reason))?;
    answer(told(&subject, &erased))?;
    Ok(Outcome::Done)
}

fn told(subject: &EntityId, erased: &Erased) -> Vec<String> {
    let (gone, kept) = (erased.erased.len(), erased.kept.len());
    let mut lines = vec![
        format!("Đã xoá vĩnh viễn {gone} thực thể của {subject}; giữ lại {kept}"),
        format!("{gone} entities of {subject} were erased for good; {kept} stay"),
    ];
    lines.extend(erased.erased.iter().map(|id| format!("✗ {id}")));
    for kept in &erased.kept {
        let until = match kept.until {
            Some(day) => format!("đến {} · until {day}", day.strftime("%d/%m/%Y")),
            None => "không thời hạn · no day is set".to_owned(),
        };
        lines.push(format!("! {} ({until})\n  {}\n  {}", kept.id, kept.basis.vi, kept.basis.en));
    }
    lines
}
