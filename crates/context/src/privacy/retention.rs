//! How long the law asks to keep an entity.

use dinh_model::{Entity, Term, Value};
use jiff::Span;
use serde::Deserialize;
use serde_json::Value as Json;

use super::day::{Day, day_of};
use crate::packs::Titles;

/// The `retention` of a type's `x-dinh`, as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    keep: String,
    #[serde(default = "modified")]
    from: String,
    basis: Titles,
    then: Option<Then>,
}

fn modified() -> String {
    MODIFIED.to_owned()
}

const MODIFIED: &str = "modifiedAt";

/// What happens after the period.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Then {
    Erase,
}

/// For how long.
#[derive(Clone, Debug)]
pub enum Keep {
    /// As long as the entity is of this type: it is not erased because somebody asks.
    Always,
    /// This long: years, months, weeks and days.
    For(Span),
}

/// How long entities of a type are kept whoever asks, and what becomes of them after.
#[derive(Clone, Debug)]
pub struct Retention {
    /// For how long.
    pub keep: Keep,
    /// The attribute with the day that the period begins with; the last change if there is none.
    pub from: Option<Term>,
    /// The rule that asks for it.
    pub basis: Titles,
    /// Whether the daily round erases what the period has ended for.
    pub then_erase: bool,
}

impl Retention {
    /// Checks what is written; `expand` turns short names into full ones.
    pub(crate) fn read(written: Written, expand: &dyn Fn(&str) -> Term) -> Result<Self, String> {
        let Written { keep, from, basis, then } = written;
        let keep = if keep == "always" { Keep::Always } else { Keep::For(span(&keep)?) };
        if basis.vi.is_empty() || basis.en.is_empty() {
            return Err("x-dinh: retention: basis must say by which rule, in both languages".to_owned());
        }
        let then_erase = then.is_some();
        if then_erase && matches!(keep, Keep::Always) {
            return Err("x-dinh: retention: what is kept always is not erased then".to_owned());
        }
        let from = (from != MODIFIED).then(|| expand(&from));
        Ok(Self { keep, from, basis, then_erase })
    }

    /// The day from which on an entity need not be kept any more; none if there is no such day.
    pub fn until(&self, entity: &Entity) -> Option<Day> {
        let Keep::For(span) = &self.keep else { return None };
        let begun = self.from.as_ref().and_then(|name| day_in(entity, name));
        let begun = begun.unwrap_or_else(|| day_of(entity.modified_at));
        // Beyond the calendar is never.
        begun.checked_add(*span).ok()
    }

    /// True if an entity must be kept on a day.
    pub fn keeps(&self, entity: &Entity, today: Day) -> bool {
        self.until(entity).is_none_or(|until| today < until)
    }
}

fn span(text: &str) -> Result<Span, String> {
    let wrong = || {
        format!(
            "x-dinh: retention: keep is a duration such as P5Y or P18M, at least a day long, or always, not {text:?}"
        )
    };
    let span: Span = text.parse().map_err(|_unreadable| wrong())?;
    let whole = span.get_hours() == 0
        && span.get_minutes() == 0
        && span.get_seconds() == 0
        && span.get_milliseconds() == 0
        && span.get_microseconds() == 0
        && span.get_nanoseconds() == 0;
    if whole && span.is_positive() { Ok(span) } else { Err(wrong()) }
}

/// The day that an attribute holds: a date, an instant, or one of these typed as JSON-LD does.
fn day_in(entity: &Entity, name: &Term) -> Option<Day> {
    let instance = entity.attributes.get(name)?.first()?;
    let (Value::Property(json) | Value::Json(json)) = &instance.value else { return None };
    let text = match json {
        Json::Object(typed) => typed.get("@value")?.as_str()?,
        other => other.as_str()?,
    };
    match text.parse::<Day>() {
        // A date alone: an instant would be read as the day somewhere else.
        Ok(day) if text.len() == 10 => Some(day),
        _ => text.parse().ok().map(day_of),
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::{Attribute, EntityId, Timestamp};
    use serde_json::json;

    use super::*;

    fn read(json: Json) -> Result<Retention, String> {
        let written: Written = serde_json::from_value(json).map_err(|error| error.to_string())?;
        Retention::read(written, &|name| Term::from(name))
    }

    fn basis() -> Json {
        json!({"vi": "Luật", "en": "Law"})
    }

    fn entity(completed: Json) -> Entity {
        let at: Timestamp = "2026-11-20T20:00:00Z".parse().unwrap();
        let mut entity = Entity::new(EntityId::trusted("urn:x:1"), Term::from("Case"), at);
        entity.set(Term::from("completed"), Attribute::new(Value::Property(completed), at));
        entity
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_ends_on_a_day_of_the_calendar() {
        let five = read(json!({"keep": "P5Y", "from": "completed", "basis": basis()})).unwrap();
        for (completed, until) in [
            (json!("2024-02-29"), "2029-02-28"),
            (json!({"@type": "Date", "@value": "2020-01-02"}), "2025-01-02"),
            // Already the next day in Vietnam.
            (json!("2020-01-01T18:00:00Z"), "2025-01-02"),
            (json!("someday"), "2031-11-21"),
        ] {
            assert_eq!(five.until(&entity(completed.clone())), Some(day(until)), "{completed}");
        }
        let done = entity(json!("2020-01-02"));
        assert!(five.keeps(&done, day("2025-01-01")) && !five.keeps(&done, day("2025-01-02")));
        let modified = read(json!({"keep": "P1M", "basis": basis()})).unwrap();
        assert_eq!(modified.until(&done), Some(day("2026-12-21")));
        let always = read(json!({"keep": "always", "basis": basis()})).unwrap();
        assert!(always.until(&done).is_none() && always.keeps(&done, day("9999-12-31")));
    }

    #[test]
    fn what_is_not_a_period_is_refused() {
        for wrong in [
            json!({"keep": "5 năm", "basis": basis()}),
            json!({"keep": "PT5H", "basis": basis()}),
            json!({"keep": "P0D", "basis": basis()}),
            json!({"keep": "-P1Y", "basis": basis()}),
            json!({"keep": "P1Y"}),
            json!({"keep": "P1Y", "basis": {"vi": "Luật", "en": ""}}),
            json!({"keep": "always", "basis": basis(), "then": "erase"}),
            json!({"keep": "P1Y", "basis": basis(), "then": "burn"}),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
