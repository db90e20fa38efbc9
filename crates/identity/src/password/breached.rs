//! Passwords that have leaked somewhere: a file of hashes that whoever runs the house gets and keeps up to date. Nothing of
//! a password leaves the machine.
//!
//! The file is what Pwned Passwords offers for download, ordered by hash: on each line the SHA-1 of a password in forty
//! hexadecimal capitals, perhaps followed by a colon and a count. A look at it takes as many reads as its size has powers
//! of two, so that it may have a billion lines.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use dinh_context::graph::hex;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use crate::Error;

/// Hexadecimal digits of a hash.
const DIGITS: usize = 40;
/// Longest line, in bytes: a hash and a count.
const LONGEST: u64 = 80;

/// A file of hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breached(PathBuf);

impl Breached {
    /// A file, looked at for its form: that it can be read, and that its first lines are hashes in order.
    ///
    /// # Errors
    /// [`Error::Settings`] with the file and the rule.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let broken = |why: &dyn std::fmt::Display| {
            Error::Settings(format!("breached_passwords {}: {why}", file.display()))
        };
        let reader = BufReader::new(File::open(file).map_err(|error| broken(&error))?.take(10 * LONGEST));
        let lines: Vec<String> = reader.lines().collect::<Result<_, _>>().map_err(|error| broken(&error))?;
        let hashes: Vec<&str> = lines.iter().take(5).filter_map(|line| line.get(..DIGITS)).collect();
        let is_hash = |text: &&str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
        if hashes.is_empty() || !hashes.iter().all(is_hash) || !hashes.is_sorted() {
            return Err(broken(&"each line begins with a SHA-1 in 40 hexadecimal capitals, in order"));
        }
        Ok(Self(file.to_owned()))
    }

    /// Whether a password is among them. Reads the file; not for a thread that others wait for.
    pub(crate) fn holds(&self, password: &str) -> std::io::Result<bool> {
        let wanted = hash(password);
        let mut file = File::open(&self.0)?;
        let (mut low, mut high) = (0, file.metadata()?.len());
        // The line wanted begins at `low` or after it, and before `high`.
        while low < high {
            let middle = low + (high - low) / 2;
            let (begins, line) = line_after(&mut file, middle)?;
            match line.get(..DIGITS) {
                Some(found) if found == wanted => return Ok(true),
                Some(found) if begins < high && found < wanted.as_str() => {
                    low = begins + line.len() as u64 + 1;
                }
                _ => high = middle,
            }
        }
        Ok(false)
    }
}

/// The hash of a password, as the file writes it.
fn hash(password: &str) -> String {
    hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()).as_ref()).to_ascii_uppercase()
}

/// The first line that begins at a place or after it, and where; an empty one at the end.
fn line_after(file: &mut File, place: u64) -> std::io::Result<(u64, String)> {
    // A line may begin right here: then the byte before ends another.
    let from = place.saturating_sub(1);
    file.seek(SeekFrom::Start(from))?;
    let mut reader = BufReader::with_capacity(256, file.take(2 * LONGEST));
    let mut begins = from;
    if place > 0 {
        let mut rest = Vec::new();
        begins += reader.read_until(b'\n', &mut rest)? as u64;
    }
    let mut line = String::new();
    reader.read_line(&mut line)?;
    Ok((begins, line.trim_end_matches('\n').to_owned()))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn file(lines: &[String]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("there is a temporary folder");
        file.write_all((lines.join("\n") + "\n").as_bytes()).expect("is written");
        file
    }

    #[test]
    fn each_password_of_the_file_is_found_and_no_other() {
        for count in [1, 2, 3, 10, 257] {
            let words: Vec<String> = (0..count).map(|n| format!("mật khẩu số {n}")).collect();
            let mut lines: Vec<String> =
                words.iter().enumerate().map(|(n, word)| format!("{}:{}", hash(word), n * 97)).collect();
            lines.sort();
            let file = file(&lines);
            let breached = Breached::open(file.path()).expect("is in order");
            for word in &words {
                assert!(breached.holds(word).expect("is read"), "{word} of {count}");
            }
            for other in ["con trâu đi trước cái cày", "", "mật khẩu số -1"] {
                assert!(!breached.holds(other).expect("is read"), "{other} of {count}");
            }
        }
    }

    #[test]
    fn a_file_of_something_else_is_refused() {
        for lines in [vec!["password".to_owned()], vec![hash("b").to_lowercase()], {
            let mut lines = vec![hash("a"), hash("b"), hash("c")];
            lines.sort();
            lines.reverse();
            lines
        }] {
            assert!(Breached::open(file(&lines).path()).is_err(), "{lines:?}");
        }
        assert!(Breached::open(Path::new("/nowhere")).is_err());
    }
}
