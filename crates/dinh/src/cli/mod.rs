//! The command line: the commands and the flags that several of them share. Each command's own flags stand beside it,
//! in `commands`.

mod arguments;
mod dress;
mod mistake;

pub(crate) use arguments::{Cli, Command, DataArgs, PackArgs, TargetArgs};
pub(crate) use dress::{command, parse};
pub(crate) use mistake::not_a_command;
