//! Đình: one program for a province.
//!
//! This crate is the edge: the command line, the configuration, the wiring and the life cycle. What the program does
//! is in the crates below.

mod cli;
mod commands;
mod config;
mod logging;
mod shutdown;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => {
            logging::complain(&error);
            ExitCode::FAILURE
        }
    }
}
