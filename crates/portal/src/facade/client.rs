//! Calling a counterpart: a session, and services in the portal's envelope.

use dinh_context::outbound::{self, Outbound};
use reqwest::Method;
use serde_json::{Map, Value as Json, json};

use super::link::Link;
use crate::message::flat;
use crate::reply::{Verdict, verdict};

/// Largest answer, in bytes.
const MOST: usize = 4 << 20;
/// Longest session, in characters.
const LONGEST_SESSION: usize = 4_096;

/// Why a call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It does not answer, or lets nobody in.
    Down(String),
    /// It answers what it should not.
    Odd(String),
}

impl Trouble {
    /// What is wrong, without secrets.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Down(text) | Self::Odd(text) => text,
        }
    }
}

impl Link {
    /// Calls a service. A session that is over is opened again, once.
    pub(super) async fn call(&self, outbound: &Outbound, body: &Map<String, Json>) -> Result<Json, Trouble> {
        for fresh in [false, true] {
            let session = self.opened(outbound, fresh).await?;
            let mut body = body.clone();
            if let Some(session) = session {
                body.insert("session".to_owned(), session.into());
            }
            if let Some(agency) = &self.agency {
                body.insert("madonvi".to_owned(), agency.as_str().into());
            }
            let answer = self.post(outbound, &self.counterpart.paths.call, &body.into()).await;
            match answer {
                Ok(answer) if verdict(&answer, &self.counterpart) == Verdict::Session => {}
                Err(Trouble::Down(text)) if text == DENIED => {}
                other => return other,
            }
        }
        Err(Trouble::Down(DENIED.to_owned()))
    }

    /// The session that is open, or a fresh one.
    async fn opened(&self, outbound: &Outbound, fresh: bool) -> Result<Option<String>, Trouble> {
        let (Some(path), Some((user, password))) = (&self.counterpart.paths.login, &self.credentials) else {
            return Ok(None);
        };
        let mut open = self.session.lock().await;
        if let Some(session) = open.as_ref().filter(|_| !fresh) {
            return Ok(Some(session.clone()));
        }
        let body = json!({"username": user, "password": password});
        let answer = self.post(outbound, path, &body).await?;
        let session = answer.get("session").and_then(flat).filter(|session| !session.is_empty());
        let session = session.filter(|session| session.len() <= LONGEST_SESSION);
        let session = session.ok_or_else(|| Trouble::Down(DENIED.to_owned()))?;
        *open = Some(session.clone());
        Ok(Some(session))
    }

    async fn post(&self, outbound: &Outbound, path: &str, body: &Json) -> Result<Json, Trouble> {
        let down = |error: outbound::Error| Trouble::Down(error.to_string());
        let url = format!("{}/{}", self.address, path.trim_start_matches('/'));
        let request = outbound.request(Method::POST, &url).map_err(down)?;
        let answer = outbound.send(request.json(body), MOST).await.map_err(down)?;
        match answer.status {
            200..=299 => serde_json::from_slice(&answer.body)
                .map_err(|_unreadable| Trouble::Odd("the answer is no JSON".to_owned())),
            401 | 403 => Err(Trouble::Down(DENIED.to_owned())),
            429 | 502..=504 => Err(Trouble::Down(format!("answered with status {}", answer.status))),
            status => Err(Trouble::Odd(format!("answered with status {status}"))),
        }
    }
}

/// What is told of somebody who is not let in.
const DENIED: &str = "does not let us in: check user and password_file";
