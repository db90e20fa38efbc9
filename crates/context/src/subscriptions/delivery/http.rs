//! Notifications over HTTP (CIM 009 clause 6.3.8): POST, any 2xx answer takes them.

use reqwest::Method;

use super::Message;
use crate::outbound::{Error, Outbound};

/// Bytes of the answer that are read before the connection is dropped.
const MAX_ANSWER: usize = 64 << 10;

/// Posts the message.
pub(super) async fn send(outbound: &Outbound, message: &Message) -> Result<(), Error> {
    let mut request = outbound.request(Method::POST, &message.endpoint)?.timeout(message.timeout);
    for (name, value) in &message.headers {
        request = request.header(name, value);
    }
    let answer = outbound.send(request.body(message.body.clone()), MAX_ANSWER).await?;
    if (200..300).contains(&answer.status) { Ok(()) } else { Err(Error::Status(answer.status)) }
}
