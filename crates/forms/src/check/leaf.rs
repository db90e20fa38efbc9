//! The rules of single fields.

use serde_json::{Map, Value};

use super::{Context, papers};
use crate::answers::is_blank;
use crate::days::{first_day, last_day};
use crate::fault::Rule;
use crate::field::{Bounds, Count, Days, Field, Files, Kind, Options, UnitsOn, Words};
use crate::write::written_number;

/// Most characters of the name of a place that no list holds.
const MOST_PLACE: usize = 120;

/// What is wrong with one answer; `around` are the answers beside it.
pub(super) fn rules(
    field: &Field,
    value: &Value,
    around: &Map<String, Value>,
    context: &Context<'_>,
) -> Vec<Rule> {
    match &field.kind {
        Kind::PersonalId { sex, born } => {
            let beside = |name: &Option<String>| around.get(name.as_ref()?)?.as_str();
            text(value)
                .map_or_else(|| vec![Rule::Shape], |id| papers::personal_id(id, beside(sex), beside(born)))
        }
        Kind::Choices { options, count } => {
            several(
                value,
                *count,
                |one| {
                    if options.title(one).is_some() { None } else { Some(Rule::NotOffered) }
                },
            )
        }
        Kind::Files(files) => several(value, files.count, |id| file(id, files, context)),
        _ => one(field, value, around, context).err().into_iter().collect(),
    }
}

fn one(field: &Field, value: &Value, around: &Map<String, Value>, context: &Context<'_>) -> Result<(), Rule> {
    let text = || text(value).ok_or(Rule::Shape);
    match &field.kind {
        Kind::Text(words) => self::words(text()?, words),
        Kind::Number(bounds) | Kind::Integer { bounds, .. } => number(value, bounds),
        Kind::Date(days) => {
            let written = text()?;
            if written.len() != 10 {
                return Err(Rule::Date);
            }
            between(written, *days, context).ok_or(Rule::Date)?
        }
        Kind::PartialDate(days) => between(text()?, *days, context).ok_or(Rule::PartialDate)?,
        Kind::Time => ensure(papers::is_time(text()?), Rule::Time),
        Kind::YesNo => ensure(value.is_boolean(), Rule::Shape),
        Kind::Consent => ensure(value == &Value::Bool(true), Rule::Consent),
        Kind::Choice(options) => offered(text()?, options),
        Kind::OldId => ensure(papers::is_digits(text()?, 9), Rule::OldId),
        Kind::TaxCode => papers::tax_code(text()?),
        Kind::Telephone => ensure(papers::is_telephone(text()?), Rule::Telephone),
        Kind::Email => ensure(papers::is_email(text()?), Rule::Email),
        Kind::Province(on) => province(text()?, *on, context),
        Kind::Commune { on, province } => {
            let province = around.get(province).and_then(Value::as_str);
            commune(text()?, province, *on, context)
        }
        _ => Err(Rule::Shape),
    }
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

fn ensure(holds: bool, rule: Rule) -> Result<(), Rule> {
    if holds { Ok(()) } else { Err(rule) }
}

fn words(text: &str, words: &Words) -> Result<(), Rule> {
    let count = text.chars().count();
    ensure(count >= words.min, Rule::Short(words.min))?;
    ensure(count <= words.max, Rule::Long(words.max))?;
    ensure(
        !text.chars().any(|c| c.is_control() && !(words.long && matches!(c, '\n' | '\t'))),
        Rule::Control,
    )?;
    match &words.pattern {
        Some((pattern, says)) => ensure(pattern.is_match(text), Rule::Pattern(says.clone())),
        None => Ok(()),
    }
}

fn number(value: &Value, bounds: &Bounds) -> Result<(), Rule> {
    let number = value.as_f64().ok_or(Rule::Shape)?;
    let fraction = number.to_string();
    let digits = fraction.split_once('.').map_or(0, |(_, digits)| digits.len());
    ensure(digits <= usize::from(bounds.digits), Rule::Digits(bounds.digits))?;
    ensure(number >= bounds.min, Rule::Small(written_number(bounds.min)))?;
    ensure(number <= bounds.max, Rule::Large(written_number(bounds.max)))
}

/// A month or a year lies within if one of its days may.
fn between(text: &str, days: Days, context: &Context<'_>) -> Option<Result<(), Rule>> {
    let (first, last) = (first_day(text)?, last_day(text)?);
    let earliest = days.earliest.map(|day| day.on(context.today));
    let latest = days.latest.map(|day| day.on(context.today));
    Some(match (earliest, latest) {
        (Some(earliest), _) if last < earliest => Err(Rule::Early(earliest)),
        (_, Some(latest)) if first > latest => Err(Rule::Late(latest)),
        _ => Ok(()),
    })
}

fn offered(code: &str, options: &Options) -> Result<(), Rule> {
    ensure(options.title(code).is_some(), Rule::NotOffered)
}

/// Several texts, each once, each with a rule of its own. A fault of one is told once.
fn several(value: &Value, count: Count, rule: impl Fn(&str) -> Option<Rule>) -> Vec<Rule> {
    let Some(all) = value.as_array() else { return vec![Rule::Shape] };
    if all.len() > count.max {
        return vec![Rule::Many(count.max)];
    }
    let mut broken = Vec::new();
    if all.iter().filter(|one| !is_blank(one)).count() < count.min {
        broken.push(Rule::Few(count.min));
    }
    for (index, one) in all.iter().enumerate() {
        let found = match one.as_str() {
            None => Some(Rule::Shape),
            Some(_) if all.iter().take(index).any(|before| before == one) => Some(Rule::Twice),
            Some(text) => rule(text),
        };
        broken.extend(found.filter(|found| !broken.contains(found)));
    }
    broken
}

fn file(id: &str, files: &Files, context: &Context<'_>) -> Option<Rule> {
    let Some(found) = context.files.find(id) else { return Some(Rule::NoFile) };
    if !files.media.contains(&found.media_type) {
        return Some(Rule::FileKind);
    }
    (found.byte_size > files.size).then_some(Rule::FileSize(files.size))
}

fn province(id: &str, on: UnitsOn, context: &Context<'_>) -> Result<(), Rule> {
    let listed = !context.units.provinces(None).is_empty();
    if !listed {
        return place(id);
    }
    let fact = context.units.find(id).filter(|fact| fact.is_province).ok_or(Rule::Unit)?;
    in_force(fact.from, fact.until, on, context)
}

/// Communes are listed for some provinces only; of the others any words are taken.
fn commune(id: &str, province: Option<&str>, on: UnitsOn, context: &Context<'_>) -> Result<(), Rule> {
    let Some(province) = province else { return Ok(()) };
    if context.units.communes(province, None).is_empty() {
        return place(id);
    }
    let fact = context.units.find(id).filter(|fact| !fact.is_province).ok_or(Rule::Unit)?;
    ensure(fact.province.as_deref() == Some(province), Rule::UnitElsewhere)?;
    in_force(fact.from, fact.until, on, context)
}

fn place(words: &str) -> Result<(), Rule> {
    ensure(!words.starts_with("urn:"), Rule::Unit)?;
    ensure(words.chars().count() <= MOST_PLACE, Rule::Long(MOST_PLACE))?;
    ensure(!words.chars().any(char::is_control), Rule::Control)
}

fn in_force(
    from: Option<jiff::civil::Date>,
    until: Option<jiff::civil::Date>,
    on: UnitsOn,
    context: &Context<'_>,
) -> Result<(), Rule> {
    let today = context.today;
    let now = from.is_none_or(|from| from <= today) && until.is_none_or(|until| today <= until);
    ensure(on == UnitsOn::Ever || now, Rule::UnitEnded(until))
}
