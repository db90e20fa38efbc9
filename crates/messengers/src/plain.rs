//! Vietnamese without accents, for text messages: one with accents holds 70 letters, one without 160.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The text in ASCII: accents left out, đ as d, the rest as what is nearest, capitals kept.
pub(crate) fn plain(text: &str) -> String {
    text.nfd().filter(|letter| !is_combining_mark(*letter)).map(nearest).filter(char::is_ascii).collect()
}

fn nearest(letter: char) -> char {
    match letter {
        'đ' => 'd',
        'Đ' => 'D',
        '–' | '—' => '-',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '…' | '·' => '.',
        '\u{a0}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_are_left_out_and_capitals_stay() {
        assert_eq!(plain("Hồ sơ H57 đã được tiếp nhận – “ĐẸP”"), "Ho so H57 da duoc tiep nhan - \"DEP\"");
        assert_eq!(plain("thu\u{31b}\u{309} 三"), "thu ");
    }
}
