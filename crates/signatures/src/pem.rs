//! PEM (RFC 7468): bytes as text between two lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The bytes of every block with this label; what cannot be read is left out.
pub(crate) fn blocks(file: &[u8], label: &str) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(file);
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut blocks = Vec::new();
    let mut rest = &*text;
    while let Some((_, after)) = rest.split_once(&begin) {
        let Some((body, later)) = after.split_once(&end) else { break };
        let body: String = body.chars().filter(|letter| !letter.is_whitespace()).collect();
        blocks.extend(STANDARD.decode(body).ok());
        rest = later;
    }
    blocks
}

/// A block with this label.
pub(crate) fn write(label: &str, bytes: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in STANDARD.encode(bytes).as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text + &format!("-----END {label}-----\n")
}
