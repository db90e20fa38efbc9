//! What a later edition asks otherwise.

use dinh_forms::{Aspect, Change, Form};
use serde_json::{Value, json};

use crate::surroundings::{ask, shipped, small};

fn form(properties: &Value, required: &[&str]) -> Form {
    small(properties, required).expect("a form")
}

fn text(title: &str, most: u32) -> Value {
    let words = json!({"title": {"vi": title, "en": title}});
    ask("text", "string", &json!({"maxLength": most}), &words)
}

fn choice(codes: &[&str]) -> Value {
    let options: serde_json::Map<String, Value> =
        codes.iter().map(|code| ((*code).to_owned(), json!({"vi": code, "en": code}))).collect();
    ask("choice", "string", &json!({"enum": codes}), &json!({"options": options}))
}

/// The differences in short: `name: added`, `name: title, need`.
fn told(was: &Form, is: &Form) -> Vec<String> {
    let aspect = |aspect: &Aspect<'_>| match aspect {
        Aspect::Title(was, is) => format!("{} > {}", was.vi, is.vi),
        Aspect::Hint(..) => "hint".to_owned(),
        Aspect::Need(..) => "need".to_owned(),
        Aspect::Condition(was, is) => format!("condition {was} > {is}"),
        Aspect::Answer(was, is) => format!("{was} > {is}"),
        Aspect::Least(was, is) => format!("least {was} > {is}"),
        Aspect::Most(was, is) => format!("most {was} > {is}"),
        Aspect::Options(gone, added) => {
            let all =
                |texts: &[&dinh_forms::Text]| texts.iter().map(|one| one.vi.clone()).collect::<String>();
            format!("-{} +{}", all(gone), all(added))
        }
        Aspect::Rules => "rules".to_owned(),
    };
    was.differences(is)
        .iter()
        .map(|one| match &one.change {
            Change::Added => format!("{}: added", one.path),
            Change::Removed => format!("{}: removed", one.path),
            Change::Changed(all) => {
                format!("{}: {}", one.path, all.iter().map(aspect).collect::<Vec<_>>().join(", "))
            }
        })
        .collect()
}

#[test]
fn a_form_does_not_differ_from_itself() {
    for form in shipped() {
        assert_eq!(told(&form, &form), Vec::<String>::new(), "{}", form.id);
    }
}

#[test]
fn fields_that_come_go_and_change_are_told_with_what_changes() {
    let was = form(
        &json!({"name": text("Họ tên", 100), "old": text("Cũ", 10), "why": choice(&["a", "b"]), "same": text("Mục", 10)}),
        &["name"],
    );
    let is = form(
        &json!({
            "name": text("Họ, chữ đệm, tên", 50),
            "why": choice(&["b", "c"]),
            "same": text("Mục", 10),
            "new": text("Mới", 10)
        }),
        &[],
    );
    let expected =
        ["name: Họ tên > Họ, chữ đệm, tên, need, most 100 > 50", "why: -a +c", "new: added", "old: removed"];
    assert_eq!(told(&was, &is), expected);
}

#[test]
fn another_kind_of_answer_is_told_as_such_and_what_is_within_a_row_by_its_path() {
    let row = |inner: Value| {
        let items = json!({"items": {"type": "object", "properties": inner}});
        ask("table", "array", &items, &json!({"row": {"vi": "Dòng", "en": "Row"}}))
    };
    let was = form(&json!({"rows": row(json!({"one": text("Một", 10)}))}), &[]);
    let number = ask("number", "number", &json!({}), &json!({"title": {"vi": "Một", "en": "Một"}}));
    let is = form(&json!({"rows": row(json!({"one": number}))}), &[]);
    assert_eq!(told(&was, &is), ["rows.one: text > number"]);
}
