//! Steps, from running text.

/// Cuts a text at the lines that begin a step (`Bước 2: …`). Without such lines the whole text is one step.
pub(super) fn steps(text: &str) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let begins = begins_a_step(line);
        match steps.last_mut() {
            Some(step) if !begins => {
                step.push('\n');
                step.push_str(line);
            }
            _ => steps.push(line.to_owned()),
        }
    }
    steps
}

fn begins_a_step(line: &str) -> bool {
    let line = line.trim_start_matches(['-', '+', '*', '•', ' ']);
    let Some(rest) = line.strip_prefix("Bước ").or_else(|| line.strip_prefix("Bước thứ ")) else {
        return false;
    };
    rest.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn steps_keep_their_lines() {
        let text = "Bước 1: Chuẩn bị hồ sơ.\n Bước 2: Nộp hồ sơ.\n- Trực tiếp.\n- Trực tuyến.\n\nBước 3: Nhận kết quả.";
        let cut = steps(text);
        assert_eq!(cut.len(), 3);
        assert_eq!(cut[1], "Bước 2: Nộp hồ sơ.\n- Trực tiếp.\n- Trực tuyến.");
        assert_eq!(steps("Nộp hồ sơ.\nNhận kết quả."), ["Nộp hồ sơ.\nNhận kết quả."]);
        assert!(steps("  \n ").is_empty());
    }
}
