//! Every request spends from its caller's budget before anything is done for it.

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{Method, Uri};

use super::book::{Kind, Spender, Wait};
use crate::api;
use crate::api::reply::Refusal;
use crate::router::caller::Guest;
use crate::router::front::{taken, tell};
use crate::router::refusals::Asker;
use crate::router::whence::Whence;
use crate::router::{Entrance, EntranceInner, guard, sites};

/// Questions that are too long for an address are asked by POST and read all the same.
const QUESTIONS: &str = "/entityOperations/query";
/// Seconds until it is worth trying again: every budget grows by one request a second at least.
const SOON: u64 = 1;

/// Lets a request pass whose caller has not asked too much. What is asked within this process is not counted.
pub(in crate::router) async fn pass(
    State(entrance): State<Entrance>,
    request: Request,
    next: Next,
) -> Response {
    let EntranceInner { app, book, guard } = &*entrance.0;
    let route = taken(&request);
    if let Some(refused) = sites::guard(app, &request) {
        return tell(route, refused);
    }
    let whence = Whence::of(request.extensions(), request.headers(), &app.settings.trusted_proxies);
    let (mut parts, body) = request.into_parts();
    let found = Guest::find(&mut parts, whence, app).await;
    let mut request = Request::from_parts(parts, body);
    let exempt = whence.this_machine && !book.counts_this_machine();
    let who = found.as_ref().ok().map(|guest| guest.principal.clone());
    let asker = Asker { who, from: whence.sender };
    let place = match whence.sender {
        Some(address) if !exempt => {
            let spender = Spender::of(asker.who.as_ref(), address);
            // Whoever shows a wrong key may be guessing: that costs as much as a write.
            let kind = if found.is_err() { Kind::Write } else { kind(request.method(), request.uri()) };
            match book.admit(spender, kind, app.context.clock().now()) {
                Ok(place) => Some(place),
                Err(wait) => return tell(route, told(refuse(&request, kind, wait), asker)),
            }
        }
        _ => None,
    };
    // Who is not let in is told so where it matters: reading needs no key everywhere.
    if let Ok(guest) = found {
        request.extensions_mut().insert(guest);
    }
    DefaultBodyLimit::max(app.settings.max_body).apply(&mut request);
    let response = guard::pass(guard, request, next).await;
    drop(place);
    tell(route, told(response, asker))
}

/// An answer that says to the layers around who has asked.
fn told(mut response: Response, asker: Asker) -> Response {
    response.extensions_mut().insert(asker);
    response
}

fn kind(method: &Method, uri: &Uri) -> Kind {
    let asks = *method == Method::POST && uri.path().trim_end_matches('/').ends_with(QUESTIONS);
    if sites::changes_nothing(method) || asks { Kind::Read } else { Kind::Write }
}

fn refuse(request: &Request, kind: Kind, wait: Wait) -> Response {
    metrics::counter!("dinh_http_refused_total", "why" => "rate").increment(1);
    let bound = match wait {
        Wait::Spent { budget } => {
            let what = if kind == Kind::Read { "reads" } else { "writes" };
            format!("{} {what} at once and {} a second", budget.burst, budget.per_second)
        }
        Wait::Crowded { most } => format!("{most} requests under way at once"),
    };
    if api::is_for_machines(request.uri().path()) {
        let detail = format!("One caller may have {bound}. Try again in {SOON} s.");
        Refusal::too_many(detail, SOON).into_response()
    } else {
        crate::pages::too_many(request.headers(), SOON)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_questions_are_read() {
        let kind = |method: Method, path: &'static str| kind(&method, &Uri::from_static(path));
        assert_eq!(kind(Method::GET, "/thu/"), Kind::Read);
        assert_eq!(kind(Method::POST, "/ngsi-ld/v1/entityOperations/query?limit=3"), Kind::Read);
        assert_eq!(kind(Method::POST, "/ngsi-ld/v1/entityOperations/upsert"), Kind::Write);
        assert_eq!(kind(Method::DELETE, "/ngsi-ld/v1/entityOperations/query"), Kind::Write);
    }
}
