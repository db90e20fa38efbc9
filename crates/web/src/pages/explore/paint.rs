//! JSON laid out for reading, with links to the entities that it names.

use std::fmt::Write as _;

use serde_json::Value as Json;

/// Most of the text that is laid out, in bytes; what is more is told to be there.
const MOST: usize = 200_000;
/// Members that name entities.
const NAMING: [&str; 4] = ["id", "object", "objectList", "entityId"];

/// What was laid out.
pub(super) struct Painted {
    /// HTML, escaped.
    pub(super) html: String,
    /// Whether there is more than was laid out.
    pub(super) cut: bool,
}

/// Lays out `json`; `link` says where an identifier leads.
pub(super) fn paint(json: &Json, link: &dyn Fn(&str) -> String) -> Painted {
    let mut painter = Painter { html: String::new(), link, cut: false };
    painter.value(json, 0, None);
    Painted { html: painter.html, cut: painter.cut }
}

struct Painter<'a> {
    html: String,
    link: &'a dyn Fn(&str) -> String,
    cut: bool,
}

impl Painter<'_> {
    fn value(&mut self, json: &Json, depth: usize, name: Option<&str>) {
        match json {
            Json::Object(members) if members.is_empty() => self.html.push_str("{}"),
            Json::Array(items) if items.is_empty() => self.html.push_str("[]"),
            Json::Object(members) => {
                let ends = (members.len(), '{', '}');
                self.block(ends, depth, members.iter(), |painter, (name, value)| {
                    painter.span("k", &Json::from(name.as_str()).to_string());
                    painter.html.push_str(": ");
                    painter.value(value, depth + 1, Some(name));
                });
            }
            // What stands on one line is read more easily: coordinates, pairs of value and time.
            Json::Array(items)
                if items.len() <= 3 && items.iter().all(|item| !item.is_object() && !item.is_array()) =>
            {
                self.html.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.html.push_str(", ");
                    }
                    self.value(item, depth, name);
                }
                self.html.push(']');
            }
            Json::Array(items) => {
                let ends = (items.len(), '[', ']');
                self.block(ends, depth, items.iter(), |painter, item| painter.value(item, depth + 1, name));
            }
            Json::String(text)
                if name.is_some_and(|name| NAMING.contains(&name)) && text.starts_with("urn:") =>
            {
                let href = (self.link)(text);
                self.write(format_args!("<a href=\"{}\">", escape(&href)));
                self.span("s", &json.to_string());
                self.html.push_str("</a>");
            }
            Json::String(_) => self.span("s", &json.to_string()),
            Json::Number(number) => self.span("n", &number.to_string()),
            Json::Bool(_) | Json::Null => self.span("l", &json.to_string()),
        }
    }

    fn block<T>(
        &mut self,
        (count, open, close): (usize, char, char),
        depth: usize,
        items: impl Iterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) {
        self.html.push(open);
        for (at, item) in items.enumerate() {
            if self.html.len() > MOST {
                self.cut = true;
                self.line(depth + 1);
                self.html.push('…');
                break;
            }
            self.line(depth + 1);
            each(self, item);
            if at + 1 < count {
                self.html.push(',');
            }
        }
        self.line(depth);
        self.html.push(close);
    }

    fn line(&mut self, depth: usize) {
        self.html.push('\n');
        for _ in 0..depth {
            self.html.push_str("  ");
        }
    }

    fn span(&mut self, class: &str, text: &str) {
        self.write(format_args!("<span class=\"{class}\">{}</span>", escape(text)));
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        self.html.write_fmt(text).ok();
    }
}

/// Text within HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_laid_out_escaped_and_linked() {
        let json =
            json!({"id": "urn:x:1", "name": {"value": "<b>\"Cầu\"</b>"}, "at": [107.5, 16.4], "empty": []});
        let painted = paint(&json, &|id| format!("/thu/{id}?a=1&b"));
        assert!(!painted.cut);
        assert!(
            painted.html.contains(
                r#"<a href="/thu/urn:x:1?a=1&amp;b"><span class="s">&quot;urn:x:1&quot;</span></a>"#
            )
        );
        assert!(
            painted.html.contains("&lt;b&gt;\\&quot;Cầu\\&quot;&lt;/b&gt;") && !painted.html.contains("<b>")
        );
        assert!(painted.html.contains("[<span class=\"n\">107.5</span>, <span class=\"n\">16.4</span>]"));
    }

    #[test]
    fn what_is_long_is_cut_and_says_so() {
        let long: Vec<_> = (0..40_000).map(|n| json!({"n": n})).collect();
        let painted = paint(&Json::Array(long), &|id| id.to_owned());
        assert!(painted.cut && painted.html.len() < MOST + 1_000 && painted.html.ends_with("…\n]"));
    }
}
