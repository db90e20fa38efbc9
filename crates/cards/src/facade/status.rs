//! The status list: kept as small records of the store, changed in the commit of the step that changes it, and signed when it
//! is asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_context::graph::Op;
use dinh_credentials::status::{Bits, List, Standing, Times, sign_cwt, sign_jwt};
use dinh_model::Tenant;
use serde_json::json;

use super::Cards;
use crate::Error;

/// Kind of the records that hold parts of the list.
const PART: &str = "card-status";
/// Kind of the record with the last serial number.
const SERIAL: &str = "card-serial";
/// Cards of one part: 2 KiB, so that a step writes little.
const A_PART: u32 = 8_192;
/// Cards of one list.
pub(super) const A_LIST: u32 = 1 << 20;
/// Most parts of a list.
const PARTS: usize = (A_LIST / A_PART) as usize;

/// A list that was signed.
struct Signed {
    /// What of the list it was signed at: changes of this process.
    change: u64,
    issued: i64,
    uri: String,
    jwt: Arc<str>,
    cwt: Arc<[u8]>,
}

/// How often the lists of a tenant have changed, and those that were signed since.
type OfTenant = (u64, HashMap<u32, Arc<Signed>>);

/// Signed lists that are still good.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashMap<Tenant, OfTenant>>);

impl Kept {
    /// What was signed before must be signed anew.
    pub(super) fn changed(&self, tenant: &Tenant) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (change, lists) = kept.entry(tenant.clone()).or_default();
        *change += 1;
        lists.clear();
    }

    fn of(&self, tenant: &Tenant, list: u32) -> (u64, Option<Arc<Signed>>) {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(tenant).map_or((0, None), |(change, lists)| (*change, lists.get(&list).cloned()))
    }

    fn keep(&self, tenant: &Tenant, list: u32, signed: &Arc<Signed>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (change, lists) = kept.entry(tenant.clone()).or_default();
        if *change == signed.change {
            lists.insert(list, Arc::clone(signed));
        }
    }
}

impl Cards {
    /// The signed list of cards, as JWT; `uri` is where it is published. The second value is for how many seconds it may be
    /// kept.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for a list in which no card has a place yet.
    pub async fn status_jwt(&self, tenant: &Tenant, list: u32, uri: &str) -> Result<(Arc<str>, i64), Error> {
        let signed = self.signed(tenant, list, uri).await?;
        Ok((Arc::clone(&signed.jwt), self.keep_for(&signed)))
    }

    /// The same as CWT.
    ///
    /// # Errors
    /// As [`Cards::status_jwt`].
    pub async fn status_cwt(&self, tenant: &Tenant, list: u32, uri: &str) -> Result<(Arc<[u8]>, i64), Error> {
        let signed = self.signed(tenant, list, uri).await?;
        Ok((Arc::clone(&signed.cwt), self.keep_for(&signed)))
    }

    /// How many lists there are, numbered from 0; none before the first card.
    ///
    /// # Errors
    /// [`Error::NotOffered`].
    pub async fn status_lists(&self, tenant: &Tenant) -> Result<u32, Error> {
        if self.present_signer(tenant).await?.is_none() {
            return Ok(0);
        }
        Ok(self.last_serial(tenant).await? / A_LIST + 1)
    }

    fn keep_for(&self, signed: &Signed) -> i64 {
        let ttl = self.rules().map(|rules| rules.status.ttl).unwrap_or_default();
        // A change is told soon to whoever is online; the list itself is good for longer to whoever is not.
        (signed.issued + ttl - self.seconds()).clamp(0, 60)
    }

    async fn signed(&self, tenant: &Tenant, list: u32, uri: &str) -> Result<Arc<Signed>, Error> {
        let rules = self.rules()?.status;
        let (change, kept) = self.0.lists.of(tenant, list);
        let now = self.seconds();
        if let Some(kept) = kept.filter(|kept| kept.uri == uri && now < kept.issued + rules.ttl / 2) {
            return Ok(kept);
        }
        // A question changes nothing: before the first card there is no key, and nothing to be told.
        let key = self.present_signer(tenant).await?.ok_or(Error::NoSuch("status list"))?;
        let content = self.list(tenant, list).await?;
        let times = Times { issued: now, expires: now + rules.expires, ttl: rules.ttl };
        let signed = Arc::new(Signed {
            change,
            issued: now,
            uri: uri.to_owned(),
            jwt: sign_jwt(&content, uri, times, &key, self.random())?.into(),
            cwt: sign_cwt(&content, uri, times, &key, self.random())?.into(),
        });
        self.0.lists.keep(tenant, list, &signed);
        Ok(signed)
    }

    /// A list as it is now. It ends behind the part in which the last card has its place.
    pub(super) async fn list(&self, tenant: &Tenant, list: u32) -> Result<List, Error> {
        let own = self.own(tenant);
        let highest = self.last_serial(tenant).await?;
        let begins = u64::from(list) * u64::from(A_LIST);
        if u64::from(highest) < begins && list > 0 {
            return Err(Error::NoSuch("status list"));
        }
        let used = (u64::from(highest) + 1 - begins).min(u64::from(A_LIST));
        let parts = usize::try_from(used.div_ceil(u64::from(A_PART))).unwrap_or(PARTS);
        let mut bytes = vec![0; parts * A_PART as usize / 4];
        let prefix = format!("{list:05}-");
        let records = own.records(PART, &prefix, PARTS).await?;
        for record in records.iter().filter(|record| record.key.starts_with(&prefix)) {
            let place: usize =
                record.key.rsplit('-').next().and_then(|part| part.parse().ok()).unwrap_or(PARTS);
            let part = STANDARD.decode(record.body["bits"].as_str().unwrap_or_default()).unwrap_or_default();
            let at = place * A_PART as usize / 4;
            if let Some(target) = bytes.get_mut(at..at + part.len()) {
                target.copy_from_slice(&part);
            }
        }
        Ok(List::of_bytes(Bits::Two, bytes))
    }

    /// The operation that sets how a card stands; for the same commit as the step. `giving` is held until that is durable.
    pub(super) async fn set_standing(
        &self,
        tenant: &Tenant,
        serial: u32,
        standing: Standing,
    ) -> Result<Op, Error> {
        let (list, place) = (serial / A_LIST, serial % A_LIST);
        let key = format!("{list:05}-{:03}", place / A_PART);
        let kept = self.own(tenant).record(PART, &key).await?;
        let kept = kept.and_then(|record| STANDARD.decode(record.body["bits"].as_str()?).ok());
        let kept = kept.filter(|bytes| bytes.len() == A_PART as usize / 4);
        let mut part = match kept {
            Some(bytes) => List::of_bytes(Bits::Two, bytes),
            None => List::valid(Bits::Two, A_PART as usize),
        };
        part.set((place % A_PART) as usize, standing)?;
        let body = json!({"bits": STANDARD.encode(part.bytes())});
        Ok(Op::PutRecord { kind: PART.to_owned(), key, body })
    }

    pub(super) async fn last_serial(&self, tenant: &Tenant) -> Result<u32, Error> {
        let record = self.own(tenant).record(SERIAL, "last").await?;
        let last = record.and_then(|record| record.body["last"].as_u64());
        Ok(last.and_then(|last| u32::try_from(last).ok()).unwrap_or_default())
    }

    /// The next serial number with the operation that gives it; for the same commit as the card. `giving` is held until that
    /// is durable.
    pub(super) async fn next_serial(&self, tenant: &Tenant) -> Result<(u32, Op), Error> {
        let last = self.last_serial(tenant).await?;
        let next = last.checked_add(1).ok_or(Error::TooMany { what: "cards", most: u32::MAX as usize })?;
        let (kind, key) = (SERIAL.to_owned(), "last".to_owned());
        Ok((next, Op::PutRecord { kind, key, body: json!({"last": next}) }))
    }
}
