//! Lists written with commas: levels, agencies, applicants.

/// The items of a list. A comma within brackets, or before a lower-case letter, belongs to a name: `Tổ chức (không bao
/// gồm doanh nghiệp, HTX)`, `Cục cảnh sát quản lý hành chính về trật tự, xã hội`.
pub(super) fn items(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            ',' if depth == 0 => {
                let next = letters.clone().find(|letter| !letter.is_whitespace());
                if next.is_none_or(|next| !next.is_lowercase()) {
                    parts.push(String::new());
                    continue;
                }
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    let tidy = |part: &String| {
        let line = super::text::line(part);
        let line = line.trim_end_matches('.').trim();
        (!line.is_empty()).then(|| line.to_owned())
    };
    let mut items: Vec<String> = Vec::new();
    for item in parts.iter().filter_map(tidy) {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::items;

    #[test]
    fn commas_within_names_stay() {
        let applicants = "Hợp tác xã, Công dân Việt Nam, Tổ chức (không bao gồm doanh nghiệp, HTX), Cán bộ, công chức, viên chức";
        assert_eq!(
            items(applicants),
            [
                "Hợp tác xã",
                "Công dân Việt Nam",
                "Tổ chức (không bao gồm doanh nghiệp, HTX)",
                "Cán bộ, công chức, viên chức"
            ]
        );
        assert_eq!(
            items("Cục cảnh sát quản lý hành chính về trật tự, xã hội, Công an tỉnh"),
            ["Cục cảnh sát quản lý hành chính về trật tự, xã hội", "Công an tỉnh"]
        );
        assert_eq!(items("Ủy ban Nhân dân xã, phường, thị trấn."), ["Ủy ban Nhân dân xã, phường, thị trấn"]);
    }
}
