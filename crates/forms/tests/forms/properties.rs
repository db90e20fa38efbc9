//! What holds of any answers.

use dinh_forms::{Answers, Day, Field, Form, Kind, pruned};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::surroundings::{HUE, PHU_XUAN, TODAY, context, shipped};

/// Answers that follow the rules of their fields, each given with this probability; in the order of the form.
fn answers(fields: &[Field], given: f64) -> BoxedStrategy<Answers> {
    let mut all: BoxedStrategy<Answers> = Just(Map::new()).boxed();
    for field in fields.iter().filter(|field| !field.kind.is_computed()) {
        let name = field.name.clone();
        let one = value(&field.kind, given);
        let one =
            if given < 1.0 { prop::option::weighted(given, one).boxed() } else { one.prop_map(Some).boxed() };
        all = (all, one)
            .prop_map(move |(mut answers, value)| {
                if let Some(value) = value {
                    answers.insert(name.clone(), value);
                }
                answers
            })
            .boxed();
    }
    all
}

fn value(kind: &Kind, given: f64) -> BoxedStrategy<Value> {
    let day = |years: std::ops::Range<i16>| {
        (years, 1_i8..13, 1_i8..29).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"))
    };
    match kind {
        Kind::Text(words) if words.pattern.is_some() => {
            let (fewest, most) = (if words.min > 0 { words.min } else { 6 }, words.max.min(20));
            prop::collection::vec(prop::char::range('0', '9'), fewest..=most)
                .prop_map(|digits| Value::from(String::from_iter(digits)))
                .boxed()
        }
        Kind::Text(words) => {
            let fewest = words.min;
            "[A-Za-zĐđƠơƯưẾếỘộ]{1,6}( [a-zếộ]{1,5}){0,2}"
                .prop_map(move |mut text| {
                    while text.chars().count() < fewest {
                        text.push_str(" nữa");
                    }
                    Value::from(text)
                })
                .boxed()
        }
        Kind::Number(bounds) | Kind::Integer { bounds, .. } => {
            let scale = 10_f64.powi(i32::from(bounds.digits));
            let whole = |bound: f64| (bound.clamp(-1e6, 1e6) * scale).round();
            (0.0..=1.0_f64, Just((whole(bounds.min), whole(bounds.max))))
                .prop_map(move |(part, (min, max)): (f64, (f64, f64))| {
                    number((min + (max - min) * part).round() / scale)
                })
                .boxed()
        }
        Kind::Date(days) => {
            let years = if days.earliest == Some(Day::Today) { 2027..2100 } else { 2020..2026 };
            day(years).prop_map(Value::from).boxed()
        }
        Kind::PartialDate(_) => (day(1900..2026), prop::sample::select(vec![4_usize, 7, 10]))
            .prop_map(|(day, length)| Value::from(day.chars().take(length).collect::<String>()))
            .boxed(),
        Kind::Time => (0..24, 0..60).prop_map(|(h, m)| json!(format!("{h:02}:{m:02}"))).boxed(),
        Kind::YesNo => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Consent => Just(json!(true)).boxed(),
        Kind::Choice(options) => {
            prop::sample::select(options.all.clone()).prop_map(|(code, _)| Value::from(code)).boxed()
        }
        Kind::Choices { options, count } => {
            let codes: Vec<String> = options.all.iter().map(|(code, _)| code.clone()).collect();
            let most = codes.len().min(count.max);
            prop::sample::subsequence(codes, 1..=most).prop_map(Value::from).boxed()
        }
        Kind::PersonalId { .. } => "[0-9]{12}".prop_map(Value::from).boxed(),
        Kind::OldId => "[0-9]{9}".prop_map(Value::from).boxed(),
        Kind::TaxCode => prop_oneof![Just(json!("0100109106")), Just(json!("0100109106-001"))].boxed(),
        Kind::Telephone => "0[1-9][0-9]{8}".prop_map(Value::from).boxed(),
        Kind::Email => "[a-z]{1,8}@[a-z]{1,8}\\.vn".prop_map(Value::from).boxed(),
        Kind::Province(_) => Just(json!(HUE)).boxed(),
        Kind::Commune { .. } => Just(json!(PHU_XUAN)).boxed(),
        Kind::Files(files) => {
            let kind = if files.media.iter().any(|one| one == "image/jpeg") { "jpg-1" } else { "pdf-1" };
            Just(json!([kind])).boxed()
        }
        Kind::Group { fields, .. } => answers(fields, given).prop_map(Value::Object).boxed(),
        Kind::Table { fields, count, .. } => {
            let rows = count.min..count.min + 4;
            prop::collection::vec(answers(fields, given).prop_map(Value::Object), rows)
                .prop_map(Value::Array)
                .boxed()
        }
        Kind::Computed { .. } => Just(Value::Null).boxed(),
    }
}

fn number(value: f64) -> Value {
    #[allow(clippy::cast_possible_truncation, clippy::allow_attributes, reason = "small numbers of the test")]
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

fn any_form() -> impl Strategy<Value = Form> {
    prop::sample::select(shipped())
}

fn answered(given: f64) -> impl Strategy<Value = (Form, Answers)> {
    any_form().prop_flat_map(move |form| {
        let answers = answers(&form.fields, given).prop_map(|answers| pruned(&answers));
        (Just(form), answers)
    })
}

/// Any JSON, with names that forms have here and there.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9]{4}(-[0-9]{2}){0,2}".prop_map(Value::from),
        Just(json!(HUE)),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let names = prop::sample::select(vec![
            "head",
            "damages",
            "persons",
            "name",
            "birthDate",
            "address",
            "province",
            "commune",
            "count",
            "price",
            "amount",
            "child",
            "mother",
            "father",
            "parcels",
            "parcel",
            "floors",
            "area",
            "needs",
            "pictures",
            "total",
            "day",
            "event",
            "people",
            "pledge",
            "personalId",
            "sex",
            "organisation",
            "taxCode",
            "x",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((names, inner), 0..10)
                .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_the_same((form, answers) in answered(0.8)) {
        let pairs = form.write(&answers);
        let filled = form.read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))).expect("is read");
        prop_assert!(filled.faults.is_empty(), "{:?}", filled.faults);
        prop_assert_eq!(filled.answers, answers);
    }

    #[test]
    fn settling_twice_changes_nothing((form, answers) in answered(0.8)) {
        let once = form.settle(&answers, TODAY);
        prop_assert_eq!(&form.settle(&once.answers, TODAY).answers, &once.answers);
    }

    #[test]
    fn whole_answers_are_accepted_and_valid_by_the_schema_of_the_file((form, answers) in answered(1.0)) {
        let kept = form.accept(&Value::Object(answers), &context());
        prop_assert!(kept.is_ok(), "{:?}", kept);
        let kept = Value::Object(kept.unwrap_or_default());
        let schema = jsonschema::draft202012::new(&form.schema).expect("is a schema");
        let broken: Vec<String> = schema.iter_errors(&kept).map(|e| e.to_string()).collect();
        prop_assert!(broken.is_empty(), "{} {:?}", kept, broken);
        prop_assert!(form.accept(&kept, &context()).is_ok_and(|again| Value::Object(again) == kept));
    }

    #[test]
    fn what_is_accepted_of_half_answers_is_valid_too((form, answers) in answered(0.97)) {
        if let Ok(kept) = form.accept(&Value::Object(answers), &context()) {
            let schema = jsonschema::draft202012::new(&form.schema).expect("is a schema");
            prop_assert!(schema.is_valid(&Value::Object(kept)));
        }
    }

    #[test]
    fn no_json_makes_a_check_panic(form in any_form(), json in any_json()) {
        let faults = form.check(&json, &context());
        prop_assert!(faults.len() <= 201);
        if let Some(answers) = json.as_object() {
            let settled = form.settle(answers, TODAY);
            let _entries = form.summary(&settled.answers, "vi", &context());
            let _pairs = form.write(answers);
        }
    }

    #[test]
    fn no_pairs_make_reading_panic(form in any_form(), pairs in prop::collection::vec(("[a-z]{0,8}(\\[[0-9]{1,4}\\])?(\\.[a-zA-Z]{0,9}){0,3}", ".{0,20}"), 0..20)) {
        let _read = form.read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    }

    #[test]
    fn any_text_is_a_form_or_is_refused(text in ".{0,200}", at in 0_usize..4_000) {
        let _refused = Form::from_json(&text).is_err();
        // A form with a hole in it.
        let whole = include_str!("../../../../packs/one-stop/forms/disaster-support.json");
        let holed: String = whole.chars().enumerate().filter(|(index, _)| !(at..at + 7).contains(index)).map(|(_, c)| c).collect();
        let _either = Form::from_json(&holed);
    }
}
