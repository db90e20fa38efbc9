//! The pages: HTML that works without scripts, in two languages.

#[cfg(test)]
mod samples;
mod templates;
mod view;

pub(crate) use templates::Templates;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::words::{Lang, Speech};

    #[test]
    fn every_page_renders_in_every_language() {
        let templates = Templates::new(Arc::new(Speech::own().unwrap())).unwrap();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pages");
        std::fs::create_dir_all(&folder).unwrap();
        for lang in Lang::ALL {
            for (name, template, values) in samples::all(lang) {
                let html = templates.render(template, lang, values).unwrap_or_else(|e| panic!("{name}: {e:#}"));
                assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{name}");
                // For looking at: the build's folder holds every page with made-up values.
                std::fs::write(folder.join(format!("{name}.{lang}.html")), html).unwrap();
            }
        }
    }
}
