//! `GET` and `POST /{tenant}/admin/keys`: keys of devices and systems.

use std::collections::BTreeMap;

use axum::extract::RawForm;
use axum::response::{IntoResponse as _, Response};
use dinh_access::AccountKind;
use dinh_identity::domain::{AccountId, State};
use dinh_identity::{Error, KeyRecord, KeyScope, NewKey, Office, Wanted};
use dinh_model::Term;
use dinh_ngsild::context::Context as LdContext;
use http::StatusCode;
use serde::Serialize;

use super::days::ends;
use super::given::{Given, Trouble};
use super::guard::{Desk, Place, Stop, desk, failed, office, show};
use super::said::{done, misread, not_done, trouble};
use super::titles;
use super::why::{Offered, choice};
use crate::look;
use crate::pages::asked::Asked;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;

/// Most accounts to choose from.
const MOST: usize = 500;
/// Requests per second unless told otherwise.
const USUAL_RATE: u32 = 20;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    keys: Vec<Key>,
    accounts: Vec<Offered>,
    roles: Vec<Offered>,
    typed: BTreeMap<String, String>,
    trouble: Option<Trouble>,
    outcome: Option<Outcome>,
    /// A key in full, said this once.
    text: Option<String>,
    open: bool,
    people_href: String,
}

#[derive(Serialize)]
struct Key {
    id: String,
    account: String,
    account_href: String,
    account_name: String,
    title: String,
    scope: String,
    networks: String,
    rate: u32,
    expires: String,
    last_used: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
    alive: bool,
}

/// What was typed, and what came of it.
#[derive(Default)]
struct Came {
    given: Given,
    trouble: Option<Trouble>,
    outcome: Option<Outcome>,
    text: Option<String>,
}

/// The page.
pub(in crate::pages) async fn list(visitor: Visitor) -> Result<Response, Stop> {
    let office = office(&visitor)?;
    shown(&visitor, &office, Came::default()).await
}

/// Makes, rotates or revokes a key.
pub(in crate::pages) async fn change(visitor: Visitor, RawForm(body): RawForm) -> Result<Response, Stop> {
    let office = office(&visitor)?;
    let (given, lang) = (Given::read(&body), visitor.lang());
    let office = match office.because(given.get("reason")) {
        Ok(office) => office,
        Err(error) => return refused(&visitor, given, trouble(&error, lang)).await,
    };
    match act(&visitor, &office, &given).await {
        Ok((text, said)) => {
            shown(&visitor, &office, Came { text, outcome: Some(done(said)), ..Came::default() }).await
        }
        Err(trouble) => refused(&visitor, given, trouble).await,
    }
}

async fn refused(visitor: &Visitor, given: Given, trouble: Trouble) -> Result<Response, Stop> {
    let outcome = Some(not_done(&trouble, visitor.lang()));
    let came = Came { given, trouble: Some(trouble), outcome, text: None };
    let page = shown(visitor, &office(visitor)?, came).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn act(visitor: &Visitor, office: &Office, given: &Given) -> Result<(Option<String>, String), Trouble> {
    let lang = visitor.lang();
    let said = |error: Error| trouble(&error, lang);
    let account = AccountId::parse(given.get("account"));
    let account = account.ok_or_else(|| Trouble::new("account", lang.say("admin-key-no-account")))?;
    match given.get("do") {
        "make" => {
            let scope = scope(visitor, given)?;
            let NewKey { text, .. } =
                office.key_make(&account, given.get("title"), &scope).await.map_err(said)?;
            Ok((Some(text), lang.say("admin-key-made")))
        }
        "rotate" => {
            let hours = given.get("overlap").parse().unwrap_or(0);
            let NewKey { text, .. } =
                office.key_rotate(&account, given.get("key"), hours).await.map_err(said)?;
            Ok((Some(text), lang.say("admin-key-rotated")))
        }
        "revoke" => {
            office.key_revoke(&account, given.get("key")).await.map_err(said)?;
            Ok((None, lang.say("admin-key-revoked")))
        }
        _ => Err(Trouble::new("", lang.say("admin-no-such"))),
    }
}

/// What a form lets the key be used for. Types are named by their short names, as in the packs.
fn scope(visitor: &Visitor, given: &Given) -> Result<KeyScope, Trouble> {
    let lang = visitor.lang();
    let expires = given.day("expires").map_err(|field| misread(field, lang))?;
    let expires = expires.and_then(ends);
    let expires = expires.ok_or_else(|| Trouble::new("expires", lang.say("admin-key-expires-misfit")))?;
    let rate = given.some("rate").map_or(Ok(USUAL_RATE), str::parse);
    let rate = rate.map_err(|_not_one| Trouble::new("rate", lang.say("admin-key-rate-misfit")))?;
    let words = |name: &str| -> Vec<String> {
        let parts = given.get(name).split([',', ';', '\n', ' ']).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let mut types = std::collections::BTreeSet::new();
    for name in words("types") {
        let term = LdContext::core().expand(&name);
        if visitor.app.context.types().entity_type(term.as_str()).is_none() {
            return Err(Trouble::new("types", lang.say("admin-key-no-type")));
        }
        types.insert(term);
    }
    let networks: Result<Vec<_>, _> = words("networks").iter().map(|text| text.parse()).collect();
    let networks = networks.map_err(|_not_one| Trouble::new("networks", lang.say("admin-key-no-network")))?;
    Ok(KeyScope {
        tenants: [visitor.province.tenant.clone()].into(),
        types,
        roles: given.all("role").into_iter().filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        networks,
        expires,
        per_second: rate,
    })
}

async fn shown(visitor: &Visitor, office: &Office, came: Came) -> Result<Response, Stop> {
    let lang = visitor.lang();
    let asked = Asked::of(&visitor.uri);
    let chosen = came.given.some("account").or_else(|| asked.get("account")).unwrap_or_default();
    let keys = office.all_keys().await.map_err(|error| failed(visitor, &error))?;
    let mut accounts = Vec::new();
    for kind in [AccountKind::Device, AccountKind::System] {
        let wanted = Wanted { kind: Some(kind), state: Some(State::Active), ..Wanted::default() };
        let found = office.list(&wanted, 0, MOST).await.map_err(|error| failed(visitor, &error))?;
        accounts.extend(found.accounts.into_iter().filter(|known| known.cared_for).map(|known| {
            choice(known.record.id.as_str(), known.record.name, known.record.id.as_str() == chosen)
        }));
    }
    let mut typed = came.given.again();
    for name in ["title", "types", "networks", "expires", "rate", "reason", "key"] {
        typed.entry(name.to_owned()).or_default();
    }
    let values = Values {
        desk: desk(visitor, lang.say("admin-keys"), Place::Keys),
        keys: keys.iter().map(|(key, name)| row(visitor, key, name)).collect(),
        accounts,
        roles: super::people::roles(visitor, ""),
        typed,
        open: (came.trouble.is_some() && came.given.get("do") == "make") || asked.get("account").is_some(),
        trouble: came.trouble,
        outcome: came.outcome,
        text: came.text,
        people_href: visitor.href("admin/people"),
    };
    show(visitor, "admin_keys.html", values)
}

fn row(visitor: &Visitor, key: &KeyRecord, name: &str) -> Key {
    let lang = visitor.lang();
    let (tone, icon, state) = if key.revoked.is_some() {
        ("off", "silent", lang.say("admin-key-is-revoked"))
    } else if key.scope.expires <= visitor.now {
        ("warn", "warn", lang.say("admin-key-is-over"))
    } else {
        ("ok", "ok", lang.say("admin-key-is-good"))
    };
    let types: Vec<String> = key.scope.types.iter().map(|term| type_title(visitor, term)).collect();
    let roles: Vec<String> = key.scope.roles.iter().map(|code| titles::role(visitor, code)).collect();
    let all = if types.is_empty() { lang.say("admin-key-all-types") } else { types.join(", ") };
    let networks: Vec<String> = key.scope.networks.iter().map(ToString::to_string).collect();
    Key {
        id: key.id.clone(),
        account: key.account.to_string(),
        account_href: visitor.href(&format!("admin/people/{}", key.account)),
        account_name: name.to_owned(),
        title: key.title.clone(),
        scope: if roles.is_empty() { all } else { format!("{all} · {}", roles.join(", ")) },
        networks: if networks.is_empty() { lang.say("admin-key-all-networks") } else { networks.join(", ") },
        rate: key.scope.per_second,
        expires: look::date_time(key.scope.expires, lang),
        last_used: key.last_used.map_or_else(|| lang.say("admin-key-unused"), |at| look::date_time(at, lang)),
        tone,
        icon,
        state,
        alive: key.revoked.is_none(),
    }
}

fn type_title(visitor: &Visitor, term: &Term) -> String {
    let described = visitor.app.context.types().entity_type(term.as_str());
    described.map_or_else(
        || titles::last(term.as_str()).to_owned(),
        |described| visitor.title(&described.title).to_owned(),
    )
}
