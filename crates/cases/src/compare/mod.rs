//! What differs between two versions of a kind, for those who decide whether the newer one should hold.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::Kind;

/// The parts of a kind that are lists, by the names under which a pack writes them, and what names their members.
const LISTS: [(Section, &str, &str); 11] = [
    (Section::Basis, "basis", "number"),
    (Section::Variants, "variant", "code"),
    (Section::Roles, "role", "code"),
    (Section::Parts, "part", "code"),
    (Section::Results, "result", "code"),
    (Section::Fees, "fee", "code"),
    (Section::States, "state", "code"),
    (Section::Actions, "action", "code"),
    (Section::Consultations, "consultation", "code"),
    (Section::Timers, "timer", "code"),
    (Section::Escalations, "escalation", "code"),
];
/// What differs between any two versions, and says nothing of what they do.
const OF_EACH: [&str; 3] = ["version", "status", "change"];

/// A part of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    /// The kind itself: its name, dates, times, form and number.
    Whole,
    /// On which law it stands.
    Basis,
    /// Its variants.
    Variants,
    /// Who takes part.
    Roles,
    /// What a dossier consists of.
    Parts,
    /// What comes of it.
    Results,
    /// What it costs.
    Fees,
    /// Where a case may stand.
    States,
    /// What may be done.
    Actions,
    /// Opinions that may be asked.
    Consultations,
    /// What happens by itself.
    Timers,
    /// Who is told when time runs out.
    Escalations,
}

/// One member of a part of a kind that is not the same in both versions.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// In which part.
    pub section: Section,
    /// Which member: its code, or the number of a legal document. Empty for the kind itself.
    pub code: String,
    /// How it differs.
    pub change: Change,
}

/// How a member differs.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The newer version has it, the older has not.
    Added,
    /// The older version has it, the newer has not.
    Removed,
    /// Both have it, and these of its fields are not the same.
    Changed(Vec<FieldChange>),
}

/// A field that is not the same in both versions.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Its name, as a pack writes it.
    pub field: String,
    /// What it is in the older version, if it is there.
    pub was: Option<Json>,
    /// What it is in the newer one, if it is there.
    pub is: Option<Json>,
}

impl Kind {
    /// What is different in a newer version, part by part, in the order in which the versions have it.
    pub fn differences(&self, newer: &Self) -> Vec<Difference> {
        let (was, is) = (fields(self), fields(newer));
        let lists: BTreeSet<&str> = LISTS.iter().map(|(_, name, _)| *name).collect();
        let of_whole = |all: &Map<String, Json>| -> Map<String, Json> {
            let own = |name: &String| !lists.contains(name.as_str()) && !OF_EACH.contains(&name.as_str());
            all.iter().filter(|(name, _)| own(name)).map(|(n, v)| (n.clone(), v.clone())).collect()
        };
        let mut found = Vec::new();
        let whole = changed(&of_whole(&was), &of_whole(&is));
        if !whole.is_empty() {
            let change = Change::Changed(whole);
            found.push(Difference { section: Section::Whole, code: String::new(), change });
        }
        for (section, list, key) in LISTS {
            compare(section, key, &members(&was, list), &members(&is, list), &mut found);
        }
        found
    }

    /// True if two versions of the text of a kind do the same: what they differ in are words for people, the last day,
    /// or whether cases may be opened under them.
    pub fn does_the_same(&self, other: &Self) -> bool {
        self.essence() == other.essence()
    }

    /// What a kind does, without its words: the same text for kinds that do the same, so that a digest of it tells
    /// whether a version that is in use was changed.
    pub fn essence(&self) -> String {
        let says_nothing = ["status", "change", "summary", "valid_to", "basis"];
        let deeds = fields(self).into_iter().filter(|(name, _)| !says_nothing.contains(&name.as_str()));
        let all: Map<String, Json> = deeds.collect();
        without_words(Json::Object(all)).to_string()
    }
}

fn fields(kind: &Kind) -> Map<String, Json> {
    match serde_json::to_value(kind) {
        Ok(Json::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn members(all: &Map<String, Json>, list: &str) -> Vec<Map<String, Json>> {
    let members = all.get(list).and_then(Json::as_array).into_iter().flatten();
    members.filter_map(Json::as_object).cloned().collect()
}

fn compare(
    section: Section,
    key: &str,
    was: &[Map<String, Json>],
    is: &[Map<String, Json>],
    found: &mut Vec<Difference>,
) {
    let code =
        |member: &Map<String, Json>| member.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let of = |all: &[Map<String, Json>], wanted: &str| all.iter().find(|one| code(one) == wanted).cloned();
    for member in is {
        let code = code(member);
        let change = match of(was, &code) {
            None => Change::Added,
            Some(before) => match changed(&before, member) {
                fields if fields.is_empty() => continue,
                fields => Change::Changed(fields),
            },
        };
        found.push(Difference { section, code, change });
    }
    for code in was.iter().map(code).filter(|code| of(is, code).is_none()) {
        found.push(Difference { section, code, change: Change::Removed });
    }
}

fn changed(was: &Map<String, Json>, is: &Map<String, Json>) -> Vec<FieldChange> {
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let differ = names.into_iter().filter(|name| was.get(*name) != is.get(*name));
    let change = |name: &String| FieldChange {
        field: name.clone(),
        was: was.get(name).cloned(),
        is: is.get(name).cloned(),
    };
    differ.map(change).collect()
}

/// Words are what has a Vietnamese and an English text. Members are put in the order of their names, so that the text is
/// the same however a build keeps them.
fn without_words(value: Json) -> Json {
    match value {
        Json::Object(all) => {
            let is_words = |value: &Json| {
                value
                    .as_object()
                    .is_some_and(|all| all.len() == 2 && all.contains_key("vi") && all.contains_key("en"))
            };
            let kept = all.into_iter().filter(|(_, value)| !is_words(value));
            let sorted: BTreeMap<String, Json> =
                kept.map(|(name, value)| (name, without_words(value))).collect();
            Json::Object(sorted.into_iter().collect())
        }
        Json::Array(all) => Json::Array(all.into_iter().map(without_words).collect()),
        other => other,
    }
}
