//! Marks: what was counted of a case, written on its entity, so that a number of the board leads to exactly the cases
//! that were counted. A mark says a name and, with it, the unit for which it was counted; beside it stands the same mark
//! without the unit, for those who look at all units. Both are values of an index.
//!
//! * For good: `{name} {month} {unit}`, and ` #2` if it was counted there a second time in that month.
//! * For as long as a case stands as it does: `{name} {unit}`.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// What the identifiers of units begin with, which marks leave out.
const URN: &str = "urn:ngsi-ld:";

/// Words before the unit, of marks for good.
pub(crate) const DONE: usize = 2;
/// Words before the unit, of marks of what is open.
pub(crate) const OPEN: usize = 1;

/// A unit as marks write it.
pub(crate) fn short(unit: &str) -> &str {
    unit.strip_prefix(URN).unwrap_or(unit)
}

/// The unit that a mark names, and what it says of it.
pub(crate) fn of_unit(mark: &str) -> Option<(String, &str)> {
    let (name, unit) = mark.split_once(' ')?;
    let unit = if unit.starts_with("urn:") { unit.to_owned() } else { format!("{URN}{unit}") };
    Some((unit, name))
}

/// Adds a mark for good; one more of the same is numbered.
pub(crate) fn add(marks: &mut Vec<String>, mark: &str) {
    let times = times(marks, mark);
    marks.push(if times == 0 { mark.to_owned() } else { format!("{mark} #{}", times + 1) });
}

/// How often something was counted, by its mark without a number.
pub(crate) fn times(marks: &[String], mark: &str) -> usize {
    let is =
        |one: &&String| one.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(" #"));
    marks.iter().filter(is).count()
}

/// As they are written: each with its unit and without.
pub(crate) fn written(marks: &[String], before_unit: usize) -> Option<Json> {
    let all: BTreeSet<String> = marks
        .iter()
        .flat_map(|mark| {
            let general: Vec<&str> = mark.split(' ').take(before_unit).collect();
            [mark.clone(), general.join(" ")]
        })
        .collect();
    (!all.is_empty()).then(|| all.into_iter().collect::<Vec<_>>().into())
}

/// From [`written`].
pub(crate) fn read(json: Option<&Json>, before_unit: usize) -> Vec<String> {
    let all = match json {
        Some(Json::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let exact = |mark: &&str| mark.split(' ').count() > before_unit;
    all.iter().filter_map(Json::as_str).filter(exact).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_they_were_written() {
        let mut marks = Vec::new();
        for mark in ["left.filed 2026-11 Unit:a", "left.filed 2026-11 Unit:a", "left.filed 2026-11 Unit:ab"] {
            add(&mut marks, mark);
        }
        assert_eq!(
            (times(&marks, "left.filed 2026-11 Unit:a"), times(&marks, "left.filed 2026-11 Unit:ab")),
            (2, 1)
        );
        let json = written(&marks, DONE).unwrap();
        assert_eq!(json.as_array().map(Vec::len), Some(4), "one of them stands for all units");
        let mut again = read(Some(&json), DONE);
        again.sort();
        marks.sort();
        assert_eq!(again, marks);
        assert_eq!((written(&[], DONE), read(None, DONE)), (None, Vec::new()));
    }

    #[test]
    fn a_mark_names_its_unit() {
        assert_eq!(of_unit("as.runs/- Unit:a"), Some(("urn:ngsi-ld:Unit:a".to_owned(), "as.runs/-")));
        assert_eq!(of_unit("as.runs/- urn:x:a"), Some(("urn:x:a".to_owned(), "as.runs/-")));
        assert_eq!((short("urn:ngsi-ld:Unit:a"), short("urn:x:a")), ("Unit:a", "urn:x:a"));
    }
}
