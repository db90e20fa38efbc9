//! `GET` and `POST /{tenant}/my-data/requests/{id}`: one's own request.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_model::EntityId;
use dinh_privacy::{By, DataRequest, Kind, State, Step};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::about::About;
use super::files::{self, FileRow};
use super::parts::{self, StepRow};
use super::{said, titles};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

/// Taking a request back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Wish {
    version: u64,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    number: String,
    kind: String,
    state: parts::State,
    due: Option<parts::State>,
    received: String,
    acknowledge_by: String,
    answer_by: String,
    text: String,
    extension_reason: Option<String>,
    answer: Option<String>,
    kept: Vec<parts::KeptRow>,
    changed_href: Option<String>,
    /// Where to get the data, once a request for it is done.
    export_of: Option<String>,
    my_data_href: String,
    steps: Vec<StepRow>,
    version: u64,
    may_drop: bool,
    files: Vec<FileRow>,
    /// Where to attach one, while the request is open and there is somebody whose it would be.
    attach_href: Option<String>,
}

/// The page.
pub(super) async fn page(About { visitor, id }: About) -> Result<Response, Fault> {
    show(&visitor, &id, None, StatusCode::OK).await
}

/// Takes it back.
pub(super) async fn take_back(
    About { visitor, id }: About,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    match visitor.app.privacy.drop_request(&visitor.session, &id, wish.version).await {
        Ok(_) => {
            let text = visitor.lang().say("privacy-request-dropped");
            show(&visitor, &id, Some(Outcome { tone: "ok", text }), StatusCode::OK).await
        }
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show(&visitor, &id, Some(outcome), status).await
        }
    }
}

pub(super) async fn show(
    visitor: &Visitor,
    id: &EntityId,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let request = visitor.app.privacy.request(&visitor.session, id).await;
    let request = request.map_err(|error| said::fault(visitor, error))?;
    let title = lang.say_with("privacy-request-number", &args([("number", request.number.clone())]));
    let may_drop = is_mine(visitor, &request) && request.state.after(Step::Withdraw, By::Requester).is_ok();
    let files = visitor.app.privacy.attachments(&visitor.session, &request).await;
    let files = files.map_err(|error| said::fault(visitor, error))?;
    let base = visitor.href(&format!("my-data/requests/{}", encode(request.id.as_str())));
    let attaches = is_mine(visitor, &request) && request.state.is_open() && request.subject.is_some();
    let values = Values {
        files: files::rows(&files, &base, lang),
        attach_href: attaches.then(|| format!("{base}/files")),
        page: frame(visitor, title, Here::Account, ""),
        outcome,
        back_href: visitor.href("my-data"),
        kind: titles::kind(request.kind, lang),
        state: titles::state(request.state, lang),
        due: parts::due(visitor, &request),
        received: look::date_time(request.received, lang),
        acknowledge_by: look::day(request.acknowledge_by, lang),
        answer_by: look::day(request.answer_by, lang),
        text: request.text.clone().unwrap_or_default(),
        extension_reason: request.extension_reason.clone(),
        answer: request.answer.clone(),
        kept: parts::kept(visitor, &request),
        changed_href: request.changed.as_ref().map(|id| visitor.entity_href(id.as_str())),
        export_of: export_of(&request),
        my_data_href: match &request.subject {
            Some(subject) => format!("{}?whose={}", visitor.href("my-data"), encode(subject.as_str())),
            None => visitor.href("my-data"),
        },
        steps: parts::steps(visitor, &request),
        version: request.version,
        may_drop,
        number: request.number,
    };
    let response = private(rendered(visitor, "request.html", values)?.into_response());
    Ok(said::with_status(response, status))
}

fn is_mine(visitor: &Visitor, request: &DataRequest) -> bool {
    let present = visitor.guest.present.as_ref();
    present.is_some_and(|present| present.id().as_str() == request.account)
}

/// About whom the data may be taken away once a request for it is done.
fn export_of(request: &DataRequest) -> Option<String> {
    let asks = matches!(request.kind, Kind::Access | Kind::Copy) && request.state == State::Done;
    request.subject.as_ref().filter(|_| asks).map(ToString::to_string)
}
