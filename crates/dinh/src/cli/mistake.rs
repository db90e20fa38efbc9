//! A command line that is not understood: what kind of mistake it is in Vietnamese, then clap's own words.

use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};

use crate::outcome::{USAGE, remark};

/// Prints the help that was asked for, or what is wrong with the command line.
pub(crate) fn not_a_command(help: &clap::Error) -> ExitCode {
    remark(kind(help).map(|kind| format!("lỗi: {kind}")));
    // Nobody is left to tell when the terminal is gone.
    drop(help.print());
    if help.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS }
}

/// The kind of mistake; nothing where help or the version was asked for.
fn kind(error: &clap::Error) -> Option<String> {
    let arg = named(error, ContextKind::InvalidArg);
    let value = named(error, ContextKind::InvalidValue);
    let told = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion => return None,
        ErrorKind::InvalidSubcommand => {
            format!(
                "không có lệnh {}; xem các lệnh bằng dinh --help",
                named(error, ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::UnknownArgument => format!("không có tham số {arg}; xem các tham số bằng --help"),
        ErrorKind::InvalidValue if value.is_empty() => format!("tham số {arg} cần một giá trị"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("giá trị {value} của tham số {arg} không hợp lệ")
        }
        ErrorKind::NoEquals => format!("tham số {arg} phải viết với dấu bằng"),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("số giá trị của tham số {arg} không đúng")
        }
        ErrorKind::ArgumentConflict => {
            let other = named(error, ContextKind::PriorArg);
            if other == arg {
                format!("tham số {arg} chỉ được nêu một lần")
            } else {
                format!("tham số {arg} không đi cùng {other}")
            }
        }
        ErrorKind::MissingRequiredArgument => format!("còn thiếu tham số bắt buộc: {arg}"),
        ErrorKind::MissingSubcommand => "chưa nêu lệnh; xem các lệnh bằng dinh --help".to_owned(),
        ErrorKind::InvalidUtf8 => "một tham số không phải là văn bản UTF-8".to_owned(),
        _ => "không hiểu được dòng lệnh".to_owned(),
    };
    Some(told)
}

/// What of the command line is at fault, as it was written.
fn named(error: &clap::Error, kind: ContextKind) -> String {
    error.get(kind).map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(arguments: &[&str]) -> String {
        let line = [&["dinh"], arguments].concat();
        let error = super::super::command().try_get_matches_from(line).expect_err("not understood");
        kind(&error).unwrap_or_default()
    }

    #[test]
    fn the_kind_of_mistake_and_its_place_are_told_in_vietnamese() {
        for (arguments, expected) in [
            (&["paly"][..], "không có lệnh paly"),
            (&["query", "--tpye", "A"], "không có tham số --tpye"),
            (&["query", "--limit", "ba"], "giá trị ba của tham số --limit <N> không hợp lệ"),
            (&["load", "a", "--mode", "x"], "giá trị x của tham số --mode <MODE> không hợp lệ"),
            (&["query", "--limit"], "tham số --limit <N> cần một giá trị"),
            (&["load"], "còn thiếu tham số bắt buộc: <FILE>..."),
            (&["query", "--url", "u", "--data", "d"], "không đi cùng --data <DIR>"),
            (&["query", "--q", "a", "--q", "b"], "tham số --q <Q> chỉ được nêu một lần"),
        ] {
            assert!(told(arguments).contains(expected), "{arguments:?}: {}", told(arguments));
        }
        assert_eq!(told(&["--help"]), "");
        assert_eq!(told(&["--version"]), "");
    }
}
