//! `dinh audit seal`.

use std::path::Path;

use clap::Args;

use crate::cli::{DataArgs, PackArgs};
use crate::config::{self, Config, Flags};
use crate::outcome::{Outcome, answer};
use crate::{logging, runtime, wiring};

pub(crate) const ABOUT: &str = "\
Niêm phong nhật ký kiểm toán đến thời điểm này: ký số của mục cuối cùng và mã băm của nó, giữ niêm phong trong kho và ghi \
thành tệp trong thư mục audit để mang đi nơi khác. Máy chủ tự làm việc này khi mỗi ngày kết thúc; lệnh này dùng khi không có \
máy chủ nào đang dùng thư mục, chẳng hạn trước khi bàn giao.

Seals the audit up to now: signs the number and the hash of its last entry, keeps the seal in the store and writes it \
as a file into the folder audit, to be carried away. A server does this by itself as each day ends; this command is for \
a folder that no server uses, such as before it is handed over.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh audit seal --data /var/lib/dinh
  dinh audit seal --data ./data && cp data/audit/*.seal.json /media/usb/";

/// Flags of `dinh audit seal`.
#[derive(Debug, Args)]
pub(crate) struct SealArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    packs: PackArgs,
}

/// Seals.
pub(crate) fn run(args: &SealArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let flags = Flags { data: args.data.data.clone(), packs: args.packs.packs.clone(), listen: None };
    let loaded = config::load(file, &flags, Config::default())?;
    logging::start_quietly(&loaded)?;
    super::filter::open(&loaded.config.data)?;
    let made = runtime::run(wiring::seal(&loaded.config))?;
    if made.is_empty() {
        answer(["Mọi mục đều đã được niêm phong · every entry is sealed already."])?;
    }
    for kept in made {
        let seal = &kept.seal;
        let (number, first, last, day) = (seal.number, seal.first, seal.last, &seal.day);
        answer([
            format!("Niêm phong số {number} của ngày {day}: các mục {first}–{last}"),
            format!("Seal {number} of {day}: entries {first}–{last}"),
        ])?;
    }
    Ok(Outcome::Done)
}
