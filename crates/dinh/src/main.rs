//! Đình: one program for a province.
//!
//! This crate is the edge: the command line, the configuration, the wiring and the life cycle. What the program does
//! is in the crates below.

mod bridge;
mod catalogue;
mod cli;
mod commands;
mod config;
mod keyfile;
mod keyfolder;
mod limits;
mod logging;
mod metering;
mod outcome;
mod runtime;
mod said;
mod shutdown;
mod target;
mod wiring;

use std::process::ExitCode;

use crate::outcome::Outcome;

/// Measured against the system's: a tenth to a fifth less work for an answer (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(help) => return cli::not_a_command(&help),
    };
    match commands::run(cli) {
        Ok(outcome) => outcome.into(),
        Err(error) if outcome::is_reader_gone(&error) => Outcome::Done.into(),
        Err(error) => {
            logging::complain(&error);
            ExitCode::FAILURE
        }
    }
}
