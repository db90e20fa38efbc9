//! The forms that ship, drawn with what can stand in them.

use dinh_forms::{Context, Filled, Form, Marks, NoFiles, NoUnits, Source};
use jiff::civil::date;
use serde_json::json;

use super::shown::FormView;
use super::{Sheet, sheet};
use crate::pages::samples;
use crate::pages::templates::render;
use crate::words::Lang;

fn form(name: &str) -> Form {
    let packs = dinh_context::packs::Packs::embedded().expect("are there");
    let file = packs.file("one-stop", &format!("forms/{name}.json")).expect("is there");
    Form::from_json(file.text().expect("is text")).expect("is a form")
}

fn context() -> Context<'static> {
    Context { today: date(2026, 11, 21), units: &NoUnits, files: &NoFiles }
}

fn drawn(form: &Form, filled: &Filled, lang: Lang) -> FormView {
    let faults = sheet::faults(form, filled, &context());
    let marks: Marks = [("head.name".to_owned(), Source::Account)].into();
    Sheet { form, filled, faults: &faults, marks: &marks, context: &context(), home: None, lang }.draw()
}

fn html(form: &Form, filled: &Filled, lang: Lang) -> String {
    let summary =
        serde_json::to_value(form.summary(&filled.answers, lang.tag(), &context())).expect("is written");
    let values = json!({
        "page": samples::frame(lang, "Biểu mẫu"), "forms_href": "/hue/forms",
        "form": drawn(form, filled, lang), "summary": summary,
    });
    let values = minijinja::value::Value::from(minijinja::value::Serde(values));
    render("form_try.html", lang, &values).expect("renders")
}

#[test]
fn forms_are_drawn_in_both_languages_without_style_or_script_in_them() {
    for name in ["birth-registration", "house-construction-permit", "disaster-support"] {
        let form = form(name);
        for lang in Lang::ALL {
            let html = html(&form, &Filled::default(), lang);
            assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{name}");
            for forbidden in [" style=\"", "<style", "onclick=", "javascript:"] {
                assert!(!html.contains(forbidden), "{name} has {forbidden}");
            }
            let ids: Vec<&str> =
                html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let mut once = ids.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(ids.len(), once.len(), "{name}: an identifier stands there twice");
            for needed in html.split("aria-describedby=\"").skip(1).filter_map(|rest| rest.split('"').next())
            {
                assert!(needed.split(' ').all(|id| ids.contains(&id)), "{name}: {needed} is not there");
            }
        }
    }
}

#[test]
fn what_was_typed_stands_in_the_page_and_nothing_of_it_becomes_markup() {
    let form = form("disaster-support");
    let typed = [
        ("head.name", "<script>alert(1)</script>\" onfocus=\"x"),
        ("day", "31/02/2026"),
        ("needs", "food"),
        ("damages[0].count", "2"),
        ("damages[0].price", "1.500"),
    ];
    let filled = form.read(typed).expect("is read");
    let html = html(&form, &filled, Lang::Vi);
    assert!(!html.contains("<script>alert") && !html.contains("\" onfocus=\""));
    assert!(html.contains("value=\"31&#x2f;02&#x2f;2026\"") && html.contains("3.000\u{a0}đ"));
    assert!(html.contains("Lấy từ tài khoản của bạn"));
    let view = drawn(&form, &filled, Lang::En);
    let day = view.faults.iter().find(|fault| fault.href == "#f-day").expect("is told");
    assert!(day.text.contains("20/11/2026") && !day.soft && view.refused);
}
