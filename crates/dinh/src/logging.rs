//! Logs go to standard error; what a command answers goes to standard output.

mod one_line;

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Loaded, LogFormat};
use crate::outcome::remark;
use crate::said::{OrSay as _, Told, Words};
use one_line::OneLine;

/// What a command that answers and ends logs, unless the configuration says otherwise.
const QUIET: &str = "warn";

/// Starts the log of a server.
pub(crate) fn start(loaded: &Loaded) -> anyhow::Result<()> {
    start_with(loaded, &loaded.config.log.filter)
}

/// Starts the log of a command that answers and ends: only warnings, unless the configuration asks for more.
pub(crate) fn start_quietly(loaded: &Loaded) -> anyhow::Result<()> {
    let configured = &loaded.config.log.filter;
    start_with(loaded, if loaded.is_default("log.filter") { QUIET } else { configured })
}

fn start_with(loaded: &Loaded, filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).or_say(|| {
        let (vi, en) =
            ("hãy viết như info hoặc dinh_feeds=debug,info", "write it like info or dinh_feeds=debug,info");
        Words::new(format!("log.filter là {filter:?}; {vi}"), format!("log.filter is {filter:?}; {en}"))
    })?;
    let colours =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let writer = move || OneLine::new(std::io::stderr(), colours);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(colours);
    match loaded.config.log.format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}

/// Says why the program gives up.
pub(crate) fn complain(error: &anyhow::Error) {
    remark(Told::of(error).lines());
}
