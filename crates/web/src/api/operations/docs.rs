//! The page that lists the operations, in Vietnamese and English, from the OpenAPI document. Plain HTML, no scripts.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::response::{Html, IntoResponse as _, Response};
use http::header::CACHE_CONTROL;
use serde_json::Value as Json;

/// The list of operations, for people
///
/// What this document says, in Vietnamese or English.
#[utoipa::path(
    get, path = "/docs", tag = "operations",
    extensions(("x-summary-vi" = json!("Danh mục các thao tác, dành cho người đọc"))),
    responses((status = 200, description = "A page.", body = String, content_type = "text/html"))
)]
pub(super) async fn docs() -> Response {
    ([(CACHE_CONTROL, "public, max-age=300")], Html(PAGE.as_str())).into_response()
}

static PAGE: LazyLock<String> = LazyLock::new(|| {
    let document = serde_json::to_value(crate::api::document()).unwrap_or_default();
    page(&document)
});

/// Groups in the order in which they are shown, with their titles.
const GROUPS: &[(&str, &str, &str)] = &[
    ("entities", "Thực thể", "Entities"),
    ("batch", "Thao tác hàng loạt", "Batch operations"),
    ("subscriptions", "Đăng ký nhận tin", "Subscriptions"),
    ("registrations", "Nguồn dữ liệu đã đăng ký", "Registrations of other sources"),
    ("temporal", "Diễn biến theo thời gian", "Evolution over time"),
    ("snapshots", "Ảnh chụp dữ liệu", "Snapshots"),
    ("discovery", "Loại và thuộc tính đang dùng", "Types and attributes in use"),
    ("contexts", "Ngữ cảnh @context", "@context documents"),
    ("province", "Tỉnh, thành phố", "Provinces and towns"),
    ("feeds", "Nguồn dữ liệu", "Feeds"),
    ("cases", "Hồ sơ", "Cases"),
    ("documents", "Văn bản và chữ ký số", "Documents and signatures"),
    ("money", "Phí, lệ phí và thanh toán", "Fees and payments"),
    ("cards", "Thẻ điện tử", "E-cards"),
    ("privacy", "Dữ liệu cá nhân", "Personal data"),
    ("map", "Bản đồ", "Map"),
    ("operations", "Vận hành", "Operation of the program"),
];

fn page(document: &Json) -> String {
    let mut html = String::from(
        "<!doctype html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Các thao tác của API – Đình</title>\n<meta name=\"color-scheme\" content=\"light dark\">\n",
    );
    for href in crate::pages::plain_stylesheets() {
        add(&mut html, format_args!("<link rel=\"stylesheet\" href=\"{}\">\n", escape(&href)));
    }
    html.push_str("</head>\n<body class=\"citizen\">\n<main id=\"main\" class=\"room\">\n<h1>Các thao tác của API <span lang=\"en\">– Operations of the API</span></h1>\n");
    html.push_str(
        "<p>Đình nói NGSI-LD (ETSI GS CIM 009 v1.9) tại <code>/ngsi-ld/v1</code> và giao diện riêng tại \
         <code>/api/v1</code>. Toàn văn ở <a href=\"/openapi.json\">/openapi.json</a>.</p>\n\
         <p lang=\"en\">Đình speaks NGSI-LD (ETSI GS CIM 009 v1.9) at <code>/ngsi-ld/v1</code> and an API of its own at \
         <code>/api/v1</code>. Everything is in <a href=\"/openapi.json\">/openapi.json</a>.</p>\n",
    );
    for (tag, vi, en) in GROUPS {
        group(&mut html, document, tag, vi, en);
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn group(html: &mut String, document: &Json, tag: &str, vi: &str, en: &str) {
    let operations = operations(document, tag);
    if operations.is_empty() {
        return;
    }
    add(html, format_args!("<section id=\"{tag}\">\n<h2>{vi} <span lang=\"en\">– {en}</span></h2>\n"));
    for (method, path, operation) in operations {
        let text = |name: &str| escape(operation.get(name).and_then(Json::as_str).unwrap_or_default());
        add(
            html,
            format_args!(
                "<details>\n<summary><code>{method} {}</code> {}",
                escape(path),
                text("x-summary-vi")
            ),
        );
        add(html, format_args!(" <span lang=\"en\">– {}</span></summary>\n", text("summary")));
        add(html, format_args!("<p lang=\"en\">{}</p>\n", text("description")));
        parameters(html, operation);
        responses(html, operation);
        html.push_str("</details>\n");
    }
    html.push_str("</section>\n");
}

fn operations<'a>(document: &'a Json, tag: &str) -> Vec<(String, &'a str, &'a Json)> {
    let paths = document.get("paths").and_then(Json::as_object);
    let all = paths.into_iter().flatten().flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (method.to_ascii_uppercase(), path.as_str(), operation))
    });
    all.filter(|(_, _, operation)| {
        operation.get("tags").and_then(Json::as_array).is_some_and(|tags| tags.iter().any(|t| t == tag))
    })
    .collect()
}

fn parameters(html: &mut String, operation: &Json) {
    let Some(parameters) = operation.get("parameters").and_then(Json::as_array) else { return };
    html.push_str("<dl lang=\"en\">\n");
    for parameter in parameters {
        let text = |name: &str| escape(parameter.get(name).and_then(Json::as_str).unwrap_or_default());
        add(html, format_args!("<dt><code>{}</code> <small>({})</small></dt>", text("name"), text("in")));
        add(html, format_args!("<dd>{}</dd>\n", text("description")));
    }
    html.push_str("</dl>\n");
}

fn responses(html: &mut String, operation: &Json) {
    let Some(responses) = operation.get("responses").and_then(Json::as_object) else { return };
    html.push_str("<ul lang=\"en\">\n");
    for (status, response) in responses {
        let about = escape(response.get("description").and_then(Json::as_str).unwrap_or_default());
        add(html, format_args!("<li><b>{status}</b> {about}</li>\n"));
    }
    html.push_str("</ul>\n");
}

fn add(html: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    html.write_fmt(text).ok();
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_on_the_page_in_both_languages() {
        let document = serde_json::to_value(crate::api::document()).unwrap();
        let html = page(&document);
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let line = format!("<code>{} {}</code>", method.to_ascii_uppercase(), escape(path));
                assert_eq!(html.matches(&line).count(), 1, "{line}");
                for summary in ["summary", "x-summary-vi"] {
                    let text = operation[summary].as_str().unwrap_or_default();
                    assert!(text.len() > 8 && html.contains(&escape(text)), "{line}: {summary} {text:?}");
                }
            }
        }
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
