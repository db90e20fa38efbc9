//! What every handler shares.

use std::fmt;
use std::sync::Arc;

use dinh_cards::Cards;
use dinh_casework::Casework;
use dinh_context::Context;
use dinh_federation::{EntityMaps, Legs};
use dinh_feeds::Feeds;
use dinh_identity::Identity;
use dinh_model::{Ids, Timestamp};
use dinh_payments::Payments;
use dinh_portal::Portal;
use dinh_privacy::Privacy;
use dinh_signatory::Signatory;
use dinh_signing::Signing;
use sha2::{Digest as _, Sha256};

use crate::api::request::Tenants;
use crate::display::{Display, DisplayError};
use crate::procedures::Procedures;
use crate::settings::HttpSettings;

/// Renders the metrics of the process in Prometheus' text format.
pub type RenderMetrics = Arc<dyn Fn() -> String + Send + Sync>;

/// The components that the web stands on, made by the binary. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// The components, and what the web remembers by itself.
pub struct Inner {
    parts: Parts,
    display: Display,
    /// What people may know and ask of the data that is kept of them.
    pub(crate) privacy: Privacy,
    /// The list of procedures.
    pub(crate) procedures: Procedures,
    /// Cases of all kinds.
    pub(crate) casework: Casework,
    /// Links with the national portal.
    pub(crate) portal: Portal,
    /// Keys, signing, and checking of signatures.
    pub(crate) signing: Signing,
    /// Signing where documents are issued.
    pub(crate) signatory: Signatory,
    /// E-cards.
    pub(crate) cards: Cards,
    /// Money that people owe and pay.
    pub(crate) payments: Payments,
    /// Maps of what questions found.
    pub(crate) maps: EntityMaps,
    /// Copies of subscriptions at other sources.
    pub(crate) legs: Legs,
    /// Tenants known to exist.
    pub(crate) tenants: Tenants,
    /// Since when.
    pub(crate) started: Timestamp,
}

/// The components, one by one.
pub struct Parts {
    /// The door to the graph.
    pub context: Context,
    /// The feeds that run, and how to push a record into one.
    pub feeds: Feeds,
    /// Accounts and their sessions.
    pub identity: Identity,
    /// Bounds of HTTP.
    pub settings: HttpSettings,
    /// The key that lets write from anywhere; none if there is none.
    pub write_key: Option<WriteKey>,
    /// Where request identifiers come from.
    pub ids: Arc<dyn Ids>,
    /// The metrics of the process.
    pub metrics: RenderMetrics,
    /// What signing goes by.
    pub signing: dinh_signing::Settings,
}

impl App {
    /// Puts the components together: reads layers and geography from the packs, and begins to follow the change feed for
    /// live events. Must be called within a tokio runtime.
    pub fn new(parts: Parts) -> Result<Self, DisplayError> {
        let display = Display::new(&parts.context, &parts.feeds, parts.settings.max_live)?;
        let privacy = Privacy::open(&parts.context)?;
        let procedures = Procedures::open(parts.context.packs())?;
        let roles = parts.identity.role_titles().keys().cloned().collect();
        let casework = Casework::open(&parts.context, &roles)?;
        let portal = Portal::open(&parts.context, &casework)?;
        let payments = Payments::open(&parts.context, &casework)?;
        let cards = Cards::open(&parts.context, Arc::new(ring::rand::SystemRandom::new()))?;
        let signing = Signing::new(&parts.context, parts.signing.clone());
        let signatory = Signatory::new(&casework, &signing);
        Ok(Self(Arc::new(Inner {
            started: parts.context.clock().now(),
            maps: EntityMaps::default(),
            legs: Legs::new(parts.context.clone()),
            tenants: Tenants::default(),
            parts,
            display,
            privacy,
            procedures,
            casework,
            portal,
            signing,
            signatory,
            cards,
            payments,
        })))
    }

    /// Cases of all kinds, for those who let them go on by themselves.
    pub fn casework(&self) -> &Casework {
        &self.0.casework
    }

    /// Copies of subscriptions at other sources, to be kept in step.
    pub fn legs(&self) -> &Legs {
        &self.0.legs
    }

    /// The cards of the house.
    pub fn cards(&self) -> &Cards {
        &self.0.cards
    }

    /// Links with the national portal, to be connected and kept going.
    pub fn portal(&self) -> &Portal {
        &self.0.portal
    }

    /// Keys, signing, and checking of signatures.
    pub fn signing(&self) -> &Signing {
        &self.0.signing
    }

    /// Money that people owe and pay, for those who let it go on by itself.
    pub fn payments(&self) -> &Payments {
        &self.0.payments
    }

    /// What pages, tiles and live events share.
    pub(crate) fn display(&self) -> &Display {
        &self.0.display
    }
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl std::ops::Deref for Inner {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

/// The write key, kept as a digest: what is compared are digests, so that the time it takes says nothing of the key.
#[derive(Clone)]
pub struct WriteKey([u8; 32]);

impl WriteKey {
    /// Fewest characters of a key.
    pub const MIN_LENGTH: usize = 16;

    /// Takes a key from the configuration; `None` if it is shorter than [`WriteKey::MIN_LENGTH`] characters.
    pub fn new(key: &str) -> Option<Self> {
        let key = key.trim();
        (key.chars().count() >= Self::MIN_LENGTH).then(|| Self(Sha256::digest(key).into()))
    }

    /// True if `shown` is the key.
    pub fn opens(&self, shown: &str) -> bool {
        let shown: [u8; 32] = Sha256::digest(shown).into();
        self.0.iter().zip(shown).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
    }
}

impl fmt::Debug for WriteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriteKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_opens() {
        let key = WriteKey::new(" mở-cửa-cho-tôi-với \n").unwrap();
        assert!(key.opens("mở-cửa-cho-tôi-với"));
        assert!(!key.opens("mở-cửa-cho-tôi-vớj"));
        assert!(!key.opens(""));
        assert!(!format!("{key:?}").contains("mở"));
        assert!(WriteKey::new("ngắn").is_none());
    }
}
