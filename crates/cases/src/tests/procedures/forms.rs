//! The forms of the procedures, and that procedures and forms speak of the same things.

use dinh_forms::{Field, Kind as Field_, Need};

use super::*;

/// Which example fills which form.
const EXAMPLES: [(&str, &str); 14] = [
    ("birth-registration", "birth-registration"),
    ("civil-status-copy", "civil-status-copy"),
    ("complaint", "complaint"),
    ("disaster-support", "disaster-support"),
    ("disaster-support", "disaster-support-urgent"),
    ("discharge-permit", "discharge-permit"),
    ("discharge-permit", "discharge-permit-operating"),
    ("first-grade-admission", "first-grade-admission"),
    ("house-construction-permit", "house-construction-permit"),
    ("household-business", "household-business"),
    ("household-business", "household-business-online"),
    ("residence-confirmation", "residence-confirmation"),
    ("road-works-permit", "road-works-permit"),
    ("social-assistance", "social-assistance"),
];

#[test]
fn the_kinds_make_sense_and_each_form_is_used() {
    let known = known();
    for kind in shipped() {
        assert_eq!(kind.faults(&known), [], "{} {}", kind.code, kind.version);
    }
    let used: BTreeSet<String> = shipped().into_iter().filter_map(|kind| kind.form).collect();
    let named: BTreeSet<String> = known.forms.into_keys().collect();
    assert_eq!(used, named);
    let filled: BTreeSet<String> = EXAMPLES.iter().map(|(form, _)| (*form).to_owned()).collect();
    assert_eq!(filled, named, "each form has an example");
}

#[test]
fn complete_answers_pass() {
    let context = Context { today: DAY, units: &NoUnits, files: &AnyFile };
    let forms = forms();
    for (form, name) in EXAMPLES {
        let faults = forms[form].check(&example(name), &context);
        assert!(faults.iter().all(|fault| fault.soft), "{name}: {faults:?}");
    }
}

#[test]
fn an_empty_form_names_every_field_that_must_be_answered() {
    let context = Context { today: DAY, units: &NoUnits, files: &NoFiles };
    for (name, form) in forms() {
        let faults = form.check(&serde_json::json!({}), &context);
        let told: BTreeSet<&str> =
            faults.iter().filter(|f| !f.soft).map(|f| f.path.split('.').next().unwrap_or_default()).collect();
        let always = |field: &&Field| {
            let fewest = matches!(&field.kind, Field_::Table { count, .. } if count.min > 0);
            field.visible_if.is_none() && (fewest || matches!(field.need, Need::Always))
        };
        let must: BTreeSet<&str> = form.fields.iter().filter(always).map(|f| f.name.as_str()).collect();
        assert!(!must.is_empty() && must.is_subset(&told), "{name}: {must:?} but {told:?}");
    }
}

#[test]
fn leaving_out_any_field_that_must_be_answered_is_a_fault() {
    let context = Context { today: DAY, units: &NoUnits, files: &AnyFile };
    let forms = forms();
    for (form, name) in EXAMPLES {
        let form = &forms[form];
        for field in form.fields.iter().filter(|field| matches!(field.need, Need::Always)) {
            let mut answers = example(name);
            let there = answers.as_object_mut().and_then(|all| all.remove(&field.name)).is_some();
            let faults = form.check(&answers, &context);
            let named = faults.iter().any(|f| !f.soft && f.path.starts_with(&field.name));
            assert_eq!(there, named, "{name}: {}", field.name);
        }
    }
}

/// Conditions of a kind that ask for an answer which its form does not have would never be true, and nobody would know.
#[test]
fn conditions_ask_for_answers_that_the_form_has() {
    let asked = regex::Regex::new(r"answers\.([A-Za-z0-9_.]+)").expect("is a pattern");
    let compared = regex::Regex::new(r"answers\.([A-Za-z0-9_]+) [=!]= '([^']*)'").expect("is a pattern");
    let forms = forms();
    for kind in shipped() {
        let text = serde_json::to_string(&kind).expect("is JSON");
        let form = kind.form.as_ref().map(|name| &forms[name]);
        let fields = form.map(Form::walk).unwrap_or_default();
        for found in asked.captures_iter(&text) {
            assert!(fields.contains_key(&found[1]), "{}: there is no {}", kind.code, &found[1]);
        }
        for found in compared.captures_iter(&text) {
            let Field_::Choice(options) = &fields[&found[1]].kind else {
                panic!("{}: {} is no choice", kind.code, &found[1])
            };
            assert!(
                options.title(&found[2]).is_some(),
                "{}: {} is never {}",
                kind.code,
                &found[1],
                &found[2]
            );
        }
    }
}

/// Files of a form become the part that has the name of their field: others would be lost.
#[test]
fn files_of_a_form_are_parts_of_its_procedure() {
    let mut found = 0;
    for kind in shipped() {
        let Some(form) = kind.form.as_ref().map(|name| &forms()[name]) else { continue };
        for field in form.fields.iter().filter(|field| matches!(field.kind, Field_::Files(_))) {
            assert!(kind.part(&field.name).is_some(), "{}: no part is called {}", kind.code, field.name);
            found += 1;
        }
    }
    assert!(found >= 5, "birth and house ask for files in their forms: {found}");
}

/// What serves for a part comes of a procedure, or is known not to be settled here.
#[test]
fn documents_that_serve_for_a_part_come_from_somewhere() {
    let elsewhere = [
        "birth-notice",
        "death-certificate",
        "disability-certificate",
        "fire-safety-approval",
        "identity-card",
        "land-use-certificate",
        "poor-household-certificate",
    ];
    let kinds = shipped();
    let results: BTreeSet<&str> =
        kinds.iter().flat_map(|kind| &kind.results).map(|result| result.document.as_str()).collect();
    for kind in &kinds {
        for document in kind.parts.iter().flat_map(|part| &part.served_by) {
            let known = results.contains(document.as_str()) || elsewhere.contains(&document.as_str());
            assert!(known, "{}: {document} comes from nowhere", kind.code);
        }
    }
}
