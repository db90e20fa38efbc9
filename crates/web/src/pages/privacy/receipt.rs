//! `GET /{tenant}/my-data/consents/{id}`: the receipt of a consent, as a page or with `form=json` as a file.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_model::EntityId;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Serialize;

use super::said;
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    back_href: String,
    json_href: String,
    title: String,
    given: String,
    how: String,
    version: u32,
    digest: String,
    withdrawn: Option<String>,
    /// What was agreed to; none if the text is no longer here as it was.
    text: Option<String>,
    id: String,
}

/// The page.
pub(super) async fn page(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = EntityId::parse(&id).map_err(|_unreadable| Fault::not_found(visitor.taste))?;
    let receipt = visitor.app.privacy.receipt(&visitor.session, &id).await;
    let receipt = receipt.map_err(|error| said::fault(&visitor, error))?;
    let asked = Asked::of(&visitor.uri);
    if asked.get("form") == Some("json") {
        let text = serde_json::to_string_pretty(&receipt.to_json()).unwrap_or_default();
        let mut response = private(text.into_response());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers
            .insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"consent.json\""));
        return Ok(response);
    }
    let (lang, consent) = (visitor.lang(), &receipt.consent);
    let title = receipt.purpose.as_ref().map(|purpose| visitor.title(&purpose.title).to_owned());
    let text = receipt.purpose.as_ref().filter(|_| receipt.is_whole());
    let values = Values {
        page: frame(&visitor, lang.say("privacy-receipt"), Here::Account, ""),
        back_href: visitor.href("my-data"),
        json_href: format!("{}?form=json", visitor.uri.path()),
        title: title.unwrap_or_else(|| consent.purpose.clone()),
        given: look::date_time(consent.given, lang),
        how: match consent.how {
            dinh_privacy::How::Page => lang.say("privacy-how-page"),
            dinh_privacy::How::Counter => lang.say("privacy-how-counter"),
            dinh_privacy::How::Api => lang.say("privacy-how-api"),
        },
        version: consent.text_version,
        digest: consent.text_digest.clone(),
        withdrawn: consent.withdrawn.map(|at| look::date_time(at, lang)),
        text: text.map(|purpose| visitor.title(&purpose.text).to_owned()),
        id: consent.id.to_string(),
    };
    Ok(private(rendered(&visitor, "my_data_receipt.html", values)?.into_response()))
}
