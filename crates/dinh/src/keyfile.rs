//! A secret key of this server's own, kept in a file that nobody else may read.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{Error, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Others than the owner.
const OTHERS: u32 = 0o077;

/// The 32 bytes in a file, as 64 hexadecimal digits; fresh ones in a new file if there is none.
///
/// # Errors
/// `PermissionDenied` if others may read the file, `InvalidData` if it does not hold a key.
pub(crate) fn open_or_create(
    path: &Path,
    fresh: impl FnOnce() -> std::io::Result<[u8; 32]>,
) -> std::io::Result<[u8; 32]> {
    if !path.exists() {
        create(path, fresh()?)?;
    }
    if std::fs::metadata(path)?.permissions().mode() & OTHERS != 0 {
        return Err(Error::new(ErrorKind::PermissionDenied, "others may read this key: chmod 600"));
    }
    parse(&std::fs::read_to_string(path)?).ok_or_else(|| {
        Error::new(ErrorKind::InvalidData, "this is not a key: it must hold 64 hexadecimal digits")
    })
}

/// The file gets its name when it is complete, and never over another one.
fn create(path: &Path, key: [u8; 32]) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = Path::new(&part);
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(part)?;
    let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    file.write_all(digits.as_bytes())?;
    file.sync_all()?;
    let named = std::fs::hard_link(part, path);
    std::fs::remove_file(part)?;
    match named {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let (pairs, []) = text.trim().as_bytes().as_chunks::<2>() else { return None };
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.iter().map(byte).collect::<Option<Vec<u8>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_is_nobody_elses() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("keys/installation.key");
        assert_eq!(open_or_create(&file, || Ok([7; 32])).expect("is made"), [7; 32]);
        assert_eq!(open_or_create(&file, || Ok([8; 32])).expect("is there"), [7; 32]);
        let mode = |path: &Path| std::fs::metadata(path).expect("exists").permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(&folder.path().join("keys"))), (0o600, 0o700));
        std::fs::write(&file, "12").expect("is written");
        let short = open_or_create(&file, || Ok([8; 32])).expect_err("is no key");
        assert_eq!(short.kind(), ErrorKind::InvalidData);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("is opened");
        let open = open_or_create(&file, || Ok([8; 32])).expect_err("is open to others");
        assert_eq!(open.kind(), ErrorKind::PermissionDenied);
    }
}
