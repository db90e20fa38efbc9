//! Bytes into JSON, with bounded nesting.

use serde_json::Value as Json;

use super::ReadError;
use crate::bounds::JSON_DEPTH;

/// Parses a body. Nesting is measured on the bytes first, so that deep documents cost nothing.
pub fn json(bytes: &[u8]) -> Result<Json, ReadError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Syntax("it is empty".to_owned()));
    }
    if depth(bytes) > JSON_DEPTH {
        return Err(ReadError::Syntax(format!("it nests more than {JSON_DEPTH} objects and arrays")));
    }
    serde_json::from_slice(bytes).map_err(|reason| ReadError::Syntax(reason.to_string()))
}

/// Deepest nesting of braces and brackets outside texts.
fn depth(bytes: &[u8]) -> usize {
    let (mut deepest, mut depth) = (0_usize, 0_usize);
    let (mut quoted, mut escaped) = (false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_json_or_too_deep_is_refused() {
        for bad in [&b""[..], b"  ", b"{", b"{\"a\":1,}", b"\xff", b"nul", b"{} {}"] {
            assert!(matches!(json(bad), Err(ReadError::Syntax(_))), "{bad:?}");
        }
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(json(nested(64).as_bytes()).is_ok());
        assert!(json(nested(65).as_bytes()).is_err());
        assert!(json(nested(1_000_000).as_bytes()).is_err());
        assert!(json(format!("\"{}\\\"[\"", "[".repeat(100)).as_bytes()).is_ok());
    }
}
