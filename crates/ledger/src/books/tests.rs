use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::Dong;

fn dong(dong: u64) -> Dong {
    Dong::new(dong).expect("is an amount")
}

fn place(number: usize) -> Place {
    Place { fee: ["copies", "permit"][number % 2].to_owned(), unit: format!("urn:unit:{}", number % 3) }
}

fn asked(amount: u64) -> Bill {
    Bill::asked(place(0), dong(amount)).expect("is asked").0
}

#[test]
fn accounts_are_read_as_they_are_written() {
    let all = [
        Account::Receivable(place(0)),
        Account::Treasury(place(1)),
        Account::Overpaid(place(2)),
        Account::RefundsDue(place(3)),
        Account::Bank("970436/1".to_owned()),
        Account::Till("urn:x".to_owned()),
        Account::Suspense("970436/1".to_owned()),
        Account::Difference("urn:x".to_owned()),
        Account::Unexplained("970436/1".to_owned()),
    ];
    for account in all {
        assert_eq!(account.to_string().parse(), Ok(account));
    }
    for text in ["", "bank", "bank ", "bank a b", "receivable a", "purse x"] {
        assert!(text.parse::<Account>().is_err(), "{text:?}");
    }
}

#[test]
fn more_than_is_owed_is_too_much_and_can_be_given_back() {
    let bank = Source::Bank("970436/1".to_owned());
    let (bill, share, entry) = asked(16_000).receive(&bank, dong(20_000)).expect("comes");
    assert_eq!((share.paid, share.over), (dong(16_000), dong(4_000)));
    assert_eq!(entry.changes()[&Account::Overpaid(place(0))], -4_000);
    assert!(bill.is_paid());
    assert_eq!(bill.refund(dong(20_001)), Err(BillFault::TooMuch(dong(20_000))));
    let (bill, _) = bill.refund(dong(4_000)).expect("is given back");
    assert!(bill.is_paid(), "what was too much is given back first");
    assert_eq!(bill.take_away(&bank, share), Err(BillFault::Spent));
    let (bill, _) = bill.paid_back(&bank, dong(4_000)).expect("goes");
    assert_eq!((bill.refunding, bill.refunded), (Dong::ZERO, dong(4_000)));
}

#[test]
fn what_was_paid_for_something_that_is_not_asked_any_more_is_too_much() {
    let (bill, _, _) = asked(16_000).receive(&Source::Till("u".to_owned()), dong(10_000)).expect("comes");
    let (bill, entry) = bill.cancel().expect("is not asked any more");
    assert_eq!((bill.owed(), bill.over), (Dong::ZERO, dong(10_000)));
    assert_eq!(entry.changes()[&Account::Treasury(place(0))], 16_000);
    assert_eq!(bill.cancel(), Err(BillFault::Cancelled));
}

#[test]
fn an_entry_and_what_undoes_it_come_to_nothing() {
    let (_, _, entry) = asked(16_000).receive(&Source::Till("u".to_owned()), dong(20_000)).expect("comes");
    let mut balances = Balances::default();
    balances.add(&entry);
    balances.add(&entry.reversed());
    assert!(balances.0.values().all(|balance| *balance == 0));
}

/// Everything that may happen, to any of some bills.
#[derive(Clone, Debug)]
enum Happens {
    Receive(usize, u8, u64),
    TakeAway(usize),
    Cancel(usize),
    Refund(usize, u64),
    PayBack(usize, u64),
}

fn happens() -> impl Strategy<Value = Happens> {
    let (bill, amount) = (0_usize..6, 0_u64..40_000);
    prop_oneof![
        4 => (bill.clone(), 0_u8..3, amount.clone()).prop_map(|(bill, way, amount)| Happens::Receive(bill, way, amount)),
        1 => bill.clone().prop_map(Happens::TakeAway),
        1 => bill.clone().prop_map(Happens::Cancel),
        2 => (bill.clone(), amount.clone()).prop_map(|(bill, amount)| Happens::Refund(bill, amount)),
        2 => (bill, amount).prop_map(|(bill, amount)| Happens::PayBack(bill, amount)),
    ]
}

proptest! {
    /// Whatever happens, the books balance, and they say of every fee and unit what the bills do.
    #[test]
    fn the_books_balance_and_say_what_the_bills_do(history in proptest::collection::vec(happens(), 0..120)) {
        let mut balances = Balances::default();
        let mut bills = Vec::new();
        let mut shares: Vec<Vec<(Source, Share)>> = vec![Vec::new(); 6];
        for number in 0..6 {
            let (bill, entry) = Bill::asked(place(number), dong(8_000 * (number as u64 + 1))).expect("is asked");
            balances.add(&entry);
            bills.push(bill);
        }
        let source = |way: u8| match way {
            0 => Source::Bank("b".to_owned()),
            1 => Source::Till("u".to_owned()),
            _ => Source::Suspense("b".to_owned()),
        };
        for one in history {
            let (at, done) = match one {
                Happens::Receive(at, way, amount) => {
                    let came = bills[at].receive(&source(way), dong(amount));
                    (at, came.map(|(bill, share, entry)| { shares[at].push((source(way), share)); (bill, entry) }))
                }
                Happens::TakeAway(at) => match shares[at].last().cloned() {
                    None => continue,
                    Some((from, share)) => {
                        let done = bills[at].take_away(&from, share);
                        if done.is_ok() { shares[at].pop(); }
                        (at, done)
                    }
                },
                Happens::Cancel(at) => {
                    let done = bills[at].cancel();
                    if done.is_ok() { shares[at].clear(); }
                    (at, done)
                }
                Happens::Refund(at, amount) => (at, bills[at].refund(dong(amount))),
                Happens::PayBack(at, amount) => (at, bills[at].paid_back(&source(0), dong(amount))),
            };
            if let Ok((bill, entry)) = done {
                balances.add(&entry);
                bills[at] = bill;
            }
            prop_assert_eq!(balances.sum(), 0);
            let mut said: BTreeMap<Account, i64> = BTreeMap::new();
            for bill in &bills {
                let place = || bill.place.clone();
                *said.entry(Account::Receivable(place())).or_default() += bill.owed().signed();
                *said.entry(Account::Overpaid(place())).or_default() -= bill.over.signed();
                *said.entry(Account::RefundsDue(place())).or_default() -= bill.refunding.signed();
                let asked = if bill.cancelled { 0 } else { bill.amount.signed() };
                *said.entry(Account::Treasury(place())).or_default() -= asked;
            }
            for (account, balance) in said {
                prop_assert_eq!(balances.of(&account), balance, "{}", account);
            }
        }
    }
}
