//! What is counted of cards, without names.

use std::collections::BTreeMap;

use dinh_context::Session;
use dinh_credentials::card::CardKind;
use dinh_ngsild::query::{EntityQuery, Q};

use super::Cards;
use crate::{Error, State};

/// Kind of the records of counts, by month: `issued:person`, `revoke:person`, `verified:valid` …
pub(super) const COUNT: &str = "card-count";
/// Months that are told.
const MONTHS: usize = 12;

/// What is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many cards there are, by kind and state.
    pub standing: BTreeMap<(CardKind, &'static str), u64>,
    /// What happened in each month, the latest first: month, and number by what it was.
    pub months: Vec<(String, BTreeMap<String, i64>)>,
}

impl Counts {
    /// How many cards of a kind are in a state.
    pub fn of(&self, kind: CardKind, state: State) -> u64 {
        self.standing.get(&(kind, state.name())).copied().unwrap_or_default()
    }
}

impl Cards {
    /// How many cards there are, and what happened in the last twelve months.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`].
    pub async fn counts(&self, session: &Session) -> Result<Counts, Error> {
        self.manager(session)?;
        let own = self.own(session.tenant());
        let mut counts = Counts::default();
        for kind in CardKind::ALL {
            for state in State::ALL {
                let q = Q::And(vec![self.is("kind", kind.name()), self.is("state", state.name())]);
                let query =
                    EntityQuery { q: Some(q), types: Some(self.card_types()), ..EntityQuery::default() };
                counts.standing.insert((kind, state.name()), own.count(query).await?);
            }
        }
        let first = self.today().checked_sub(jiff::Span::new().months(i64::try_from(MONTHS).unwrap_or(12)));
        let after = first.map(|day| format!("{:04}-{:02}", day.year(), day.month())).unwrap_or_default();
        for record in own.records(COUNT, &after, MONTHS).await? {
            let add = serde_json::from_value(record.body).unwrap_or_default();
            counts.months.push((record.key, add));
        }
        counts.months.reverse();
        Ok(counts)
    }
}
