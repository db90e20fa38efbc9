//! `GET` and `POST /{tenant}/explore/contexts`: `@context` documents that are hosted or cached here.

use std::time::Duration;

use axum::extract::RawForm;
use axum::response::{IntoResponse as _, Response};
use dinh_ngsild::context::is_core_url;
use http::{Method, StatusCode};
use serde::Serialize;
use url::form_urlencoded;

use super::ask::Question;
use super::desk::{Desk, Place, counted, desk, show};
use super::instances::instant;
use super::pager::{Pager, Pages, ROWS};
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::present::age;
use crate::pages::view::{Age, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::{Lang, args};

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    rows: Vec<Row>,
    pages: Option<Pages>,
    /// Whether the visitor may change them.
    may_change: bool,
    outcome: Option<Outcome>,
    /// What the API said against the question.
    trouble: Option<String>,
}

/// A document.
#[derive(Serialize)]
struct Row {
    id: String,
    url: String,
    /// Where its content is served; none for copies.
    href: Option<String>,
    kind: String,
    since: Age,
    used: String,
    last: Age,
    /// It is built in: it is neither fetched anew nor forgotten.
    fixed: bool,
    /// A copy, which can be fetched anew.
    cached: bool,
}

/// The page.
pub(in crate::pages) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    shown(&visitor, None).await
}

/// Fetches a copy anew, or forgets a document.
pub(in crate::pages) async fn change(visitor: Visitor, RawForm(body): RawForm) -> Result<Response, Fault> {
    let field = |name: &str| {
        let found = form_urlencoded::parse(&body).find(|(field, _)| field == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    visitor.session.may_write().map_err(|error| Fault::of(visitor.taste, error))?;
    let lang = visitor.lang();
    let (id, deed) = (field("id"), field("do"));
    let question = Question::new(Method::DELETE, format!("/ngsi-ld/v1/jsonldContexts/{}", encode(&id)));
    let question = match deed.as_str() {
        "reload" => question.with("reload", "true"),
        "delete" => question,
        other => return Err(Fault::bad_request(visitor.taste, format!("do={other}"))),
    };
    let (status, outcome) = match question.ask(&visitor).await.taken() {
        Ok(_) if deed == "reload" => (StatusCode::OK, ("ok", lang.say("explore-context-reloaded"))),
        Ok(_) => (StatusCode::OK, ("ok", lang.say("explore-context-deleted"))),
        Err(reason) => {
            let text = lang.say_with("explore-refused", &args([("reason", reason)]));
            (StatusCode::UNPROCESSABLE_ENTITY, ("danger", text))
        }
    };
    let page = shown(&visitor, Some(Outcome { tone: outcome.0, text: outcome.1 })).await?;
    Ok((status, page).into_response())
}

async fn shown(visitor: &Visitor, outcome: Option<Outcome>) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    let pager = Pager::of(&asked);
    let question = Question::get("/ngsi-ld/v1/jsonldContexts").with("details", "true");
    let (told, trouble) = match question.ask(visitor).await.taken() {
        Ok(told) => (told, None),
        Err(said) => (serde_json::Value::Null, Some(said)),
    };
    let all: Vec<_> = told.as_array().into_iter().flatten().collect();
    let rows: Vec<Row> = all.iter().skip(pager.offset()).take(ROWS).map(|one| row(visitor, one)).collect();
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let values = Values {
        pages: pager.pages(visitor, &asked, rows.len(), total),
        rows,
        may_change: visitor.session.may_write().is_ok(),
        outcome,
        trouble,
        desk: desk(visitor, visitor.lang().say("explore-contexts"), Place::Contexts, Some(&question)),
    };
    show(visitor, "explore_contexts.html", values)
}

fn row(visitor: &Visitor, told: &serde_json::Value) -> Row {
    let (lang, now) = (visitor.lang(), visitor.now);
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    let (url, id, kind) = (text("URL"), text("localId"), text("kind"));
    let used = visitor.app.context.ld_contexts().used(&url);
    let ago = |ago: Duration| now.plus_micros(-i64::try_from(ago.as_micros()).unwrap_or(i64::MAX));
    let cached = kind == "Cached";
    Row {
        href: (!cached).then(|| format!("/ngsi-ld/v1/jsonldContexts/{}", encode(&id))),
        since: age(instant(&told["createdAt"]), now, lang),
        used: counted(visitor, used.map_or(0, |used| used.times)),
        last: match used {
            Some(used) => age(Some(ago(used.ago)), now, lang),
            None => Age { iso: None, text: lang.say("explore-unused"), exact: String::new() },
        },
        fixed: is_core_url(&url),
        kind: kind_title(&kind, lang),
        cached,
        id,
        url,
    }
}

fn kind_title(kind: &str, lang: Lang) -> String {
    match kind {
        "Hosted" => lang.say("explore-context-hosted"),
        "Cached" => lang.say("explore-context-cached"),
        _ => lang.say("explore-context-implicit"),
    }
}
