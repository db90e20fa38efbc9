//! What happens by itself.

use serde_json::json;

use super::*;
use crate::Wake;

#[test]
fn whoever_is_nearly_late_is_told_once() {
    let house = House::copies();
    let case = house.opened("2026-11-23T07:30", &json!({"copies": 1}));
    assert_eq!(house.kind.next_wake(&case, at("2026-11-23T07:30"), &house.schedule), None);
    let mut case = house.does(&case, "2026-11-23T08:00", &clerk(), "accept", &[]);
    let next = |case: &Case, now: &str| house.kind.next_wake(case, at(now), &house.schedule);
    let first = next(&case, "2026-11-23T08:00").expect("something happens");
    let told = |what: &Wake| match what {
        Wake::Tell { escalation, .. } => escalation.clone(),
        Wake::Act(action) => panic!("nothing acts by itself: {action}"),
    };
    assert_eq!(told(&first.what), "nearly-due");
    assert!(first.at > at("2026-11-23T13:00") && first.at < at("2026-11-23T17:30"), "{}", first.at);
    assert_eq!(next(&case, "2026-11-23T10:00").map(|woken| woken.at), Some(first.at), "whenever it is asked");
    case.told.push("nearly-due".to_owned());
    let second = next(&case, "2026-11-23T16:00").expect("something happens");
    assert_eq!((told(&second.what).as_str(), second.at), ("late", at("2026-11-23T17:30")));
    case.told.push("late".to_owned());
    assert_eq!(next(&case, "2026-11-23T18:00"), None);
}

#[test]
fn a_timer_takes_its_action() {
    let own = format!(
        "{COPY}\n[[timer]]\ncode = \"silence\"\nstate = \"supplement\"\nafter = {{ amount = 30, unit = \"day\" }}\n\
         action = \"lapse\"\n[[action]]\ncode = \"lapse\"\ntitle = {{ vi = \"Dừng\", en = \"Stop\" }}\n\
         done = {{ vi = \"Đã dừng\", en = \"Stopped\" }}\nfrom = [\"supplement\"]\nto = \"stopped\"\nby = [\"program\"]\n"
    );
    let house = House::of(merged(&own));
    assert_eq!(house.kind.faults(&known()), []);
    let case = house.opened("2026-11-23T08:00", &json!({"copies": 1}));
    let case = house.does(&case, "2026-11-23T08:30", &clerk(), "accept", &[]);
    let case = house.does(&case, "2026-11-23T09:00", &handler(), "start", &[]);
    let asked = [("reason", text("Bổ sung giấy tờ"))];
    let case = house.does(&case, "2026-11-23T09:30", &handler(), "ask-more", &asked);
    let woken = house.kind.next_wake(&case, at("2026-11-23T09:30"), &house.schedule);
    let woken = woken.expect("something happens");
    assert_eq!((woken.what, woken.at), (Wake::Act("lapse".into()), at("2026-12-23T17:30")));
    assert!(house.act(&case, "2026-12-23T17:00", &leader(), "lapse", &[]).is_err(), "the program alone");
    let case = house.does(&case, "2026-12-23T17:00", &Actor::system(), "lapse", &[]);
    assert_eq!(case.state, "stopped");
}
