//! Documents of office programs, which are archives: counted as they unpack.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use crate::{Kind, Limits, Refused};

/// Bytes read at once.
const STEP: usize = 64 << 10;
/// A member that small may unpack to any number of times its size: a page of blanks packs very well.
const SMALL: u64 = 1 << 20;

/// Refuses an archive that is not what its kind says, is locked, holds macros or other archives, or swells: what its
/// directory says is not believed, so every member is unpacked and counted.
pub(crate) fn check(kind: Kind, bytes: &[u8], limits: &Limits) -> Result<(), Refused> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_broken| Refused::Archive)?;
    if archive.len() > limits.members {
        return Err(Refused::Members(limits.members));
    }
    let mut whole = 0_u64;
    let mut is_of_kind = false;
    for at in 0..archive.len() {
        // Opening a locked member fails.
        let mut member = archive.by_index(at).map_err(|_locked| Refused::Archive)?;
        let name = member.name().map_err(|_strange| Refused::Archive)?.to_ascii_lowercase();
        if name.contains("..") || name.starts_with('/') || name.contains('\\') {
            return Err(Refused::Archive);
        }
        if name.ends_with("vbaproject.bin") || name.starts_with("basic/") || name.contains("activex") {
            return Err(Refused::Macros);
        }
        is_of_kind |= kind.member().is_some_and(|sign| name == sign);
        let packed = member.compressed_size().min(bytes.len() as u64);
        let mut own = 0_u64;
        let mut step = vec![0; STEP];
        loop {
            let read = member.read(&mut step).map_err(|_broken| Refused::Archive)? as u64;
            if read == 0 {
                break;
            }
            own += read;
            whole += read;
            let swells = own > SMALL && own > packed.saturating_mul(limits.ratio);
            if whole > limits.unpacked || swells {
                return Err(Refused::Swells(limits.unpacked));
            }
        }
    }
    if is_of_kind { Ok(()) } else { Err(Refused::Disagrees("name")) }
}
