//! Templates that are wrong, and what is too much.

use dinh_documents::{Fault, Template, Typeset as _};
use dinh_typeset::Press;
use serde_json::json;

use crate::common::{press, sheet, shipped};

fn template(text: &str) -> Template {
    Template { name: "own".to_owned(), file: "one-stop/templates/own.typ".to_owned(), text: text.to_owned() }
}

#[test]
fn what_cannot_be_read_is_told_with_file_and_line_before_anything_is_set() {
    let mut templates = shipped();
    templates.push(template("#let paper(d) = {\n  [a\n}\n"));
    let fault = Press::new(templates).err().expect("is refused").to_string();
    assert!(fault.contains("one-stop/templates/own.typ, line 1"), "{fault}");
}

#[test]
fn a_value_that_is_missing_names_the_line_that_asks_for_it() {
    let draft = template("#let paper(d) = [\n  Xin chào\n  #d.name\n]\n");
    let fault = press().trial(&draft, &sheet("own", json!({}))).expect_err("has no name");
    let Fault::Template { place: Some(place), reason } = &fault else { unreachable!("{fault}") };
    assert_eq!((place.line, reason.contains("name")), (3, true), "{fault}");
}

#[test]
fn templates_see_no_files_no_packages_and_no_clock() {
    for text in [
        "#let paper(d) = read(\"/etc/passwd\")",
        "#let paper(d) = read(\"../../secret\")",
        "#import \"@preview/cetz:0.3.0\"\n#let paper(d) = []",
        "#let paper(d) = datetime.today().display()",
    ] {
        let refused = press().trial(&template(text), &sheet("own", json!({})));
        assert!(matches!(refused, Err(Fault::Template { .. })), "{text}: {refused:?}");
    }
}

#[test]
fn what_somebody_wrote_is_never_executed() {
    let draft = template("#let paper(d) = [#d.name]");
    let pdf =
        press().trial(&draft, &sheet("own", json!({"name": "#panic() *không đậm* $x$"}))).expect("is set");
    let Some(text) = crate::common::text(&pdf) else { return };
    assert!(text.contains("#panic() *không đậm* $x$"), "{text}");
}

#[test]
fn too_many_pages_and_values_are_refused() {
    let many = template("#let paper(d) = for n in range(700) { pagebreak(weak: false) }");
    let refused = press().trial(&many, &sheet("own", json!({})));
    assert!(matches!(refused, Err(Fault::Pages { most: 600, .. })), "{refused:?}");
    let refused = press().pdf(&sheet("receipt", json!({"x": "x".repeat(17 * 1024 * 1024)})));
    assert!(matches!(refused, Err(Fault::Size { .. })), "{refused:?}");
    let refused = press().pdf(&sheet("no-such", json!({})));
    assert_eq!(refused, Err(Fault::NoTemplate("no-such".to_owned())));
}
