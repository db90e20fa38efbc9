//! `GET /{tenant}/cards/{id}/print`, `/photo` and `/{tenant}/cards/print`: both sides of a card in its size (CR80, ISO/IEC 7810
//! ID-1: 85.6 × 54 mm) on the screen, its picture, and cards as a PDF for the printer.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_cards::{Card, MOST_PRINTED};
use serde::Serialize;
use url::form_urlencoded;

use super::parts::{self, Shown};
use super::{desk, said};
use crate::look;
use crate::pages::account::private;
use crate::pages::cases::shown_pdf;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::saved;
use crate::pages::view;
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    back_href: String,
    pdf_href: String,
    card: Shown,
    province: String,
    random: Option<String>,
    /// The QR by Decision 838/QĐ-BNV.
    printed: Option<String>,
    /// The signed QR.
    qr: Option<String>,
    verify: String,
    face: Face,
}

/// What stands on the card beside its data: in Vietnamese, in whatever language the page is read.
#[derive(Serialize)]
struct Face {
    title: String,
    pilot: String,
    number: String,
    serial: String,
    expires: String,
    until: String,
    random: String,
    scan: String,
    found: String,
}

impl Face {
    fn of(card: &Card) -> Self {
        let lang = Lang::Vi;
        Self {
            title: parts::kind(card.kind, lang),
            pilot: lang.say("cards-pilot-face"),
            number: lang.say("cards-face-number"),
            serial: lang.say("verify-serial"),
            expires: lang.say("verify-expires"),
            until: card.expires.map(|at| look::date(at, lang)).unwrap_or_default(),
            random: lang.say("cards-random"),
            scan: lang.say("cards-face-scan"),
            found: lang.say("cards-face-found"),
        }
    }
}

/// Both sides.
pub(super) async fn page(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = super::manager(&visitor) {
        return Ok(*other);
    }
    let id = super::parsed(&visitor, &id)?;
    let card =
        visitor.app.cards.one(&visitor.session, &id).await.map_err(|error| said::fault(&visitor, error))?;
    if !card.holds(visitor.now) {
        return Err(Fault::not_found(visitor.taste));
    }
    let shown = parts::shown(&visitor, &card, "cards");
    let values = Values {
        page: frame(&visitor, visitor.lang().say("cards-print"), Here::Cards, ""),
        back_href: shown.href.clone(),
        pdf_href: format!("{}?card={}", visitor.href("cards/print"), encode(id.as_str())),
        card: shown,
        province: visitor.province.title.vi.clone(),
        random: card.random.clone(),
        printed: card.printed.as_deref().and_then(parts::qr),
        qr: card.qr.as_deref().and_then(parts::qr),
        face: Face::of(&card),
        verify: verify_address(&visitor),
    };
    Ok(private(rendered(&visitor, "cards_print.html", values)?.into_response()))
}

/// Where the QR is verified, as it is printed.
fn verify_address(visitor: &Visitor) -> String {
    let host = visitor.app.settings.public_url.clone().unwrap_or_default();
    let host = host.split_once("://").map_or("", |(_, host)| host).trim_end_matches('/').to_owned();
    format!("{host}{}", visitor.href("verify"))
}

/// Cards as PDF, two pages each: those that `card` names, in this order.
pub(super) async fn pdf(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = super::manager(&visitor) {
        return Ok(*other);
    }
    let query = visitor.uri.query().unwrap_or_default().as_bytes();
    let asked = form_urlencoded::parse(query).filter(|(name, _)| name == "card").take(MOST_PRINTED + 1);
    let ids: Result<Vec<_>, _> = asked.map(|(_, id)| super::parsed(&visitor, &id)).collect();
    let ids = ids?;
    let authority = format!("UBND {}", visitor.province.title.vi);
    let names = (authority.as_str(), &*verify_address(&visitor));
    match visitor.app.cards.print(&visitor.session, &ids, names).await {
        Ok(pdf) => Ok(shown_pdf(&format!("{}.pdf", Lang::Vi.say("cards")), pdf)),
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            desk::show(&visitor, Some(outcome), status).await
        }
    }
}

/// The picture, for the holder and for those who manage the card.
pub(super) async fn photo(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = super::parsed(&visitor, &id)?;
    let file = visitor.app.cards.photo(&visitor.session, &id).await;
    let file = file.map_err(|error| said::fault(&visitor, error))?;
    if !file.media_type.starts_with("image/") {
        return Ok(saved(file));
    }
    let kind = http::HeaderValue::from_str(&file.media_type);
    let mut response = private(file.content.into_response());
    if let Ok(kind) = kind {
        response.headers_mut().insert(http::header::CONTENT_TYPE, kind);
    }
    Ok(response)
}
