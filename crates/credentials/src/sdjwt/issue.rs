//! Issuing.

use ring::rand::SecureRandom;
use serde_json::{Map, Value as Json, json};

use super::Disclosure;
use crate::key::{Jwk, Signer};
use crate::{Refused, jwt};

/// Type of the credential.
pub const TYPE: &str = "dc+sd-jwt";

/// What is issued.
#[derive(Clone, Debug)]
pub struct Issue {
    /// What everybody sees: `iss`, `iat`, `exp`, `vct`, `status`, and what else cannot be kept back.
    pub open: Map<String, Json>,
    /// What the holder shows or keeps, one by one.
    pub hidden: Vec<(String, Json)>,
    /// The holder's key.
    pub holder: Option<Jwk>,
}

/// Signs a credential with all its disclosures.
///
/// # Errors
/// [`Refused::Malformed`] for names that are kept for hashes or stand twice; [`Refused::Key`] if there is no randomness.
pub fn issue(what: &Issue, signer: &Signer, random: &dyn SecureRandom) -> Result<String, Refused> {
    let mut claims = what.open.clone();
    let mut disclosures = Vec::with_capacity(what.hidden.len());
    for (name, value) in &what.hidden {
        if claims.contains_key(name)
            || disclosures.iter().any(|known: &Disclosure| known.name() == Some(name))
        {
            return Err(Refused::malformed("claims", format!("{name} stands twice")));
        }
        disclosures.push(Disclosure::fresh(name, value, random)?);
    }
    // In the order of the hashes, which tells nothing of the order of the claims (section 4.2.4.1).
    let mut digests: Vec<String> = disclosures.iter().map(Disclosure::digest).collect();
    digests.sort_unstable();
    claims.insert("_sd".to_owned(), json!(digests));
    claims.insert("_sd_alg".to_owned(), json!("sha-256"));
    if let Some(holder) = &what.holder {
        claims.insert("cnf".to_owned(), json!({"jwk": holder}));
    }
    let mut text = jwt::sign(TYPE, &Json::Object(claims), signer, random)?;
    text.push('~');
    for disclosure in &disclosures {
        text.push_str(disclosure.text());
        text.push('~');
    }
    Ok(text)
}
