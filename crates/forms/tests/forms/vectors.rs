//! The vectors that the browser's side runs too.

use dinh_forms::expr::{Got, Rule, Scope};
use dinh_forms::{Form, typed};
use serde_json::{Map, Value, json};

use crate::surroundings::{ask, small};

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors.json")).expect("is JSON")
}

fn map(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("is an object")
}

#[test]
fn expressions_give_what_the_vectors_say() {
    let all = vectors();
    let today = all["today"].as_str().expect("is text").parse().expect("is a day");
    let scope = Scope { answers: map(&all["answers"]), row: Some(map(&all["row"])), today };
    for pair in all["expressions"].as_array().expect("is a list") {
        let rule = Rule::parse(&pair[0]).expect("is an expression");
        let wanted = match &pair[1] {
            Value::Null => Got::Nothing,
            Value::Bool(value) => Got::Bool(*value),
            Value::Number(value) => Got::Number(value.as_f64().expect("is a number")),
            other => Got::Text(other.as_str().expect("is text").to_owned()),
        };
        assert_eq!(scope.eval(&rule.expr), wanted, "{}", pair[0]);
    }
}

fn reads(form: &Form, text: &str) -> Value {
    let filled = form.read([("a", text)]).expect("is read");
    filled.answers.get("a").cloned().unwrap_or(Value::Null)
}

#[test]
fn numbers_and_days_are_read_as_the_vectors_say() {
    let all = vectors();
    let list = |name: &str| all[name].as_array().expect("is a list").clone();
    for triple in list("numbers") {
        let property = match triple[1].as_u64() {
            Some(0) => ask("integer", "integer", &json!({}), &json!({})),
            digits => ask("number", "number", &json!({}), &json!({"digits": digits})),
        };
        let form = small(&json!({"a": property}), &[]).expect("is a form");
        let text = triple[0].as_str().expect("is text");
        let got = reads(&form, text);
        assert_eq!(got.as_f64(), triple[2].as_f64(), "{text:?}");
        if let Some(field) = form.field("a").filter(|_| !got.is_null()) {
            assert_eq!(reads(&form, &typed(&field.kind, &got)[0]), got, "{text:?} is read as it is written");
        }
    }
    for (name, kind) in [("days", "date"), ("partialDays", "partial-date"), ("times", "time")] {
        let form = small(&json!({"a": ask(kind, "string", &json!({}), &json!({}))}), &[]).expect("is a form");
        for pair in list(name) {
            assert_eq!(reads(&form, pair[0].as_str().expect("is text")), pair[1], "{name} {}", pair[0]);
        }
    }
}
