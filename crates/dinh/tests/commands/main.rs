//! The commands that end by themselves, run as a person runs them. The server is tested from outside in `e2e`.

mod audit;
mod backup;
mod command_line;
mod load;
mod mapped;
mod replay;
mod run;
mod serve;
mod write_out;
