//! Complaints, reports and proposals about a dossier; and what applicants think of how it was settled.

use super::*;
use crate::{Outcome, Rating};

/// A complaint as it is sent, on Monday at eight, about a dossier on which `handler` and `leader` worked.
fn sent(house: &House) -> Case {
    let mut case = opened(house, "complaint", Channel::Online);
    case.barred = vec!["handler".to_owned(), "leader".to_owned()];
    does(house, &case, "2026-11-23T08:00", &program(), "register")
}

fn judged(other: &str, actor: Actor) -> Actor {
    Actor { account: Some(other.to_owned()), ..actor }
}

fn barred(actor: Actor) -> Actor {
    Actor { barred: true, ..actor }
}

#[test]
fn nobody_who_worked_on_a_dossier_judges_the_complaint_about_it() {
    let house = House::of(kind("complaint"));
    let case = does(&house, &sent(&house), "2026-11-23T09:00", &clerk(), "accept");
    let given = house.act(
        &case,
        "2026-11-24T08:30",
        &judged("other", handler()),
        "assign",
        &[("official", text("handler"))],
    );
    assert!(matches!(given, Err(Refused::Asked { .. })), "{given:?}");
    let own_work = acts(&house, &case, "2026-11-24T09:00", &barred(handler()), "submit");
    assert!(matches!(own_work, Err(Refused::Role { .. })), "{own_work:?}");
    let case = does(&house, &case, "2026-11-24T09:00", &judged("other", handler()), "submit");
    for action in ["uphold", "reject", "send-back"] {
        let own_work = acts(&house, &case, "2026-11-25T09:00", &barred(leader()), action);
        assert!(matches!(own_work, Err(Refused::Role { .. })), "{own_work:?}");
    }
    let case = does(&house, &case, "2026-11-25T09:00", &judged("above", leader()), "uphold");
    assert_eq!((case.state.as_str(), case.ended.map(|end| end.1)), ("upheld", Some(Outcome::Granted)));
}

#[test]
fn a_complaint_has_the_times_of_the_law() {
    let house = House::of(kind("complaint"));
    let case = sent(&house);
    // Mười ngày để thụ lý: đến hết 03/12.
    assert_eq!(case.state_due(&house.schedule), Some(at("2026-12-03T17:30")));
    let case = does(&house, &case, "2026-11-25T09:00", &clerk(), "accept");
    // Ba mươi ngày kể từ ngày thụ lý 25/11: 25/12.
    assert_eq!(case.due(&house.schedule), Some(at("2026-12-25T17:30")));
    let more = [("days", Answer::Count(15)), ("reason", text("Phải đo lại thửa đất."))];
    let case = house.does(&case, "2026-12-10T09:00", &judged("other", handler()), "extend", &more);
    // 09/01/2027 là thứ Bảy: hết ngày làm việc tiếp theo.
    assert_eq!(case.due(&house.schedule), Some(at("2027-01-11T17:30")));
    let house = House::of(kind("feedback"));
    let case = sent(&house);
    // Hai ngày làm việc; 24/11 nghỉ.
    assert_eq!(case.state_due(&house.schedule), Some(at("2026-11-26T17:30")));
    let case = does(&house, &case, "2026-11-25T09:00", &clerk(), "accept");
    assert_eq!(case.due(&house.schedule), Some(at("2026-12-16T17:30")));
}

#[test]
fn a_case_is_rated_once_by_its_applicant_after_it_has_ended() {
    let house = House::of(kind("civil-status-copy"));
    let open = opened(&house, "civil-status-copy", Channel::Online);
    let rate = |case: &Case, stars: u8, remark: &str, actor: &Actor, now: &str| {
        house.kind.rate(case, (stars, remark), actor, at(now), &house.schedule)
    };
    let early = rate(&open, 5, "", &citizen(), "2026-11-23T08:10");
    assert!(matches!(early, Err(Refused::State { .. })), "{early:?}");
    let case = does(&house, &open, "2026-11-23T09:00", &citizen(), "withdraw");
    let other = rate(&case, 5, "", &clerk(), "2026-11-23T10:00");
    assert!(matches!(other, Err(Refused::Role { .. })), "{other:?}");
    for stars in [0, 6] {
        let odd = rate(&case, stars, "", &citizen(), "2026-11-23T10:00");
        assert!(matches!(odd, Err(Refused::Asked { .. })), "{odd:?}");
    }
    let long = rate(&case, 3, &"x".repeat(1_001), &citizen(), "2026-11-23T10:00");
    assert!(matches!(long, Err(Refused::Asked { .. })), "{long:?}");
    let rated = rate(&case, 2, " Phải đi lại ba lần. ", &citizen(), "2026-11-25T10:00").expect("is rated");
    let expected = Rating {
        stars: 2,
        remark: Some("Phải đi lại ba lần.".to_owned()),
        first: at("2026-11-25T10:00"),
        at: at("2026-11-25T10:00"),
    };
    assert_eq!((rated.rating.as_ref(), rated.state.as_str()), (Some(&expected), "withdrawn"));
    let again = rate(&rated, 4, "", &citizen(), "2026-12-02T17:30").expect("may be changed for a week");
    assert_eq!(again.rating.map(|r| (r.stars, r.first)), Some((4, expected.first)));
    let late = rate(&rated, 4, "", &citizen(), "2026-12-03T08:00");
    assert_eq!(late, Err(Refused::Over("rate".to_owned())));
    let much_later = rate(&case, 4, "", &citizen(), "2027-02-23T08:00");
    assert_eq!(much_later, Err(Refused::Over("rate".to_owned())));
    assert_eq!(house.kind.rated_until(&open, at("2026-11-23T08:10"), &house.schedule), None);
}
