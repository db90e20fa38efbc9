//! `GET` and `POST /{tenant}/admin/signing`: the keys by which the province signs, their certificates, and whom
//! signatures are believed.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use dinh_access::{AccountKind, Action};
use dinh_context::File;
use dinh_identity::domain::State;
use dinh_identity::{Office, Wanted};
use dinh_model::EntityId;
use dinh_signing::signatures::{Certificate, Purpose, Subject};
use dinh_signing::{Error, Key, KeyUse, Listed, NewKey, Place as KeyPlace, Standing};
use http::StatusCode;
use serde::Serialize;

use super::given::Trouble;
use super::guard::{Desk, Place, Stop, desk, enter, failed, office, show};
use super::said::{done, not_done};
use super::units::all as all_units;
use super::why::{Offered, choice};
use crate::app::App;
use crate::look;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::uploading::look_at;
use crate::words::{Lang, args};

/// Most accounts to choose from.
const MOST: usize = 500;
/// Fields that are shown again as they were typed.
const TYPED: [&str; 8] = ["title", "purpose", "where", "label", "name", "organisation", "part", "reason"];
/// Largest body, in bytes: a few certificates, or a picture of a seal.
const MOST_BODY: usize = 4 << 20;
/// Points across and up of a picture of a seal, at most: as it is seen, 300 to the inch.
const SEAL_SIDE: u32 = 240;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    keys: Vec<Row>,
    units: Vec<Offered>,
    accounts: Vec<Offered>,
    typed: BTreeMap<&'static str, String>,
    trouble: Option<Trouble>,
    outcome: Option<Outcome>,
    open: bool,
    has_module: bool,
    authorities: Vec<Authority>,
    time_stamps: Option<String>,
    pictures: Vec<SealPicture>,
    check_href: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    title: String,
    purpose: String,
    place: String,
    unit: Option<String>,
    holders: String,
    subject: Option<String>,
    serial: Option<String>,
    days: Option<String>,
    left: Option<String>,
    tone: &'static str,
    icon: &'static str,
    state: String,
    alive: bool,
    request_href: Option<String>,
}

/// The picture of the seal of a unit.
#[derive(Serialize)]
struct SealPicture {
    unit: String,
    name: String,
    /// As an address that is the picture itself.
    shown: String,
}

#[derive(Serialize)]
struct Authority {
    name: String,
    purposes: String,
    days: String,
    source: String,
    fingerprint: String,
}

/// What was typed, and what came of it.
#[derive(Default)]
struct Came {
    pairs: Vec<(String, String)>,
    trouble: Option<Trouble>,
    outcome: Option<Outcome>,
    /// Whether a key was to be made.
    made: bool,
}

/// The routes of this page.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/admin/signing", get(list).post(change).layer(DefaultBodyLimit::max(MOST_BODY)))
        .route("/{tenant}/admin/signing/{id}/request", get(request))
}

async fn list(visitor: Visitor) -> Result<Response, Stop> {
    let office = office(&visitor)?;
    shown(&visitor, &office, Came::default()).await
}

/// The request for a certificate, to be sent to an authority.
async fn request(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Stop> {
    enter(&visitor, Action::Administer)?;
    let key = keys(&visitor).await?.into_iter().find(|key| key.id == id);
    let Some(pem) = key.and_then(|key| key.request) else {
        return Err(Fault::not_found(visitor.taste).into());
    };
    let (name, media_type) = (format!("{id}.csr"), "application/pkcs10".to_owned());
    Ok(crate::pages::saved(File { name, media_type, sha256: String::new(), content: pem.into_bytes() }))
}

async fn keys(visitor: &Visitor) -> Result<Vec<Key>, Stop> {
    let keys = visitor.app.signing.keys(&visitor.session).await;
    keys.map_err(|error| Fault::broken(visitor.taste, &error).into())
}

async fn change(visitor: Visitor, request: Request) -> Result<Response, Stop> {
    let office = office(&visitor)?;
    let posted = Posted::read(request).await;
    let posted = posted.map_err(|unreadable| Fault::bad_request(visitor.taste, unreadable.0))?;
    let came = match act(&visitor, &posted).await {
        Ok(text) => Came { outcome: Some(done(text)), ..Came::default() },
        Err(trouble) => Came {
            outcome: Some(not_done(&trouble, visitor.lang())),
            trouble: Some(trouble),
            made: posted.pressed == "make",
            pairs: posted.pairs,
        },
    };
    let status = if came.trouble.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, shown(&visitor, &office, came).await?).into_response())
}

async fn act(visitor: &Visitor, posted: &Posted) -> Result<String, Trouble> {
    let (lang, signing, session) = (visitor.lang(), &visitor.app.signing, &visitor.session);
    let said = |error: Error| trouble(&error, lang);
    let key = value(&posted.pairs, "key");
    match posted.pressed.as_str() {
        "make" => {
            let new = new_key(visitor, &posted.pairs)?;
            signing.make(session, new).await.map_err(said)?;
            Ok(lang.say("admin-signing-made"))
        }
        "certify" => {
            let file = posted.files.first().map(|file| file.content.as_slice()).unwrap_or_default();
            signing.certify(session, key, file).await.map_err(said)?;
            Ok(lang.say("admin-signing-certified"))
        }
        "withdraw" => {
            signing.withdraw(session, key, value(&posted.pairs, "reason")).await.map_err(said)?;
            Ok(lang.say("admin-signing-withdrawn"))
        }
        "picture" => picture(visitor, posted).await,
        "no-picture" => {
            let unit = chosen_unit(visitor, &posted.pairs).await?;
            signing.set_seal_picture(session, &unit, None).await.map_err(said)?;
            Ok(lang.say("admin-signing-picture-gone"))
        }
        _ => Err(Trouble::new("", lang.say("admin-no-such"))),
    }
}

/// Keeps the picture of the seal of a unit, looked at and written anew.
async fn picture(visitor: &Visitor, posted: &Posted) -> Result<String, Trouble> {
    let lang = visitor.lang();
    let unit = chosen_unit(visitor, &posted.pairs).await?;
    let misfit = || Trouble::new("picture", lang.say("admin-signing-picture-misfit"));
    let file = posted.files.first().ok_or_else(misfit)?;
    let named = (file.fact.name.clone(), file.fact.media_type.clone());
    let checked = look_at(&visitor.app, named, file.content.clone()).await.map_err(|refused| {
        let text = refused.map(|refused| refused.words());
        let text = text.map(|words| if lang == Lang::Vi { words.vi } else { words.en });
        text.map_or_else(misfit, |text| Trouble::new("picture", text))
    })?;
    let drawn = tokio::task::spawn_blocking(move || dinh_uploads::emblem(checked.bytes(), SEAL_SIDE)).await;
    let png = drawn.ok().and_then(Result::ok).ok_or_else(misfit)?;
    let kept = visitor.app.signing.set_seal_picture(&visitor.session, &unit, Some(&png)).await;
    kept.map_err(|error| match error {
        Error::Text { .. } => misfit(),
        other => trouble(&other, lang),
    })?;
    Ok(lang.say("admin-signing-picture-kept"))
}

/// The unit that was chosen: one that there is.
async fn chosen_unit(visitor: &Visitor, pairs: &[(String, String)]) -> Result<EntityId, Trouble> {
    let none = || Trouble::new("picture-unit", visitor.lang().say("admin-not-a-uri"));
    let id = EntityId::parse(value(pairs, "unit")).map_err(|_not_one| none())?;
    let all = all_units(visitor).await.map_err(|_stop| none())?;
    if all.iter().any(|one| one.id == id) { Ok(id) } else { Err(none()) }
}

fn new_key(visitor: &Visitor, pairs: &[(String, String)]) -> Result<NewKey, Trouble> {
    let lang = visitor.lang();
    let some = |name: &str| Some(value(pairs, name)).filter(|text| !text.is_empty()).map(str::to_owned);
    let unit = some("unit").map(|unit| EntityId::parse(&unit)).transpose();
    let unit = unit.map_err(|_not_one| Trouble::new("unit", lang.say("admin-not-a-uri")))?;
    let place = match value(pairs, "where") {
        "module" => KeyPlace::Module { label: some("label").unwrap_or_default() },
        "elsewhere" => KeyPlace::Elsewhere,
        _ => KeyPlace::Software,
    };
    let holders: Vec<String> = some("holder").into_iter().collect();
    if holders.is_empty() {
        return Err(Trouble::new("holder", lang.say("admin-signing-no-holder")));
    }
    Ok(NewKey {
        title: some("title").unwrap_or_default(),
        purpose: if value(pairs, "purpose") == "personal" { KeyUse::Personal } else { KeyUse::Seal },
        unit,
        holders,
        place,
        subject: Subject {
            name: some("name").or_else(|| some("title")).unwrap_or_default(),
            organisation: some("organisation"),
            unit: some("part"),
            country: "VN".to_owned(),
        },
    })
}

/// What is said of an error, and beside which field.
fn trouble(error: &Error, lang: Lang) -> Trouble {
    let days = |from: jiff::Timestamp, until: jiff::Timestamp| {
        args([("from", look::date(from.into(), lang)), ("until", look::date(until.into(), lang))])
    };
    let (field, text) = match error {
        Error::Text { field: "title", .. } => ("title", lang.say("admin-signing-title-misfit")),
        Error::Text { field: "reason", .. } => ("reason", lang.say("admin-reason-misfit")),
        Error::Text { .. } => ("holder", lang.say("admin-signing-no-holder")),
        Error::Key(_) => ("name", lang.say("admin-signing-name-misfit")),
        Error::NoSeal => ("where", lang.say("admin-signing-no-seal")),
        Error::NoModule => ("where", lang.say("admin-signing-no-module")),
        Error::Module(_) => ("label", lang.say("admin-signing-module-fault")),
        Error::Certificate(_) => ("certificate", lang.say("admin-signing-not-a-certificate")),
        Error::OtherCertificate => ("certificate", lang.say("admin-signing-other-certificate")),
        Error::NotForSigning => ("certificate", lang.say("admin-signing-not-for-signing")),
        Error::NotNow { from, until } => {
            ("certificate", lang.say_with("admin-signing-not-now", &days(*from, *until)))
        }
        Error::Withdrawn => ("", lang.say("signatures-key-withdrawn")),
        _ => ("", lang.say("admin-no-such")),
    };
    Trouble::new(field, text)
}

async fn shown(visitor: &Visitor, office: &Office, came: Came) -> Result<Response, Stop> {
    let lang = visitor.lang();
    let signing = &visitor.app.signing;
    let units = all_units(visitor).await?;
    let mut accounts = Vec::new();
    let wanted =
        Wanted { kind: Some(AccountKind::Official), state: Some(State::Active), ..Wanted::default() };
    let found = office.list(&wanted, 0, MOST).await.map_err(|error| failed(visitor, &error))?;
    let chosen = |name: &str, id: &str| value(&came.pairs, name) == id;
    for known in found.accounts {
        let id = known.record.id.to_string();
        accounts.push(choice(&id, known.record.name.clone(), chosen("holder", &id)));
    }
    let name_of = |id: &str| {
        accounts.iter().find(|one| one.value == id).map_or_else(|| id.to_owned(), |one| one.title.clone())
    };
    let unit_of = |id: &EntityId| {
        units.iter().find(|one| one.id == *id).map_or_else(|| id.to_string(), |one| one.name.clone())
    };
    let rows = keys(visitor).await?.iter().map(|key| row(visitor, key, &name_of, &unit_of)).collect();
    let typed = TYPED.map(|name| (name, value(&came.pairs, name).to_owned())).into();
    let settings = signing.settings();
    let pictures = signing.seal_pictures(&visitor.session).await;
    let pictures = pictures.map_err(|error| Fault::broken(visitor.taste, &error))?;
    let pictures = pictures.into_iter().map(|(unit, png)| SealPicture {
        name: unit_of(&unit),
        unit: unit.to_string(),
        shown: format!("data:image/png;base64,{png}"),
    });
    let values = Values {
        desk: desk(visitor, lang.say("admin-signing"), Place::Signing),
        keys: rows,
        units: units
            .iter()
            .map(|one| choice(one.id.as_str(), one.name.clone(), chosen("unit", one.id.as_str())))
            .collect(),
        accounts,
        typed,
        open: came.trouble.is_some() && came.made,
        trouble: came.trouble,
        outcome: came.outcome,
        has_module: settings.module.is_some(),
        authorities: settings.trust.authorities.iter().map(|one| authority(one, lang)).collect(),
        time_stamps: settings.time_stamps.clone(),
        pictures: pictures.collect(),
        check_href: visitor.href("signatures"),
    };
    show(visitor, "admin_signing.html", values)
}

fn row(
    visitor: &Visitor,
    key: &Key,
    name_of: &dyn Fn(&str) -> String,
    unit_of: &dyn Fn(&EntityId) -> String,
) -> Row {
    let (lang, now) = (visitor.lang(), visitor.app.signing.now());
    let (tone, icon, state) = match key.standing(now) {
        Standing::Waiting => ("watch", "clock", lang.say("admin-signing-is-waiting")),
        Standing::Ready => ("ok", "ok", lang.say("admin-signing-is-ready")),
        Standing::EndsSoon => ("warn", "warn", lang.say("admin-signing-ends-soon")),
        Standing::Ended => ("danger", "danger", lang.say("admin-signing-is-over")),
        Standing::Withdrawn => ("off", "silent", lang.say("admin-signing-is-withdrawn")),
    };
    let certificate = key.certificate();
    let days = certificate.as_ref().map(|one| valid(one, lang));
    let left = certificate.as_ref().filter(|one| one.until() > now).map(|one| {
        let days = one.until().duration_since(now).as_hours() / 24;
        lang.say_with("admin-signing-left", &args([("days", days)]))
    });
    Row {
        id: key.id.clone(),
        title: key.title.clone(),
        purpose: match key.purpose {
            KeyUse::Seal => lang.say("admin-signing-seal"),
            KeyUse::Personal => lang.say("admin-signing-personal"),
        },
        place: match &key.place {
            KeyPlace::Software => lang.say("admin-signing-software"),
            KeyPlace::Module { .. } => lang.say("admin-signing-module"),
            KeyPlace::Elsewhere => lang.say("admin-signing-elsewhere"),
        },
        unit: key.unit.as_ref().map(unit_of),
        holders: key.holders.iter().map(|holder| name_of(holder)).collect::<Vec<_>>().join(", "),
        subject: certificate.as_ref().map(Certificate::subject),
        serial: certificate.as_ref().map(Certificate::serial),
        days,
        left,
        tone,
        icon,
        state,
        alive: key.withdrawn.is_none(),
        request_href: key
            .request
            .is_some()
            .then(|| visitor.href(&format!("admin/signing/{}/request", key.id))),
    }
}

fn valid(certificate: &Certificate, lang: Lang) -> String {
    let days = [("from", certificate.from()), ("until", certificate.until())];
    lang.say_with("signatures-days", &args(days.map(|(name, at)| (name, look::date(at.into(), lang)))))
}

fn authority(one: &Listed, lang: Lang) -> Authority {
    let certificate = &one.anchor.certificate;
    let purpose = |purpose: &Purpose| match purpose {
        Purpose::Documents => lang.say("admin-signing-documents"),
        Purpose::Stamps => lang.say("admin-signing-stamps"),
    };
    let purposes: Vec<String> = one.anchor.purposes.iter().map(purpose).collect();
    let day = |day: Option<jiff::civil::Date>, at: jiff::Timestamp| {
        day.map_or_else(|| look::date(at.into(), lang), |day| look::day(day, lang))
    };
    let days = [("from", day(one.from, certificate.from())), ("until", day(one.until, certificate.until()))];
    Authority {
        name: certificate.name().unwrap_or_else(|| certificate.subject()),
        purposes: if purposes.is_empty() { lang.say("admin-signing-any") } else { purposes.join(", ") },
        days: lang.say_with("signatures-days", &args(days)),
        source: one.source.clone(),
        fingerprint: certificate.fingerprint(),
    }
}

fn value<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
}
