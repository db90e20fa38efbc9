//! The cases behind a number: exactly those that were counted.

use dinh_access::Purpose;
use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::fields::Reading;
use dinh_context::graph::Stored;
use dinh_ngsild::query::{EntityQuery, Literal, Op as Compare, Operand, Path, Q};

use super::Casework;
use super::pick::Pick;
use super::tally::{Among, Period, Scale, Tallies, Tally};
use crate::dossier::marks;
use crate::{Dossier, Error};

/// Most cases of one page.
const MOST_A_PAGE: usize = 200;
/// Most marks that one question looks for: what is open, by day, for years.
const MOST_MARKS: usize = 1_000;

/// Cases that were counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// By the name of a count, in a span of months.
    Done(String, Period),
    /// Open ones.
    Open(Pick),
}

/// Which of them, and from where on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListAsked {
    /// What was counted.
    pub which: Which,
    /// Of which unit and kind.
    pub among: Among,
    /// Where the page before has ended.
    pub after: Option<u64>,
    /// Most cases of the page.
    pub limit: usize,
}

/// A page of counted cases, in the order in which they were opened. What tells something of applicants is masked.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The cases, each with how often it was counted.
    pub cases: Vec<(Dossier, usize)>,
    /// What the count says.
    pub counted: i64,
    /// Where to go on, if there are more.
    pub next: Option<u64>,
}

impl Casework {
    /// The cases behind a number: those that whoever asks may see.
    ///
    /// # Errors
    /// [`Error::TooMany`] for more months, days or units than can be looked for at once.
    pub async fn listed(&self, session: &Session, asked: &ListAsked) -> Result<Listed, Error> {
        let (names, counted) = self.wanted(session, asked).await?;
        if counted == 0 {
            return Ok(Listed::default());
        }
        let units: Option<Vec<String>> = match (&asked.among.unit, self.counted_units(session)?) {
            (Some(unit), None) => Some(vec![unit.clone()]),
            (Some(unit), Some(own)) => {
                Some(own.contains(unit.as_str()).then(|| unit.clone()).into_iter().collect())
            }
            (None, Some(own)) => Some(own.iter().map(|unit| (**unit).to_owned()).collect()),
            (None, None) => None,
        };
        let marks: Vec<String> = match &units {
            None => names.clone(),
            Some(units) => units
                .iter()
                .flat_map(|unit| names.iter().map(move |name| format!("{name} {}", marks::short(unit))))
                .collect(),
        };
        if marks.len() > MOST_MARKS {
            return Err(Error::TooMany { what: "marks", most: MOST_MARKS });
        }
        let limit = asked.limit.clamp(1, MOST_A_PAGE);
        let query = EntityQuery {
            q: Some(self.condition(asked, &marks)),
            limit: limit + 1,
            after: asked.after,
            ..EntityQuery::of_type(self.names().of("Dossier"))
        };
        let mut page = session.clone().with_purpose(Purpose::CaseHandling).query(query).await?;
        let more = page.entities.len() > limit;
        page.entities.truncate(limit);
        let next = page.entities.last().filter(|_| more).map(|last| last.place);
        let cases = page.entities.iter().map(|stored| {
            let times = self.times_counted(stored, asked, (&marks, units.is_some()));
            Ok((Dossier::read(self.names(), stored)?, times))
        });
        Ok(Listed { cases: cases.collect::<Result<_, Error>>()?, counted, next })
    }

    /// The beginnings of the marks of what is asked, and how often it was counted.
    async fn wanted(&self, session: &Session, asked: &ListAsked) -> Result<(Vec<String>, i64), Error> {
        let whole = |mut all: Vec<Tallies>| -> Tally {
            all.pop().and_then(|mut tallies| tallies.remove("")).unwrap_or_default()
        };
        match &asked.which {
            Which::Done(name, period) => {
                let tally = whole(self.tallied(session, *period, &asked.among, &[Scale::Whole]).await?);
                let months = period.months()?;
                let marked = marked(name);
                let marks =
                    months.iter().flat_map(|month| marked.iter().map(move |name| format!("{name} {month}")));
                Ok((marks.collect(), tally.of(name)))
            }
            Which::Open(pick) => {
                let tally = whole(self.open_now(session, &asked.among, &[Scale::Whole]).await?);
                let today = official_day(self.now().to_jiff());
                let names: Vec<String> = pick.names(&tally, today).map(|(name, _)| name.to_owned()).collect();
                Ok((names, pick.count(&tally, today)))
            }
        }
    }

    fn condition(&self, asked: &ListAsked, marks: &[String]) -> Q {
        let attribute = match &asked.which {
            Which::Done(..) => "counted",
            Which::Open(_) => "countedOpen",
        };
        let texts = marks.iter().map(|mark| Literal::Text(mark.clone())).collect();
        let mut all = vec![Q::Compare {
            path: Path::attribute(self.names().of(attribute)),
            op: Compare::Eq,
            value: Operand::Many(texts),
        }];
        if let Which::Done(name, _) = &asked.which {
            all.extend(name.strip_prefix("received.").map(|channel| self.is("channel", channel)));
            all.extend(name.strip_prefix("ended.").map(|outcome| self.is("outcome", outcome)));
        }
        all.extend(asked.among.kind.as_ref().map(|kind| self.is("kind", kind)));
        if all.len() == 1 { all.remove(0) } else { Q::And(all) }
    }

    fn times_counted(&self, stored: &Stored, asked: &ListAsked, (wanted, exact): (&[String], bool)) -> usize {
        let from = Reading { names: self.names(), entity: &stored.entity };
        if matches!(asked.which, Which::Open(_)) {
            return 1;
        }
        let own = marks::read(from.json("counted"), marks::DONE);
        let general = |mark: &String| mark.split(' ').take(marks::DONE).collect::<Vec<_>>().join(" ");
        let fits = |mark: &&String| {
            let name =
                if exact { mark.split(" #").next().unwrap_or_default().to_owned() } else { general(mark) };
            wanted.contains(&name)
        };
        own.iter().filter(fits).count()
    }
}

/// The names under which a count leaves marks.
fn marked(name: &str) -> Vec<&str> {
    match name {
        "ended" => vec!["on-time", "late"],
        _ if name.starts_with("ended.") => vec!["on-time", "late"],
        _ if name.starts_with("received.") => vec!["received"],
        _ => vec![name],
    }
}
