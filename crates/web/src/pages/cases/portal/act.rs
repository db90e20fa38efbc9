//! `POST /{tenant}/portal`: telling again, mending what arrived, comparing a day.

use axum::Form;
use axum::response::Response;
use dinh_model::EntityId;
use dinh_portal::{Error, Mapping, MappingList};
use http::StatusCode;
use jiff::civil::Date;

use super::{page, rows};
use crate::pages::cases::{asks, said};
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Does what a button says.
pub(super) async fn act(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = page::enter(&visitor)? {
        return Ok(*other);
    }
    let (outcome, status) = match done(&visitor, &pairs).await {
        Ok(text) => (Outcome { tone: "ok", text }, StatusCode::OK),
        Err(error) => told(&visitor, error)?,
    };
    page::show(&visitor, Some(outcome), status).await
}

async fn done(visitor: &Visitor, pairs: &[(String, String)]) -> Result<String, Error> {
    let (lang, portal, session) = (visitor.lang(), &visitor.app.portal, &visitor.session);
    let text = |name| asks::value(pairs, name).unwrap_or_default();
    let entity = || {
        let named = text("id");
        EntityId::parse(named).map_err(|_none| Error::NoSuch(EntityId::trusted("urn:ngsi-ld:Dossier:none")))
    };
    let day = || text("day").parse::<Date>().map_err(|_none| Error::Day);
    match text("do") {
        "again" => {
            portal.tell_again(session, &entity()?, false).await.map(|()| lang.say("portal-done-again"))
        }
        "now" => {
            portal.try_now(session.tenant());
            Ok(lang.say("portal-done-now"))
        }
        "try" => portal.try_again(session, &entity()?, false).await.map(|()| lang.say("portal-done-try")),
        "lenient" => {
            portal.try_again(session, &entity()?, true).await.map(|()| lang.say("portal-done-lenient"))
        }
        "drop" => portal.set_aside(session, &entity()?).await.map(|()| lang.say("portal-done-drop")),
        "seen" => portal.set_aside(session, &entity()?).await.map(|()| lang.say("portal-done-seen")),
        "map" => {
            map(visitor, text("list"), text("code"), text("means")).await?;
            Ok(lang.say("portal-done-map"))
        }
        "compare" => {
            let found = portal.reconcile(session, day()?).await?;
            let differing = rows::count(found.differing, lang);
            Ok(lang.say_with("portal-done-compare", &args([("differing", differing)])))
        }
        "mend" => {
            let told = portal.mend_day(session, day()?).await?;
            let told = rows::count(u64::try_from(told).unwrap_or_default(), lang);
            Ok(lang.say_with("portal-done-mend", &args([("told", told)])))
        }
        _ => Err(Error::Conflict),
    }
}

/// A kind is named by its code, a unit by its electronic identifier.
async fn map(visitor: &Visitor, list: &str, code: &str, means: &str) -> Result<(), Error> {
    let (portal, session) = (&visitor.app.portal, &visitor.session);
    let list = MappingList::from_name(list).ok_or(Error::Conflict)?;
    let means = match list {
        MappingList::Procedure => means.trim().to_owned(),
        MappingList::Unit => portal.unit_by_code(session.tenant(), means.trim()).await?.to_string(),
    };
    portal.map(session, &Mapping { list, code: code.to_owned(), means }).await
}

/// What the page says of an error.
fn told(visitor: &Visitor, error: Error) -> Result<(Outcome, StatusCode), Fault> {
    let lang = visitor.lang();
    let (text, status) = match error {
        Error::Conflict => (lang.say("portal-error-conflict"), StatusCode::CONFLICT),
        Error::Day => (lang.say("portal-error-day"), StatusCode::UNPROCESSABLE_ENTITY),
        Error::NoSuch(_) => (lang.say("portal-error-none"), StatusCode::UNPROCESSABLE_ENTITY),
        Error::Silent(why) => {
            (lang.say_with("portal-error-silent", &args([("why", why)])), StatusCode::BAD_GATEWAY)
        }
        Error::Cases(error @ dinh_casework::Error::NoKind(_)) => {
            drop(error);
            (lang.say("portal-error-kind"), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Error::Cases(error) => return said::told(visitor, error, None),
        Error::TooMany { .. } => (lang.say("portal-error-code"), StatusCode::UNPROCESSABLE_ENTITY),
        other => return Err(page::fault(visitor, other)),
    };
    Ok((Outcome { tone: "danger", text }, status))
}
