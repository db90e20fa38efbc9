//! `GET /{tenant}/admin/units`: the tree of units.

use std::collections::BTreeMap;

use axum::response::Response;
use jiff::civil::Date;
use serde::Serialize;

use super::read::{MOST, Unit, all};
use super::write::KINDS;
use crate::pages::admin::days::{span, standing, today};
use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::guard::{Desk, Place, Stop, desk, office, show};
use crate::pages::admin::why::{Offered, choice};
use crate::pages::asked::Asked;
use crate::pages::view::Outcome;
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    rows: Vec<Row>,
    /// Units that are over are shown too.
    over: bool,
    over_href: String,
    cut_off: bool,
    form: UnitForm,
    outcome: Option<Outcome>,
}

#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    code: String,
    kind: String,
    days: String,
    tone: &'static str,
    word: String,
    level: usize,
}

/// The form of a unit.
#[derive(Serialize)]
pub(super) struct UnitForm {
    typed: BTreeMap<String, String>,
    kinds: Vec<Offered>,
    parents: Vec<Offered>,
    successors: Vec<Offered>,
    trouble: Option<Trouble>,
    open: bool,
}

/// The page.
pub(in crate::pages) async fn list(visitor: Visitor) -> Result<Response, Stop> {
    office(&visitor)?;
    let units = all(&visitor).await?;
    shown(&visitor, &units, &Given::default(), None, None)
}

/// The page with what was typed, and what came of it.
pub(super) fn shown(
    visitor: &Visitor,
    units: &[Unit],
    given: &Given,
    trouble: Option<Trouble>,
    outcome: Option<Outcome>,
) -> Result<Response, Stop> {
    let lang = visitor.lang();
    let asked = Asked::of(&visitor.uri);
    let over = asked.is_set("over");
    let day = today(visitor.now);
    let shown: Vec<&Unit> = units.iter().filter(|unit| over || !unit.days.is_over(day)).collect();
    let values = Values {
        desk: desk(visitor, lang.say("admin-units"), Place::Units),
        rows: tree(&shown).into_iter().map(|(unit, level)| row(visitor, unit, level, day)).collect(),
        over,
        over_href: visitor.href(if over { "admin/units" } else { "admin/units?over=1" }),
        cut_off: units.len() >= MOST,
        form: form(visitor, units, given, trouble),
        outcome,
    };
    show(visitor, "admin_units.html", values)
}

pub(super) fn form(visitor: &Visitor, units: &[Unit], given: &Given, trouble: Option<Trouble>) -> UnitForm {
    let lang = visitor.lang();
    let mut typed = given.again();
    for name in ["name", "english", "code", "from", "to"] {
        typed.entry(name.to_owned()).or_default();
    }
    let day = today(visitor.now);
    let offered = |field: &str| {
        let chosen = given.get(field);
        let there = units.iter().filter(|unit| !unit.days.is_over(day) || unit.id.as_str() == chosen);
        there.map(|unit| choice(unit.id.as_str(), unit.title(visitor), chosen == unit.id.as_str())).collect()
    };
    UnitForm {
        typed,
        kinds: KINDS
            .iter()
            .map(|kind| choice(kind, kind_title(kind, lang), given.get("kind") == *kind))
            .collect(),
        parents: offered("parent"),
        successors: offered("successor"),
        open: trouble.is_some(),
        trouble,
    }
}

/// Units below their parents, each with its depth. What belongs to nothing that is shown stands at the top; circles
/// stand there too.
fn tree<'u>(units: &[&'u Unit]) -> Vec<(&'u Unit, usize)> {
    let mut children: BTreeMap<&str, Vec<&'u Unit>> = BTreeMap::new();
    let is_shown = |id: &str| units.iter().any(|unit| unit.id.as_str() == id);
    let mut tops = Vec::new();
    for &unit in units {
        match unit.parent.as_deref().filter(|parent| is_shown(parent)) {
            Some(parent) => children.entry(parent).or_default().push(unit),
            None => tops.push(unit),
        }
    }
    let mut rows: Vec<(&Unit, usize)> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for &start in tops.iter().chain(units) {
        let mut waiting = vec![(start, 0)];
        while let Some((unit, level)) = waiting.pop() {
            if seen.insert(unit.id.as_str()) {
                rows.push((unit, level));
                let below = children.get(unit.id.as_str()).into_iter().flatten();
                waiting.extend(below.rev().map(|child| (*child, level + 1)));
            }
        }
    }
    rows
}

fn row(visitor: &Visitor, unit: &Unit, level: usize, day: Date) -> Row {
    let lang = visitor.lang();
    let (tone, word) = standing(unit.days, day, lang);
    Row {
        href: visitor.href(&format!("admin/units/{}", encode(unit.id.as_str()))),
        name: unit.title(visitor),
        code: unit.code.clone(),
        kind: kind_title(&unit.kind, lang),
        days: span(unit.days, lang),
        tone,
        word,
        level: level.min(6),
    }
}

pub(super) fn kind_title(kind: &str, lang: Lang) -> String {
    match kind {
        "committee" => lang.say("admin-unit-committee"),
        "council" => lang.say("admin-unit-council"),
        "department" => lang.say("admin-unit-department"),
        "division" => lang.say("admin-unit-division"),
        "centre" => lang.say("admin-unit-centre"),
        "school" => lang.say("admin-unit-school"),
        "health" => lang.say("admin-unit-health"),
        "police" => lang.say("admin-unit-police"),
        "military" => lang.say("admin-unit-military"),
        "other" => lang.say("admin-unit-other"),
        _ => String::new(),
    }
}
