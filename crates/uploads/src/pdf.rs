//! PDF: whole, readable by a checker, and without what runs by itself (ISO 32000-2, clauses 7.5.7 and 12.6.4).

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use crate::{Limits, Refused};

/// What runs by itself or reaches outside, by name.
const ACTIVE: [&str; 5] = ["JavaScript", "JS", "Launch", "RichMedia", "XFA"];
/// Bytes before a stream in which its dictionary is looked for.
const DICTIONARY: usize = 4 << 10;

/// What is worth knowing of a PDF that is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// It carries other files.
    pub(crate) attachments: bool,
}

/// Refuses a PDF that is broken, locked or active. Objects may be packed into streams: these are unpacked and read, too.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<Found, Refused> {
    let tail = bytes.get(bytes.len().saturating_sub(2_048)..).unwrap_or_default();
    if find(tail, b"%%EOF").is_none() {
        return Err(Refused::Unreadable);
    }
    let mut found = Found::default();
    let mut unpacked = 0_u64;
    let mut rest = bytes;
    while let Some(begin) = find(rest, b"stream") {
        let (before, after) = rest.split_at(begin);
        read(before, &mut found)?;
        let body = after.get(b"stream".len()..).unwrap_or_default();
        let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")).unwrap_or(body);
        let Some(end) = find(body, b"endstream") else { return Err(Refused::Unreadable) };
        let (packed, behind) = body.split_at(end);
        let dictionary = before.get(before.len().saturating_sub(DICTIONARY)..).unwrap_or_default();
        let dictionary = names(dictionary.get(last(dictionary, b" obj").unwrap_or(0)..).unwrap_or_default());
        if dictionary.iter().any(|name| name == "ObjStm") {
            let objects = objects(packed, &dictionary, limits.unpacked.saturating_sub(unpacked), limits)?;
            unpacked += objects.len() as u64;
            read(&objects, &mut found)?;
        }
        rest = behind.get(b"endstream".len()..).unwrap_or_default();
    }
    read(rest, &mut found)?;
    Ok(found)
}

/// The objects packed into a stream. What is packed in a way that cannot be looked into is refused.
fn objects(packed: &[u8], dictionary: &[String], most: u64, limits: &Limits) -> Result<Vec<u8>, Refused> {
    let has = |name: &str| dictionary.iter().any(|own| own == name);
    let strange =
        ["ASCIIHexDecode", "ASCII85Decode", "LZWDecode", "RunLengthDecode", "Crypt", "AHx", "A85", "LZW"];
    if strange.into_iter().any(has) {
        return Err(Refused::Unreadable);
    }
    if !has("FlateDecode") && !has("Fl") {
        return Ok(packed.to_vec());
    }
    let mut out = Vec::new();
    let read = ZlibDecoder::new(packed).take(most + 1).read_to_end(&mut out);
    if out.len() as u64 > most {
        return Err(Refused::Swells(limits.unpacked));
    }
    read.map_err(|_broken| Refused::Unreadable)?;
    Ok(out)
}

/// Reads the names in a part outside of streams.
fn read(part: &[u8], found: &mut Found) -> Result<(), Refused> {
    for name in names(part) {
        if name == "Encrypt" {
            return Err(Refused::Unreadable);
        }
        if let Some(active) = ACTIVE.iter().find(|active| **active == name) {
            return Err(Refused::Active(active));
        }
        found.attachments |= name == "EmbeddedFile" || name == "EmbeddedFiles";
    }
    Ok(())
}

/// The names in a part: `/Name`, in which `#4a` stands for a character.
fn names(part: &[u8]) -> Vec<String> {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0 || b"()<>[]{}/%".contains(byte);
    let mut all = Vec::new();
    for piece in part.split(|byte| *byte == b'/').skip(1) {
        let name = piece.split(is_end).next().unwrap_or_default();
        all.push(unescaped(name));
    }
    all
}

fn unescaped(name: &[u8]) -> String {
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|_| *first == b'#').and_then(|two| std::str::from_utf8(two).ok());
        if let Some(byte) = digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            out.push(byte);
            rest = behind.get(2..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = behind;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}

fn last(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).rposition(|window| window == what)
}
