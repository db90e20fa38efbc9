//! Values as an ordered b-tree keeps them, so that a condition of the query language is a few ranges.
//!
//! The contract with `dinh_ngsild::query`: if an attribute instance meets a comparison, one of its keys lies in one of
//! the ranges of the comparison, or the attribute has the key [`Key::Any`]. The reverse does not hold (texts are cut,
//! elements of arrays compare for equality only), so whatever is found is checked against the whole query.

use std::cmp::Ordering;

use dinh_model::{Attribute, OneOrMany, Value};
use dinh_ngsild::query::{Literal, Op, Operand};
use jiff::civil::{Date, Time};
use serde_json::Value as Json;

/// Longest start of a text kept, in bytes.
const TEXT_BYTES: usize = 96;

/// Most keys of one attribute; an attribute with more has [`Key::Any`].
const MAX_KEYS: usize = 64;

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Key {
    /// A number.
    Number(f64),
    /// The start of a text.
    Text(String),
    /// After all texts; never stored.
    TextEnd,
    /// Too many values, or days in several languages: may be anything.
    Any,
    /// Several numbers, days, times or instants, or such that compare for equality only: counting keys does not count
    /// entities, and one value may meet one condition and another value the next.
    Inexact,
    /// A truth value.
    Bool(bool),
    /// A time of day, in nanoseconds.
    Clock(i64),
    /// A day, in days.
    Day(i64),
    /// An instant, in microseconds.
    Moment(i64),
}

impl Key {
    /// True for what is measured along a line, and so compared with both ends of a range.
    fn is_measure(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Clock(_) | Self::Day(_) | Self::Moment(_))
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::TextEnd => 2,
            Self::Any => 3,
            Self::Inexact => 4,
            Self::Bool(_) => 5,
            Self::Clock(_) => 6,
            Self::Day(_) => 7,
            Self::Moment(_) => 8,
        }
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    /// The order of the b-tree.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Clock(a), Self::Clock(b))
            | (Self::Day(a), Self::Day(b))
            | (Self::Moment(a), Self::Moment(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

/// The keys of an attribute, sorted, each once.
pub(crate) fn keys(instances: &[Attribute]) -> Vec<Key> {
    let mut keys = Vec::new();
    for instance in instances {
        of_value(&instance.value, &mut keys);
        if keys.len() > MAX_KEYS {
            return vec![Key::Any];
        }
    }
    if keys.iter().filter(|key| key.is_measure()).count() > 1 {
        keys.push(Key::Inexact);
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn of_value(value: &Value, keys: &mut Vec<Key>) {
    match value {
        // Elements of arrays compare for equality only.
        Value::Property(Json::Array(items)) | Value::Json(Json::Array(items)) | Value::List(items) => {
            if items.len() > MAX_KEYS {
                keys.push(Key::Any);
                return;
            }
            let before = keys.len();
            for item in items {
                of_json(item, keys);
            }
            if keys.iter().skip(before).any(Key::is_measure) {
                keys.push(Key::Inexact);
            }
        }
        Value::Property(json) | Value::Json(json) => of_json(json, keys),
        Value::Language(texts) => {
            let before = keys.len();
            texts.values().flat_map(OneOrMany::as_slice).for_each(|t| of_text(t, keys));
            // One text may meet one end of a range of days and another text the other end.
            if keys.iter().skip(before).any(|key| !matches!(key, Key::Text(_))) {
                keys.push(Key::Any);
            }
        }
        Value::Relationship { object, .. } => {
            keys.extend(object.as_slice().iter().map(|object| Key::Text(cut(object.as_str()))));
        }
        Value::ListRelationship { objects, .. } => {
            keys.extend(objects.iter().map(|object| Key::Text(cut(object.as_str()))));
        }
        Value::Vocab(terms) => keys.extend(terms.as_slice().iter().map(|term| Key::Text(cut(term.as_str())))),
        Value::Geo(_) => {}
    }
}

fn of_json(json: &Json, keys: &mut Vec<Key>) {
    match json {
        Json::Number(number) => keys.extend(number.as_f64().map(number_key)),
        Json::String(text) => of_text(text, keys),
        Json::Bool(flag) => keys.push(Key::Bool(*flag)),
        Json::Object(object) if object.contains_key("@type") => {
            if let Some(value @ (Json::Number(_) | Json::String(_) | Json::Bool(_))) = object.get("@value") {
                of_json(value, keys);
            }
        }
        _ => {}
    }
}

fn of_text(text: &str, keys: &mut Vec<Key>) {
    keys.push(Key::Text(cut(text)));
    match Literal::bare(text) {
        Literal::DateTime(instant) => keys.push(Key::Moment(instant.as_micros())),
        Literal::Date(date) => keys.push(day(date)),
        Literal::Time(time) => keys.push(clock(time)),
        _ => {}
    }
}

/// Minus zero is zero.
fn number_key(number: f64) -> Key {
    Key::Number(number + 0.0)
}

fn day(date: Date) -> Key {
    let months = i64::from(date.year()) * 12 + i64::from(date.month());
    Key::Day(months * 31 + i64::from(date.day()))
}

fn clock(time: Time) -> Key {
    let seconds = (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
    Key::Clock(seconds * 1_000_000_000 + i64::from(time.subsec_nanosecond()))
}

/// The start of a text. Cutting keeps the order of texts.
fn cut(text: &str) -> String {
    let end = (0..=TEXT_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default().to_owned()
}

/// First and last key of a range, both included.
pub(crate) type KeyRange = (Key, Key);

/// The ranges in which an attribute that compares so has a key. `None` if no range helps.
pub(crate) fn ranges(op: Op, operand: &Operand) -> Option<Vec<KeyRange>> {
    match (op, operand) {
        (Op::Eq, Operand::One(literal)) => Some(vec![point(literal)]),
        (Op::Eq, Operand::Many(literals)) => Some(literals.iter().map(point).collect()),
        (Op::Eq, Operand::Range(from, to)) => {
            let (low, high) = (key(from), key(to));
            if low.rank() != high.rank() || matches!(low, Key::Text(_)) {
                // A text may compare with a day at one end and with a text at the other, and one text of several
                // languages may meet one end and another text the other.
                return Some(vec![(low, last_like(from))]);
            }
            Some(if low <= high { vec![(low, high)] } else { Vec::new() })
        }
        (Op::Gt | Op::Ge, Operand::One(literal)) => Some(vec![(key(literal), last_like(literal))]),
        (Op::Lt | Op::Le, Operand::One(literal)) => Some(vec![(first_like(literal), key(literal))]),
        _ => None,
    }
}

/// The one range of a comparison along a line, for [`meet`].
pub(crate) fn span(op: Op, operand: &Operand) -> Option<KeyRange> {
    let [span] = <[KeyRange; 1]>::try_from(ranges(op, operand)?).ok()?;
    (span.0.is_measure() && span.0.rank() == span.1.rank()).then_some(span)
}

/// What lies in both ranges, if they are of one kind. An attribute that meets both comparisons has a key there, or one
/// of [`Key::Any`] and [`Key::Inexact`]. The first key is after the last if nothing lies in both.
pub(crate) fn meet(a: &KeyRange, b: &KeyRange) -> Option<KeyRange> {
    let both = || ((&a.0).max(&b.0).clone(), (&a.1).min(&b.1).clone());
    (a.0.rank() == b.0.rank()).then(both)
}

fn point(literal: &Literal) -> KeyRange {
    let key = key(literal);
    (key.clone(), key)
}

fn key(literal: &Literal) -> Key {
    match literal {
        Literal::Number(number) => number_key(*number),
        Literal::Text(text) | Literal::Uri(text) => Key::Text(cut(text)),
        Literal::Bool(flag) => Key::Bool(*flag),
        Literal::DateTime(instant) => Key::Moment(instant.as_micros()),
        Literal::Date(date) => day(*date),
        Literal::Time(time) => clock(*time),
    }
}

fn first_like(literal: &Literal) -> Key {
    match literal {
        Literal::Number(_) => Key::Number(f64::NEG_INFINITY),
        Literal::Text(_) | Literal::Uri(_) => Key::Text(String::new()),
        Literal::Bool(_) => Key::Bool(false),
        Literal::DateTime(_) => Key::Moment(i64::MIN),
        Literal::Date(_) => Key::Day(i64::MIN),
        Literal::Time(_) => Key::Clock(i64::MIN),
    }
}

fn last_like(literal: &Literal) -> Key {
    match literal {
        Literal::Number(_) => Key::Number(f64::INFINITY),
        Literal::Text(_) | Literal::Uri(_) => Key::TextEnd,
        Literal::Bool(_) => Key::Bool(true),
        Literal::DateTime(_) => Key::Moment(i64::MAX),
        Literal::Date(_) => Key::Day(i64::MAX),
        Literal::Time(_) => Key::Clock(i64::MAX),
    }
}

/// The numbers that fit a comparison exactly, if it is one of numbers: ends and whether they belong.
pub(crate) fn exact_numbers(op: Op, operand: &Operand) -> Option<(f64, bool, f64, bool)> {
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    match (op, operand) {
        (Op::Eq, Operand::One(Literal::Number(n))) => Some((*n, true, *n, true)),
        (Op::Eq, Operand::Range(Literal::Number(from), Literal::Number(to))) => {
            Some((*from, true, *to, true))
        }
        (Op::Gt, Operand::One(Literal::Number(n))) => Some((*n, false, high, true)),
        (Op::Ge, Operand::One(Literal::Number(n))) => Some((*n, true, high, true)),
        (Op::Lt, Operand::One(Literal::Number(n))) => Some((low, true, *n, false)),
        (Op::Le, Operand::One(Literal::Number(n))) => Some((low, true, *n, true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::{Entity, EntityId, Term, Timestamp};
    use dinh_ngsild::query::{Path, Q};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn scalar() -> impl Strategy<Value = Json> {
        let texts = ["", "a", "Huế", "2026-11-20", "2026-11-20T05:00:00Z", "14:05:00Z", "1", "true"];
        prop_oneof![
            (-3i32..3).prop_map(Json::from),
            (-3.0..3.0f64).prop_map(Json::from),
            any::<bool>().prop_map(Json::from),
            prop::sample::select(texts.to_vec()).prop_map(Json::from),
            (90..100usize).prop_map(|n| Json::from("x".repeat(n))),
            Just(json!({"@type": "DateTime", "@value": "2026-11-20T04:00:00+00:00"})),
            Just(json!({"a": 1})),
            Just(Json::Null),
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let text = prop::sample::select(vec!["a", "b", "2026-11-21"]);
        prop_oneof![
            4 => scalar().prop_map(Value::Property),
            1 => prop::collection::vec(scalar(), 0..4).prop_map(|v| Value::Property(v.into())),
            1 => prop::collection::vec(scalar(), 60..80).prop_map(Value::List),
            1 => prop::collection::btree_map("vi|en", text.clone().prop_map(|t| OneOrMany::One(t.to_owned())), 1..3)
                .prop_map(Value::Language),
            1 => text.clone().prop_map(|t| Value::Vocab(OneOrMany::One(Term::from(t)))),
            1 => text.prop_map(|t| Value::Relationship {
                object: OneOrMany::One(dinh_model::Iri::trusted(t)), object_type: vec![],
            }),
        ]
    }

    fn literal() -> impl Strategy<Value = Literal> {
        prop_oneof![
            scalar().prop_filter_map("scalar", |json| match json {
                Json::Number(n) => n.as_f64().map(Literal::Number),
                Json::String(t) => Some(Literal::Text(t)),
                Json::Bool(b) => Some(Literal::Bool(b)),
                _ => None,
            }),
            prop::sample::select(vec!["2026-11-20", "2026-11-20T04:30:00Z", "14:04:59.5Z", "a", "b"])
                .prop_map(Literal::bare),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn whatever_matches_has_a_key_in_a_range(
            value in value(), a in literal(), b in literal(),
            op in prop::sample::select(vec![Op::Eq, Op::Gt, Op::Ge, Op::Lt, Op::Le]), form in 0..3u8,
        ) {
            let operand = match form {
                0 => Operand::One(a),
                1 => Operand::Many(vec![a, b]),
                _ => Operand::Range(a, b),
            };
            let name = Term::from("x");
            let at = Timestamp::from_micros(0);
            let mut entity = Entity::new(EntityId::trusted("urn:x:1"), Term::from("T"), at);
            let attribute = Attribute::new(value, at);
            entity.set(name.clone(), attribute.clone());
            let q = Q::Compare { path: Path::attribute(name), op, value: operand.clone() };
            let keys = keys(&[attribute]);
            if let Some(ranges) = ranges(op, &operand) {
                let found = keys.iter().any(|key| {
                    *key == Key::Any || ranges.iter().any(|(from, to)| from <= key && key <= to)
                });
                prop_assert!(found || !q.matches(&entity), "{keys:?} {ranges:?}");
            }
            if let (Some((from, with_from, to, with_to)), false) =
                (exact_numbers(op, &operand), keys.iter().any(|k| matches!(k, Key::Inexact | Key::Any)))
            {
                let counted = keys.iter().any(|key| matches!(key, Key::Number(n)
                    if (*n > from || with_from && *n >= from) && (*n < to || with_to && *n <= to)));
                prop_assert_eq!(counted, q.matches(&entity));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn whatever_meets_two_comparisons_has_a_key_in_both_ranges(
            values in prop::collection::vec(value(), 1..3), a in literal(), b in literal(),
            ops in prop::array::uniform2(prop::sample::select(vec![Op::Eq, Op::Gt, Op::Ge, Op::Lt, Op::Le])),
        ) {
            let name = Term::from("x");
            let at = Timestamp::from_micros(0);
            let mut attributes: Vec<Attribute> = values.into_iter().map(|v| Attribute::new(v, at)).collect();
            if let Some(second) = attributes.get_mut(1) {
                second.dataset_id = Some(dinh_model::Iri::trusted("urn:d:2"));
            }
            let mut entity = Entity::new(EntityId::trusted("urn:x:1"), Term::from("T"), at);
            for attribute in &attributes {
                entity.set(name.clone(), attribute.clone());
            }
            let [q, r] = [(ops[0], a.clone()), (ops[1], b.clone())].map(|(op, literal)| Q::Compare {
                path: Path::attribute(name.clone()), op, value: Operand::One(literal),
            });
            let spans = [span(ops[0], &Operand::One(a)), span(ops[1], &Operand::One(b))];
            if let [Some(one), Some(two)] = &spans && let Some((from, to)) = meet(one, two) {
                let keys = keys(&attributes);
                let found = keys.iter().any(|key| {
                    matches!(key, Key::Any | Key::Inexact) || from <= *key && *key <= to
                });
                prop_assert!(found || !(q.matches(&entity) && r.matches(&entity)), "{keys:?} {from:?} {to:?}");
            }
        }
    }

    #[test]
    fn ends_of_different_kinds_leave_one_end_open() {
        let (day, word) = (Literal::bare("2026-11-20"), Literal::Text("true".into()));
        let found = ranges(Op::Eq, &Operand::Range(day.clone(), word.clone())).unwrap();
        assert_eq!(found, [(key(&day), Key::Day(i64::MAX))]);
        let found = ranges(Op::Eq, &Operand::Range(word.clone(), word.clone())).unwrap();
        assert_eq!(found, [(key(&word), Key::TextEnd)]);
        let number = Literal::Number;
        assert!(ranges(Op::Eq, &Operand::Range(number(2.0), number(1.0))).unwrap().is_empty());
    }

    #[test]
    fn days_and_clocks_keep_their_order() {
        let mut last = Key::Day(i64::MIN);
        for text in ["-000044-03-15", "1999-12-31", "2000-01-01", "2000-01-31", "2000-02-01"] {
            let key = day(text.parse().unwrap());
            assert!(last < key, "{text}");
            last = key;
        }
        assert!(clock("23:59:59.5".parse().unwrap()) > clock("23:59:59".parse().unwrap()));
    }
}
