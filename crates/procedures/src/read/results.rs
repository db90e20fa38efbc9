//! Results, from the portal's flattened list: `Giấy khai sinhMã: KQ.G15.000031Từ khóa…Mô tả…`.

use std::sync::LazyLock;

use regex::Regex;

use super::text::{line, told};
use crate::Outcome;

/// Codes of results as they are in use.
static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"Mã:\s*((?:KQ\.[A-Z]\d{2}\.\d{6})|(?:(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2,3}-KQ\d{4,7})|(?:[A-Z0-9.\-]{4,40}))")
        .ok()
});

/// What the list says.
#[derive(Debug, Default)]
pub(super) struct Results {
    pub(super) list: Vec<Outcome>,
    pub(super) keywords: Option<String>,
    pub(super) description: Option<String>,
    /// False if something was left that has no code.
    pub(super) whole: bool,
}

pub(super) fn results(text: &str) -> Results {
    let (cells, rest) = text.split_once("Từ khóa").unwrap_or((text, ""));
    let (keywords, description) = rest.split_once("Mô tả").unwrap_or((rest, ""));
    let mut found = Results {
        keywords: told(keywords),
        description: told(description),
        whole: true,
        ..Results::default()
    };
    let mut from = 0;
    for code in CODE.iter().flat_map(|regex| regex.captures_iter(cells)) {
        let (Some(whole), Some(number)) = (code.get(0), code.get(1)) else { continue };
        let name = line(cells.get(from..whole.start()).unwrap_or_default());
        from = whole.end();
        if !name.is_empty() {
            found.list.push(Outcome { code: Some(number.as_str().to_owned()), name });
        }
    }
    if let Some(name) = told(cells.get(from..).unwrap_or_default()) {
        found.whole = found.list.is_empty();
        found.list.push(Outcome { code: None, name: line(&name) });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::results;

    #[test]
    fn results_are_cut_at_their_codes() {
        let text = "Giấy phép thu, chi ngoại tệMã: KQ.G19.000181Văn bản từ chốiMã: G19-KQ006010Từ khóaKhông có thông tinMô tảNói thêm";
        let found = results(text);
        let told: Vec<_> = found.list.iter().map(|r| (r.name.as_str(), r.code.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("Giấy phép thu, chi ngoại tệ", Some("KQ.G19.000181")),
                ("Văn bản từ chối", Some("G19-KQ006010"))
            ]
        );
        assert_eq!(
            (found.keywords, found.description.as_deref(), found.whole),
            (None, Some("Nói thêm"), true)
        );
    }
}
