//! Names of documents and the files of their forms, which the portal's flattened rows write without a gap.

use super::text::line;
use crate::Form;

/// Endings of the files of forms.
const ENDINGS: [&str; 8] = [".docx", ".doc", ".pdf", ".xlsx", ".xls", ".rtf", ".odt", ".zip"];

/// Longest name of a file, in characters. Longer ones are names of documents with a file somewhere at their end.
const MAX_FILE: usize = 160;

/// The document's name and its forms. `whole` becomes false where the two could not be told apart; the name then keeps all.
pub(super) fn split(cell: &str, whole: &mut bool) -> (String, Vec<Form>) {
    let mut files = Vec::new();
    let mut rest = cell.trim_end();
    while let Some(end) = last_file_end(rest) {
        let Some(start) = file_start(rest, end) else {
            *whole = false;
            break;
        };
        let file = line(rest.get(start..).unwrap_or_default());
        files.push(Form { name: file, url: None });
        rest = rest.get(..start).unwrap_or_default().trim_end();
        if rest.is_empty() {
            break;
        }
    }
    files.reverse();
    files.dedup_by(|a, b| a.name == b.name);
    (tidy(rest), files)
}

/// A name without the sign before and the point after it.
fn tidy(name: &str) -> String {
    let name = line(name);
    let name = name.trim_start_matches(['-', '.', '+', '*', '•', '\u{f0fc}', '\u{f0d8}', ' ']);
    name.trim_end_matches([';', '.', ',', ':', ' ']).to_owned()
}

/// The length of `text` if it ends in a file.
fn last_file_end(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| lower.ends_with(ending)).then_some(text.len())
}

/// Where the file at the end begins: after another file, after the point or bracket that ends the name without a space, or
/// where a capital follows a small letter.
fn file_start(text: &str, end: usize) -> Option<usize> {
    let body = text.get(..end)?;
    let stem = body.rfind('.')?;
    let head = body.get(..stem)?;
    let letters: Vec<(usize, char)> = head.char_indices().collect();
    let first = letters.len().saturating_sub(MAX_FILE);
    let (mut after_a_sign, mut after_a_letter) = (None, None);
    for pair in letters.windows(2).skip(first.saturating_sub(1)) {
        let [(_, before), (at, letter)] = pair else { continue };
        if follows_a_sign(head, *before, *letter, *at) {
            after_a_sign = Some(*at);
        } else if before.is_lowercase() && letter.is_uppercase() {
            after_a_letter = after_a_letter.or(Some(*at));
        }
    }
    // A row that is nothing but a file.
    let file_alone = || (letters.len() <= MAX_FILE && !head.contains(' ')).then_some(0);
    after_a_sign.or(after_a_letter).or_else(file_alone)
}

fn follows_a_sign(head: &str, before: char, letter: char, at: usize) -> bool {
    let before_it = head.get(..at).unwrap_or_default().to_ascii_lowercase();
    if ENDINGS.iter().any(|ending| before_it.ends_with(ending)) {
        return true;
    }
    let is_start = letter.is_alphanumeric() || matches!(letter, '_' | '(' | '[');
    match before {
        ';' | ')' | ']' | '”' | '"' => is_start,
        // `01.2025` is a number, `theo quy định.Mau` is not.
        '.' => is_start && !digit_before_the_point(head, at),
        _ => false,
    }
}

fn digit_before_the_point(head: &str, at: usize) -> bool {
    head.get(..at).and_then(|head| head.chars().rev().nth(1)).is_some_and(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn forms_are_told_from_names() {
        let told = |cell: &str| {
            let mut whole = true;
            let (name, forms) = split(cell, &mut whole);
            (name, forms.into_iter().map(|form| form.name).collect::<Vec<_>>(), whole)
        };
        let (name, forms, whole) = told("- Danh mục hàng hóa (nếu có);Phu lục II NĐ 66.doc");
        assert_eq!(
            (name.as_str(), forms.as_slice(), whole),
            ("Danh mục hàng hóa (nếu có)", &["Phu lục II NĐ 66.doc".to_owned()][..], true)
        );
        let (name, forms, _) = told("Bản khai chung;Mau01.docxMauBankhaichung.docx");
        assert_eq!((name.as_str(), forms.len()), ("Bản khai chung", 2));
        let (name, forms, _) =
            told("Tờ khai (Mẫu CT01 Thông tư số 53/2025/TT-BCA).1.MuCT01banhnhkmtheoThngts53.doc");
        assert_eq!(name, "Tờ khai (Mẫu CT01 Thông tư số 53/2025/TT-BCA)");
        assert_eq!(forms, ["1.MuCT01banhnhkmtheoThngts53.doc"]);
        let (name, forms, whole) = told("quy định về giao thông đường bộvăn bản đề nghị.docx");
        assert_eq!(
            (name.as_str(), forms.len(), whole),
            ("quy định về giao thông đường bộvăn bản đề nghị.docx", 0, false)
        );
        assert_eq!(told("Giấy chứng sinh.").0, "Giấy chứng sinh");
    }
}
