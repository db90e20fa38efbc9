//! What a browser calls itself, as people would say it.

/// Browsers by a word in their name; the first that fits: each names its ancestors too.
const BROWSERS: [(&str, &str); 8] = [
    ("coc_coc", "Cốc Cốc"),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox/", "Firefox"),
    ("fxios", "Firefox"),
    ("chrome/", "Chrome"),
    ("safari/", "Safari"),
];

/// Systems by a word in the name of the browser.
const SYSTEMS: [(&str, &str); 6] = [
    ("android", "Android"),
    ("iphone", "iOS"),
    ("ipad", "iPadOS"),
    ("windows", "Windows"),
    ("mac os x", "macOS"),
    ("linux", "Linux"),
];

/// Most characters of a name that is not understood.
const MOST: usize = 60;

/// `Chrome, Windows` for what a browser says of itself; the beginning of what it says if it says nothing that is known.
pub(crate) fn device(agent: &str) -> String {
    let lower = agent.to_lowercase();
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(word, _)| lower.contains(word)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(MOST).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_from_their_ancestors() {
        for (agent, said) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/126.0 Chrome/120.0 Safari/537.36",
                "Cốc Cốc, Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari, iOS",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
                "Chrome, Android",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox, Linux"),
            ("curl/8.5.0", "curl/8.5.0"),
            ("", ""),
        ] {
            assert_eq!(device(agent), said, "{agent}");
        }
        assert_eq!(device(&"ă".repeat(500)).chars().count(), MOST);
    }
}
