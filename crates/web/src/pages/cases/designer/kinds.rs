//! `GET /{tenant}/kinds` and `/{tenant}/kinds/{code}/{version}`: the kinds of case there are, each as a table that an
//! official can read and as a picture.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_cases::{Kind, Status};
use serde::Serialize;

use super::picture::{Picture, picture};
use super::trial;
use crate::look;
use crate::pages::cases::one::takes;
use crate::pages::cases::parts::{self, Sign, period, say};
use crate::pages::cases::works;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

#[derive(Serialize)]
struct Listed {
    page: view::Frame,
    kinds: Vec<KindRow>,
}

#[derive(Serialize)]
struct KindRow {
    title: String,
    href: String,
    version: u32,
    from: String,
    takes: String,
    state: Sign,
    procedure: Option<String>,
}

#[derive(Serialize)]
struct One {
    page: view::Frame,
    title: String,
    summary: Option<String>,
    change: Option<String>,
    version: u32,
    from: String,
    takes: String,
    state: Sign,
    versions: Vec<KindRow>,
    basis: Vec<(String, String)>,
    parts: Vec<(String, bool)>,
    fees: Vec<(String, String, String)>,
    /// What comes of it, and where its template is tried, for those who may.
    results: Vec<(String, Option<String>)>,
    states: Vec<StateRow>,
    actions: Vec<ActionRow>,
    picture: Picture,
    /// Where a case of it is filed, if it is open.
    file_href: Option<String>,
    /// Where one is taken in at the counter.
    counter_href: Option<String>,
    /// Where it is tried out, for those who may.
    trial_href: Option<String>,
    /// Comparisons with the other versions.
    against: Vec<Compared>,
}

#[derive(Serialize)]
struct Compared {
    href: String,
    title: String,
}

#[derive(Serialize)]
struct StateRow {
    sign: Sign,
    told: String,
    national: Option<u8>,
    desk: Option<String>,
    limit: Option<String>,
}

#[derive(Serialize)]
struct ActionRow {
    title: String,
    from: Vec<String>,
    to: Option<String>,
    by: Vec<String>,
    guard: Option<String>,
}

/// All kinds.
pub(super) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    let casework = &visitor.app.casework;
    if !casework.is_offered() {
        return Err(Fault::not_found(visitor.taste));
    }
    let kinds = casework.book().all().map(|kind| row(&visitor, kind)).collect();
    let page = frame(&visitor, visitor.lang().say("cases-kinds"), Here::Elsewhere, "");
    Ok(rendered(&visitor, "kinds.html", Listed { page, kinds })?.into_response())
}

/// One version of one kind.
pub(super) async fn one(
    visitor: Visitor,
    Path((_, code, version)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let (casework, lang) = (&visitor.app.casework, visitor.lang());
    let version = version.parse().unwrap_or_default();
    let kind = casework.book().version(&code, version).ok_or_else(|| Fault::not_found(visitor.taste))?;
    let amount = |fee: &dinh_cases::Fee| {
        look::number(f64::from(u32::try_from(fee.amount).unwrap_or(u32::MAX)), Some(0), lang)
    };
    let row = row(&visitor, kind);
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let open = !kind.about_case && casework.book().on(&code, today).is_some_and(|on| on.version == version);
    let values = One {
        page: frame(&visitor, say(&kind.title, lang), Here::Elsewhere, ""),
        title: say(&kind.title, lang),
        summary: kind.summary.as_ref().map(|text| say(text, lang)),
        change: kind.change.as_ref().map(|text| say(text, lang)),
        version: kind.version,
        from: row.from,
        takes: row.takes,
        state: row.state,
        versions: casework.book().versions(&code).map(|kind| self::row(&visitor, kind)).collect(),
        basis: kind.basis.iter().map(|one| (one.number.clone(), say(&one.title, lang))).collect(),
        parts: kind.parts.iter().map(|part| (say(&part.title, lang), part.required)).collect(),
        fees: kind.fees.iter().map(|fee| (say(&fee.title, lang), amount(fee), fee.basis.clone())).collect(),
        results: kind
            .results
            .iter()
            .map(|result| (say(&result.title, lang), template(&visitor, kind, result)))
            .collect(),
        states: kind.states.iter().map(|state| state_row(kind, state, lang)).collect(),
        actions: kind.actions.iter().map(|action| action_row(kind, action, lang)).collect(),
        picture: picture(kind, lang),
        file_href: open.then(|| visitor.href(&format!("file/{code}"))),
        trial_href: trial::may(&visitor).then(|| visitor.href(&format!("kinds/{code}/{version}/trial"))),
        against: against(&visitor, kind),
        counter_href: (open && works(&visitor)).then(|| visitor.href(&format!("counter/{code}"))),
    };
    Ok(rendered(&visitor, "kind.html", values)?.into_response())
}

fn against(visitor: &Visitor, kind: &Kind) -> Vec<Compared> {
    let others =
        visitor.app.casework.book().versions(&kind.code).filter(|other| other.version != kind.version);
    let compared = |other: &std::sync::Arc<Kind>| Compared {
        href: visitor.href(&format!("kinds/{}/{}/against/{}", kind.code, kind.version, other.version)),
        title: visitor.lang().say_with("kinds-compare-with", &args([("version", other.version.to_string())])),
    };
    others.map(compared).collect()
}

fn row(visitor: &Visitor, kind: &Kind) -> KindRow {
    let lang = visitor.lang();
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let current =
        visitor.app.casework.book().on(&kind.code, today).is_some_and(|on| on.version == kind.version);
    let (tone, icon, word) = match (kind.status, current) {
        (Status::Draft, _) => ("off", "silent", lang.say("cases-kind-draft")),
        (Status::Published, true) => ("ok", "ok", lang.say("cases-kind-open")),
        (Status::Published, false) if kind.valid_from > today => {
            ("watch", "clock", lang.say("cases-kind-coming"))
        }
        (Status::Published, false) => ("off", "silent", lang.say("cases-kind-over")),
    };
    KindRow {
        title: say(&kind.title, lang),
        href: visitor.href(&format!("kinds/{}/{}", kind.code, kind.version)),
        version: kind.version,
        from: look::day(kind.valid_from, lang),
        takes: takes(kind, lang),
        state: Sign { tone, icon, word },
        procedure: kind.procedure.clone(),
    }
}

fn state_row(kind: &Kind, state: &dinh_cases::State, lang: Lang) -> StateRow {
    StateRow {
        sign: parts::state(Some(state), &state.code, lang),
        told: say(&state.told, lang),
        national: state.national,
        desk: state.desk.as_deref().and_then(|role| kind.role(role)).map(|role| say(&role.title, lang)),
        limit: state.limit.map(|limit| period(limit, lang)),
    }
}

fn action_row(kind: &Kind, action: &dinh_cases::Action, lang: Lang) -> ActionRow {
    let state =
        |code: &String| kind.state(code).map_or_else(|| code.clone(), |state| say(&state.title, lang));
    let role = |code: &String| kind.role(code).map_or_else(|| code.clone(), |role| say(&role.title, lang));
    ActionRow {
        title: say(&action.title, lang),
        from: action.from.iter().map(state).collect(),
        to: action.to.as_ref().map(state),
        by: action.by.iter().map(role).collect(),
        guard: action.guard.as_ref().map(|guard| guard.text().to_owned()),
    }
}

/// Where the template of a result is tried.
fn template(visitor: &Visitor, kind: &Kind, result: &dinh_cases::KindResult) -> Option<String> {
    result.template.as_ref().filter(|_| trial::may(visitor))?;
    Some(visitor.href(&format!("kinds/{}/{}/template/{}", kind.code, kind.version, result.code)))
}
