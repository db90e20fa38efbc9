//! Names of files that are safe to show, to keep and to download.

use unicode_normalization::UnicodeNormalization as _;

/// Most characters of a name, its ending not counted.
const MOST: usize = 120;
/// What a file is called that has no name worth keeping.
const NAMELESS: &str = "tep";
/// Names that mean devices on some systems.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The ending of a name: what stands behind its last dot.
pub(crate) fn ending(name: &str) -> Option<&str> {
    name.trim().trim_end_matches(['.', ' ']).rsplit_once('.').map(|(_, ending)| ending)
}

/// A name without folders, control characters, characters that turn the direction of text, and characters that mean
/// something to a shell or a file system; with this ending.
pub(crate) fn safe(name: &str, ending: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let clean: String = stem.nfc().filter(|c| !is_invisible(*c)).map(replaced).collect();
    let words: Vec<&str> = clean.split_whitespace().collect();
    let short: String = words.join(" ").chars().take(MOST).collect();
    let trimmed = short.trim_matches(['.', ' ', '-', '_']);
    let device = trimmed.trim_end_matches(|c: char| c.is_ascii_digit()).to_ascii_lowercase();
    if trimmed.is_empty() || DEVICES.contains(&device.as_str()) {
        return format!("{NAMELESS}.{ending}");
    }
    format!("{trimmed}.{ending}")
}

/// Control characters, and those that are not seen or turn the text around them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c), 0xAD | 0x61C | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF)
        || matches!(u32::from(c), 0xE0000..=0xE0FFF | 0xFFF0..=0xFFFF)
}

fn replaced(c: char) -> char {
    if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | ';' | '`' | '$' | '&' | '%' | '\'' | '.') {
        '_'
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_safe_and_stay_readable() {
        for (name, is) in [
            ("Đơn đề nghị cấp phép.pdf", "Đơn đề nghị cấp phép.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\an\\giấy tờ.PDF", "giấy tờ.pdf"),
            ("ảnh\u{202E}gpj.exe.pdf", "ảnhgpj_exe.pdf"),
            ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
            ("  ...  ", "tep.pdf"),
            ("", "tep.pdf"),
            ("CON.pdf", "tep.pdf"),
            ("com1", "tep.pdf"),
            ("<script>alert(1)</script>.pdf", "script.pdf"),
            ("-rf.pdf", "rf.pdf"),
        ] {
            assert_eq!(safe(name, "pdf"), is, "{name:?}");
        }
        assert_eq!(safe(&"ă".repeat(500), "pdf").chars().count(), 124);
        assert_eq!(ending("a.tar.GZ. "), Some("GZ"));
        assert_eq!(ending("a"), None);
    }
}
