//! What an address of these pages asks: months, a unit, a kind.

use dinh_calendar::official_day;
use dinh_casework::{Among, Period};
use jiff::civil::Date;
use serde::Serialize;

use super::names::{kind_name, unit_name};
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::view::Choice;
use crate::pages::visitor::Visitor;

/// Months, a unit and a kind.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pub(super) period: Period,
    pub(super) among: Among,
    asked: Asked,
}

/// What the form above the tables shows.
#[derive(Debug, Serialize)]
pub(super) struct Filter {
    from: String,
    to: String,
    kinds: Vec<Choice>,
    unit: Option<String>,
    unit_title: Option<String>,
    unit_off: Option<String>,
    spans: Vec<Choice>,
}

impl Cut {
    /// From an address; this year if it says nothing.
    pub(super) fn of(visitor: &Visitor) -> Result<Self, Fault> {
        let asked = Asked::of(&visitor.uri);
        let today = today(visitor);
        let month = |name: &str, otherwise: Date| match asked.get(name) {
            None => Ok(otherwise),
            Some(text) => format!("{text}-01").parse::<Date>().ok().ok_or_else(|| {
                let detail = format!("{name}: {text:?} is no month such as 2026-11");
                Fault::bad_request(visitor.taste, detail)
            }),
        };
        let first = Date::new(today.year(), 1, 1).unwrap_or(today);
        let period = Period { from: month("from", first)?, to: month("to", today)? };
        if period.to < period.from {
            let detail = "from: is after the month of “to”".to_owned();
            return Err(Fault::bad_request(visitor.taste, detail));
        }
        let text = |name: &str| asked.get(name).map(str::to_owned);
        let among = Among { unit: text("unit"), kind: text("kind") };
        Ok(Self { period, among, asked })
    }

    /// The months, as addresses write them.
    pub(super) fn months(&self) -> (String, String) {
        let text = |day: Date| day.strftime("%Y-%m").to_string();
        (text(self.period.from), text(self.period.to))
    }

    /// The months in words, for titles.
    pub(super) fn span(&self) -> String {
        let text = |day: Date| day.strftime("%m/%Y").to_string();
        let (from, to) = (text(self.period.from), text(self.period.to));
        if from == to { from } else { format!("{from} – {to}") }
    }

    /// The address of a page of the board that asks the same.
    pub(super) fn href(&self, visitor: &Visitor, page: &str) -> String {
        format!("{}{}", visitor.href(page), self.same().query())
    }

    fn same(&self) -> Asked {
        let among = &self.among;
        let (from, to) = self.months();
        let none = self.asked.with_only(&[]);
        none.with("from", Some(&from))
            .with("to", Some(&to))
            .with("unit", among.unit.as_deref())
            .with("kind", among.kind.as_deref())
    }

    /// The address of a page of the board that asks something else beside.
    pub(super) fn href_with(&self, visitor: &Visitor, page: &str, more: &[(&str, &str)]) -> String {
        let asked = more.iter().fold(self.same(), |asked, (name, value)| asked.with(name, Some(value)));
        format!("{}{}", visitor.href(page), asked.query())
    }

    pub(super) async fn filter(&self, visitor: &Visitor, page: &str) -> Filter {
        let (from, to) = self.months();
        let lang = visitor.lang();
        let mut kinds: Vec<Choice> = Vec::new();
        for kind in visitor.app.casework.book().all() {
            if kinds.iter().all(|choice| choice.id != kind.code) {
                kinds.push(Choice {
                    id: kind.code.clone(),
                    href: String::new(),
                    title: kind_name(visitor, &kind.code),
                    current: self.among.kind.as_deref() == Some(&kind.code),
                });
            }
        }
        let unit_title = match &self.among.unit {
            Some(unit) => Some(unit_name(visitor, unit).await),
            None => None,
        };
        let off = self.same().with("unit", None).query();
        Filter {
            kinds,
            unit_off: unit_title.is_some().then(|| format!("{}{off}", visitor.href(page))),
            unit: self.among.unit.clone(),
            unit_title,
            spans: self.spans(visitor, page, lang),
            from,
            to,
        }
    }

    fn spans(&self, visitor: &Visitor, page: &str, lang: crate::words::Lang) -> Vec<Choice> {
        let today = today(visitor);
        let day = |year: i16, month: i8| Date::new(year, month, 1).unwrap_or(today);
        let (year, month) = (today.year(), today.month());
        let quarter = (month - 1) / 3 * 3 + 1;
        let spans = [
            (lang.say("board-this-month"), day(year, month), day(year, month)),
            (lang.say("board-this-quarter"), day(year, quarter), day(year, month)),
            (lang.say("board-this-year"), day(year, 1), day(year, month)),
            (lang.say("board-last-year"), day(year - 1, 1), day(year - 1, 12)),
        ];
        let own = (self.period.from.first_of_month(), self.period.to.first_of_month());
        let choice = |(title, from, to): (String, Date, Date)| {
            let text = |day: Date| day.strftime("%Y-%m").to_string();
            let asked = self.same().with("from", Some(&text(from))).with("to", Some(&text(to)));
            let href = format!("{}{}", visitor.href(page), asked.query());
            Choice { id: text(from), href, title, current: own == (from, to) }
        };
        spans.into_iter().map(choice).collect()
    }
}

/// Today, by the official calendar.
pub(super) fn today(visitor: &Visitor) -> Date {
    official_day(visitor.now.to_jiff())
}
