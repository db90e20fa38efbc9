//! Links: counterparts that are connected, as the configuration names them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use dinh_context::outbound::Outbound;
use dinh_model::Tenant;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::health::Pulse;
use crate::Error;
use crate::codes::Counterpart;

/// Most links of one house.
const MOST: usize = 32;
/// Most dossiers under way at a time over one link.
const MOST_AT_ONCE: usize = 32;

/// A link, as the configuration writes it. Secrets are in files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSettings {
    /// The province.
    pub tenant: String,
    /// The counterpart, as a pack describes it: `national-portal`.
    pub counterpart: String,
    /// Where it is reached; its host must be in `outbound.allow`.
    pub address: String,
    /// By which identifier the counterpart knows the province (`madonvi`).
    #[serde(default)]
    pub agency: Option<String>,
    /// By which name to open a session.
    #[serde(default)]
    pub user: Option<String>,
    /// File of the password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Codes of the national procedures whose dossiers go there; empty for all that no other link names.
    #[serde(default)]
    pub procedures: BTreeSet<String>,
    /// Whether the list of procedures is taken from it, once a day.
    #[serde(default)]
    pub catalogue: bool,
    /// Dossiers under way at a time, 1 to 32.
    #[serde(default = "eight")]
    pub at_once: usize,
}

const fn eight() -> usize {
    8
}

/// A counterpart that is connected.
pub struct Link {
    /// The province.
    pub tenant: Tenant,
    /// The counterpart.
    pub counterpart: Arc<Counterpart>,
    /// Codes of the procedures that go there alone.
    pub procedures: BTreeSet<String>,
    pub(super) address: String,
    pub(super) agency: Option<String>,
    pub(super) credentials: Option<(String, String)>,
    pub(super) at_once: usize,
    pub(super) catalogue: bool,
    /// The session that is open, if one is.
    pub(super) session: Mutex<Option<String>>,
    pub(super) pulse: Pulse,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({} {})", self.tenant, self.counterpart.code)
    }
}

/// The links of the configuration, made ready.
pub(super) fn all(
    links: Vec<(LinkSettings, Option<String>)>,
    counterparts: &BTreeMap<String, Arc<Counterpart>>,
    outbound: &Outbound,
) -> Result<Vec<Link>, Error> {
    if links.len() > MOST {
        return Err(Error::TooMany { what: "portal.links", most: MOST });
    }
    let mut all: Vec<Link> = Vec::new();
    for (settings, password) in links {
        let link = ready(settings, password, counterparts, outbound)?;
        let same = |one: &Link| one.tenant == link.tenant && one.counterpart.code == link.counterpart.code;
        if all.iter().any(same) {
            return Err(fault(&link.counterpart.code, "is connected twice in one province"));
        }
        all.push(link);
    }
    Ok(all)
}

fn ready(
    settings: LinkSettings,
    password: Option<String>,
    counterparts: &BTreeMap<String, Arc<Counterpart>>,
    outbound: &Outbound,
) -> Result<Link, Error> {
    let name = settings.counterpart.as_str();
    let known =
        || format!("no pack describes it; the packs describe {:?}", counterparts.keys().collect::<Vec<_>>());
    let counterpart = counterparts.get(name).ok_or_else(|| fault(name, &known()))?;
    let tenant =
        Tenant::parse(&settings.tenant).map_err(|reason| fault(name, &format!("tenant: {reason}")))?;
    outbound.check(&settings.address).map_err(|reason| fault(name, &format!("address: {reason}")))?;
    if !(1..=MOST_AT_ONCE).contains(&settings.at_once) {
        return Err(fault(name, &format!("at_once: must be 1 to {MOST_AT_ONCE}")));
    }
    let credentials = match (settings.user, password) {
        (None, None) => None,
        (Some(user), Some(password)) => Some((user, password)),
        _ => return Err(fault(name, "user and password_file belong together")),
    };
    Ok(Link {
        tenant,
        counterpart: Arc::clone(counterpart),
        procedures: settings.procedures,
        address: settings.address.trim_end_matches('/').to_owned(),
        agency: settings.agency,
        credentials,
        at_once: settings.at_once,
        catalogue: settings.catalogue,
        session: Mutex::default(),
        pulse: Pulse::default(),
    })
}

fn fault(name: &str, reason: &str) -> Error {
    Error::Pack { file: format!("portal.links {name:?}"), reason: reason.to_owned() }
}
