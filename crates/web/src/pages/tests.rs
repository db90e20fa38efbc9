//! Every page in every language; every word used and known.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::samples;
use super::templates::render;
use crate::words::Lang;

#[test]
fn every_page_renders_in_every_language() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pages");
    std::fs::create_dir_all(&folder).unwrap();
    for lang in Lang::ALL {
        for (name, template, values) in samples::all(lang) {
            let values = minijinja::value::Value::from(minijinja::value::Serde(values));
            let html = render(template, lang, &values).unwrap_or_else(|e| panic!("{name}: {e:#}"));
            assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{name}");
            // The content policy forbids scripts and styles in pages.
            for forbidden in [" style=\"", "<style", "onclick=", "javascript:"] {
                assert!(!html.contains(forbidden), "{name} has {forbidden}");
            }
            // For looking at: the build's folder holds every page with made-up values.
            std::fs::write(folder.join(format!("{name}.{lang}.html")), html).unwrap();
        }
    }
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
}

/// The texts in quotes that follow `call` in a file. A call without a dot is not the end of a longer name.
fn keys_after(text: &str, call: &str, keys: &mut BTreeSet<String>) {
    let mut before = "";
    for part in text.split(call) {
        let ends_a_name = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        before = part;
        let mut letters = part.chars();
        let Some(quote @ ('"' | '\'')) = letters.next() else { continue };
        if call.starts_with('.') || !ends_a_name {
            keys.extend(letters.as_str().split(quote).next().map(str::to_owned));
        }
    }
}

#[test]
fn every_word_is_known_in_both_languages_and_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut templates, mut sources) = (Vec::new(), Vec::new());
    files(&root.join("templates"), "html", &mut templates);
    files(&root.join("src"), "rs", &mut sources);
    let mut used = BTreeSet::new();
    for path in templates {
        keys_after(&std::fs::read_to_string(path).unwrap(), "t(", &mut used);
    }
    for path in sources.iter().filter(|p| !p.ends_with("tests.rs")) {
        let text = std::fs::read_to_string(path).unwrap();
        keys_after(&text, ".say(", &mut used);
        keys_after(&text, ".say_with(", &mut used);
    }
    let known = |lang: &str| -> BTreeSet<String> {
        let mut paths = Vec::new();
        files(&root.join("words").join(lang), "ftl", &mut paths);
        let texts: Vec<_> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        texts
            .iter()
            .flat_map(|text| text.lines())
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .collect()
    };
    let words = known("vi");
    assert_eq!(words, known("en"));
    let missing: Vec<_> = used.difference(&words).collect();
    assert!(missing.is_empty(), "without words: {missing:?}");
    let idle: Vec<_> = words.difference(&used).collect();
    assert!(idle.is_empty(), "words that nobody says: {idle:?}");
}
