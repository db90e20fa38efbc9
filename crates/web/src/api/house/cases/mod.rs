//! Cases, for programs that act for somebody with an account: the queue, one case, filing, acting, attaching. A case goes by
//! its actions alone; what the rules do not allow is refused as on the pages, and the audit notes that it was tried.

pub(crate) mod act;
pub(crate) mod file;
pub(crate) mod files;
pub(crate) mod kinds;
pub(crate) mod list;
pub(crate) mod one;
pub(super) mod refusal;
mod shown;

use axum::extract::Request;
use dinh_model::EntityId;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use serde::de::DeserializeOwned;

use crate::api::reply::{Refusal, sentence};
use crate::api::request::{Known, Operation, Visit, read_bytes};

/// Largest body that is no file, in bytes: the longest answers to a form, and what stands around them.
const MOST_BODY: usize = dinh_forms::MOST_BYTES + (64 << 10);

/// An operation without parameters of its own.
pub(crate) struct Plain;

impl Operation for Plain {
    const PARAMETERS: &'static [Known] = &[];
}

/// Reads a body that must say just this.
pub(super) async fn body<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let bytes = read_bytes(request, MOST_BODY).await?;
    let json = read::json(&bytes).map_err(Problem::from)?;
    let wrong = |error: serde_json::Error| Problem::bad_data(sentence(&format!("the body: {error}")));
    Ok(serde_json::from_value(json).map_err(wrong)?)
}

/// A unit that a body or a parameter names.
fn unit(name: &str, text: &str) -> Result<EntityId, Refusal> {
    read::entity_id(name, text).map_err(|error| Refusal::from(Problem::from(error)).saying("field", name))
}

/// Refuses a time that somebody gives for what they do: the server's counts. That it was tried is in the audit.
async fn no_backdating(
    visit: &Visit,
    case: Option<&EntityId>,
    action: &str,
    at: Option<&serde_json::Value>,
) -> Result<(), Refusal> {
    if at.is_none() {
        return Ok(());
    }
    let says = "at: the time of what is done is the server's; it cannot be given";
    visit.app.casework.deny(&visit.session, case, action, says).await.map_err(refusal::of)?;
    let refused = Refusal::http(http::StatusCode::UNPROCESSABLE_ENTITY, sentence(says));
    Err(refused.saying("field", "at").saying("rule", "server-time"))
}
