//! How the days off of a year lie, in the way that is expected and in every way that the law leaves open.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Computed, Law, Rule, WAYS, YEARS, holds};
use crate::table::{is_weekend, next};

/// Days off in one way of laying them: when, by which rule, and whether made up for.
type Laid = Vec<(Date, usize, bool)>;

impl Law {
    /// The days off of a year from 2014 to 2100, computed and not announced, in order; of others none.
    pub fn year(&self, year: i16) -> Vec<Computed> {
        let expected = self.lay(&self.anchored(year, |rule, day| vec![rule.expected(day)]));
        let ways: Vec<BTreeSet<Date>> = self.ways(year).unwrap_or_default();
        let computed = |(day, rule, made_up): (Date, usize, bool)| {
            let title = self.rules.get(rule)?.title.clone();
            let sure = ways.iter().all(|way| way.contains(&day));
            Some(Computed { day, title, made_up, sure })
        };
        expected.into_iter().filter_map(computed).collect()
    }

    /// The rules that hold in a year, with their day and the numbers of days before it that are looked at.
    fn anchored(&self, year: i16, before: impl Fn(&Rule, Date) -> Vec<u8>) -> Vec<(usize, Date, Vec<u8>)> {
        let days = self.rules.iter().enumerate().filter(|_| YEARS.contains(&year));
        days.filter_map(|(index, rule)| {
            let day = rule.on.in_year(year)?;
            holds(day, rule.valid_from, rule.valid_to).then(|| (index, day, before(rule, day)))
        })
        .collect()
    }

    /// Every way in which the days off may be laid; none if they are too many.
    pub(super) fn ways(&self, year: i16) -> Option<Vec<BTreeSet<Date>>> {
        let mut chosen = vec![Vec::new()];
        for (index, day, choices) in self.anchored(year, |rule, _| rule.before.clone()) {
            let longer = |way: &Vec<(usize, Date, Vec<u8>)>| {
                let way = way.clone();
                choices
                    .iter()
                    .map(move |n| [way.clone(), vec![(index, day, vec![*n])]].concat())
                    .collect::<Vec<_>>()
            };
            chosen = chosen.iter().flat_map(longer).collect();
            if chosen.len() > WAYS {
                return None;
            }
        }
        Some(chosen.iter().map(|way| self.lay(way).into_iter().map(|(day, ..)| day).collect()).collect())
    }

    /// Lays holidays with the first number of days before each, and what is made up for after them.
    fn lay(&self, chosen: &[(usize, Date, Vec<u8>)]) -> Laid {
        let mut laid: Laid = Vec::new();
        for (index, anchor, before) in chosen {
            let Some(rule) = self.rules.get(*index) else { continue };
            let first = i64::from(before.first().copied().unwrap_or(0));
            for n in 0..i64::from(rule.days) {
                laid.push((anchor.saturating_add((n - first).days()), *index, false));
            }
        }
        laid.sort_unstable();
        laid.dedup_by_key(|(day, ..)| *day);
        let mut off: BTreeSet<Date> = laid.iter().map(|(day, ..)| *day).collect();
        for (day, rule, _) in laid.clone() {
            if !is_weekend(day) || !self.made_up.iter().any(|rule| holds(day, rule.valid_from, rule.valid_to))
            {
                continue;
            }
            let mut free = next(day);
            while (is_weekend(free) || off.contains(&free)) && free < Date::MAX {
                free = next(free);
            }
            off.insert(free);
            laid.push((free, rule, true));
        }
        laid.sort_unstable();
        laid
    }
}
