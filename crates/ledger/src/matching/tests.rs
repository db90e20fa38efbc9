use std::time::Instant;

use super::*;

fn day(text: &str) -> Date {
    text.parse().expect("is a day")
}

fn dong(dong: u64) -> Dong {
    Dong::new(dong).expect("is an amount")
}

fn bill(number: u64, owed: u64) -> Open {
    Open { reference: Reference::nth(number), owed: dong(owed), since: day("2026-11-20") }
}

fn came(text: &str, amount: u64) -> Came<'_> {
    Came { text, amount: dong(amount), day: day("2026-11-23") }
}

fn found(lines: &[Came<'_>], bills: &[Open]) -> Vec<Match> {
    matched(lines, bills).into_iter().map(|found| found.what).collect()
}

#[test]
fn a_line_that_names_a_bill_pays_it_wholly_partly_or_too_much() {
    let bills = [bill(1, 16_000), bill(2, 75_000), bill(3, 50_000)];
    let named =
        |place: usize| format!("MBVCB.123.{}.CT tu 001", bills[place].reference.as_str().to_lowercase());
    let (one, two, three) = (named(0), named(1), named(2));
    let lines =
        [came(&one, 16_000), came(&two, 25_000), came(&two, 50_000), came(&three, 60_000), came(&one, 5_000)];
    let want = [Match::Exact(0), Match::Partial(1), Match::Exact(1), Match::Over(2), Match::Over(0)];
    assert_eq!(found(&lines, &bills), want, "what was paid before is not owed any more");
}

#[test]
fn a_line_that_names_several_bills_pays_all_or_none() {
    let bills = [bill(1, 16_000), bill(2, 75_000)];
    let both = format!("{} va {}", bills[0].reference, bills[1].reference);
    assert_eq!(found(&[came(&both, 91_000)], &bills), [Match::Several(vec![0, 1])]);
    assert_eq!(found(&[came(&both, 90_000)], &bills), [Match::Ambiguous(vec![0, 1])]);
}

#[test]
fn without_a_reference_amount_and_time_make_it_likely_and_no_more() {
    let bills = [bill(1, 16_000), bill(2, 75_000), bill(3, 75_000)];
    assert_eq!(found(&[came("le phi", 16_000)], &bills), [Match::Likely(0)]);
    assert_eq!(found(&[came("le phi", 75_000)], &bills), [Match::Ambiguous(vec![1, 2])]);
    assert_eq!(found(&[came("le phi", 76_000)], &bills), [Match::Unknown]);
    let early = Came { day: day("2026-11-19"), ..came("le phi", 16_000) };
    let late = Came { day: day("2026-12-21"), ..came("le phi", 16_000) };
    assert_eq!(found(&[early, late], &bills), [Match::Unknown, Match::Unknown], "before, and long after");
}

#[test]
fn a_reference_of_no_bill_is_told_and_pays_nothing() {
    let text = Reference::nth(99).to_string();
    let all = matched(&[came(&text, 5)], &[bill(1, 16_000)]);
    assert_eq!(all, [Found { what: Match::Unknown, named: vec![Reference::nth(99)] }]);
}

#[test]
fn the_order_of_bills_plays_no_part() {
    let mut bills: Vec<Open> = (0..50).map(|number| bill(number * 7, 1_000 + number % 3)).collect();
    let texts: Vec<String> = (0..80).map(|number| format!("x {} y", Reference::nth(number * 5))).collect();
    let lines: Vec<Came<'_>> = texts.iter().map(|text| came(text, 1_001)).collect();
    let told = |bills: &[Open]| -> Vec<String> {
        let name = |place: &usize| bills[*place].reference.to_string();
        matched(&lines, bills)
            .iter()
            .map(|one| match &one.what {
                Match::Exact(one) | Match::Partial(one) | Match::Over(one) | Match::Likely(one) => name(one),
                Match::Several(all) | Match::Ambiguous(all) => {
                    all.iter().map(name).collect::<Vec<_>>().join(" ")
                }
                Match::Unknown => String::new(),
            })
            .collect()
    };
    let before = told(&bills);
    bills.reverse();
    assert_eq!(told(&bills), before);
}

/// The bar is five seconds, for an optimised program; one that is not has the same.
#[test]
fn ten_thousand_lines_find_their_bills_among_ten_thousand() {
    let bills: Vec<Open> = (0..10_000).map(|number| bill(number * 3, 8_000 + number % 10 * 1_000)).collect();
    let texts: Vec<String> =
        bills.iter().map(|bill| format!("IBFT {} FT26327{}", bill.reference, "X".repeat(80))).collect();
    let lines: Vec<Came<'_>> =
        texts.iter().enumerate().map(|(n, text)| came(text, 8_000 + n as u64 % 10 * 1_000)).collect();
    let start = Instant::now();
    let all = matched(&lines, &bills);
    assert!(all.iter().enumerate().all(|(place, found)| found.what == Match::Exact(place)));
    assert!(start.elapsed().as_secs() < 5, "took {:?}", start.elapsed());
}
