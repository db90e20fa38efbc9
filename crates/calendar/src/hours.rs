//! When offices are open in a week.

use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};

use crate::edition::Sound;

/// Most stretches of a day: morning, afternoon, evening, and one to spare.
const MOST: usize = 4;

/// A stretch of a day, in official time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// When it begins.
    pub from: Time,
    /// When it ends.
    pub to: Time,
}

/// The stretches of each day of a week, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Week {
    /// Monday.
    pub monday: Vec<Hours>,
    /// Tuesday.
    pub tuesday: Vec<Hours>,
    /// Wednesday.
    pub wednesday: Vec<Hours>,
    /// Thursday.
    pub thursday: Vec<Hours>,
    /// Friday.
    pub friday: Vec<Hours>,
    /// Saturday, where a unit is open then.
    pub saturday: Vec<Hours>,
    /// Sunday, where a unit is open then.
    pub sunday: Vec<Hours>,
}

impl Week {
    /// The stretches of a day.
    pub fn on(&self, day: Weekday) -> &[Hours] {
        match day {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }
}

impl Sound for Week {
    /// Days from Monday to Friday have hours (they are working days by law), at most four stretches in order, each
    /// longer than nothing.
    fn check(&self) -> Result<(), String> {
        for day in Weekday::Monday.cycle_forward().take(7) {
            let hours = self.on(day);
            let resting = matches!(day, Weekday::Saturday | Weekday::Sunday);
            if hours.is_empty() && !resting {
                return Err(format!("{day:?}: has no hours, although it is a working day"));
            }
            if hours.len() > MOST {
                return Err(format!("{day:?}: at most {MOST} stretches"));
            }
            let broken = |pair: &[Hours]| matches!(pair, [first, second] if second.from < first.to);
            if hours.iter().any(|hours| hours.to <= hours.from) || hours.windows(2).any(broken) {
                return Err(format!("{day:?}: stretches end after they begin, and follow one another"));
            }
        }
        Ok(())
    }
}
