//! The commands: one file or folder each, with its own flags.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod erase;
pub(crate) mod export;
mod folder;
pub(crate) mod help;
pub(crate) mod load;
pub(crate) mod openapi;
pub(crate) mod procedures;
pub(crate) mod query;
pub(crate) mod replay;
pub(crate) mod restore;
pub(crate) mod serve;
pub(crate) mod token_agent;
pub(crate) mod verify;

use crate::cli::{Cli, Command};
use crate::outcome::Outcome;

/// Does what the command line says.
pub(crate) fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let file = cli.config.as_deref();
    match cli.command {
        Command::Serve(args) => serve::run(&args, file),
        Command::Demo(args) => demo::run(&args, file),
        Command::Load(args) => load::run(&args, file),
        Command::Replay(args) => replay::run(&args, file),
        Command::Query(args) => query::run(&args, file),
        Command::Export(args) => export::run(&args, file),
        Command::Procedures(args) => procedures::run(&args, file),
        Command::Erase(args) => erase::run(&args, file),
        Command::Audit(args) => audit::run(&args, file),
        Command::Backup(args) => backup::run(&args, file),
        Command::Restore(args) => restore::run(&args, file),
        Command::Verify(args) => verify::run(&args, file),
        Command::TokenAgent(args) => token_agent::run(&args, file),
        Command::Doctor(args) => doctor::run(&args, file),
        Command::Openapi => openapi::run(),
        Command::Config(args) => config::run(&args, file),
        Command::Help(args) => help::run(&args),
    }
}
