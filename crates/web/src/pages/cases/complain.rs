//! Complaints, reports and proposals about a dossier: `GET` and `POST /{tenant}/cases/{id}/complain/{kind}` for its applicant,
//! `POST /{tenant}/follow/complain/{kind}` for whoever shows its number and secret, which are in the body alone.

use std::sync::Arc;

use axum::extract::{Path, Request};
use axum::response::{IntoResponse as _, Response};
use dinh_cases::Kind;
use dinh_casework::{About, Complaint, Error, Filed};
use dinh_forms::{Context, Filled, Form, Marks, NoFiles, NoUnits, pruned};
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;

use super::follow::{self, Code};
use super::parts::{self, say};
use super::{asks, filing, one, said};
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::form::{FormView, Posted, Sheet, Wish, faults as form_faults};
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::args;

/// The dossier that it is about, as the page knows it.
enum Of {
    Own(EntityId),
    Shown(Code),
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    title: String,
    summary: Option<String>,
    about: String,
    back_href: Option<String>,
    takes: String,
    basis: Vec<String>,
    hidden: Vec<(&'static str, String)>,
    form: FormView,
}

#[derive(Serialize)]
struct Sent {
    page: view::Frame,
    title: String,
    number: Option<String>,
    secret: Option<String>,
    told: String,
    case_href: Option<String>,
    follow_href: String,
}

/// A kind of complaint that may be opened, with where its form is.
#[derive(Serialize)]
pub(super) struct Choice {
    pub(super) title: String,
    pub(super) summary: Option<String>,
    pub(super) href: String,
}

/// The complaints that may be opened; `base` is the address below which their forms are.
pub(super) fn choices(visitor: &Visitor, base: &str) -> Vec<Choice> {
    let choice = |kind: Arc<Kind>| Choice {
        title: say(&kind.title, visitor.lang()),
        summary: kind.summary.as_ref().map(|summary| say(summary, visitor.lang())),
        href: format!("{base}/complain/{}", kind.code),
    };
    visitor.app.casework.complaints().into_iter().map(choice).collect()
}

/// The empty form, about one's own dossier.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, id, code)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let of = Of::Own(one::parsed(&visitor, &id)?);
    let kind = kind(&visitor, &code)?;
    let once = visitor.app.ids.uuid().simple().to_string();
    show(&visitor, &kind, &of, (Filled::default(), once), (false, None), StatusCode::OK).await
}

/// What was posted about one's own dossier.
pub(super) async fn own(
    visitor: Visitor,
    Path((_, id, code)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = one::parsed(&visitor, &id)?;
    let posted = read(&visitor, request).await?;
    taken(&visitor, &code, &Of::Own(id), posted).await
}

/// What was posted about the dossier whose number and secret are shown.
pub(super) async fn followed(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Fault> {
    let posted = read(&visitor, request).await?;
    let shown = follow::code(&posted.pairs);
    taken(&visitor, &code, &Of::Shown(shown), posted).await
}

async fn read(visitor: &Visitor, request: Request) -> Result<Posted, Fault> {
    let posted = Posted::read(request).await;
    posted.map_err(|unreadable| Fault::bad_request(visitor.taste, unreadable.0))
}

fn kind(visitor: &Visitor, code: &str) -> Result<Arc<Kind>, Fault> {
    let found = visitor.app.casework.complaints().into_iter().find(|kind| kind.code == code);
    found.ok_or_else(|| Fault::not_found(visitor.taste))
}

fn form_of(visitor: &Visitor, kind: &Kind) -> Result<Arc<Form>, Fault> {
    let form = filing::on(visitor, kind, visitor.app.privacy.today());
    form.ok_or_else(|| Fault::not_found(visitor.taste))
}

/// Files what was posted if nothing is wrong with it, or shows it again.
async fn taken(visitor: &Visitor, code: &str, of: &Of, posted: Posted) -> Result<Response, Fault> {
    let kind = kind(visitor, code)?;
    let form = form_of(visitor, &kind)?;
    let once = asks::value(&posted.pairs, "about.once").map(str::to_owned);
    let once = once.unwrap_or_else(|| visitor.app.ids.uuid().simple().to_string());
    let pairs = posted.pairs.iter().filter(|(name, _)| !name.starts_with("about."));
    let filled = form.read(pairs.map(|(name, value)| (name.as_str(), value.as_str())));
    let filled = filled.map_err(|unreadable| Fault::bad_request(visitor.taste, unreadable.to_string()))?;
    let today = visitor.app.privacy.today();
    let context = Context { today, units: &NoUnits, files: &NoFiles };
    if posted.wish != Wish::Check {
        return show(visitor, &kind, of, (filled, once), (false, None), StatusCode::OK).await;
    }
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if form_faults(&form, &filled, &context).iter().any(|fault| !fault.soft) {
        return show(visitor, &kind, of, (filled, once), (true, None), wrong).await;
    }
    let answers = pruned(&form.settle(&filled.answers, today).answers).into_iter().collect();
    let complaint = Complaint { kind: kind.code.clone(), answers, once: once.clone() };
    match visitor.app.casework.complain(&visitor.session, of.about(), complaint).await {
        Ok(done) => sent(visitor, &kind, of, &done),
        Err(Error::TooMany { most, .. }) => {
            let most = args([("most", most.to_string())]);
            let text = visitor.lang().say_with("citizen-complaints-full", &most);
            let outcome = Outcome { tone: "danger", text };
            show(visitor, &kind, of, (filled, once), (false, Some(outcome)), StatusCode::CONFLICT).await
        }
        Err(error) => {
            let (outcome, status) = said::told(visitor, error, Some(&kind))?;
            show(visitor, &kind, of, (filled, once), (false, Some(outcome)), status).await
        }
    }
}

impl Of {
    fn about(&self) -> About<'_> {
        match self {
            Self::Own(id) => About::Own(id),
            Self::Shown(code) => About::Shown { number: &code.number, secret: &code.secret },
        }
    }
}

fn sent(visitor: &Visitor, kind: &Kind, of: &Of, filed: &Filed) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let state = kind.state(&filed.dossier.state);
    let own = matches!(of, Of::Own(_));
    let values = Sent {
        page: frame(visitor, lang.say("citizen-complaint-sent"), Here::Elsewhere, ""),
        title: say(&kind.title, lang),
        number: filed.dossier.number.clone(),
        secret: filed.secret.clone(),
        told: state.map(|state| say(&state.told, lang)).unwrap_or_default(),
        case_href: own.then(|| parts::href(visitor, &filed.dossier.id)),
        follow_href: visitor.href("follow"),
    };
    Ok(private(rendered(visitor, "complaint_sent.html", values)?.into_response()))
}

/// What the dossier is called that it is about, and the way back to it. Whoever may not see it learns nothing.
async fn about(visitor: &Visitor, of: &Of) -> Result<(String, Option<String>), Fault> {
    let (lang, casework) = (visitor.lang(), &visitor.app.casework);
    let (number, kind, back) = match of {
        Of::Own(id) => {
            let shown = casework.show(&visitor.session, id).await;
            let shown = shown.map_err(|error| said::fault(visitor, error))?;
            if !shown.own {
                return Err(Fault::refused(visitor.taste, StatusCode::FORBIDDEN));
            }
            let kind = casework.kind_of(&shown.dossier).ok().cloned();
            (shown.dossier.number, kind, Some(parts::href(visitor, id)))
        }
        Of::Shown(code) => {
            let found = casework.follow(visitor.session.tenant(), &code.number, &code.secret).await;
            let found = found.map_err(|error| said::fault(visitor, error))?;
            let found = found.ok_or_else(|| Fault::not_found(visitor.taste))?;
            let kind = casework.book().version(&found.kind.0, found.kind.1).cloned();
            (Some(found.number), kind, None)
        }
    };
    let kind = kind.filter(|kind| !kind.about_case).ok_or_else(|| Fault::not_found(visitor.taste))?;
    let number = number.unwrap_or_else(|| lang.say("cases-no-number"));
    let words = args([("number", number), ("kind", say(&kind.title, lang))]);
    Ok((lang.say_with("citizen-about", &words), back))
}

async fn show(
    visitor: &Visitor,
    kind: &Arc<Kind>,
    of: &Of,
    (filled, once): (Filled, String),
    (checks, outcome): (bool, Option<Outcome>),
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let (about, back_href) = about(visitor, of).await?;
    let form = form_of(visitor, kind)?;
    let context = Context { today: visitor.app.privacy.today(), units: &NoUnits, files: &NoFiles };
    let faults = if checks { form_faults(&form, &filled, &context) } else { Vec::new() };
    let marks = Marks::new();
    let sheet = Sheet {
        form: &form,
        filled: &filled,
        faults: &faults,
        marks: &marks,
        context: &context,
        home: None,
        lang,
    };
    let mut hidden = vec![("about.once", once)];
    if let Of::Shown(code) = of {
        hidden.extend([("about.number", code.number.clone()), ("about.secret", code.secret.clone())]);
    }
    let values = Values {
        page: frame(visitor, say(&kind.title, lang), Here::Elsewhere, ""),
        outcome,
        title: say(&kind.title, lang),
        summary: kind.summary.as_ref().map(|summary| say(summary, lang)),
        about,
        back_href,
        takes: one::takes(kind, lang),
        basis: kind.basis.iter().map(|one| format!("{} ({})", say(&one.title, lang), one.number)).collect(),
        hidden,
        form: sheet.draw(),
    };
    let mut response = private(rendered(visitor, "complain.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}
