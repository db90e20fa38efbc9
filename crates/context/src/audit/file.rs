//! Seals as files, to be carried away. A file is written once in one way, so that every byte of it can be checked.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_store::{KeptSeal, hex};
use serde::Serialize;
use serde_json::Value as Json;

use super::Error;

/// Name of the folder of seals in the data folder.
pub const SEALS: &str = "audit";
/// How their names end.
const ENDING: &str = ".seal.json";
/// Largest file that is taken for a seal, in bytes.
const LARGEST: u64 = 256 << 10;

/// What the file of a seal holds: members in this order.
#[derive(Serialize)]
struct Content<'a> {
    number: u64,
    day: &'a str,
    whole: bool,
    first: u64,
    last: u64,
    count: u64,
    statement: String,
    signature: String,
    hash: String,
    timestamp: Option<String>,
}

pub(super) fn text(kept: &KeptSeal) -> String {
    let seal = &kept.seal;
    let content = Content {
        number: seal.number,
        day: &seal.day,
        whole: seal.whole,
        first: seal.first,
        last: seal.last,
        count: seal.count(),
        statement: seal.to_string(),
        signature: STANDARD.encode(&kept.signature),
        hash: hex(&kept.hash()),
        timestamp: kept.token.as_ref().map(|token| STANDARD.encode(token)),
    };
    // Numbers and texts can always be written.
    let json = serde_json::to_string_pretty(&content).unwrap_or_default();
    format!("{json}\n")
}

/// Writes the file of a seal, whole or not at all, in the place of one without a time stamp.
pub(super) fn write(folder: &Path, kept: &KeptSeal) -> Result<PathBuf, Error> {
    std::fs::create_dir_all(folder).map_err(|error| Error::file(folder, &error))?;
    let path = folder.join(name(folder, kept));
    let unwritten = |error: std::io::Error| Error::file(&path, &error);
    let mut part = path.clone().into_os_string();
    part.push(".part");
    let mut file = std::fs::File::create(&part).map_err(unwritten)?;
    file.write_all(text(kept).as_bytes()).and_then(|()| file.sync_all()).map_err(unwritten)?;
    std::fs::rename(&part, &path).map_err(unwritten)?;
    Ok(path)
}

/// `2026-11-21.seal.json` for a whole day, with the number of the seal between for a part of one, or for what came late.
fn name(folder: &Path, kept: &KeptSeal) -> String {
    let seal = &kept.seal;
    let of_day = format!("{}{ENDING}", seal.day);
    let taken = || read(&folder.join(&of_day)).is_ok_and(|found| found.number != Some(seal.number));
    if seal.whole && !taken() { of_day } else { format!("{}.{:06}{ENDING}", seal.day, seal.number) }
}

/// True if the file of a seal is there, whatever it holds: what was altered is for the examination to find.
pub(super) fn is_there(folder: &Path, kept: &KeptSeal) -> bool {
    folder.join(name(folder, kept)).exists()
}

/// A file that should be a seal.
pub(super) struct Found {
    pub(super) text: String,
    /// The number that it gives itself.
    pub(super) number: Option<u64>,
}

pub(super) fn read(path: &Path) -> Result<Found, Error> {
    let unread = |error: std::io::Error| Error::file(path, &error);
    if std::fs::metadata(path).map_err(unread)?.len() > LARGEST {
        return Ok(Found { text: String::new(), number: None });
    }
    let bytes = std::fs::read(path).map_err(unread)?;
    let text = String::from_utf8(bytes).unwrap_or_default();
    let number = serde_json::from_str::<Json>(&text).ok().and_then(|json| json.get("number")?.as_u64());
    Ok(Found { text, number })
}

/// The files of seals in a folder, by name; none if there is no folder.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let unread = |error: std::io::Error| Error::file(folder, &error);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.ends_with(ENDING)) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
