//! Files that are no forms are refused, naming the place and the rule.

use serde_json::{Value, json};

use crate::surroundings::{ask, shipped, small};

fn text() -> Value {
    ask("text", "string", &json!({}), &json!({}))
}

fn with(more: &Value) -> Value {
    ask("text", "string", &json!({}), more)
}

fn yes_no() -> Value {
    ask("yes-no", "boolean", &json!({}), &json!({}))
}

fn number(more: &Value) -> Value {
    ask("number", "number", &json!({}), more)
}

#[test]
fn the_forms_that_ship_are_forms() {
    let all = shipped();
    let names: Vec<&str> = all.iter().map(|form| form.id.as_str()).collect();
    for name in ["birth-registration", "disaster-support", "house-construction-permit"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    // A complaint is a text; what a procedure asks is more.
    let is_long = |form: &&dinh_forms::Form| form.walk().len() > 10 && form.steps.len() > 1;
    assert!(all.iter().filter(|form| form.id != "complaint").all(|form| is_long(&form)));
}

fn choice() -> Value {
    let options = json!({"a": {"vi": "A", "en": "A"}, "b": {"vi": "B", "en": "B"}});
    ask("choice", "string", &json!({"enum": ["a", "b"]}), &json!({"options": options}))
}

fn computed(rule: &Value) -> Value {
    ask("computed", "number", &json!({}), &json!({"rule": rule}))
}

fn table(properties: &Value) -> Value {
    let items = json!({"items": {"type": "object", "properties": properties}});
    ask("table", "array", &items, &json!({"row": {"vi": "Dòng", "en": "Row"}}))
}

fn refused(properties: &Value, required: &[&str], part: &str) {
    let refused = small(properties, required).expect_err(part).to_string();
    assert!(refused.contains(part), "{part:?} is not said by {refused:?}");
}

#[test]
fn fields_that_make_no_sense_are_refused_with_their_place() {
    for (properties, required, part) in [
        (json!({"Big": text()}), vec![], "a name is a lower-case letter"),
        (json!({"do": text()}), vec![], "not one of do"),
        (json!({"a": {"type": "string"}}), vec![], "x-dinh is missing"),
        (json!({"a": ask("colour", "string", &json!({}), &json!({}))}), vec![], "\"colour\" is no kind"),
        (json!({"a": ask("number", "string", &json!({}), &json!({}))}), vec![], "has the type \"number\""),
        (
            json!({"a": ask("text", "string", &json!({"minimum": 1}), &json!({}))}),
            vec![],
            "minimum: a field of kind text has no use",
        ),
        (json!({"a": with(&json!({"media": ["image/png"]}))}), vec![], "x-dinh.media"),
        (
            json!({"a": with(&json!({"title": {"vi": "Một", "en": ""}}))}),
            vec![],
            "every text is in both languages",
        ),
        (
            json!({"a": ask("text", "string", &json!({"pattern": "("}), &json!({"says": {"vi": "x", "en": "x"}}))}),
            vec![],
            "pattern",
        ),
        (json!({"a": ask("text", "string", &json!({"pattern": "^a$"}), &json!({}))}), vec![], "go together"),
        (json!({"a": text()}), vec!["b"], "there is no property \"b\""),
        (
            json!({"a": with(&json!({"visible_if": {"field": "b"}})), "b": yes_no()}),
            vec!["a"],
            "stands not in required",
        ),
    ] {
        refused(&properties, &required, part);
    }
}

#[test]
fn rules_that_make_no_sense_are_refused_with_their_place() {
    for (properties, required, part) in [
        (json!({"a": with(&json!({"visible_if": {"field": "c"}}))}), vec![], "there is no field c"),
        (
            json!({"a": with(&json!({"visible_if": {"field": "b"}})), "b": text()}),
            vec![],
            "is not a condition",
        ),
        (
            json!({"a": with(&json!({"visible_if": {"is": [{"field": "b"}, 1]}})), "b": text()}),
            vec![],
            "stands where",
        ),
        (
            json!({"a": with(&json!({"visible_if": {"is": [{"field": "b"}, "c"]}})), "b": choice()}),
            vec![],
            "\"c\" is not among the choices of b: a, b",
        ),
        (
            json!({"a": with(&json!({"visible_if": {"less": [{"field": "b"}, "x"]}})), "b": ask("date", "string", &json!({}), &json!({}))}),
            vec![],
            "no day like",
        ),
        (
            json!({"a": with(&json!({"visible_if": {"less": [{"field": "b"}, 1]}})), "b": text()}),
            vec![],
            "only two numbers or two days",
        ),
        (json!({"a": with(&json!({"visible_if": {"maybe": true}}))}), vec![], "\"maybe\" is no operator"),
        (
            json!({"a": with(&json!({"visible_if": {"not": true, "all": []}}))}),
            vec![],
            "neither a constant nor",
        ),
        (json!({"a": with(&json!({"visible_if": {"all": []}}))}), vec![], "a list of 1 to 100"),
        (
            json!({"a": with(&json!({"visible_if": {"field": ".b"}})), "b": yes_no()}),
            vec![],
            "there is no field .b",
        ),
        (
            json!({"a": ask("yes-no", "boolean", &json!({}), &json!({"visible_if": {"field": "a"}}))}),
            vec![],
            "circle: a → a",
        ),
        (
            json!({"a": computed(&json!({"sum": [{"field": "b"}]})), "b": computed(&json!({"sum": [{"field": "a"}]}))}),
            vec![],
            "circle",
        ),
        (json!({"a": computed(&json!({"answered": "a"}))}), vec![], "is not a number"),
        (
            json!({"a": computed(&json!({"sum": "b.c"})), "b": table(&json!({"c": text()}))}),
            vec![],
            "no column of numbers",
        ),
        (
            json!({"a": computed(&json!({"field": "b.c"})), "b": table(&json!({"c": number(&json!({}))}))}),
            vec![],
            "there is no field b.c",
        ),
        (json!({"a": table(&json!({"b": table(&json!({"c": text()}))}))}), vec![], "first floor"),
        (json!({"a": computed(&json!(1))}), vec!["a"], "cannot be required"),
        (json!({"a": number(&json!({"digits": 9}))}), vec![], "at most 6"),
    ] {
        refused(&properties, &required, part);
    }
}

#[test]
fn steps_name_every_field_once() {
    let whole = |groups: Value| {
        let title = json!({"vi": "Thử", "en": "Test"});
        let form = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "test", "type": "object",
            "x-dinh": {"title": title, "valid_from": "2026-01-01", "source": title, "steps": [{"id": "one", "title": title, "groups": groups}]},
            "required": ["a"],
            "properties": {"a": text(), "b": yes_no()}
        });
        dinh_forms::Form::from_json(&form.to_string()).map(|_form| ()).map_err(|e| e.to_string())
    };
    assert_eq!(whole(json!([{"fields": ["a"]}, {"fields": ["b"]}])), Ok(()));
    for (groups, part) in [
        (json!([{"fields": ["a"]}]), "properties.b: stands on no step"),
        (json!([{"fields": ["a", "b", "a"]}]), "properties.a: stands on the steps twice"),
        (json!([{"fields": ["a", "b", "c"]}]), "there is no field \"c\""),
        (json!([{"fields": ["a", "b"]}, {"fields": []}]), "a group has fields or a note"),
        (json!([{"fields": ["b"]}, {"fields": ["a"], "visible_if": {"field": "b"}}]), "asked only sometimes"),
        (json!([]), "at least one group"),
    ] {
        let refused = whole(groups).expect_err(part);
        assert!(refused.contains(part), "{part:?} is not said by {refused:?}");
    }
    let huge = " ".repeat(300 * 1024);
    assert!(dinh_forms::Form::from_json(&huge).is_err_and(|e| e.to_string().contains("262144")));
}
