//! Who is let in, and who is led to their second factor first.

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use dinh_access::{Account, Action, Principal, Purpose};
use dinh_context::Session;
use dinh_identity::{Lookup, Office};
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use serde::Serialize;

use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::view::{self, Choice};
use crate::pages::visitor::{Visitor, encode};

/// Why there is no page: a fault, or the way to somewhere else. Boxed: it is large and rare.
pub(super) struct Stop(Box<Response>);

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self(Box::new(fault.into_response()))
    }
}

impl From<Response> for Stop {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// Which of the pages one is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Start,
    People,
    Units,
    Roles,
    Why,
    Keys,
    StepUp,
    Signing,
    Audit,
}

/// What every page here needs: the frame, and the ways to the other pages.
#[derive(Serialize)]
pub(super) struct Desk {
    pub(super) page: view::Frame,
    pub(super) places: Vec<Choice>,
    pub(super) start_href: String,
}

/// Lets in who may do this. Who may once they have shown their second factor is led there and back.
pub(super) fn enter(visitor: &Visitor, action: Action) -> Result<(), Stop> {
    match visitor.session.may(action) {
        Ok(()) => Ok(()),
        Err(_) if could(visitor, action) => Err(to_step_up(visitor)),
        Err(denied) => Err(Fault::of(visitor.taste, denied).into()),
    }
}

/// Lets in who may administer or audit.
pub(super) fn enter_either(visitor: &Visitor) -> Result<(), Stop> {
    if visitor.session.may(Action::Audit).is_ok() {
        return Ok(());
    }
    if visitor.session.may(Action::Administer).is_err() && could(visitor, Action::Audit) {
        return Err(to_step_up(visitor));
    }
    enter(visitor, Action::Administer)
}

/// The office of an administrator.
pub(super) fn office(visitor: &Visitor) -> Result<Office, Stop> {
    enter(visitor, Action::Administer)?;
    let office = visitor.app.identity.office(&visitor.session, &visitor.guest.from);
    office.map_err(|error| failed(visitor, &error))
}

/// Who accounts are, for those who administer or audit.
pub(super) fn lookup(visitor: &Visitor) -> Result<Lookup, Stop> {
    visitor.app.identity.lookup(&visitor.session).map_err(|error| failed(visitor, &error))
}

/// What went wrong where nothing could be typed wrong.
pub(super) fn failed(visitor: &Visitor, error: &dinh_identity::Error) -> Stop {
    use dinh_identity::Error;
    match error {
        Error::NoAccount | Error::NoSuch(_) | Error::Elsewhere(_) => Fault::not_found(visitor.taste).into(),
        Error::Door(dinh_context::Error::Denied(denied)) => {
            Fault::of(visitor.taste, dinh_context::Error::Denied(denied.clone())).into()
        }
        error => Fault::broken(visitor.taste, error).into(),
    }
}

/// Whether somebody may do this, or may once they have shown their second factor.
fn could(visitor: &Visitor, action: Action) -> bool {
    let Principal::Account(account) = &visitor.guest.principal else { return false };
    let account = Account { stepped_up: true, ..Account::clone(account) };
    stepped_up(visitor, account).may(action).is_ok()
}

fn stepped_up(visitor: &Visitor, account: Account) -> Session {
    let principal = Principal::Account(Arc::new(account));
    visitor.app.context.session(principal, visitor.province.tenant.clone(), Purpose::Operations)
}

/// Whether somebody administers here, if need be after a second factor.
pub(in crate::pages) fn could_administer(visitor: &Visitor) -> bool {
    could(visitor, Action::Administer)
}

/// Whether somebody audits here, if need be after a second factor.
pub(in crate::pages) fn could_audit(visitor: &Visitor) -> bool {
    could(visitor, Action::Audit)
}

fn to_step_up(visitor: &Visitor) -> Stop {
    let here = visitor.uri.path_and_query().map_or("/", |path| path.as_str());
    let way = format!("{}?next={}#step-up", visitor.href("account"), encode(here));
    private(Redirect::to(&way).into_response()).into()
}

/// What a page at this place needs.
pub(super) fn desk(visitor: &Visitor, title: String, place: Place) -> Desk {
    let lang = visitor.lang();
    let (administers, audits) = (could_administer(visitor), could_audit(visitor));
    let all = [
        (Place::Start, "admin", lang.say("admin"), true),
        (Place::People, "admin/people", lang.say("admin-people"), administers),
        (Place::Units, "admin/units", lang.say("admin-units"), administers),
        (Place::Roles, "admin/roles", lang.say("admin-roles"), true),
        (Place::Why, "admin/why", lang.say("admin-why"), true),
        (Place::Keys, "admin/keys", lang.say("admin-keys"), administers),
        (Place::StepUp, "admin/step-up", lang.say("admin-step-up"), administers),
        (Place::Signing, "admin/signing", lang.say("admin-signing"), administers),
        (Place::Audit, "admin/audit", lang.say("admin-audit"), audits),
    ];
    let places = all.into_iter().filter(|(_, _, _, open)| *open).map(|(at, path, title, _)| Choice {
        id: path.rsplit('/').next().unwrap_or_default().to_owned(),
        href: visitor.href(path),
        title,
        current: at == place,
    });
    Desk {
        places: places.collect(),
        page: frame(visitor, title, Here::Admin, ""),
        start_href: visitor.href("admin"),
    }
}

/// A rendered page, which nobody keeps.
pub(super) fn show(visitor: &Visitor, template: &str, values: impl Serialize) -> Result<Response, Stop> {
    Ok(private(page(visitor, template, values)?.into_response()))
}

/// An answer that nobody keeps.
pub(super) fn private(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
