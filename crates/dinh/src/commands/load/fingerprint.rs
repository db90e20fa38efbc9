//! By what a load is known again: the content of the file, and what is done with it.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// Bytes read at once.
const PART: usize = 1 << 20;
/// Bytes of the digest that are kept: enough to tell files apart, short enough for a file name.
const SIGNIFICANT: usize = 10;

/// The fingerprint of `file` together with `circumstances`.
pub(super) fn of(file: &Path, circumstances: &[&[u8]]) -> std::io::Result<String> {
    of_reader(File::open(file)?, circumstances)
}

fn of_reader(mut reader: impl Read, circumstances: &[&[u8]]) -> std::io::Result<String> {
    let mut digest = Sha256::new();
    for circumstance in circumstances {
        // The length keeps what stands side by side apart.
        digest.update(circumstance.len().to_le_bytes());
        digest.update(circumstance);
    }
    let mut part = vec![0; PART];
    loop {
        let length = reader.read(&mut part)?;
        let Some(read) = part.get(..length).filter(|read| !read.is_empty()) else { break };
        digest.update(read);
    }
    let mut text = String::with_capacity(2 * SIGNIFICANT);
    for byte in digest.finalize().iter().take(SIGNIFICANT) {
        // Writing to a String cannot fail.
        let _infallible = write!(text, "{byte:02x}");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_and_circumstances_make_the_fingerprint() {
        let of = |content: &str, around: &[&[u8]]| of_reader(content.as_bytes(), around).expect("reads");
        assert_eq!(of("a", &[b"x"]), of("a", &[b"x"]));
        assert_eq!(of("a", &[b"x"]).len(), 20);
        assert_ne!(of("a", &[b"x"]), of("b", &[b"x"]));
        assert_ne!(of("a", &[b"x"]), of("a", &[b"y"]));
        assert_ne!(of("", &[b"xy", b"z"]), of("", &[b"x", b"yz"]));
    }
}
