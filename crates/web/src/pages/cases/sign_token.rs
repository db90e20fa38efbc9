//! Signing with a token at somebody's desk: the page's script speaks with `dinh token-agent` on the same machine, begins all
//! documents at once, has their hashes signed and brings the signatures here. The token's PIN and key never come near.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_casework::Signer;
use dinh_signatory::{Done, Error, Returned, Signatory};
use dinh_signing::{Key, Place};
use http::HeaderValue;
use serde::Serialize;

use super::sign::{Wish, as_what};
use crate::pages::visitor::Visitor;
use crate::router::headers::policy_with;

/// Where agents listen unless they are told otherwise.
const PORT: u16 = 9421;
/// The lowest port that programs of people take.
const LOWEST: u16 = 1024;

/// What the script needs to know.
#[derive(Serialize)]
pub(super) struct Token {
    /// Where the agent listens.
    agent: String,
    port: u16,
    begin_href: String,
    /// The keys that may sign, by their certificates.
    keys: Vec<Known>,
    seals: bool,
}

/// A key of the inventory that is elsewhere.
#[derive(Serialize)]
struct Known {
    id: String,
    certificate: String,
    title: String,
}

impl Token {
    /// What the page may do: also ask the agent, at this one address.
    pub(super) fn policy(&self) -> Option<HeaderValue> {
        policy_with(&self.agent)
    }
}

/// The port that somebody named.
pub(super) fn port(named: Option<&str>) -> u16 {
    named.and_then(|text| text.parse().ok()).filter(|port| *port >= LOWEST).unwrap_or(PORT)
}

/// What the script needs, if somebody has keys that are elsewhere.
pub(super) fn room(visitor: &Visitor, wish: &Wish, keys: &[Key]) -> Option<Token> {
    let lang = visitor.lang();
    let elsewhere: Vec<&Key> = keys.iter().filter(|key| key.place == Place::Elsewhere).collect();
    let known = |key: &&Key| {
        let certificate = key.certificate()?.fingerprint();
        let title = format!("{} – {}", key.title, as_what(Signatory::as_what(key), lang));
        Some(Known { id: key.id.clone(), certificate, title })
    };
    let known: Vec<Known> = elsewhere.iter().filter_map(known).collect();
    if known.is_empty() {
        return None;
    }
    Some(Token {
        agent: format!("http://127.0.0.1:{}", wish.port),
        port: wish.port,
        begin_href: format!("/api/v1/{}/documents/signings", visitor.session.tenant()),
        keys: known,
        seals: elsewhere.iter().any(|key| Signatory::as_what(key) == Signer::Seal),
    })
}

/// Takes the signatures that the script brings; what has none is asked anew why.
pub(super) async fn finish(
    visitor: &Visitor,
    wish: &Wish,
    pairs: &[(String, String)],
) -> Result<Vec<Done>, Error> {
    let signatory = &visitor.app.signatory;
    let made = pairs.iter().filter(|(name, _)| name == "made").map(|(_, value)| value);
    let returned: Vec<Returned> = made.filter_map(|value| returned(wish, value)).collect();
    let within = crate::settings::most_of(visitor.app.settings.timeout);
    let keys = visitor.app.signing.own_keys(&visitor.session).await?;
    let seals = keys.iter().any(|key| key.id == wish.key && Signatory::as_what(key) == Signer::Seal);
    let mut done = Vec::new();
    if !returned.is_empty() {
        done = signatory.finish_many(&visitor.session, returned, wish.issue && seals, within).await?;
    }
    for id in &wish.ids {
        if done.iter().any(|one| one.id == *id) {
            continue;
        }
        let begun = signatory.begin(&visitor.session, &wish.key, id).await;
        let why = begun.err().unwrap_or(Error::Unsigned);
        done.push(Done { id: id.clone(), signed: Err(why), issued: None });
    }
    Ok(done)
}

/// `DOCUMENT SIGNING SIGNATURE`, of a document that was chosen.
fn returned(wish: &Wish, value: &str) -> Option<Returned> {
    let mut parts = value.split_ascii_whitespace();
    let document = parts.next()?;
    let document = wish.ids.iter().find(|id| id.as_str() == document)?.clone();
    let signing = parts.next()?.to_owned();
    let signature = STANDARD.decode(parts.next()?).ok()?;
    Some(Returned { document, signing, signature })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_those_of_programs_of_people() {
        assert_eq!(port(Some("9555")), 9555);
        for wrong in [None, Some("80"), Some("0"), Some("70000"), Some("1 ; *")] {
            assert_eq!(port(wrong), PORT, "{wrong:?}");
        }
    }
}
