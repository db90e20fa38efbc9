//! `GET /{tenant}/counter`: the home of the one-stop desk. A procedure is chosen by typing; what waits stands beside it.

use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_casework::{AtCounter, QueuePage};
use dinh_model::fold::fold;
use serde::Serialize;

use super::line::{self, Desk};
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::cases::parts::{Row, row, say};
use crate::pages::cases::{only, present, said, works};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;

/// Most rows of a list on this page.
const MOST_ROWS: usize = 8;
/// Longest text that is looked for, in characters.
const MOST_TYPED: usize = 100;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    desk: Option<Desk>,
    typed: String,
    kinds: Vec<KindRow>,
    lists: Vec<List>,
    handover_href: String,
    work_href: String,
}

#[derive(Serialize)]
struct KindRow {
    title: String,
    href: String,
    code: Option<String>,
}

/// Dossiers that wait for something.
#[derive(Serialize)]
pub(super) struct List {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) total: u64,
    pub(super) rows: Vec<Row>,
}

/// The page; straight to the procedure if one alone is meant.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, works(&visitor))?;
    show(&visitor, None).await
}

/// The page, with what came of something that was done on it.
pub(super) async fn show(visitor: &Visitor, outcome: Option<Outcome>) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let typed = Asked::of(&visitor.uri).get("q").unwrap_or_default().trim().to_owned();
    let typed: String = typed.chars().take(MOST_TYPED).collect();
    let kinds = kinds(visitor, &typed);
    if let (false, [only]) = (typed.is_empty(), kinds.as_slice()) {
        return Ok(private(Redirect::to(&only.href).into_response()));
    }
    let lists = [
        ("filed", lang.say("counter-to-check"), AtCounter::OnDesk("filed".to_owned())),
        ("received", lang.say("counter-to-hand-over"), AtCounter::Received("received".to_owned())),
        ("done", lang.say("counter-to-give-back"), AtCounter::OnDesk("done".to_owned())),
        ("post", lang.say("counter-in-the-post"), AtCounter::OnDesk("on-the-way".to_owned())),
        ("today", lang.say("counter-today"), AtCounter::ReceivedToday),
    ];
    let mut drawn = Vec::new();
    for (id, title, which) in lists {
        drawn.push(list(visitor, id, title, &which, MOST_ROWS).await?);
    }
    let values = Values {
        page: frame(visitor, lang.say("counter"), Here::Counter, ""),
        outcome,
        desk: line::of(visitor).await,
        typed,
        kinds,
        lists: drawn,
        handover_href: visitor.href("counter/handover"),
        work_href: visitor.href("work"),
    };
    Ok(private(rendered(visitor, "counter.html", values)?.into_response()))
}

/// The beginning of a list.
pub(super) async fn list(
    visitor: &Visitor,
    id: &'static str,
    title: String,
    which: &AtCounter,
    most: usize,
) -> Result<List, Fault> {
    let found = visitor.app.casework.at_counter(&visitor.session, which).await;
    let QueuePage { dossiers, total } = found.map_err(|error| said::fault(visitor, error))?;
    let rows = dossiers.iter().take(most).map(|dossier| row(visitor, dossier)).collect();
    Ok(List { id, title, total, rows })
}

/// The procedures that are open today and have all the words that were typed in their name or code, accents aside; all of
/// them if nothing was typed.
fn kinds(visitor: &Visitor, typed: &str) -> Vec<KindRow> {
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let words: Vec<String> = fold(typed).split_whitespace().map(str::to_owned).collect();
    let mut rows = Vec::new();
    // What is about another case is filed from that one.
    let kinds = visitor.app.casework.book().open_on(today).filter(|kind| !kind.about_case);
    for kind in kinds {
        let code = kind.procedure.clone();
        let both = format!(
            "{} {} {} {}",
            kind.title.vi,
            kind.title.en,
            kind.code,
            code.as_deref().unwrap_or_default()
        );
        let (name, fits) = (fold(&both), |name: &str| words.iter().all(|word| name.contains(word.as_str())));
        if fits(&name) {
            let href = visitor.href(&format!("counter/{}", kind.code));
            rows.push(KindRow { title: say(&kind.title, visitor.lang()), href, code });
        }
    }
    rows.sort_by_key(|row| fold(&row.title));
    rows
}
