//! `POST /{tenant}/admin/people`: a new account.

use axum::extract::RawForm;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_access::AccountKind;
use dinh_identity::domain::{Days, Handle, Language, Role};
use dinh_identity::{Details, Error, NewAccount, Office, Rights};
use http::header::HOST;
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::list::shown;
use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::guard::{Desk, Place, Stop, desk, office, private, show};
use crate::pages::admin::said::{misread, not_done, trouble};
use crate::pages::admin::titles;
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

/// A link to be handed over, said this once.
#[derive(Serialize)]
struct Handed {
    #[serde(flatten)]
    desk: Desk,
    name: String,
    link: String,
    account_href: String,
    /// It is the first link of a new account, and lasts longer.
    first: bool,
}

/// What a form asks to be opened.
struct Asked {
    account: NewAccount,
    role: Option<Role>,
    reason: String,
}

/// Opens an account, and shows the link that its holder needs.
pub(in crate::pages) async fn open(
    visitor: Visitor,
    headers: HeaderMap,
    RawForm(body): RawForm,
) -> Result<Response, Stop> {
    let office = office(&visitor)?;
    let (given, lang) = (Given::read(&body), visitor.lang());
    let opened = match asked(&visitor, &given) {
        Ok(asked) => done(office, asked).await.map_err(|error| trouble(&error, lang)),
        Err(trouble) => Err(trouble),
    };
    match opened {
        Ok((id, Some(link))) => handed(&visitor, &headers, given.get("name"), &link, &id, true),
        Ok((id, None)) => {
            let way = Redirect::to(&visitor.href(&format!("admin/people/{id}")));
            Ok(private(way.into_response()))
        }
        Err(trouble) => {
            let outcome = Some(not_done(&trouble, lang));
            let page = shown(&visitor, &given, Some(trouble), outcome).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn asked(visitor: &Visitor, given: &Given) -> Result<Asked, Trouble> {
    let lang = visitor.lang();
    let wrong = |field: &str| misread(field, lang);
    let kind = titles::kind_named(given.get("kind"));
    let kind = kind.ok_or_else(|| Trouble::new("kind", lang.say("admin-no-kind")))?;
    let details = details(given, Language::default(), lang)?;
    let person = matches!(kind, AccountKind::Citizen | AccountKind::Official);
    if person && details.email.is_none() && details.phone.is_none() {
        return Err(Trouble::new("email", lang.say("admin-no-address")));
    }
    let subject = given.uri("subject").map_err(wrong)?;
    let days = Days { from: None, to: given.day("to").map_err(wrong)? };
    let role = given.some("role").map(|code| Role {
        tenant: visitor.province.tenant.clone(),
        code: code.to_owned(),
        unit: None,
        days,
    });
    let can_be_given =
        |code: &str| visitor.app.identity.roles().iter().any(|role| role.given && role.code == code);
    if role.as_ref().is_some_and(|role| !can_be_given(&role.code)) {
        return Err(Trouble::new("role", lang.say("admin-no-role")));
    }
    let account = NewAccount { kind, details, subject };
    Ok(Asked { account, role, reason: given.get("reason").to_owned() })
}

/// Name, addresses and language, as they were typed.
pub(super) fn details(given: &Given, language: Language, lang: Lang) -> Result<Details, Trouble> {
    let said = |error: dinh_identity::domain::HandleError| trouble(&Error::from(error), lang);
    let email = given.some("email").map(Handle::email).transpose().map_err(said)?;
    let phone = given.some("phone").map(Handle::phone).transpose().map_err(said)?;
    Ok(Details { name: given.get("name").to_owned(), email, phone, language })
}

/// Opens the account, gives it its role, and answers its identifier with the secret end of its link.
async fn done(office: Office, asked: Asked) -> Result<(String, Option<String>), Error> {
    let office = office.because(&asked.reason)?;
    let opened = office.open(&asked.account).await?;
    let id = opened.account.id;
    if let Some(role) = asked.role {
        office.set_rights(&id, &Rights { roles: vec![role], positions: Vec::new() }).await?;
    }
    Ok((id.to_string(), opened.link))
}

/// The page with a link to be handed over.
pub(super) fn handed(
    visitor: &Visitor,
    headers: &HeaderMap,
    name: &str,
    link: &str,
    id: &str,
    first: bool,
) -> Result<Response, Stop> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if visitor.app.settings.secure { "https" } else { "http" };
    let path = format!("{}?link={}", visitor.href("recover"), encode(link));
    let values = Handed {
        desk: desk(visitor, visitor.lang().say("admin-handed"), Place::People),
        name: name.to_owned(),
        link: if host.is_empty() { path } else { format!("{scheme}://{host}{path}") },
        account_href: visitor.href(&format!("admin/people/{id}")),
        first,
    };
    show(visitor, "admin_handed.html", values)
}
