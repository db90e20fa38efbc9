//! Documents of a dossier, from the portal's flattened tables.
//!
//! A record holds one table after the other, each as `title` + [`HEADING`] + rows, a row as `name` + `file of its form` +
//! `1 bản chính,1 bản sao`, all without anything between. Rows end at their numbers of copies; what stands between the
//! last row and the next heading is the next title.

use std::sync::LazyLock;

use regex::Regex;

use super::forms;
use super::text::{line, told};
use crate::{Document, DocumentSet};

/// The heading of each table.
const HEADING: &str = "Tên giấy tờMẫu đơn, tờ khaiSố lượng";

/// The title of a table that has none.
const NO_TITLE: &str = "--";

/// How many copies.
static COPIES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\d)\s?bản chính(?:,(\d{1,2}) bản sao)?").ok());

/// What the tables say.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub(super) sets: Vec<DocumentSet>,
    /// True if every table could be cut into rows.
    pub(super) whole: bool,
    /// True if every form could be told from the name before it.
    pub(super) forms: bool,
}

pub(super) fn documents(text: &str) -> Documents {
    let mut found = Documents { whole: true, forms: true, ..Documents::default() };
    let mut tables = text.split(HEADING);
    let mut title = tables.next().unwrap_or_default().to_owned();
    let mut has_tables = false;
    for table in tables {
        has_tables = true;
        let (rows, rest) = rows(table, &mut found.forms);
        push(&mut found.sets, &title, rows);
        rest.clone_into(&mut title);
    }
    // After the last table nothing should be left; without any table, the text is all there is.
    if let Some(left) = told(&title).filter(|left| left != NO_TITLE) {
        found.whole = false;
        let whole = Document { code: None, name: left, originals: 0, copies: 0, forms: Vec::new() };
        if has_tables {
            push(&mut found.sets, "", vec![whole]);
        } else {
            found.sets.push(DocumentSet { case: None, documents: vec![whole] });
        }
    }
    // What all bring comes first.
    found.sets.sort_by_key(|set| set.case.is_some());
    found
}

fn push(sets: &mut Vec<DocumentSet>, title: &str, documents: Vec<Document>) {
    if documents.is_empty() {
        return;
    }
    let case = told(title).map(|title| tidy_title(&title)).filter(|title| !title.is_empty());
    match sets.iter_mut().find(|set| set.case == case) {
        Some(set) => set.documents.extend(documents),
        None => sets.push(DocumentSet { case, documents }),
    }
}

/// `* Giấy tờ phải nộp:` → `Giấy tờ phải nộp`.
fn tidy_title(title: &str) -> String {
    let title = line(title);
    let title = title.trim_start_matches(['-', '*', '+', '•', ' ']).trim_end_matches([':', '-', ' ', '.']);
    title.to_owned()
}

/// The rows of a table, and what is left after the last.
fn rows<'t>(table: &'t str, forms_whole: &mut bool) -> (Vec<Document>, &'t str) {
    let (mut rows, mut from) = (Vec::new(), 0);
    for copies in COPIES.iter().flat_map(|regex| regex.captures_iter(table)) {
        let Some(whole) = copies.get(0) else { continue };
        if whole.start() < from || !ends_a_row(table, whole.start(), whole.end()) {
            continue;
        }
        let number = |at: usize| copies.get(at).and_then(|n| n.as_str().parse().ok()).unwrap_or(0);
        let cell = table.get(from..whole.start()).unwrap_or_default();
        from = whole.end();
        let (name, forms) = forms::split(cell, forms_whole);
        if name.is_empty() && forms.is_empty() {
            continue;
        }
        rows.push(Document { code: None, name, originals: number(1), copies: number(2), forms });
    }
    (rows, table.get(from..).unwrap_or_default())
}

/// True for a number of copies in its own cell. `01 bản chính hoặc 01 bản sao` and `(01 bản chính)` stand within names.
fn ends_a_row(table: &str, start: usize, end: usize) -> bool {
    let before = table.get(..start).and_then(|text| text.chars().next_back());
    let mut after = table.get(end..).unwrap_or_default().chars();
    let after_digit = before.is_some_and(|before| before.is_ascii_digit());
    match after.next() {
        None => true,
        Some(' ' | '\u{a0}') => !after_digit && after.next().is_none_or(|second| !second.is_lowercase()),
        Some('.' | ';' | ')' | ',' | ':' | '/') => false,
        // `03 bản chính` followed by a letter in lower case is a row only if the digit before is of a year or a number.
        Some(_) => !(after_digit && has_leading_zero(table, start)),
    }
}

fn has_leading_zero(table: &str, start: usize) -> bool {
    let before = table.get(..start).unwrap_or_default();
    let run = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    run == 1 && before.ends_with('0')
}

#[cfg(test)]
mod tests {
    use super::documents;

    #[test]
    fn tables_are_cut_into_documents() {
        let text = "* Giấy tờ phải nộp:Tên giấy tờMẫu đơn, tờ khaiSố lượng- Giấy chứng sinh; nộp 01 bản chính hoặc 01 bản sao.1 bản chính- Bản sao giấy tờ năm 20250 bản chính,1 bản sao--Tên giấy tờMẫu đơn, tờ khaiSố lượngTờ khai theo mẫu;Mus08.docx1 bản chính";
        let found = documents(text);
        assert!(found.whole && found.forms);
        let sets: Vec<_> = found.sets.iter().map(|set| set.case.as_deref()).collect();
        assert_eq!(sets, [None, Some("Giấy tờ phải nộp")]);
        let [all, submitted] = &found.sets[..] else { unreachable!("two sets") };
        assert_eq!(all.documents[0].name, "Tờ khai theo mẫu");
        assert_eq!(all.documents[0].forms[0].name, "Mus08.docx");
        assert_eq!(submitted.documents[0].name, "Giấy chứng sinh; nộp 01 bản chính hoặc 01 bản sao");
        assert_eq!((submitted.documents[1].originals, submitted.documents[1].copies), (0, 1));
        assert_eq!(submitted.documents[1].name, "Bản sao giấy tờ năm 2025");
    }

    #[test]
    fn text_without_tables_is_kept_whole() {
        let found = documents("Theo quy định tại Điều 5.");
        assert!(!found.whole);
        assert_eq!(found.sets[0].documents[0].name, "Theo quy định tại Điều 5.");
        assert!(documents("--").sets.is_empty() && documents("--").whole);
    }
}
