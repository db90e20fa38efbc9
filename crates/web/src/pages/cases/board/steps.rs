//! Where cases stand longest.

use dinh_casework::{Scale, Tally};

use super::asked::Cut;
use super::cell::{Cell, percent};
use super::names::state_name;
use super::table::{Head, Table};
use crate::pages::cases::said;
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;

/// The table, for a file.
pub(super) async fn table(visitor: &Visitor, cut: &Cut) -> Result<Table, Fault> {
    let casework = &visitor.app.casework;
    let found = casework.tallied(&visitor.session, cut.period, &cut.among, &[Scale::Whole]).await;
    let mut found = found.map_err(|error| said::fault(visitor, error))?;
    let whole = found.pop().and_then(|mut whole| whole.remove("")).unwrap_or_default();
    Ok(of(visitor, cut, &whole))
}

/// The states that cases left, those where they stood longest in all before the rest.
pub(super) fn of(visitor: &Visitor, cut: &Cut, whole: &Tally) -> Table {
    let lang = visitor.lang();
    let minutes = |state: &str| whole.of(&format!("left-minutes.{state}"));
    let mut states: Vec<(&str, i64)> = whole
        .0
        .iter()
        .filter(|(_, count)| **count > 0)
        .filter_map(|(name, count)| Some((name.strip_prefix("left.")?, *count)))
        .collect();
    states.sort_by_key(|(state, _)| std::cmp::Reverse(minutes(state)));
    let most = states.first().map_or(0, |(state, _)| minutes(state));
    let rows = states.into_iter().map(|(state, left)| {
        let (name, late) = (format!("left.{state}"), format!("left-late.{state}"));
        let to = |of: &str| cut.href_with(visitor, "board/cases", &[("of", of)]);
        vec![
            Cell::text(state_name(visitor, state)),
            Cell::count(left, lang, || to(&name)),
            Cell::count(whole.of(&late), lang, || to(&late)),
            Cell::text(percent(whole.share(&late, &name), lang)),
            Cell::hours(minutes(state), left, lang).with_bar(minutes(state), most),
        ]
    });
    Table {
        code: "step",
        title: lang.say("cases-bottlenecks"),
        note: Some(lang.say("cases-bottlenecks-lead")),
        rows: rows.collect(),
        head: vec![
            Head::text(lang.say("state")),
            Head::num(lang.say("cases-left")),
            Head::num(lang.say("cases-left-late")),
            Head::num(lang.say("board-late-share")),
            Head::num(lang.say("cases-mean-hours")),
        ],
        csv_href: cut.href_with(visitor, "board/table", &[("of", "step")]),
    }
}
