//! Answers that follow the rules, and answers that do not.

use dinh_forms::Fault;
use serde_json::{Value, json};

use crate::surroundings::{HUE, PHU_XUAN, VINH_NINH, ask, context, form, small};

fn told(faults: &[Fault]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault.path.as_str(), fault.rule)).collect()
}

/// What is wrong with one answer to a field of this kind.
fn rules(property: &Value, answer: &Value) -> Vec<&'static str> {
    let form = small(&json!({"a": property}), &[]).expect("is a form");
    form.check(&json!({"a": answer}), &context()).iter().map(|fault| fault.rule).collect()
}

#[test]
fn papers_are_checked_digit_by_digit() {
    let kind = |kind: &str| ask(kind, "string", &json!({}), &json!({}));
    for (property, answer, wanted) in [
        (kind("personal-id"), "046190001234", vec![]),
        (kind("personal-id"), "04619000123", vec!["personal-id"]),
        (kind("personal-id"), "000190001234", vec!["personal-id-place"]),
        (kind("old-id"), "191234567", vec![]),
        (kind("old-id"), "19123456", vec!["old-id"]),
        (kind("tax-code"), "0100109106", vec![]),
        (kind("tax-code"), "0100109106-001", vec![]),
        (kind("tax-code"), "0100109107", vec!["tax-code-check"]),
        (kind("tax-code"), "0100109106-000", vec!["tax-code"]),
        (kind("tax-code"), "0100109106001", vec!["tax-code"]),
        (kind("tax-code"), "046190001234", vec![]),
        (kind("tax-code"), "0200000000", vec!["tax-code-check"]),
        (kind("telephone"), "0912345678", vec![]),
        (kind("telephone"), "02343822345", vec![]),
        (kind("telephone"), "19001080", vec![]),
        (kind("telephone"), "+33123456789", vec![]),
        (kind("telephone"), "912345678", vec!["telephone"]),
        (kind("telephone"), "113", vec!["telephone"]),
        (kind("email"), "hoa@example.vn", vec![]),
        (kind("email"), "hoa@example", vec!["email"]),
        (kind("email"), "hoa@@example.vn", vec!["email"]),
        (kind("email"), "a b@example.vn", vec!["email"]),
        (kind("time"), "23:59", vec![]),
        (kind("time"), "24:00", vec!["time"]),
        (kind("date"), "2026-02-29", vec!["date"]),
        (kind("date"), "2026-02", vec!["date"]),
        (kind("partial-date"), "2026-02", vec![]),
    ] {
        assert_eq!(rules(&property, &json!(answer)), wanted, "{answer} in {property}");
    }
}

/// A sum that leaves no remainder would have the check digit 10; other programs take it for 0.
#[test]
fn a_check_digit_of_ten_does_not_exist() {
    assert!(dinh_forms::is_enterprise_code("0100109106"));
    let weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let mut refused = 0;
    for number in 1_u64..2_000 {
        let head = format!("01{number:07}");
        let sum: u32 = head.bytes().zip(weights).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
        let taken: Vec<u32> =
            (0..10).filter(|digit| dinh_forms::is_enterprise_code(&format!("{head}{digit}"))).collect();
        let wanted: Vec<u32> = if sum.is_multiple_of(11) { vec![] } else { vec![10 - sum % 11] };
        refused += u32::from(sum.is_multiple_of(11));
        assert_eq!(taken, wanted, "{head}");
    }
    assert!(refused > 100);
}

#[test]
fn bounds_hold_on_both_sides() {
    let text = ask("text", "string", &json!({"minLength": 2, "maxLength": 4}), &json!({}));
    let number = ask("number", "number", &json!({"minimum": -1, "maximum": 1.5}), &json!({"digits": 1}));
    let money = ask("money", "integer", &json!({"maximum": 5000}), &json!({}));
    let day = ask("date", "string", &json!({}), &json!({"earliest": "2020-01-01", "latest": "today"}));
    let partial = ask("partial-date", "string", &json!({}), &json!({"latest": "today"}));
    let says = json!({"says": {"vi": "Viết hoa.", "en": "In capitals."}});
    let pattern = ask("text", "string", &json!({"pattern": "^[A-Z]+$"}), &says);
    let options = json!({"options": {"a": {"vi": "A", "en": "A"}, "b": {"vi": "B", "en": "B"}, "c": {"vi": "C", "en": "C"}}});
    let several = ask(
        "choices",
        "array",
        &json!({"items": {"enum": ["a", "b", "c"]}, "minItems": 1, "maxItems": 2}),
        &options,
    );
    for (property, answer, wanted) in [
        (&text, json!("ế"), vec!["min-length"]),
        (&text, json!("Huế."), vec![]),
        (&text, json!("Huế ơi"), vec!["max-length"]),
        (&text, json!("a\u{7}b"), vec!["control"]),
        (&text, json!(12), vec!["shape"]),
        (&number, json!(1.5), vec![]),
        (&number, json!(1.55), vec!["digits"]),
        (&number, json!(1.6), vec!["maximum"]),
        (&number, json!(-1.1), vec!["minimum"]),
        (&number, json!("1"), vec!["shape"]),
        (&money, json!(5000), vec![]),
        (&money, json!(5001), vec!["maximum"]),
        (&money, json!(-1), vec!["minimum"]),
        (&money, json!(0.5), vec!["digits"]),
        (&day, json!("2026-11-21"), vec![]),
        (&day, json!("2026-11-22"), vec!["latest"]),
        (&day, json!("2019-12-31"), vec!["earliest"]),
        (&partial, json!("2026"), vec![]),
        (&partial, json!("2026-12"), vec!["latest"]),
        (&pattern, json!("ABC"), vec![]),
        (&pattern, json!("abc"), vec!["pattern"]),
        (&several, json!(["a", "c"]), vec![]),
        (&several, json!(["a", "b", "c"]), vec!["max-items"]),
        (&several, json!(["a", "a"]), vec!["unique"]),
        (&several, json!(["d"]), vec!["choice"]),
        (&several, json!("a"), vec!["shape"]),
    ] {
        assert_eq!(rules(property, &answer), wanted, "{answer} in {property}");
    }
}

#[test]
fn units_are_those_of_the_day_or_of_any() {
    let today = ask("address", "object", &json!({}), &json!({}));
    let ever = ask("address", "object", &json!({}), &json!({"units": "ever"}));
    for (property, answer, wanted) in [
        (&today, json!({"province": HUE, "commune": PHU_XUAN}), vec![]),
        (&today, json!({"province": HUE, "commune": VINH_NINH}), vec!["unit-ended"]),
        (&ever, json!({"province": HUE, "commune": VINH_NINH}), vec![]),
        (&today, json!({"province": HUE}), vec!["required"]),
        (&today, json!({"province": HUE, "commune": "Phú Xuân"}), vec!["unit"]),
        (&today, json!({"province": HUE, "commune": HUE}), vec!["unit"]),
        (&today, json!({"province": PHU_XUAN, "commune": "Phú Xuân"}), vec!["unit"]),
        (&today, json!({"province": "urn:province:ha-noi", "commune": "Phường Ba Đình"}), vec![]),
        (&today, json!({"province": "urn:province:ha-noi", "commune": "urn:x"}), vec!["unit"]),
        (&today, json!({"detail": "12 Lê Lợi"}), vec!["required", "required"]),
    ] {
        assert_eq!(rules(property, &answer), wanted, "{answer}");
    }
}

#[test]
fn files_are_those_of_the_dossier() {
    let files = |min| {
        ask(
            "files",
            "array",
            &json!({"minItems": min, "maxItems": 2}),
            &json!({"media": ["image/jpeg"], "size": 1_000_000}),
        )
    };
    for (answer, wanted) in [
        (json!(["jpg-1"]), vec![]),
        (json!(["jpg-1", "jpg-2", "jpg-3"]), vec!["max-items"]),
        (json!(["pdf-1"]), vec!["file-kind"]),
        (json!(["large-1"]), vec!["file-size"]),
        (json!(["of somebody else"]), vec!["no-file"]),
    ] {
        assert_eq!(rules(&files(1), &answer), wanted, "{answer}");
    }
}

#[test]
fn an_identity_number_that_does_not_fit_is_doubted_and_taken() {
    let parts = json!({"parts": ["name", "birthDate", "sex", "personalId"], "required_parts": ["name"]});
    let form = small(&json!({"a": ask("person", "object", &json!({}), &parts)}), &["a"]).expect("is a form");
    let person = |born: &str, sex: &str, id: &str| json!({"a": {"name": "Hoa", "birthDate": born, "sex": sex, "personalId": id}});
    assert_eq!(form.check(&person("1990-05-01", "female", "046190001234"), &context()), []);
    let answers = person("1991-05-01", "male", "046190001234");
    let doubts = form.check(&answers, &context());
    assert_eq!(told(&doubts), [("a.personalId", "personal-id-sex"), ("a.personalId", "personal-id-year")]);
    assert!(doubts.iter().all(|fault| fault.soft) && form.accept(&answers, &context()).is_ok());
    assert_eq!(form.check(&person("2015-05-01", "male", "046215001234"), &context()), []);
}

#[test]
fn a_group_that_may_be_left_out_is_whole_or_not_there() {
    let parts = json!({"parts": ["name", "birthDate"], "required_parts": ["name", "birthDate"]});
    let person = ask("person", "object", &json!({}), &parts);
    let optional = small(&json!({"a": person}), &[]).expect("is a form");
    assert_eq!(optional.check(&json!({}), &context()), []);
    assert_eq!(
        told(&optional.check(&json!({"a": {"name": "Hoa"}}), &context())),
        [("a.birthDate", "required")]
    );
    let required = small(&json!({"a": person}), &["a"]).expect("is a form");
    assert_eq!(
        told(&required.check(&json!({}), &context())),
        [("a.name", "required"), ("a.birthDate", "required")]
    );
}

#[test]
fn names_that_a_form_does_not_have_are_told() {
    let form = form("disaster-support");
    let answers = json!({"isAdmin": true, "head": {"name": "Hoa", "role": "x"}, "damages": [{"what": "rice", "hidden": 1}]});
    let faults = form.check(&answers, &context());
    let unknown: Vec<_> = told(&faults)
        .into_iter()
        .filter(|(_, rule)| *rule == "unknown")
        .map(|(path, _)| path.to_owned())
        .collect();
    assert_eq!(unknown, ["isAdmin", "head.role", "damages[0].hidden"]);
    assert!(form.accept(&answers, &context()).is_err());
    for nonsense in [json!(null), json!([]), json!("x")] {
        assert_eq!(told(&form.check(&nonsense, &context())), [("", "shape")]);
    }
}
