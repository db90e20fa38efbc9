//! `POST /{tenant}/admin/people/{id}`: what an administrator does with one account, each with its reason.

use axum::extract::{Path, RawForm};
use axum::response::{IntoResponse as _, Response};
use dinh_identity::domain::{AccountId, AccountRecord, Language};
use dinh_identity::{Error, Office, Proved};
use http::{HeaderMap, StatusCode};

use super::one::{Came, shown};
use super::open::{details, handed};
use super::rights::{here, with_position, with_role, with_tie, without_position, without_role, without_tie};
use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::guard::{Stop, failed, office};
use crate::pages::admin::said::{done, misread, not_done, trouble};
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;

/// What came of a form.
enum Done {
    /// It is done; what is said of it.
    Said(String),
    /// A link was made, which is said this once.
    Link(String),
}

/// Does one thing, and shows the account again.
pub(in crate::pages) async fn change(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    RawForm(body): RawForm,
) -> Result<Response, Stop> {
    let office = office(&visitor)?;
    let (given, lang) = (Given::read(&body), visitor.lang());
    let id = AccountId::parse(&id).ok_or_else(|| Fault::not_found(visitor.taste))?;
    let record = office.known(&id).await.map_err(|error| failed(&visitor, &error))?.record;
    let office = match office.because(given.get("reason")) {
        Ok(office) => office,
        Err(error) => return refused(&visitor, &id, given, trouble(&error, lang)).await,
    };
    match act(&visitor, &office, &record, &given).await {
        Ok(Done::Said(text)) => {
            let came = Came { outcome: Some(done(text)), ..Came::default() };
            shown(&visitor, &office, &id, came).await
        }
        Ok(Done::Link(link)) => handed(&visitor, &headers, &record.name, &link, id.as_str(), false),
        Err(trouble) => refused(&visitor, &id, given, trouble).await,
    }
}

async fn refused(
    visitor: &Visitor,
    id: &AccountId,
    given: Given,
    trouble: Trouble,
) -> Result<Response, Stop> {
    let outcome = Some(not_done(&trouble, visitor.lang()));
    let came = Came { given, trouble: Some(trouble), outcome };
    let page = shown(visitor, &office(visitor)?, id, came).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn act(
    visitor: &Visitor,
    office: &Office,
    record: &AccountRecord,
    given: &Given,
) -> Result<Done, Trouble> {
    let (id, lang) = (&record.id, visitor.lang());
    let said = |result: Result<(), Error>, text: String| match result {
        Ok(()) => Ok(Done::Said(text)),
        Err(error) => Err(trouble(&error, lang)),
    };
    match given.get("do") {
        "details" => {
            let language = if given.get("language") == "en" { Language::En } else { Language::Vi };
            let details = details(given, language, lang)?;
            let subject = given.uri("subject").map_err(|field| misread(field, lang))?;
            said(office.change(id, &details, subject.as_ref()).await, lang.say("admin-changed"))
        }
        "prove" => {
            let proved = Proved {
                identity: given.is_ticked("seen-identity"),
                email: given.is_ticked("seen-email"),
                phone: given.is_ticked("seen-phone"),
            };
            if !(proved.identity || proved.email || proved.phone) {
                return Err(Trouble::new("seen", lang.say("admin-choose-one")));
            }
            said(office.prove(id, proved).await, lang.say("admin-proved"))
        }
        "end-session" => {
            said(office.session_end(id, given.get("which")).await, lang.say("admin-session-ended"))
        }
        "end-sessions" => said(office.sessions_end(id).await, lang.say("admin-sessions-ended")),
        "drop-factors" => said(office.factors_drop(id).await, lang.say("admin-factors-dropped")),
        "lock" => said(office.lock(id).await, lang.say("admin-locked")),
        "unlock" => said(office.unlock(id).await, lang.say("admin-unlocked")),
        "close" if given.is_ticked("sure") => said(office.close(id).await, lang.say("admin-closed")),
        "close" => Err(Trouble::new("sure", lang.say("admin-close-unsure"))),
        "link" => {
            let link = office.recovery_link(id, given.is_ticked("drop")).await;
            link.map(Done::Link).map_err(|error| trouble(&error, lang))
        }
        _ => rights(visitor, office, record, given).await,
    }
}

async fn rights(
    visitor: &Visitor,
    office: &Office,
    record: &AccountRecord,
    given: &Given,
) -> Result<Done, Trouble> {
    let (id, lang) = (&record.id, visitor.lang());
    let had = here(visitor, record);
    let (rights, text) = match given.get("do") {
        "give-role" => (with_role(visitor, had, given)?, lang.say("admin-role-given")),
        "end-role" => (without_role(visitor, had, given)?, lang.say("admin-role-ended")),
        "give-position" => {
            (with_position(visitor, office, had, given).await?, lang.say("admin-position-given"))
        }
        "end-position" => (without_position(visitor, had, given)?, lang.say("admin-position-ended")),
        "give-tie" | "end-tie" => {
            let give = given.get("do") == "give-tie";
            let ties =
                if give { with_tie(visitor, record, given) } else { without_tie(visitor, record, given) }?;
            let set = office.set_representation(id, &ties).await;
            return set.map(|()| Done::Said(lang.say("admin-ties-changed"))).map_err(|e| trouble(&e, lang));
        }
        _ => return Err(Trouble::new("", lang.say("admin-no-such"))),
    };
    let set = office.set_rights(id, &rights).await;
    set.map(|()| Done::Said(text)).map_err(|error| trouble(&error, lang))
}
