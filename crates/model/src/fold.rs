//! Folding of Vietnamese text, so that search ignores accents, case and the stroke of đ.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// `Đường Nguyễn Huệ` → `duong nguyen hue`: lower case, without marks, đ as d, other white space as one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            c if c.is_whitespace() => {
                if !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// The words of a folded text: maximal runs of letters and digits.
pub fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Composed form (NFC) in lower case: what "exactly as typed" compares.
pub fn exact(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_every_vietnamese_mark() {
        assert_eq!(fold("Đường  Nguyễn Huệ"), "duong nguyen hue");
        assert_eq!(fold("Thủ tục cấp phép xây dựng"), "thu tuc cap phep xay dung");
        assert_eq!(fold("ĐĂNG KÝ KẾT HÔN"), "dang ky ket hon");
        let decomposed: String = "Huế ơi ưỡn".nfd().collect();
        assert_eq!(fold(&decomposed), "hue oi uon");
        assert_eq!(words("Xã A Lưới 1, TP. Huế"), ["xa", "a", "luoi", "1", "tp", "hue"]);
        assert_eq!(exact(&decomposed), "huế ơi ưỡn");
    }
}
