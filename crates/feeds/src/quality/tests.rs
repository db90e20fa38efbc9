//! Quality checks by example, and that their memory is bounded.

use dinh_model::{Attribute, Attributes, GeoValue, Iri, Timestamp, Value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Checks, Outlines, Report};
use crate::definition::{CheckDefinition, FeedDefinition, FeedName, Mode};
use crate::mapping::{Mapped, Position, Rejection, Replayed, Vocabulary};

const HOUR: i64 = 3_600_000_000;

fn definitions(checks: &str) -> Vec<CheckDefinition> {
    let text = format!(
        "title = {{ vi = \"a\", en = \"a\" }}\n[source]\nkind = \"http-push\"\n[map]\ntype = \"T\"\nid = \"urn:t:1\"\n{checks}"
    );
    FeedDefinition::parse(FeedName::new("p", "f"), "f.toml", &text).unwrap().quality
}

fn checks(text: &str) -> Checks {
    Checks::new(&definitions(text), &Vocabulary::new(|name| name.into()), &Outlines::default())
}

fn fragment(id: &str, name: &str, value: Value, at: Timestamp) -> Mapped {
    let attribute = Attribute::new(value, at).observed(at);
    Mapped {
        id: Iri::parse(&format!("urn:t:{id}")).unwrap(),
        types: vec!["T".into()],
        scopes: Vec::new(),
        mode: Mode::Upsert,
        attributes: Attributes::from([(name.into(), vec![attribute])]),
        on_create: Attributes::new(),
        position: Position::default(),
        replayed: None,
    }
}

/// Checks one value of the attribute `v`, observed in hour `hour`.
fn check(checks: &mut Checks, value: f64, hour: i64) -> (Result<Report, Rejection>, Json) {
    let at = Timestamp::from_micros(hour * HOUR);
    let mut fragment = fragment("1", "v", Value::Property(json!(value)), at);
    let report = checks.run(&mut fragment, at);
    let flag = fragment.attributes.get("v").and_then(|instances| {
        let Value::Property(flag) = &instances[0].sub.get("qualityFlag")?.first()?.value else { return None };
        Some(flag.clone())
    });
    (report, flag.unwrap_or_default())
}

#[test]
fn impossible_rain_is_flagged_left_out_or_refused() {
    let range = |action: &str| {
        format!(
            "[[quality]]\ncheck = \"range\"\nattribute = \"v\"\nmin = 0\nmax = 200\naction = \"{action}\"\n"
        )
    };
    let mut flagging = checks(&range("flag"));
    assert_eq!(check(&mut flagging, 4525.0, 0).1, json!("suspect-range"));
    assert_eq!(check(&mut flagging, 200.0, 1).1, json!(null));
    let mut refusing = checks(&range("reject"));
    let refusal = check(&mut refusing, -1.0, 0).0.unwrap_err();
    assert_eq!((refusal.field.as_str(), refusal.rule.as_str()), ("v", "quality"));
    assert_eq!(refusal.reason.en, "the value -1.0 lies outside 0 to 200");
    let mut dropping = checks(&range("drop"));
    let at = Timestamp::from_micros(0);
    let mut wet = fragment("1", "v", Value::Property(json!(999)), at);
    assert_eq!(dropping.run(&mut wet, at).unwrap().dropped, 1);
    assert!(wet.attributes.is_empty());
}

#[test]
fn swapped_coordinates_are_mended_and_others_are_not() {
    let rules = "[[quality]]\ncheck = \"swapped-coordinates\"\nbounds = [102.0, 7.0, 118.0, 24.0]\naction = \"mend\"\n\
                 [[quality]]\ncheck = \"bounds\"\nbounds = [102.0, 7.0, 118.0, 24.0]\naction = \"reject\"\n";
    let mut checks = checks(rules);
    let at = Timestamp::from_micros(0);
    let mut look = |lon: f64, lat: f64| {
        let mut place = fragment("1", "location", Value::Geo(GeoValue::point(lon, lat)), at);
        let report = checks.run(&mut place, at);
        let found = place.attributes["location"][0].clone();
        let Value::Geo(geometry) = &found.value else { panic!("no place") };
        (report, geometry.as_point().unwrap(), found.sub.contains_key("qualityFlag"))
    };
    let (report, point, flagged) = look(19.1, 105.4);
    assert_eq!((report.unwrap().mended, point, flagged), (1, (105.4, 19.1), true));
    let (report, point, flagged) = look(107.5, 16.5);
    assert_eq!((report.unwrap(), point, flagged), (Report::default(), (107.5, 16.5), false));
    assert_eq!(look(2.35, 48.85).0.unwrap_err().rule, "quality");
}

#[test]
fn places_off_the_earth_are_refused_even_without_checks() {
    let mut none = checks("");
    let at = Timestamp::from_micros(0);
    let mut place = fragment("1", "location", Value::Geo(GeoValue::point(16.0, 107.0)), at);
    assert_eq!(none.run(&mut place, at).unwrap_err().rule, "geometry");
}

#[test]
fn a_stuck_gauge_is_flagged_after_a_while_but_rain_may_rest_at_zero() {
    let mut checks = checks(
        "[[quality]]\ncheck = \"stuck\"\nattribute = \"v\"\nsame_for = \"6h\"\ntolerance = 0.01\nexcept = 0\n",
    );
    let flags: Vec<bool> = (0..9).map(|hour| !check(&mut checks, 1.5, hour).1.is_null()).collect();
    assert_eq!(flags, [false, false, false, false, false, false, true, true, true]);
    assert_eq!(check(&mut checks, 1.52, 9).1, json!(null));
    assert!((10..30).all(|hour| check(&mut checks, 0.0, hour).1.is_null()));
}

#[test]
fn a_step_is_measured_from_the_last_value_that_was_believed() {
    let mut checks = checks("[[quality]]\ncheck = \"step\"\nattribute = \"v\"\nmax_change_per_hour = 1.0\n");
    assert_eq!(check(&mut checks, 1.0, 0).1, json!(null));
    assert_eq!(check(&mut checks, 9.0, 1).1, json!("suspect-step"));
    assert_eq!(check(&mut checks, 1.4, 2).1, json!(null), "the spike is not the measure");
    assert_eq!(check(&mut checks, 6.0, 5).1, json!("suspect-step"));
    assert_eq!(check(&mut checks, 6.0, 8).1, json!(null), "in six hours it may have risen so far");
}

#[test]
fn gaps_are_counted_and_late_values_judge_nothing() {
    let mut checks = checks("[[quality]]\ncheck = \"gap\"\nattribute = \"v\"\nexpect_every = \"1h\"\n");
    let mut missing = |hour| check(&mut checks, 1.0, hour).0.unwrap().missing;
    assert_eq!([missing(0), missing(1), missing(5), missing(3), missing(6)], [0, 0, 3, 0, 0]);
    assert_eq!(checks.overdue(Timestamp::from_micros(7 * HOUR)), 0);
    assert_eq!(checks.overdue(Timestamp::from_micros(9 * HOUR)), 1);
}

/// Checks a value recorded in hour `hour` and played in a round that began at second `round`, at `speed`.
fn replay(checks: &mut Checks, value: f64, hour: i64, (round, speed): (i64, f64)) -> (Report, Json) {
    let begin = Timestamp::from_micros(round * 1_000_000);
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a few hours")]
    let played = begin.plus_micros(((hour * HOUR) as f64 / speed) as i64);
    let recorded = Timestamp::from_micros(hour * HOUR);
    let mut fragment = fragment("1", "v", Value::Property(json!(value)), played);
    fragment.replayed = Some(Replayed { recorded, played, round: begin, speed });
    let report = checks.run(&mut fragment, played).unwrap();
    let flag = fragment.attributes["v"][0].sub.get("qualityFlag").map(|flags| match &flags[0].value {
        Value::Property(flag) => flag.clone(),
        other => panic!("{other:?}"),
    });
    (report, flag.unwrap_or_default())
}

const TIMED: &str = "[[quality]]\ncheck = \"stuck\"\nattribute = \"v\"\nsame_for = \"6h\"\n\
     [[quality]]\ncheck = \"step\"\nattribute = \"v\"\nmax_change_per_hour = 1.0\n\
     [[quality]]\ncheck = \"gap\"\nattribute = \"v\"\nexpect_every = \"1h\"\n";

#[test]
fn a_fast_replay_is_measured_in_recorded_time() {
    for speed in [0.5, 1.0, 60.0, 3600.0] {
        let mut checks = checks(TIMED);
        let mut look = |value, hour| replay(&mut checks, value, hour, (7_000, speed));
        for hour in 0..4 {
            assert_eq!(look([0.0, 0.9, 1.8, 2.7][usize::try_from(hour).unwrap()], hour).1, json!(null));
        }
        assert_eq!(look(8.0, 4).1, json!("suspect-step"), "five metres in an hour, at speed {speed}");
        assert_eq!(look(3.2, 7).0.missing, 2, "at speed {speed}");
        for hour in 8..13 {
            assert_eq!(look(3.2, hour).1, json!(null), "at speed {speed}");
        }
        assert_eq!(look(3.2, 13).1, json!("suspect-stuck"), "at speed {speed}");
    }
}

#[test]
fn a_recording_that_begins_again_is_judged_anew() {
    let mut checks = checks(TIMED);
    let mut look = |value, hour, round| replay(&mut checks, value, hour, (round, 60.0));
    assert_eq!(look(1.0, 0, 0).1, json!(null));
    assert_eq!(look(5.0, 8, 0).1, json!(null));
    let (report, flag) = look(1.0, 0, 600);
    assert_eq!((report, flag), (Report::default(), json!(null)), "the jump back is no jump of the river");
    assert_eq!(look(9.0, 1, 600).1, json!("suspect-step"));
    // A record of the first round that comes late neither is judged nor becomes the measure.
    assert_eq!(look(50.0, 2, 0).1, json!(null));
    assert_eq!(look(9.0, 2, 600).1, json!("suspect-step"));
}

#[test]
fn a_fast_replay_is_overdue_sooner() {
    let mut checks = checks(TIMED);
    replay(&mut checks, 1.0, 0, (0, 60.0));
    assert_eq!(checks.overdue(Timestamp::from_micros(HOUR / 60 * 2)), 0);
    assert_eq!(checks.overdue(Timestamp::from_micros(HOUR / 60 * 2 + 1)), 1);
}

#[test]
fn several_flags_are_a_list_and_doubted_values_are_no_measure() {
    let mut checks = checks(
        "[[quality]]\ncheck = \"range\"\nattribute = \"v\"\nmax = 10\n\
         [[quality]]\ncheck = \"step\"\nattribute = \"v\"\nmax_change_per_hour = 1.0\n",
    );
    assert_eq!(check(&mut checks, 1.0, 0).1, json!(null));
    assert_eq!(check(&mut checks, 50.0, 1).1, json!(["suspect-range", "suspect-step"]));
    assert_eq!(check(&mut checks, 1.5, 2).1, json!(null));
}

#[test]
fn memory_survives_a_restart_and_is_bounded() {
    let rule = "[[quality]]\ncheck = \"stuck\"\nattribute = \"v\"\nsame_for = \"6h\"\n";
    let mut first = checks(rule);
    for hour in 0..5 {
        check(&mut first, 2.0, hour).0.unwrap();
    }
    let saved = serde_json::to_value(first.save().unwrap()).unwrap();
    assert_eq!(first.save(), None, "nothing has changed since");
    let mut second = checks(rule);
    second.restore(serde_json::from_value(saved).unwrap());
    assert_eq!(check(&mut second, 2.0, 6).1, json!("suspect-stuck"));

    let at = Timestamp::from_micros(0);
    for number in 0..50_100 {
        let mut one = fragment(&number.to_string(), "v", Value::Property(json!(1)), at);
        second.run(&mut one, at).unwrap();
    }
    let kept = serde_json::to_value(second.save().unwrap()).unwrap();
    assert_eq!(kept.as_array().unwrap().len(), 50_000);
}

proptest! {
    #[test]
    fn checks_judge_anything_and_never_fall(
        values in prop::collection::vec((any::<f64>(), any::<i32>()), 1..40),
        text in "[^\u{0}]{0,8}",
    ) {
        let mut checks = checks(
            "[[quality]]\ncheck = \"range\"\nattribute = \"v\"\nmin = -1e9\nmax = 1e9\n\
             [[quality]]\ncheck = \"stuck\"\nattribute = \"v\"\nsame_for = \"1h\"\n\
             [[quality]]\ncheck = \"step\"\nattribute = \"v\"\nmax_change_per_hour = 5\n\
             [[quality]]\ncheck = \"gap\"\nattribute = \"v\"\nexpect_every = \"1s\"\n\
             [[quality]]\ncheck = \"bounds\"\nattribute = \"v\"\nbounds = [1, 2, 3, 4]\n",
        );
        for (value, second) in values {
            let at = Timestamp::from_micros(i64::from(second) * 1_000_000);
            for value in [json!(value), json!(text.clone()), json!([value])] {
                let mut one = fragment("1", "v", Value::Property(value), at);
                let report = checks.run(&mut one, at).unwrap();
                prop_assert!(report.flagged <= 3);
            }
        }
    }
}
