//! Which of the open cases: by where they stand and by a day.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::tally::Tally;

/// Some of the open cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// By what: `as`, `state`, `desk`, `who` or `got`; see [`Tally`].
    pub by: By,
    /// Which state, desk or account. For `as` also `open`: received and not ended; `in-time` and `late`: so by index 2.1
    /// of Decision 766/QĐ-TTg. None for all.
    pub value: Option<String>,
    /// By their days.
    pub days: Days,
}

/// What open cases are picked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// How they stand to their time.
    As,
    /// Their state.
    State,
    /// The unit on whose desk they lie.
    Desk,
    /// The account to which they were given.
    Who,
    /// The day on which they were received.
    Got,
}

/// Days, as distances from today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Days {
    /// Any, and none.
    #[default]
    Any,
    /// None: the clock stands still or has not begun.
    Without,
    /// From the first to the last, both included; open ends are `None`.
    Between(Option<i32>, Option<i32>),
}

impl By {
    const ALL: [Self; 5] = [Self::As, Self::State, Self::Desk, Self::Who, Self::Got];

    /// The name that counts and addresses write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::As => "as",
            Self::State => "state",
            Self::Desk => "desk",
            Self::Who => "who",
            Self::Got => "got",
        }
    }

    /// From [`By::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }
}

impl Pick {
    /// All that are picked by something.
    pub fn by(by: By) -> Self {
        Self { by, value: None, days: Days::Any }
    }

    /// Those with one value of it.
    #[must_use]
    pub fn of(mut self, value: &str) -> Self {
        self.value = Some(value.to_owned());
        self
    }

    /// Those with such days.
    #[must_use]
    pub fn within(mut self, days: Days) -> Self {
        self.days = days;
        self
    }

    /// The names of counts that are picked, with what they count.
    pub fn names<'t>(&'t self, tally: &'t Tally, today: Date) -> impl Iterator<Item = (&'t str, i64)> {
        let picked = move |(name, _): &(&String, &i64)| self.has(name, today);
        tally.0.iter().filter(picked).map(|(name, count)| (name.as_str(), *count))
    }

    /// How many there are.
    pub fn count(&self, tally: &Tally, today: Date) -> i64 {
        self.names(tally, today).map(|(_, count)| count).sum()
    }

    fn has(&self, name: &str, today: Date) -> bool {
        let Some((value, day)) = split(self.by, name) else { return false };
        let distance = day.parse::<Date>().ok().map(|day| distance(today, day));
        let is_value = match (self.by, self.value.as_deref()) {
            (_, None) => true,
            (By::As, Some("open")) => value != "filed",
            (By::As, Some("late")) => is_late(value, distance),
            (By::As, Some("in-time")) => value != "filed" && !is_late(value, distance),
            (_, Some(wanted)) => value == wanted,
        };
        is_value
            && match self.days {
                Days::Any => true,
                Days::Without => distance.is_none(),
                Days::Between(from, to) => distance.is_some_and(|distance| {
                    from.is_none_or(|from| from <= distance) && to.is_none_or(|to| distance <= to)
                }),
            }
    }
}

/// Late by index 2.1 of Decision 766/QĐ-TTg: past its day, or asked for more twice, or stopped after it was late.
fn is_late(how: &str, distance: Option<i32>) -> bool {
    how == "again" || how == "stands-late" || how == "runs" && distance.is_some_and(|distance| distance < 0)
}

/// The value and the day of a count of what is open.
fn split(by: By, name: &str) -> Option<(&str, &str)> {
    name.strip_prefix(by.name())?.strip_prefix('.')?.rsplit_once('/')
}

impl Tally {
    /// The values by which open cases are told apart, each once.
    pub fn values(&self, by: By) -> Vec<String> {
        let values = self.0.keys().filter_map(|name| split(by, name)).map(|(value, _)| value.to_owned());
        values.collect::<BTreeSet<String>>().into_iter().collect()
    }
}

fn distance(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |end: &Option<i32>| end.map_or_else(String::new, |end| end.to_string());
        match self {
            Self::Any => f.write_str("any"),
            Self::Without => f.write_str("none"),
            Self::Between(from, to) => write!(f, "{}..{}", end(from), end(to)),
        }
    }
}

impl FromStr for Days {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "any" => Ok(Self::Any),
            "none" => Ok(Self::Without),
            _ => {
                let (from, to) = text.split_once("..").ok_or(())?;
                let end = |text: &str| match text {
                    "" => Ok(None),
                    text => text.parse().ok().map(Some).ok_or(()),
                };
                Ok(Self::Between(end(from)?, end(to)?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally() -> Tally {
        let names =
            ["as.runs/2026-11-20", "as.runs/2026-11-25", "as.stands/-", "as.again/2026-12-01", "as.filed/-"];
        Tally(names.map(|name| (name.to_owned(), 1)).into())
    }

    #[test]
    fn open_cases_are_picked_by_what_they_are_and_by_days() {
        let today = "2026-11-23".parse().unwrap();
        let count = |pick: Pick| pick.count(&tally(), today);
        assert_eq!(count(Pick::by(By::As)), 5);
        assert_eq!(count(Pick::by(By::As).of("open")), 4);
        assert_eq!(count(Pick::by(By::As).of("late")), 2, "one past its day, one asked twice");
        assert_eq!(count(Pick::by(By::As).of("in-time")), 2);
        let runs = || Pick::by(By::As).of("runs");
        assert_eq!(count(runs().within("..-1".parse().unwrap())), 1);
        assert_eq!(count(runs().within("0..2".parse().unwrap())), 1);
        assert_eq!(count(Pick::by(By::As).within(Days::Without)), 2);
        assert_eq!(count(Pick::by(By::State)), 0);
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        for text in ["any", "none", "..-31", "-30..-8", "0..0", "4.."] {
            assert_eq!(text.parse::<Days>().map(|days| days.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "3", "a..b", "1..2..3"] {
            assert!(text.parse::<Days>().is_err(), "{text}");
        }
    }
}
