//! What changes around a case: versions of its kind, and the units that it lies with.

use proptest::prelude::*;

use super::journeys::in_progress;
use super::procedures::{any_example, shipped};
use super::*;
use crate::{Change, Difference, Section};

const OLD: &str = "urn:ngsi-ld:Unit:phuong-1";
const NEW: &str = "urn:ngsi-ld:Unit:phuong-moi";

fn found<'d>(all: &'d [Difference], section: Section, code: &str) -> &'d Change {
    let one = all.iter().find(|one| one.section == section && one.code == code);
    &one.unwrap_or_else(|| panic!("{section:?} {code} is not told: {all:?}")).change
}

#[test]
fn versions_are_compared_part_by_part() {
    let kind = merged(COPY);
    assert_eq!(kind.differences(&kind), []);
    let mut newer = Kind { version: 2, status: crate::Status::Draft, ..kind.clone() };
    newer.states.iter_mut().find(|state| state.code == "filed").expect("is there").limit = None;
    newer.actions.retain(|action| action.code != "remark");
    newer.fees.push(crate::Fee { code: "second".to_owned(), ..kind.fees[0].clone() });
    newer.valid_from = newer.valid_from.tomorrow().expect("is a day");
    let all = kind.differences(&newer);
    assert_eq!(all.len(), 4, "{all:?}");
    assert!(
        matches!(found(&all, Section::Whole, ""), Change::Changed(fields) if fields[0].field == "valid_from")
    );
    assert!(matches!(found(&all, Section::States, "filed"),
        Change::Changed(fields) if fields.len() == 1 && fields[0].field == "limit" && fields[0].is.is_none()));
    assert_eq!(found(&all, Section::Actions, "remark"), &Change::Removed);
    assert_eq!(found(&all, Section::Fees, "second"), &Change::Added);
}

#[test]
fn the_law_that_is_coming_says_what_it_changes() {
    let version =
        |number| shipped().into_iter().find(|k| k.code == "birth-registration" && k.version == number);
    let (old, new) = (version(1).expect("ships"), version(2).expect("ships"));
    let all = old.differences(&new);
    assert_eq!(found(&all, Section::Parts, "residence"), &Change::Removed);
    assert_eq!(found(&all, Section::Basis, "03/2026/QH16"), &Change::Added);
    // Told from the other side, what was added is removed.
    let back = new.differences(&old);
    assert_eq!(found(&back, Section::Parts, "residence"), &Change::Added);
}

#[test]
fn words_may_be_mended_and_deeds_may_not() {
    let kind = merged(COPY);
    let mut mended = kind.clone();
    mended.states[0].told.vi.push('!');
    mended.actions[0].title.en.push('!');
    mended.valid_to = Some(kind.valid_from);
    assert!(kind.does_the_same(&mended));
    let mut other = kind.clone();
    other.fees[0].amount += 1;
    assert!(!kind.does_the_same(&other));
    let mut other = kind.clone();
    other.actions[0].guard = None;
    assert!(!kind.does_the_same(&other));
}

#[test]
fn a_case_goes_to_the_unit_that_takes_over() {
    let house = House::copies();
    let case = in_progress(&house);
    let successors = BTreeMap::from([(OLD.to_owned(), NEW.to_owned())]);
    let moved =
        case.succeed(&successors, "program", at("2027-01-01T00:01")).expect("fits").expect("is theirs");
    assert_eq!(
        (moved.receiving.as_str(), moved.handling.as_str(), moved.competent.as_str()),
        (NEW, NEW, NEW)
    );
    assert_eq!((&moved.number, &moved.clock, &moved.assignee), (&case.number, &case.clock, &case.assignee));
    let step = moved.steps.last().expect("is told");
    assert_eq!((step.action.as_str(), step.asked["unit"].text()), ("succeed", Some(NEW)));
    // What has nothing with units that end stays as it is, and nobody goes back in time.
    assert_eq!(moved.succeed(&successors, "program", at("2027-01-02T00:01")), Ok(None));
    assert_eq!(case.succeed(&successors, "program", at("2026-11-20T08:00")), Err(Refused::Backwards));
    // It goes on there.
    let there = Actor { unit: Some(NEW.to_owned()), ..handler() };
    house.does(&moved, "2027-01-04T08:00", &there, "submit", &[]);
}

proptest! {
    #[test]
    fn what_is_the_same_has_no_differences_and_whatever_is_told_is_told_of_both_sides(
        one in any_example(), other in any_example(),
    ) {
        let (one, other) = (procedures::kind(one.0), procedures::kind(other.0));
        let (there, back) = (one.differences(&other), other.differences(&one));
        prop_assert_eq!(there.len(), back.len());
        let equal = Kind { version: 1, status: one.status, change: one.change.clone(), ..other.clone() }
            == Kind { version: 1, ..one.clone() };
        prop_assert_eq!(there.is_empty(), equal);
    }
}
