//! The settings of a provider: data, in a TOML file.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::Error;

/// How the client shows to the provider who it is (OpenID Connect Core 1.0, section 9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientAuth {
    /// Secret in the `Authorization` header.
    #[default]
    Basic,
    /// Secret in the form.
    Post,
    /// No secret: PKCE alone.
    None,
}

/// The settings of a provider, without its secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderDefinition {
    /// Its name in addresses and records: small letters, digits and hyphens.
    pub name: String,
    /// What people call it, by language tag.
    pub title: BTreeMap<String, String>,
    /// Its issuer identifier, under which `/.well-known/openid-configuration` is found.
    pub issuer: String,
    /// Our identifier there.
    pub client_id: String,
    /// How we show who we are.
    #[serde(default)]
    pub client_auth: ClientAuth,
    /// Scopes beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Value of `acr_values`, where the provider must be asked for a level.
    #[serde(default)]
    pub acr_values: Option<String>,
    /// Whether claims are asked for at the userinfo endpoint too.
    #[serde(default)]
    pub userinfo: bool,
    /// Whether somebody without an account here gets one, as a citizen.
    #[serde(default)]
    pub opens_accounts: bool,
    /// Which claim says what.
    #[serde(default)]
    pub claims: ClaimNames,
}

/// Which claim says what. A name with dots goes into objects: `address.country`. None where the provider says nothing
/// of the sort.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimNames {
    /// Full name.
    pub name: Option<String>,
    /// E-mail address; believed only if `email_verified` is true.
    pub email: Option<String>,
    /// Telephone number; believed only if `phone_number_verified` is true.
    pub phone: Option<String>,
    /// Personal identification number, 12 digits. Only for providers that have proved it: it decides whose account it
    /// is.
    pub personal_id: Option<String>,
    /// Enterprise code, 10 digits, of the enterprise that the person speaks for.
    pub enterprise_code: Option<String>,
    /// Level of the identity.
    pub level: Option<String>,
    /// Level by value of that claim; values that are not listed are no level.
    pub levels: BTreeMap<String, u8>,
    /// The claim that says how the person signed in, as `amr` or `acr`.
    pub means: Option<String>,
    /// Values of that claim that count as a second factor.
    pub strong: Vec<String>,
}

/// A provider: its settings and our secret there.
#[derive(Clone)]
pub struct Provider {
    pub(crate) definition: ProviderDefinition,
    pub(crate) secret: Option<String>,
}

impl Provider {
    /// Checks the settings. The secret comes from a file or the environment, never from the settings.
    pub fn new(definition: ProviderDefinition, secret: Option<String>) -> Result<Self, Error> {
        let name = &definition.name;
        let wrong = |rule: &str| Err(Error::Settings(format!("identity provider {name:?}: {rule}")));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 40 || !name.chars().all(plain) {
            return wrong("name: 1 to 40 small letters, digits and hyphens");
        }
        if !is_safe(&definition.issuer) {
            return wrong("issuer: an https address without query and fragment (http on this machine only)");
        }
        if secret.is_none() && definition.client_auth != ClientAuth::None {
            return wrong("client_auth asks for a secret, and there is none");
        }
        if definition.claims.levels.values().any(|level| *level > 2) {
            return wrong("claims.levels: levels are 0, 1 and 2");
        }
        Ok(Self { definition, secret })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// What people call it, by language tag.
    pub fn title(&self) -> &BTreeMap<String, String> {
        &self.definition.title
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.definition.name)
    }
}

/// True for an address to which secrets and codes may go.
pub(super) fn is_safe(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    let encrypted = url.scheme() == "https" || (url.scheme() == "http" && local);
    encrypted && url.query().is_none() && url.fragment().is_none() && url.username().is_empty()
}
