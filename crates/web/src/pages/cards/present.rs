//! `GET` and `POST /{tenant}/presentations`, `GET /{tenant}/presentations/{state}`: asking somebody to show a card from their
//! wallet, on site or at a counter, and seeing at once what they show (OpenID4VP 1.0).

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_cards::{Claim, Error, Outcome as Became, Presentation, Standing, Told, Use, Wish};
use dinh_credentials::card::CardKind;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::Value as Json;
use url::form_urlencoded::Serializer;

use super::parts::{self, Sign};
use super::{said, value, verify};
use crate::api::house::card_issuer;
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::settings::is_own_path;
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::{Lang, args};

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    kinds: Vec<Choice>,
    claims: Vec<Choice>,
    why: String,
    verify_href: String,
}

/// Something that can be asked for.
#[derive(Serialize)]
struct Choice {
    value: &'static str,
    title: String,
    hint: Option<String>,
    chosen: bool,
}

#[derive(Serialize)]
struct OneValues {
    page: view::Frame,
    back_href: String,
    back: String,
    /// For scripts: what is shown now. Even after the answer there is something to follow: whoever sends it again is told of.
    stage: String,
    /// What is asked for.
    kind: String,
    asked: Vec<String>,
    why: String,
    until: String,
    /// For the wallet: its QR and its address.
    picture: Option<String>,
    href: Option<String>,
    result: Option<Shown>,
    repeated: Option<String>,
    /// What whoever asked goes on with, once a card was shown for it.
    go_on: Option<GoOn>,
}

/// What a card that was shown is used for.
#[derive(Serialize)]
struct GoOn {
    action: String,
    wish: &'static str,
    title: String,
    state: String,
}

/// What came of it.
#[derive(Serialize)]
struct Shown {
    sign: Sign,
    means: String,
    outcome: String,
    facts: Vec<(String, String)>,
    task: Option<Vec<(String, String)>>,
    /// What was asked for and not shown.
    missing: Option<String>,
    /// How much was kept back.
    hidden: Option<String>,
    at: String,
}

/// What to ask for.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let wish = Wish {
        kind: Some(CardKind::CivilServant),
        claims: vec![Claim::Name, Claim::Unit, Claim::Position],
        ..Wish::default()
    };
    show(&visitor, &wish, None, StatusCode::OK)
}

/// Asks.
pub(super) async fn ask(
    visitor: Visitor,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let claims = pairs.iter().filter(|(name, _)| name == "claim");
    let kind = value(&pairs, "kind");
    let wish = Wish {
        kind: CardKind::ALL.into_iter().find(|one| one.name() == kind),
        claims: claims.filter_map(|(_, claim)| Claim::from_name(claim)).collect(),
        why: value(&pairs, "why").to_owned(),
        ..Wish::default()
    };
    let response = format!("{}/answers", card_issuer(&visitor.app, &headers, visitor.session.tenant()));
    match visitor.app.cards.ask(&visitor.session, &wish, &response).await {
        Ok(question) => {
            let to = visitor.href(&format!("presentations/{}", question.state));
            Ok(private(Redirect::to(&to).into_response()))
        }
        Err(error) => {
            let (outcome, status) = match error {
                Error::Missing("claims") => {
                    let text = visitor.lang().say("present-error-claims");
                    (Outcome { tone: "danger", text }, StatusCode::UNPROCESSABLE_ENTITY)
                }
                other => said::told(&visitor, other)?,
            };
            show(&visitor, &wish, Some(outcome), status)
        }
    }
}

fn show(
    visitor: &Visitor,
    wish: &Wish,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let kinds = CardKind::ALL.map(|kind| Choice {
        value: kind.name(),
        title: parts::kind(kind, lang),
        hint: None,
        chosen: wish.kind == Some(kind),
    });
    let claims = Claim::ALL.map(|claim| Choice {
        value: claim.name(),
        title: title(claim, lang),
        hint: match claim {
            Claim::CardNumber => Some(lang.say("present-number-hint")),
            Claim::Benefits => Some(lang.say("present-benefits-hint")),
            _ => None,
        },
        chosen: wish.claims.contains(&claim),
    });
    let values = Values {
        page: frame(visitor, lang.say("present"), Here::Elsewhere, ""),
        outcome,
        kinds: kinds.into(),
        claims: claims.into(),
        why: wish.why.clone(),
        verify_href: visitor.href("verify"),
    };
    let response = private(rendered(visitor, "presentations.html", values)?.into_response());
    Ok(super::with_status(response, status))
}

/// One question: its QR while nobody has answered, and what was shown after.
pub(super) async fn one(
    visitor: Visitor,
    Path((_, state)): Path<(String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let found = visitor.app.cards.presentation(&visitor.session, &state).await;
    let found = found.map_err(|error| said::fault(&visitor, error))?;
    let lang = visitor.lang();
    let request = match &found.outcome {
        Became::Waiting(request) => Some(address(request)),
        _ => None,
    };
    let times = f64::from(u32::try_from(found.repeated).unwrap_or(u32::MAX));
    let (back, back_href) = back(&visitor, &found);
    let values = OneValues {
        page: frame(&visitor, lang.say("present"), Here::Elsewhere, ""),
        back_href,
        back,
        go_on: go_on(&visitor, &found, state.clone()),
        stage: format!("{}-{}", stage(&found.outcome), found.repeated),
        kind: found.kind.map_or_else(|| lang.say("present-any"), |kind| parts::kind(kind, lang)),
        asked: found.claims.iter().map(|claim| title(*claim, lang)).collect(),
        why: found.why.clone(),
        until: look::date_time(found.until, lang),
        picture: request.as_deref().and_then(parts::qr),
        href: request,
        result: result(&visitor, &found),
        repeated: (found.repeated > 0).then(|| lang.say_with("present-repeated", &args([("times", times)]))),
    };
    Ok(private(rendered(&visitor, "presentation.html", values)?.into_response()))
}

/// Where the question came from.
fn back(visitor: &Visitor, found: &Presentation) -> (String, String) {
    let lang = visitor.lang();
    match found.purpose {
        Use::StepUp => (lang.say("my-account"), account(visitor)),
        Use::Exemption => {
            (lang.say("present-back-case"), visitor.href(&format!("cases/{}", encode(&found.about))))
        }
        Use::Presentation | Use::CheckIn => (lang.say("present-again"), visitor.href("presentations")),
    }
}

/// The account, with where to go on from there.
fn account(visitor: &Visitor) -> String {
    let asked = Asked::of(&visitor.uri);
    let next = asked.get("next").filter(|next| is_own_path(next)).unwrap_or_default();
    format!("{}?next={}", visitor.href("account"), encode(next))
}

/// What whoever asked goes on with: only for a card that was shown and holds.
fn go_on(visitor: &Visitor, found: &Presentation, state: String) -> Option<GoOn> {
    let lang = visitor.lang();
    if !matches!(&found.outcome, Became::Shown(told) if told.standing == Standing::Valid) {
        return None;
    }
    match found.purpose {
        Use::StepUp => {
            let title = lang.say("present-use-step-up");
            Some(GoOn { action: account(visitor), wish: "card-step-up", title, state })
        }
        Use::Exemption => {
            let action = visitor.href(&format!("cases/{}/exemption", encode(&found.about)));
            Some(GoOn { action, wish: "prove", title: lang.say("present-use-exemption"), state })
        }
        Use::Presentation | Use::CheckIn => None,
    }
}

/// What a wallet is opened with: the request by value, since a request of this kind is not signed (OpenID4VP 1.0, section 5.9.3).
fn address(request: &Json) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in request.as_object().into_iter().flatten() {
        match value {
            Json::String(text) => query.append_pair(name, text),
            other => query.append_pair(name, &other.to_string()),
        };
    }
    format!("openid4vp://?{}", query.finish())
}

const fn stage(outcome: &Became) -> &'static str {
    match outcome {
        Became::Waiting(_) => "waiting",
        Became::Shown(_) => "shown",
        Became::Refused(_) => "refused",
        Became::Gone => "gone",
    }
}

fn result(visitor: &Visitor, found: &Presentation) -> Option<Shown> {
    let lang = visitor.lang();
    let at = found.answered.map(|at| look::date_time(at, lang)).unwrap_or_default();
    let plain = |tone: &'static str, outcome: &str, word: String, means: String| Shown {
        sign: Sign { tone, icon: tone, word },
        means,
        outcome: outcome.to_owned(),
        facts: Vec::new(),
        task: None,
        missing: None,
        hidden: None,
        at: at.clone(),
    };
    match &found.outcome {
        Became::Waiting(_) => None,
        Became::Gone => Some(plain("warn", "gone", lang.say("present-gone"), lang.say("present-gone-means"))),
        Became::Refused(code) => {
            Some(plain("danger", code, lang.say("present-refused"), refused(code, lang)))
        }
        Became::Shown(told) => {
            let (tone, icon) = verify::tone(told.standing);
            let (word, means) = verify::words(told.standing, false, lang);
            let shown = facts(visitor, found, told);
            let missing: Vec<String> = found
                .claims
                .iter()
                .filter(|claim| !told.claims.contains_key(claim.name()))
                .map(|claim| title(*claim, lang))
                .collect();
            let hidden = u32::try_from(told.hidden).unwrap_or(u32::MAX);
            Some(Shown {
                sign: Sign { tone, icon, word },
                facts: shown,
                task: told.task.as_ref().map(|task| verify::task(task, lang)),
                missing: (!missing.is_empty())
                    .then(|| lang.say_with("present-missing", &args([("what", missing.join(", "))]))),
                hidden: (hidden > 0)
                    .then(|| lang.say_with("present-hidden", &args([("count", f64::from(hidden))]))),
                ..plain(tone, told.standing.name(), String::new(), means)
            })
        }
    }
}

/// What was shown, in the order asked for.
fn facts(visitor: &Visitor, found: &Presentation, told: &Told) -> Vec<(String, String)> {
    let lang = visitor.lang();
    let mut facts = vec![(lang.say("verify-kind"), parts::kind(told.kind, lang))];
    for claim in &found.claims {
        let Some(value) = told.claims.get(claim.name()) else { continue };
        let text = match value {
            Json::Array(codes) => benefits(visitor, codes),
            Json::String(text) => text.clone(),
            Json::Number(number) => number
                .as_u64()
                .and_then(|serial| u32::try_from(serial).ok())
                .map(parts::serial)
                .unwrap_or_default(),
            _ => continue,
        };
        facts.push((title(*claim, lang), text));
    }
    facts
}

/// What a holder is entitled to, in words.
fn benefits(visitor: &Visitor, codes: &[Json]) -> String {
    let said = codes.iter().filter_map(Json::as_str).map(|code| parts::benefit(visitor, code));
    let said: Vec<String> = said.collect();
    if said.is_empty() { visitor.lang().say("cards-benefits-none") } else { said.join(", ") }
}

fn title(claim: Claim, lang: Lang) -> String {
    match claim {
        Claim::Name => lang.say("verify-name"),
        Claim::Unit => lang.say("verify-unit"),
        Claim::Position => lang.say("verify-position"),
        Claim::Serial => lang.say("verify-serial"),
        Claim::CardNumber => lang.say("cards-number"),
        Claim::Benefits => lang.say("cards-benefits"),
    }
}

/// Why an answer was refused.
pub(super) fn refused(code: &str, lang: Lang) -> String {
    match code {
        "other" => lang.say("present-refused-other"),
        "expired" | "not-yet" => lang.say("present-refused-time"),
        "bad-signature" => lang.say("present-refused-signature"),
        "unknown-issuer" | "key-not-valid" => lang.say("present-refused-issuer"),
        "not-a-card" => lang.say("present-refused-unknown"),
        _ => lang.say("present-refused-malformed"),
    }
}
