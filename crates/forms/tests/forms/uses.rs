//! What somebody does with a form: fill it, see it again, have it filled in, read it over.

use dinh_forms::{Answer, ReadError, Source, kept, pruned};
use serde_json::{Value, json};

use crate::surroundings::{HUE, PHU_XUAN, TODAY, ask, context, form, small};

fn damage() -> Vec<(&'static str, &'static str)> {
    vec![
        ("head.name", "  Nguyễn  Thị Hoa "),
        ("head.birthDate", "1950"),
        ("head.address.province", HUE),
        ("head.address.commune", PHU_XUAN),
        ("event", "flood"),
        ("eventOther", "không ai hỏi"),
        ("day", "20/11/2026"),
        ("people", "no"),
        ("persons[0].person.name", "Nguyễn Văn An"),
        ("damages[0].what", "rice"),
        ("damages[0].count", "0,35"),
        ("damages[0].measure", "ha"),
        ("damages[0].price", "12.000.000 đ"),
        ("damages[1].what", ""),
        ("damages[1].count", ""),
        ("damages[2].what", "house-heavy"),
        ("damages[2].count", "1"),
        ("damages[2].measure", "house"),
        ("damages[2].price", "60.000.000"),
        ("needs", "food"),
        ("needs", "money"),
        ("pictures", "jpg-1"),
        ("pledge", "yes"),
    ]
}

#[test]
fn what_is_filled_is_settled_checked_and_kept() {
    let form = form("disaster-support");
    let filled = form.read(damage()).expect("is read");
    assert_eq!((filled.faults.len(), filled.unread.len()), (0, 0));
    assert_eq!(filled.answers["head"]["name"], "Nguyễn Thị Hoa");
    assert_eq!(filled.answers["damages"][1], json!({}), "an empty row keeps its place");
    let settled = form.settle(&filled.answers, TODAY);
    assert!(
        !settled.is_asked("eventOther")
            && !settled.is_asked("persons[0].person.name")
            && settled.is_asked("day")
    );
    let answers = form.accept(&Value::Object(filled.answers), &context()).expect("follows the rules");
    assert!(!answers.contains_key("eventOther") && !answers.contains_key("persons"));
    assert_eq!(answers["damages"].as_array().expect("is a list").len(), 2);
    assert_eq!(answers["damages"][0]["amount"], 4_200_000);
    assert_eq!(answers["total"], 64_200_000);
}

#[test]
fn what_is_computed_is_never_believed() {
    let form = form("disaster-support");
    let mut answers = form.read(damage()).expect("is read").answers;
    answers.insert("total".into(), json!(1));
    answers["damages"][0]["amount"] = json!(1);
    let kept = form.accept(&Value::Object(answers), &context()).expect("follows the rules");
    assert_eq!((&kept["total"], &kept["damages"][0]["amount"]), (&json!(64_200_000), &json!(4_200_000)));
    assert!(matches!(form.read([("total", "1")]), Err(ReadError::Unknown(_))));
}

#[test]
fn what_is_needed_only_sometimes_is_needed_then() {
    let form = form("disaster-support");
    let without = |names: &[&str]| {
        let pairs = damage().into_iter().filter(|(name, _)| !names.contains(name));
        let answers = form.read(pairs).expect("is read").answers;
        let faults = form.check(&Value::Object(answers), &context());
        faults.into_iter().map(|fault| format!("{} {}", fault.path, fault.rule)).collect::<Vec<_>>()
    };
    assert_eq!(without(&["pictures"]), ["pictures required"]);
    assert_eq!(without(&["pictures", "damages[2].price"]), ["damages[2].price required"]);
    assert_eq!(without(&["pledge", "day"]), ["day required", "pledge consent"]);
}

#[test]
fn what_cannot_be_read_is_kept_as_typed() {
    let form = form("disaster-support");
    let filled = form
        .read([("day", "31/02/2026"), ("damages[0].price", "12,000,000"), ("head.name", "Hoa")])
        .expect("is read");
    let told: Vec<_> = filled.faults.iter().map(|fault| (fault.path.as_str(), fault.rule)).collect();
    assert_eq!(told, [("day", "date"), ("damages[0].price", "integer")]);
    assert_eq!(filled.unread["day"], "31/02/2026");
    assert!(filled.faults[0].message.vi.contains("20/11/2026") && !filled.answers.contains_key("day"));
}

#[test]
fn what_a_form_does_not_have_and_what_is_too_much_is_refused() {
    let form = form("disaster-support");
    for name in [
        "do",
        "head",
        "head.name.first",
        "damages.what",
        "damages[0]",
        "head[0].name",
        "role",
        "",
        "x[",
        "event[0]",
    ] {
        assert!(matches!(form.read([(name, "x")]), Err(ReadError::Unknown(_))), "{name}");
    }
    assert!(matches!(form.read([("damages[60].what", "rice")]), Err(ReadError::Rows { most: 60, .. })));
    let long = "x".repeat(65 * 1024);
    assert!(matches!(form.read([("story", long.as_str())]), Err(ReadError::TooMuch(_))));
    assert!(matches!(form.read(std::iter::repeat_n(("needs", "food"), 5_001)), Err(ReadError::TooMuch(_))));
}

#[test]
fn answers_that_are_known_are_filled_in_and_marked() {
    let form = form("disaster-support");
    let known = json!({
        "person.name": "Trần Văn Bình", "person.birthDate": "1950-11", "person.sex": "neither",
        "person.address": {"province": HUE, "commune": PHU_XUAN}, "person.telephone": "0912345678"
    });
    let answers = form.read([("head.telephone", "0234 382 2345")]).expect("is read").answers;
    let known = known.as_object().expect("is an object");
    let (filled, marks) = form.prefill(&answers, known, &Source::Account, &context());
    let paths: Vec<&str> = marks.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        ["head.address", "head.birthDate", "head.name"],
        "not what was answered, not what breaks a rule"
    );
    assert_eq!(filled["head"]["telephone"], "02343822345");
    let mut changed = filled.clone();
    changed["head"]["name"] = json!("Trần Văn Bính");
    let still: Vec<_> = kept(&marks, &filled, &changed).into_keys().collect();
    assert_eq!(still, ["head.address", "head.birthDate"]);
    let graph = Source::Graph("urn:ngsi-ld:Person:1".into());
    assert_eq!(
        serde_json::to_value(graph).expect("is written"),
        json!({"from": "graph", "id": "urn:ngsi-ld:Person:1"})
    );
}

#[test]
fn a_form_says_who_applies() {
    let form = form("disaster-support");
    let pairs = [
        ("head.name", "Trần Văn Bình"),
        ("head.personalId", "046050001234"),
        ("head.telephone", "0234 382 2345"),
        ("head.address.province", HUE),
        ("head.address.commune", PHU_XUAN),
        ("head.address.detail", "12 Lê Lợi"),
    ];
    let answers = form.read(pairs).expect("is read").answers;
    let told = form.applicant_told(&answers, &context()).expect("asks who applies");
    assert_eq!(told.name.as_deref(), Some("Trần Văn Bình"));
    assert_eq!((told.number.as_deref(), told.email), (Some("046050001234"), None));
    let address = told.address.expect("is told");
    assert!(address.starts_with("12 Lê Lợi, ") && !address.contains("urn:"), "{address}");
    let refused = |applicant: Value| {
        let mut changed = form.schema.clone();
        changed["x-dinh"]["applicant"] = applicant;
        dinh_forms::Form::from_json(&changed.to_string()).expect_err("is refused").to_string()
    };
    for applicant in
        [json!("event"), json!("nobody"), json!({"name": "head.nickname"}), json!({"name": "account"})]
    {
        assert!(refused(applicant).starts_with("x-dinh.applicant: "));
    }
}

#[test]
fn answers_are_read_over_in_the_language_of_the_reader() {
    let form = form("disaster-support");
    let filled = form.read(damage()).expect("is read");
    let answers = pruned(&form.settle(&filled.answers, TODAY).answers);
    let vi = form.summary(&answers, "vi", &context());
    let flat = format!("{vi:?}");
    for part in [
        "Chủ hộ",
        "Phường Phú Xuân, Thành phố Huế",
        "20/11/2026",
        "64.200.000\\u{a0}đ",
        "Lũ, ngập lụt",
        "Khoản 2",
        "Không",
        "jpg-1.jpg",
    ] {
        assert!(flat.contains(part), "{part} is not in {flat}");
    }
    let en = format!("{:?}", form.summary(&answers, "en", &context()));
    assert!(
        en.contains("Estimated damage in all") && en.contains("Food and water") && !en.contains("Chủ hộ")
    );
    let rows =
        vi.iter().flat_map(|group| &group.entries).find(|entry| entry.path == "damages").expect("is there");
    assert!(matches!(&rows.value, Answer::Rows(rows) if rows.len() == 2));
}

#[test]
fn letters_and_marks_sent_apart_are_kept_together() {
    let form = small(&json!({"a": ask("text", "string", &json!({}), &json!({}))}), &[]).expect("is a form");
    let apart = "Hue\u{302}\u{301}";
    assert_eq!(form.read([("a", apart)]).expect("is read").answers["a"], "Huế");
}

#[test]
fn what_the_browser_works_out_stands_in_order() {
    let form = form("disaster-support");
    let paths: Vec<String> = form.logic().into_iter().map(|logic| logic.path).collect();
    let place = |name: &str| paths.iter().position(|path| path == name).expect("has logic");
    assert!(place("damages.amount") < place("total"));
    assert!(form.logic().iter().any(|logic| logic.path == "pictures" && logic.required.is_some()));
}
