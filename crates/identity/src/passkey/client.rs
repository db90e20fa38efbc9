//! What a browser says of the ceremony (Web Authentication Level 3, section 5.8.1).

use serde::Deserialize;

use super::ceremony::{Doubt, Site};
use crate::secret::same;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Client {
    #[serde(rename = "type")]
    ceremony: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// Checks that it is the ceremony that was begun, on one of our own pages.
pub(super) fn check(json: &[u8], ceremony: &str, challenge: &str, site: &Site) -> Result<(), Doubt> {
    let client: Client =
        serde_json::from_slice(json).map_err(|_reason| Doubt::Malformed("clientDataJSON"))?;
    if client.ceremony != ceremony || !same(&client.challenge, challenge) {
        return Err(Doubt::Challenge);
    }
    if client.cross_origin || !site.origins.contains(&client.origin) {
        return Err(Doubt::Origin);
    }
    Ok(())
}
