//! Character encodings of texts.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use unicode_normalization::UnicodeNormalization as _;

use super::FormatError;

/// A text of bytes. UTF-8 and UTF-16 with a byte order mark are told by their bytes; anything else must be named in
/// the definition, because guessing a code page turns names of people and places into rubbish without a word.
pub(crate) fn decode(bytes: Vec<u8>, label: Option<&str>) -> Result<String, FormatError> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        return decode_as(encoding, bytes.get(mark..).unwrap_or_default());
    }
    let named = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let reason = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(reason) => reason,
    };
    let good = reason.utf8_error().valid_up_to();
    let bytes = reason.into_bytes();
    if let Some(encoding) = named.or_else(|| utf_16(&bytes)) {
        return decode_as(encoding, &bytes);
    }
    let line = bytes.iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
    Err(FormatError::new(
        format!(
            "văn bản không phải UTF-8 (dòng {line}); hãy lưu lại bằng UTF-8 hoặc khai báo encoding, ví dụ \
             \"windows-1258\""
        ),
        format!(
            "the text is not UTF-8 (line {line}); save it as UTF-8 or name its encoding in the definition, as in \
             encoding = \"windows-1258\""
        ),
    ))
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, FormatError> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken {
        let name = encoding.name();
        return Err(FormatError::new(
            format!("văn bản có byte không hợp lệ trong bảng mã {name}"),
            format!("the text has bytes that are not valid in {name}"),
        ));
    }
    // windows-1258 writes tones as marks of their own; composed letters are what everybody else writes.
    Ok(text.nfc().collect())
}

/// UTF-16 without a mark: every other byte of plain text is zero.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(1024))?;
    let zeros = |start: usize| sample.iter().skip(start).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = sample.len() / 6;
    if !bytes.len().is_multiple_of(2) || bytes.len() < 8 {
        None
    } else if odd > many && even == 0 {
        Some(UTF_16LE)
    } else if even > many && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_it_can_tell_and_refuses_the_rest() {
        let text = "tên;Cửa Việt, Đông Hà";
        let utf16 = |big: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        let with = |mark: &[u8], rest: Vec<u8>| [mark.to_vec(), rest].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            with(b"\xef\xbb\xbf", text.as_bytes().to_vec()),
            with(b"\xff\xfe", utf16(false)),
            with(b"\xfe\xff", utf16(true)),
        ] {
            assert_eq!(decode(bytes, None).unwrap(), text);
        }
        // "Việt" in windows-1258: e with circumflex, then the mark for the tone below.
        let old = b"Vi\xea\xf2t".to_vec();
        assert_eq!(decode(old.clone(), Some("windows-1258")).unwrap(), "Việt");
        let refusal = decode([b"a\nb\n".to_vec(), old].concat(), None).unwrap_err();
        assert!(refusal.0.en.contains("line 3"), "{refusal}");
        assert!(decode(b"\xff\xfe\x00\xd8".to_vec(), None).is_err());
    }
}
