//! `/{tenant}/colours.css`: the colours of the classes of a province's layers, light and dark. A sheet of its own,
//! because the content policy lets no style stand in a page.

use std::fmt::Write as _;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest as _, Sha256};

use super::visitor::Visitor;
use crate::layers::{Colour, Layer};
use crate::look::hex;

/// The sheet's address, which changes when its content does.
pub(super) fn address(visitor: &Visitor) -> String {
    let digest = Sha256::digest(sheet(visitor));
    let mark = hex(digest.get(..5).unwrap_or_default());
    visitor.href(&format!("colours.css?{mark}"))
}

/// Serves the sheet.
pub(super) async fn colours(visitor: Visitor, Path(_tenant): Path<String>) -> Response {
    let headers =
        [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, sheet(&visitor)).into_response()
}

fn sheet(visitor: &Visitor) -> String {
    let layers: Vec<&Layer> = visitor.app.display().layers.of(&visitor.province.tenant).collect();
    style(&layers)
}

fn style(layers: &[&Layer]) -> String {
    let (mut light, mut dark) = (String::new(), String::new());
    for layer in layers {
        if let Some((colour, on_dark)) = layer.colours() {
            rule(&mut light, &layer.id, "x", colour);
            rule(&mut dark, &layer.id, "x", on_dark);
        }
        for (index, class) in layer.classes.iter().enumerate() {
            rule(&mut light, &layer.id, &index.to_string(), &class.colour);
            if class.dark != class.colour {
                rule(&mut dark, &layer.id, &index.to_string(), &class.dark);
            }
        }
    }
    let nested = dark.replace(".c-", ":root:not([data-theme=\"light\"]) .c-");
    let chosen = dark.replace(".c-", ":root[data-theme=\"dark\"] .c-");
    format!("{light}@media (prefers-color-scheme:dark){{{nested}}}{chosen}")
}

fn rule(sheet: &mut String, layer: &str, class: &str, colour: &Colour) {
    let value = match colour {
        Colour::Token(name) => format!("var(--{name})"),
        Colour::Rgb(..) => colour.to_string(),
    };
    // Writing to a String cannot fail.
    write!(sheet, ".c-{layer}-{class}{{--c:{value}}}").ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_grounds_have_their_colours() {
        let text = r##"
            title = { vi = "Mưa", en = "Rain" }
            group = { vi = "Thời tiết", en = "Weather" }
            types = ["Gauge"]
            [[class]]
            max = 1
            colour = "quiet"
            title = { vi = "Không", en = "None" }
            [[class]]
            colour = "#112233"
            dark = "#DDEEFF"
            title = { vi = "Có", en = "Some" }
        "##;
        let layer = Layer::parse("p", "rain", text, &|name| name.into()).unwrap();
        let sheet = style(&[&layer]);
        assert!(sheet.starts_with(".c-rain-x{--c:#112233}.c-rain-0{--c:var(--quiet)}.c-rain-1{--c:#112233}"));
        assert!(sheet.contains(":root[data-theme=\"dark\"] .c-rain-1{--c:#DDEEFF}"));
        assert!(!sheet.contains("\"dark\"] .c-rain-0"));
    }
}
