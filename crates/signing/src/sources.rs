//! What is asked of other authorities: lists of revoked certificates, answers of responders, time stamps. Only hosts of the door's list are called, in bounded time; what came is kept until it is old, and a while longer
//! should its source be away.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dinh_context::outbound::{Error as OutboundError, Outbound};
use dinh_signatures::{
    Certificate, LONGEST_ANSWER, LONGEST_STAMP, OcspAnswer, RevocationList, Trust, believed, ocsp_request,
    stamp_question,
};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::Error;

/// Most things that are kept.
const MOST: usize = 256;
/// Most bytes that are kept.
const MOST_BYTES: usize = 64 << 20;
/// Longest list that is fetched, in bytes.
const LONGEST_LIST: usize = 8 << 20;
/// Most addresses that are asked for one document.
const MOST_ASKED: usize = 6;
/// How long each of them may take.
const LONGEST_ASKED: Duration = Duration::from_secs(4);
/// For how long what has not come is not asked for again.
const REST: SignedDuration = SignedDuration::from_mins(1);
/// For how long at most a list or an answer is not asked for again, however long it says that it is new.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

#[derive(Clone)]
struct Kept {
    /// Nothing if it did not come and never came before.
    bytes: Option<Vec<u8>>,
    again: Timestamp,
}

/// What is known about revocation.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) lists: Vec<RevocationList>,
    pub(crate) answers: Vec<OcspAnswer>,
}

/// What came from elsewhere.
#[derive(Default)]
pub(crate) struct Sources(Mutex<BTreeMap<String, Kept>>);

impl Sources {
    /// Looks up what is known about certificates. Only those that lead to somebody trusted say where to ask: others could
    /// send us anywhere.
    pub(crate) async fn about(
        &self,
        outbound: &Outbound,
        (given, trust): (&[Certificate], &Trust),
        now: Timestamp,
    ) -> Known {
        let mut known = Known::default();
        let mut left = MOST_ASKED;
        for (certificate, issuer) in believed(given, trust) {
            for address in certificate.crl_addresses().into_iter().take(2) {
                if let Some(bytes) = self.get(outbound, &mut left, (&address, &address), None, now).await {
                    known.lists.extend(RevocationList::from_bytes(&bytes).ok());
                }
            }
            let Ok(request) = ocsp_request(&certificate, &issuer) else { continue };
            for address in certificate.ocsp_addresses().into_iter().take(1) {
                let name = format!("{address} {}", certificate.fingerprint());
                let question = Some(("application/ocsp-request", request.clone(), LONGEST_ANSWER));
                if let Some(bytes) = self.get(outbound, &mut left, (&name, &address), question, now).await {
                    known.answers.extend(OcspAnswer::from_der(&bytes).ok());
                }
            }
        }
        known
    }

    /// What `name` says, as kept or asked for at `address`.
    async fn get(
        &self,
        outbound: &Outbound,
        left: &mut usize,
        (name, address): (&str, &str),
        question: Option<(&'static str, Vec<u8>, usize)>,
        now: Timestamp,
    ) -> Option<Vec<u8>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(kept) = &kept
            && kept.again > now
        {
            return kept.bytes.clone();
        }
        *left = left.checked_sub(1)?;
        let asked = tokio::time::timeout(LONGEST_ASKED, ask(outbound, address, question)).await;
        let asked = asked.unwrap_or_else(|_late| Err(OutboundError::Failed("it takes too long".to_owned())));
        if let Err(error) = &asked {
            tracing::info!(address, reason = %error, "nothing came about revocation");
        }
        // What came before is better than nothing; whether it is too old is for who judges by it.
        let (bytes, rest) = match asked {
            Ok(bytes) => (Some(bytes), KEPT),
            Err(_) => (kept.and_then(|kept| kept.bytes), REST),
        };
        self.keep(name, Kept { bytes: bytes.clone(), again: later(now, rest) });
        bytes
    }

    fn keep(&self, name: &str, kept: Kept) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(name);
        let size = |kept: &Kept| kept.bytes.as_ref().map_or(0, Vec::len);
        while all.len() >= MOST || all.values().map(size).sum::<usize>() + size(&kept) > MOST_BYTES {
            // The one that is asked for again first is the one that is missed least.
            let Some(oldest) = all.iter().min_by_key(|(_, kept)| kept.again).map(|(name, _)| name.clone())
            else {
                break;
            };
            all.remove(&oldest);
        }
        all.insert(name.to_owned(), kept);
    }
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}

async fn ask(
    outbound: &Outbound,
    address: &str,
    question: Option<(&'static str, Vec<u8>, usize)>,
) -> Result<Vec<u8>, OutboundError> {
    let (request, most) = match question {
        None => (outbound.request(Method::GET, address)?, LONGEST_LIST),
        Some((kind, body, most)) => {
            (outbound.request(Method::POST, address)?.header("content-type", kind).body(body), most)
        }
    };
    let answer = outbound.send(request, most).await?;
    if answer.status == 200 { Ok(answer.body) } else { Err(OutboundError::Status(answer.status)) }
}

/// A time stamp over a signature, of the authority at `address`.
pub(crate) async fn stamp(outbound: &Outbound, address: &str, signature: &[u8]) -> Result<Vec<u8>, Error> {
    let mut nonce = [0; 8];
    SystemRandom::new().fill(&mut nonce).map_err(|_unspecified| Error::CutShort)?;
    let question = stamp_question(signature, nonce)?;
    let asked =
        ask(outbound, address, Some(("application/timestamp-query", question.bytes.clone(), LONGEST_STAMP)));
    let answer = asked.await.map_err(|error| Error::Away(error.to_string()))?;
    Ok(question.token(&answer)?)
}
