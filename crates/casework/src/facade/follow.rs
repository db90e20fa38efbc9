//! How somebody without an account follows a case: by its number and a secret that is told once, on the receipt. A number
//! alone can be guessed; nobody should find out by counting up who asks what of the administration.

use dinh_context::graph::hex;
use dinh_model::{Ids, Tenant, Timestamp};
use dinh_ngsild::query::EntityQuery;
use sha2::{Digest as _, Sha256};

use super::{Casework, complain};
use crate::{Dossier, Error};

/// Letters of secrets: none that is easily taken for another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// How many of them a secret has: 50 bits.
const LENGTH: usize = 10;

/// What is told of a case to whoever shows its number and secret: nothing of the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    /// Its number.
    pub number: String,
    /// Of which kind it is, and which version of it.
    pub kind: (String, u32),
    /// Where it stands.
    pub state: String,
    /// When it was received.
    pub received: Option<Timestamp>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What was answered, for a case that is about another one: whoever follows it has written it.
    pub answer: Option<String>,
    /// The stars that its applicant gave it, if they did.
    pub rated: Option<u8>,
    /// Until when it may be rated or its rating changed; none if it may not.
    pub rate_until: Option<Timestamp>,
    /// Whether it is about another case: nobody complains about a complaint.
    pub about_case: bool,
    /// What happened, the first thing first.
    pub steps: Vec<Standing>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Which action.
    pub action: String,
    /// When.
    pub at: Timestamp,
    /// Where the case stood then.
    pub state: String,
}

impl Casework {
    /// What is told of the case with a number, to whoever shows its secret.
    ///
    /// `None` never tells which of the two was wrong.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn follow(
        &self,
        tenant: &Tenant,
        number: &str,
        secret: &str,
    ) -> Result<Option<Followed>, Error> {
        let Some(dossier) = self.by_secret(tenant, number, secret).await? else { return Ok(None) };
        let steps = dossier.case.iter().flat_map(|case| &case.steps);
        let steps = steps.map(|step| Standing {
            action: step.action.clone(),
            at: step.at.into(),
            state: step.state.clone(),
        });
        let kind = self.kind_of(&dossier).ok();
        let about_case = kind.is_some_and(|kind| kind.about_case);
        let case = dossier.case.as_ref();
        let until = kind.zip(case).and_then(|(kind, case)| self.rate_until(kind, case));
        Ok(Some(Followed {
            number: dossier.number.clone().unwrap_or_default(),
            kind: (dossier.kind.clone(), dossier.kind_version),
            state: dossier.state.clone(),
            received: dossier.received,
            due: dossier.due,
            ended: dossier.ended.map(|(at, _)| at),
            answer: kind.zip(case).and_then(|(kind, case)| complain::answer(kind, case)),
            rated: dossier.rating,
            rate_until: until,
            about_case,
            steps: steps.collect(),
        }))
    }

    /// The case with a number, for whoever shows its secret.
    pub(super) async fn by_secret(
        &self,
        tenant: &Tenant,
        number: &str,
        secret: &str,
    ) -> Result<Option<Dossier>, Error> {
        let own = self.own(tenant);
        let query = EntityQuery {
            q: Some(self.is("number", number.trim())),
            limit: 1,
            ..EntityQuery::of_type(self.names().of("Dossier"))
        };
        let page = own.query(query).await?;
        let Some(stored) = page.entities.first() else { return Ok(None) };
        let from = dinh_context::fields::Reading { names: self.names(), entity: &stored.entity };
        let wanted = from.text("followHash").unwrap_or_default();
        let shown = digest(&secret.trim().to_ascii_uppercase());
        // Both are digests, so that the time that comparing takes tells nothing of the secret.
        if wanted != shown {
            return Ok(None);
        }
        Ok(Some(Dossier::read(self.names(), stored)?))
    }
}

/// A fresh secret, and the digest that is kept of it.
pub(super) fn secret(ids: &dyn Ids) -> (String, String) {
    let bytes = Sha256::digest(ids.uuid().as_bytes());
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let secret: String = bytes.iter().take(LENGTH).map(letter).collect();
    let hash = digest(&secret);
    (secret, hash)
}

pub(super) fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}
