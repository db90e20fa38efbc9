//! `dinh doctor`: what this machine has and lacks, said before it matters.

mod checks;

use std::path::Path;

use clap::Args;

use crate::cli::{DataArgs, PackArgs};
use crate::config::{self, Config, Flags};
use crate::outcome::{Outcome, answer};
use crate::{logging, runtime};

pub(crate) const ABOUT: &str = "\
Xem mọi thứ mà máy chủ cần và cho biết có gì, thiếu gì, bằng cả hai thứ tiếng. Mã kết thúc là 1 nếu thiếu thứ bắt buộc \
để Đình chạy được; điều chỉ đáng lưu ý thì mang dấu chấm than. Lệnh này không thay đổi gì.

Looks at everything that a server needs and says what it finds, in both languages. The exit status is 1 if something is \
missing that Đình cannot run without; what is only worth knowing is marked with an exclamation mark. Nothing is changed.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh doctor
  dinh doctor --data /var/lib/dinh --listen 0.0.0.0:8420";

/// Flags of `dinh doctor`.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    packs: PackArgs,
    /// Địa chỉ mà máy chủ sẽ nhận kết nối · Address that a server would listen on
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

/// How well something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// As it should be.
    Well,
    /// Đình runs, but this is worth knowing.
    Mind,
    /// Đình does not run so.
    Ill,
}

/// What was found, in both languages.
#[derive(Debug)]
struct Finding {
    state: State,
    vi: String,
    en: String,
}

impl Finding {
    fn new(state: State, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { state, vi: vi.into(), en: en.into() }
    }

    fn line(&self) -> String {
        let mark = match self.state {
            State::Well => "✓",
            State::Mind => "!",
            State::Ill => "✗",
        };
        format!("{mark} {}\n  {}", self.vi, self.en)
    }
}

/// Looks and tells.
pub(crate) fn run(args: &DoctorArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let flags =
        Flags { data: args.data.data.clone(), packs: args.packs.packs.clone(), listen: args.listen.clone() };
    let loaded = config::load(file, &flags, Config::default())?;
    logging::start_quietly(&loaded)?;
    let config = &loaded.config;
    let findings = runtime::run(async { Ok(checks::all(config).await) })?;
    answer(findings.iter().map(Finding::line))?;
    let worst = findings.iter().map(|finding| finding.state).max().unwrap_or(State::Well);
    answer([match worst {
        State::Ill => "Chưa chạy được; hãy sửa những chỗ ✗ · not ready; mend what is marked ✗.",
        State::Mind | State::Well => "Sẵn sàng chạy · ready to run.",
    }])?;
    Ok(if worst == State::Ill { Outcome::Faults } else { Outcome::Done })
}
