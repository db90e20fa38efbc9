//! `dinh help`.

use clap::Args;

use crate::cli;
use crate::outcome::Outcome;
use crate::said::said;

pub(crate) const ABOUT: &str = "\
In trợ giúp chung, hoặc trợ giúp của một lệnh; giống như `dinh LỆNH --help`.

Prints the general help, or that of one command, as `dinh COMMAND --help` does.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh help
  dinh help load";

/// Flags of `dinh help`.
#[derive(Debug, Args)]
pub(crate) struct HelpArgs {
    /// Lệnh cần xem · Command to explain
    #[arg(value_name = "COMMAND")]
    about: Option<String>,
}

/// Prints the help.
pub(crate) fn run(args: &HelpArgs) -> anyhow::Result<Outcome> {
    let mut all = cli::command();
    all.build();
    let asked = match &args.about {
        None => Some(&mut all),
        Some(name) => all.find_subcommand_mut(name),
    };
    let name = args.about.as_deref().unwrap_or_default();
    asked
        .ok_or_else(|| {
            said(
                format!("không có lệnh {name}; xem các lệnh bằng dinh --help"),
                format!("there is no command {name}; see dinh --help"),
            )
        })?
        .print_long_help()?;
    Ok(Outcome::Done)
}
