//! The PIN: from a file, from the environment, or asked for at the terminal without being shown.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use crate::said::{OrSay as _, Words, place, said};

/// The variable that holds it.
const VARIABLE: &str = "DINH_TOKEN_PIN";
/// Others than the owner of a file.
const OTHERS: u32 = 0o077;

/// The PIN, wherever it is.
pub(super) fn of(file: Option<&Path>) -> anyhow::Result<String> {
    let pin = match (file, from_environment()) {
        (Some(file), _) => from_file(file)?,
        (None, Some(pin)) => pin,
        (None, None) => asked()?,
    };
    let pin = pin.trim_end_matches(['\r', '\n']).to_owned();
    if pin.is_empty() {
        return Err(said("mã PIN trống", "the PIN is empty"));
    }
    Ok(pin)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the agent has no configuration: nothing of the house is on that machine"
)]
fn from_environment() -> Option<String> {
    std::env::var(VARIABLE).ok()
}

fn from_file(file: &Path) -> anyhow::Result<String> {
    let unread = || place("không đọc được mã PIN trong", "cannot read the PIN in", file);
    if std::fs::metadata(file).or_say(unread)?.permissions().mode() & OTHERS != 0 {
        let file = file.display();
        return Err(said(
            format!("người khác đọc được tệp mã PIN {file}; hãy chạy chmod 600"),
            format!("others may read the file of the PIN {file}: chmod 600"),
        ));
    }
    std::fs::read_to_string(file).or_say(unread)
}

/// Asks at the terminal, whatever standard input is.
fn asked() -> anyhow::Result<String> {
    let none = || {
        Words::new(
            format!("không hỏi được mã PIN; hãy dùng --pin-file hoặc biến {VARIABLE}"),
            format!("the PIN cannot be asked for; use --pin-file or the variable {VARIABLE}"),
        )
    };
    let mut terminal = File::options().read(true).write(true).open("/dev/tty").or_say(none)?;
    write!(terminal, "Mã PIN của token · PIN of the token: ").or_say(none)?;
    let before = tcgetattr(&terminal).or_say(none)?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Flush, &silent).or_say(none)?;
    let mut line = String::new();
    let read = BufReader::new(&terminal).read_line(&mut line);
    tcsetattr(&terminal, OptionalActions::Flush, &before).or_say(none)?;
    read.or_say(none)?;
    writeln!(terminal).or_say(none)?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_others_may_read_is_not_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("pin");
        std::fs::write(&file, "2468\n").expect("a file");
        let may =
            |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("a file");
        may(0o644);
        let told = of(Some(&file)).expect_err("others may read it").to_string();
        assert!(!told.contains("2468"), "{told}");
        may(0o600);
        assert_eq!(of(Some(&file)).expect("it is read"), "2468");
        std::fs::write(&file, "\n").expect("a file");
        assert!(of(Some(&file)).is_err());
    }
}
