//! What can be configured of links with the national portal.

use dinh_portal::LinkSettings;
use serde::{Deserialize, Serialize};

/// Links with the national public-service portal and systems like it. Their hosts must be in `outbound.allow`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Portal {
    /// Counterparts that are told of dossiers, each in one province.
    pub(crate) links: Vec<LinkSettings>,
}
