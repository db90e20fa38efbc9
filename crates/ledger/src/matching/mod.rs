//! Which line of a statement pays which bill: by the reference that stands on it, then by amount and time.
//!
//! What is found by amount and time alone is likely and no more: a person says yes to it.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::{Dong, Reference, references_in};

/// Days after a bill was made within which a transfer of its amount is likely to be meant for it.
const DAYS: i32 = 30;
/// Most bills that are named as likely.
const MOST_LIKELY: usize = 10;

/// A bill that may be paid.
#[derive(Clone, Debug)]
pub struct Open {
    /// Its reference.
    pub reference: Reference,
    /// What is still owed; nothing for one that was paid.
    pub owed: Dong,
    /// The day on which it was made.
    pub since: Date,
}

/// Money that came.
#[derive(Clone, Debug)]
pub struct Came<'a> {
    /// What is written on it.
    pub text: &'a str,
    /// How much.
    pub amount: Dong,
    /// When.
    pub day: Date,
}

/// What was found for a line. Bills are told by their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// It names the bill, and pays what is owed.
    Exact(usize),
    /// It names the bill, and pays less.
    Partial(usize),
    /// It names the bill, and pays more: for one that was paid already, all of it is too much.
    Over(usize),
    /// It names several bills, and pays exactly what they come to.
    Several(Vec<usize>),
    /// It names several bills and pays another sum, or is likely to be meant for one of several.
    Ambiguous(Vec<usize>),
    /// It names no bill, but one alone has this amount and was made in the days before.
    Likely(usize),
    /// It names no bill, and none is likely.
    Unknown,
}

/// What was found for a line, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which bill.
    pub what: Match,
    /// The references on it that are those of a bill, and of those that there is none.
    pub named: Vec<Reference>,
}

/// Finds for each line which bill it pays, in the order of the lines: what one pays is not owed any more for the next.
/// The same lines and bills give the same answer, whatever the order of the bills.
pub fn matched(lines: &[Came<'_>], bills: &[Open]) -> Vec<Found> {
    let mut index = Index::of(bills);
    lines.iter().map(|line| index.find(line)).collect()
}

struct Index<'a> {
    bills: &'a [Open],
    owed: Vec<Dong>,
    by_reference: HashMap<&'a str, usize>,
    /// Open bills by what is owed, then by day and reference.
    by_amount: HashMap<Dong, BTreeMap<(Date, &'a str), usize>>,
}

impl<'a> Index<'a> {
    fn of(bills: &'a [Open]) -> Self {
        let mut by_amount: HashMap<Dong, BTreeMap<(Date, &str), usize>> = HashMap::new();
        let mut by_reference = HashMap::with_capacity(bills.len());
        for (place, bill) in bills.iter().enumerate() {
            by_reference.insert(bill.reference.as_str(), place);
            if !bill.owed.is_zero() {
                by_amount.entry(bill.owed).or_default().insert((bill.since, bill.reference.as_str()), place);
            }
        }
        Self { bills, owed: bills.iter().map(|bill| bill.owed).collect(), by_reference, by_amount }
    }

    fn find(&mut self, line: &Came<'_>) -> Found {
        let named = references_in(line.text);
        let places: Vec<usize> =
            named.iter().filter_map(|reference| self.by_reference.get(reference.as_str()).copied()).collect();
        let what = match *places.as_slice() {
            [] => self.likely(line),
            [one] => {
                let owed = self.owed[one];
                self.pay(one, line.amount);
                match line.amount.cmp(&owed) {
                    std::cmp::Ordering::Equal => Match::Exact(one),
                    std::cmp::Ordering::Less => Match::Partial(one),
                    std::cmp::Ordering::Greater => Match::Over(one),
                }
            }
            _ => {
                let all = places.iter().try_fold(Dong::ZERO, |sum, place| sum.plus(self.owed[*place]));
                if all == Some(line.amount) && places.iter().all(|place| !self.owed[*place].is_zero()) {
                    for place in &places {
                        self.pay(*place, self.owed[*place]);
                    }
                    Match::Several(places)
                } else {
                    Match::Ambiguous(places)
                }
            }
        };
        Found { what, named }
    }

    fn pay(&mut self, place: usize, amount: Dong) {
        let (bill, before) = (&self.bills[place], self.owed[place]);
        let after = before.less(amount);
        self.owed[place] = after;
        let key = (bill.since, bill.reference.as_str());
        if let Some(alike) = self.by_amount.get_mut(&before) {
            alike.remove(&key);
        }
        if !after.is_zero() {
            self.by_amount.entry(after).or_default().insert(key, place);
        }
    }

    fn likely(&self, line: &Came<'_>) -> Match {
        let first = line.day.checked_sub(jiff::Span::new().days(DAYS)).unwrap_or(Date::MIN);
        let next = line.day.tomorrow().unwrap_or(Date::MAX);
        let alike = self
            .by_amount
            .get(&line.amount)
            .into_iter()
            .flat_map(|alike| alike.range((first, "")..(next, "")));
        let places: Vec<usize> = alike.map(|(_, place)| *place).take(MOST_LIKELY).collect();
        match *places.as_slice() {
            [] => Match::Unknown,
            [one] => Match::Likely(one),
            _ => Match::Ambiguous(places),
        }
    }
}
