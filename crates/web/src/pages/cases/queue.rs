//! `GET` and `POST /{tenant}/work`: what lies on the desks of one's units, what is due first before the rest.

use std::collections::BTreeMap;

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_casework::{Batch, Queue};
use dinh_model::EntityId;
use serde::Serialize;

use super::parts::{Row, row, say};
use super::{asks, counter, said};
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Cases of one page.
const PAGE: usize = 50;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcomes: Vec<Outcome>,
    rows: Vec<Row>,
    total: u64,
    filters: Vec<Filter>,
    kinds: Vec<Pick>,
    number: String,
    batches: Vec<Pick>,
    /// Forms that are printed for those that are picked: name and title.
    printed: Vec<(&'static str, String)>,
    print_href: String,
    issued_href: Option<String>,
    previous_href: Option<String>,
    next_href: Option<String>,
}

/// A filter that is on or off.
#[derive(Serialize)]
struct Filter {
    title: String,
    href: String,
    on: bool,
}

/// Something to pick.
#[derive(Serialize)]
struct Pick {
    value: String,
    title: String,
    chosen: bool,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    super::only(&visitor, super::works(&visitor))?;
    show(&visitor, Vec::new()).await
}

/// Takes an action with the cases that were picked.
pub(super) async fn batch(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    super::only(&visitor, super::works(&visitor))?;
    let lang = visitor.lang();
    let picked = |value: &str| {
        let (version, id) = value.split_once(' ')?;
        Some((EntityId::parse(id).ok()?, version.parse().ok()?))
    };
    let cases: Vec<(EntityId, u64)> =
        pairs.iter().filter(|(name, _)| name == "case").filter_map(|(_, value)| picked(value)).collect();
    let action = asks::value(&pairs, "do").unwrap_or_default().to_owned();
    if cases.is_empty() || action.is_empty() {
        let text = lang.say("cases-batch-nothing");
        return show(&visitor, vec![Outcome { tone: "danger", text }]).await;
    }
    let batch = Batch { cases, action, asked: BTreeMap::new() };
    let tried = match visitor.app.casework.batch(&visitor.session, batch).await {
        Ok(tried) => tried,
        Err(error) => {
            let (outcome, _) = said::told(&visitor, error, None)?;
            return show(&visitor, vec![outcome]).await;
        }
    };
    let mut outcomes = Vec::new();
    for one in tried {
        let (tone, number, text) = match &one.result {
            Ok(dossier) => {
                let now = row(&visitor, dossier);
                ("ok", now.number, now.state.word)
            }
            Err(error) => ("danger", one.id.to_string(), said::words(error, None, lang)),
        };
        let text = lang.say_with("cases-batch-one", &args([("number", number), ("what", text)]));
        outcomes.push(Outcome { tone, text });
    }
    show(&visitor, outcomes).await
}

async fn show(visitor: &Visitor, outcomes: Vec<Outcome>) -> Result<Response, Fault> {
    let (lang, asked) = (visitor.lang(), Asked::of(&visitor.uri));
    let queue = Queue {
        desk: None,
        mine: asked.is_set("mine"),
        state: asked.get("state").map(str::to_owned),
        kind: asked.get("kind").map(str::to_owned),
        late: asked.is_set("late"),
        number: asked.get("number").map(|number| number.trim().to_owned()),
    };
    let at: usize = asked.number("page").unwrap_or(1).clamp(1, 200);
    let found = visitor.app.casework.queue(&visitor.session, &queue, (at - 1) * PAGE, PAGE).await;
    let found = found.map_err(|error| said::fault(visitor, error))?;
    let to = |asked: Asked| format!("{}{}", visitor.href("work"), asked.query());
    let at_page = |page: usize| to(asked.with("page", Some(&page.to_string())));
    let switch = |name: &str, title: String, on: bool| Filter {
        title,
        href: to(asked.with(name, if on { None } else { Some("1") })),
        on,
    };
    let values = Values {
        page: frame(visitor, lang.say("cases-work"), Here::Work, ""),
        outcomes,
        rows: found.dossiers.iter().map(|dossier| row(visitor, dossier)).collect(),
        total: found.total,
        filters: vec![
            switch("mine", lang.say("cases-filter-mine"), queue.mine),
            switch("late", lang.say("cases-filter-late"), queue.late),
        ],
        kinds: kinds(visitor, queue.kind.as_deref()),
        number: queue.number.clone().unwrap_or_default(),
        batches: batches(visitor, &found.dossiers),
        printed: counter::printed(lang),
        print_href: visitor.href("work/print"),
        issued_href: super::issues(visitor).then(|| visitor.href("issued")),
        previous_href: (at > 1).then(|| at_page(at - 1)),
        next_href: ((at * PAGE) as u64).lt(&found.total).then(|| at_page(at + 1)),
    };
    Ok(private(rendered(visitor, "cases_queue.html", values)?.into_response()))
}

fn kinds(visitor: &Visitor, chosen: Option<&str>) -> Vec<Pick> {
    let mut kinds: BTreeMap<&str, Pick> = BTreeMap::new();
    for kind in visitor.app.casework.book().all() {
        let pick = Pick {
            value: kind.code.clone(),
            title: say(&kind.title, visitor.lang()),
            chosen: chosen == Some(kind.code.as_str()),
        };
        kinds.insert(&kind.code, pick);
    }
    kinds.into_values().collect()
}

/// Actions that may be taken with several cases of this page at once, and that ask nothing that must be answered.
fn batches(visitor: &Visitor, dossiers: &[dinh_casework::Dossier]) -> Vec<Pick> {
    let mut actions: BTreeMap<String, Pick> = BTreeMap::new();
    for dossier in dossiers {
        let Ok(kind) = visitor.app.casework.kind_of(dossier) else { continue };
        let fit = kind.actions_from(&dossier.state).filter(|action| action.batch);
        for action in fit.filter(|action| action.asks.iter().all(|ask| !ask.required)) {
            let title = say(&action.title, visitor.lang());
            actions.insert(action.code.clone(), Pick { value: action.code.clone(), title, chosen: false });
        }
    }
    actions.into_values().collect()
}
