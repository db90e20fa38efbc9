//! Legal basis, from the portal's flattened table: titles and numbers with nothing between them.

use std::sync::LazyLock;

use regex::Regex;

use super::text::{line, told};
use crate::Act;

/// The heading of the table.
const HEADING: &str = "Tên văn bản pháp lýMã văn bản";

/// The number of an act, perhaps with its kind before it: `Số 73/2025/TT-NHNN`, `Luật số 32/2024/QH15`.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let kind = r"(?:(?:Luật|Nghị định|Thông tư|Nghị quyết|Quyết định|Pháp lệnh)?\s*[Ss]ố\s*)?";
    let number = r"\d{1,4}(?:\.\d{1,2})?/(?:(?:19|20)\d{2}/)?";
    let issuer = r"(?:QH\d{1,2}|[A-ZĐ]{2,}(?:-(?:TTg|UBTVQH\d{1,2}|[A-ZĐ]+))*(?:-[A-Z]\d{2})?)";
    Regex::new(&format!("{kind}{number}{issuer}")).ok()
});

/// Who issues acts: after these nothing of the number can be missing.
const ISSUERS: [&str; 22] = [
    "CP", "TTg", "BCA", "BTC", "BTP", "BXD", "BNNMT", "BNNPTNT", "BTNMT", "BGTVT", "NHNN", "BNV", "BYT",
    "BCT", "BQP", "BKHĐT", "BLĐTBXH", "BKHCN", "BTTTT", "BVHTTDL", "BGDĐT", "VPCP",
];

/// The acts, and true if each of them ends in its number.
pub(super) fn acts(text: &str) -> (Vec<Act>, bool) {
    let text = text.strip_prefix(HEADING).unwrap_or(text);
    let (mut acts, mut from) = (Vec::new(), 0);
    let Some(regex) = NUMBER.as_ref() else { return (acts, false) };
    for found in regex.find_iter(text) {
        let end = end_of(text, found.start(), found.end());
        if found.start() < from || !ends_a_row(text, found.start(), end) {
            continue;
        }
        let start = after_a_year(text, from, found.start());
        let number = bare(text.get(start..end).unwrap_or_default());
        let title = line(text.get(from..start).unwrap_or_default());
        from = end;
        match acts.last_mut() {
            // The title itself ends in the number: `Luật 54/2014/QH13` and then `54/2014/QH13`.
            Some(Act { number: Some(last), title: titled }) if title.is_empty() && *last == number => {
                *titled = format!("{titled} {number}");
            }
            _ if title.is_empty() => acts.push(Act { title: number.clone(), number: Some(number) }),
            _ => acts.push(Act { number: Some(number), title }),
        }
    }
    let rest = told(text.get(from..).unwrap_or_default());
    let whole = rest.is_none();
    if let Some(rest) = rest {
        acts.push(Act { number: None, title: line(&rest) });
    }
    (acts, whole)
}

/// Where the number ends: a capital that begins the next title (`NĐ-CPThông tư`) is not of it.
fn end_of(text: &str, start: usize, end: usize) -> usize {
    let next_is_small = text.get(end..).and_then(|rest| rest.chars().next()).is_some_and(char::is_lowercase);
    if !next_is_small {
        return end;
    }
    let number = text.get(start..end).unwrap_or_default();
    if ends_in_an_issuer(number) {
        return end;
    }
    let last = number.chars().next_back().filter(|last| last.is_uppercase());
    end - last.map_or(0, char::len_utf8)
}

fn ends_in_an_issuer(number: &str) -> bool {
    let issuer = number.rsplit('-').next().unwrap_or_default();
    ISSUERS.contains(&issuer) && issuer.len() < number.len()
}

/// True if nothing goes on here: what follows a number within a title is a space or a comma.
fn ends_a_row(text: &str, start: usize, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default();
    let mut rest = after.chars();
    match rest.next() {
        None => true,
        // A title that begins with a small letter; `TT-BCAngày 01/7/2025` goes on.
        Some(next) if next.is_lowercase() => {
            ends_in_an_issuer(text.get(start..end).unwrap_or_default()) && !after.starts_with("ngày")
        }
        Some(' ') => rest.next().is_some_and(|second| second.is_uppercase() || second == '\n'),
        Some(next) => {
            next.is_uppercase() || next.is_ascii_digit() || next == '\n' || next == '-' || next == '\t'
        }
    }
}

/// Where the number begins if the title ends in a year: `năm 2011` and `02/2011/QH13` are written `năm 201102/2011/QH13`.
fn after_a_year(text: &str, from: usize, start: usize) -> usize {
    let before = text.get(from..start).unwrap_or_default();
    let digits_before = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let run = text.get(start - digits_before..).unwrap_or_default();
    let length = run.bytes().take_while(u8::is_ascii_digit).count();
    let has_year = (run.starts_with("19") || run.starts_with("20")) && length > 4;
    if has_year { start - digits_before + 4 } else { start }
}

/// The number without its kind.
fn bare(number: &str) -> String {
    let from = number.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    number.get(from..).unwrap_or(number).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::acts;

    #[test]
    fn titles_and_numbers_are_told_apart() {
        let text = "Tên văn bản pháp lýMã văn bảnHướng dẫn xử lý khiếu nại68/2013/TT-BCALuật Khiếu nại  năm 201102/2011/QH13Nghị định 05/2012/NĐ-CP05/2012/NĐ-CPNghị quyết số 66.7/2025/NQ-CP của Chính phủ: Quy định66.7/2025/NQ-CP";
        let (acts, whole) = acts(text);
        let told: Vec<_> =
            acts.iter().map(|a| (a.title.as_str(), a.number.as_deref().unwrap_or(""))).collect();
        assert!(whole, "{told:?}");
        assert_eq!(told.len(), 4, "{told:?}");
        assert_eq!(told[0], ("Hướng dẫn xử lý khiếu nại", "68/2013/TT-BCA"));
        assert_eq!(told[1], ("Luật Khiếu nại năm 2011", "02/2011/QH13"));
        assert_eq!(told[2], ("Nghị định 05/2012/NĐ-CP", "05/2012/NĐ-CP"));
        assert_eq!(told[3].1, "66.7/2025/NQ-CP");
    }
}
