//! The states, by example and over all ways through them.

use std::sync::LazyLock;

use dinh_calendar::{Law, Table, WorkingDays};
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{By, Kind, State, Step};
use crate::tables::Deadlines;

fn any_step() -> impl Strategy<Value = (Step, By)> {
    (0..6_usize, prop::bool::ANY)
        .prop_map(|(at, officer)| (Step::ALL[at], if officer { By::Officer } else { By::Requester }))
}

#[test]
fn every_pair_is_allowed_or_refused_as_the_law_has_it() {
    use State::{Acknowledged, Done, Extended, Received, Refused, Withdrawn};
    let legal = [
        (Received, Step::Acknowledge, By::Officer, Acknowledged),
        (Received, Step::Refuse, By::Officer, Refused),
        (Received, Step::Withdraw, By::Requester, Withdrawn),
        (Acknowledged, Step::Extend, By::Officer, Extended),
        (Acknowledged, Step::Complete, By::Officer, Done),
        (Acknowledged, Step::Refuse, By::Officer, Refused),
        (Acknowledged, Step::Withdraw, By::Requester, Withdrawn),
        (Extended, Step::Complete, By::Officer, Done),
        (Extended, Step::Refuse, By::Officer, Refused),
        (Extended, Step::Withdraw, By::Requester, Withdrawn),
    ];
    let mut counted = 0;
    for state in State::ALL {
        for step in Step::ALL {
            for by in [By::Requester, By::Officer] {
                let expected = legal.iter().find(|(s, t, b, _)| (*s, *t, *b) == (state, step, by));
                assert_eq!(state.after(step, by).ok(), expected.map(|(.., to)| *to), "{state} {step} {by}");
                counted += usize::from(expected.is_some());
            }
        }
    }
    assert_eq!(counted, legal.len());
}

proptest! {
    #[test]
    fn whatever_is_tried_a_request_is_extended_once_and_ends_for_good(
        tries in prop::collection::vec(any_step(), 0..40)
    ) {
        let (mut state, mut extended, mut acknowledged) = (State::Received, 0, false);
        for (step, by) in tries {
            let before = state;
            match state.after(step, by) {
                Ok(next) => {
                    prop_assert!(before.is_open(), "nothing follows an end");
                    prop_assert!(step != Step::Complete || acknowledged);
                    prop_assert!((step == Step::Withdraw) == (by == By::Requester));
                    extended += u8::from(step == Step::Extend);
                    acknowledged |= step == Step::Acknowledge;
                    state = next;
                }
                Err(illegal) => prop_assert_eq!((illegal.state, illegal.step, illegal.by), (before, step, by)),
            }
            prop_assert!(extended <= 1);
        }
    }
}

/// The tables that ship.
fn shipped() -> &'static (Deadlines, WorkingDays) {
    static SHIPPED: LazyLock<(Deadlines, WorkingDays)> = LazyLock::new(|| {
        let packs = dinh_context::packs::Packs::embedded().expect("packs");
        let deadlines: Deadlines =
            packs.file("privacy", "deadlines.toml").expect("is there").toml().expect("fits");
        let table: Table = packs.file("calendar", "holidays.toml").expect("is there").toml().expect("fits");
        let law: Law = packs.file("calendar", "days-off.toml").expect("is there").toml().expect("fits");
        (deadlines.checked().expect("fits"), WorkingDays::with_law(&table, &law).expect("fits"))
    });
    &SHIPPED
}

#[test]
fn deadlines_are_those_of_the_edition_that_holds() {
    let (deadlines, calendar) = shipped();
    let monday = date(2026, 11, 23);
    let edition = deadlines.on(monday).expect("holds");
    assert_eq!(edition.acknowledge_by(monday, calendar), date(2026, 11, 26), "24 November is off");
    for (kind, alone, with_others) in [
        (Kind::Access, date(2026, 12, 3), date(2026, 12, 13)),
        (Kind::Copy, date(2026, 12, 3), date(2026, 12, 13)),
        (Kind::Correct, date(2026, 12, 3), date(2026, 12, 13)),
        (Kind::Erase, date(2026, 12, 3), date(2026, 12, 13)),
        (Kind::Restrict, date(2026, 12, 8), date(2026, 12, 13)),
        (Kind::Object, date(2026, 12, 8), date(2026, 12, 13)),
        (Kind::Withdraw, date(2026, 12, 8), date(2026, 12, 13)),
    ] {
        assert_eq!(edition.answer_by(kind, monday, false, calendar), alone, "{kind}");
        assert_eq!(edition.answer_by(kind, monday, true, calendar), with_others, "{kind}");
    }
    assert_eq!(edition.extension_days(), Some(15));
    assert!(!edition.is_sure(), "as long as the act itself was not read");
    assert!(deadlines.on(date(2025, 12, 31)).is_none(), "before the law was in force");
}

proptest! {
    #[test]
    fn nobody_waits_longer_for_a_word_than_for_the_answer(offset in 0_i32..700) {
        let (deadlines, calendar) = shipped();
        let day: Date = date(2026, 1, 1).checked_add(jiff::Span::new().days(offset)).expect("a day");
        let edition = deadlines.on(day).expect("holds");
        for kind in Kind::ALL {
            let (alone, others) =
                (edition.answer_by(kind, day, false, calendar), edition.answer_by(kind, day, true, calendar));
            prop_assert!(day < alone && alone <= others);
        }
        prop_assert!(calendar.works(edition.acknowledge_by(day, calendar)));
    }
}
