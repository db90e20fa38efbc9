//! How one signs in, as the page of the account shows it.

use dinh_identity::{Present, TotpOffer};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Serialize;

use crate::look;
use crate::pages::visitor::Visitor;

/// How one signs in.
#[expect(clippy::struct_excessive_bools, reason = "each is asked by the page for itself")]
#[derive(Serialize)]
pub(super) struct Factors {
    pub(super) stepped_up: bool,
    pub(super) has_code: bool,
    /// Whether an administrator lets one's own card count.
    pub(super) by_card: bool,
    /// Whether there is anything that recovery codes stand in for.
    pub(super) has_second: bool,
    /// None where this server takes no passkeys.
    pub(super) passkeys: Option<Vec<Passkey>>,
    pub(super) providers: Vec<Provider>,
}

#[derive(Serialize)]
pub(super) struct Passkey {
    id: String,
    name: String,
    since: String,
    last_used: String,
    may_be_copied: bool,
}

#[derive(Serialize)]
pub(super) struct Provider {
    name: String,
    title: String,
    /// Where linking begins.
    href: String,
    linked: bool,
}

impl Factors {
    pub(super) async fn of(visitor: &Visitor, present: &Present) -> Self {
        let (identity, lang) = (&visitor.app.identity, visitor.lang());
        let has_code = identity.has_code(present).await.unwrap_or(false);
        let kept = identity.passkeys(present).await.unwrap_or_default();
        let tenant = &visitor.province.tenant;
        let by_card = visitor.app.cards.is_offered(tenant)
            && identity.by_card(tenant).await.is_ok_and(|setting| setting.allowed);
        let has_second = has_code || !kept.is_empty();
        let passkeys = kept.into_iter().map(|key| Passkey {
            since: look::date_time(key.since, lang),
            last_used: key.last_used.map(|at| look::date_time(at, lang)).unwrap_or_default(),
            id: key.id,
            name: key.name,
            may_be_copied: key.may_be_copied,
        });
        let passkeys: Vec<_> = passkeys.collect();
        let shown = identity.takes_passkeys() || !passkeys.is_empty();
        let linked = &present.account().linked;
        let providers = identity.providers().iter().map(|provider| Provider {
            name: provider.name().to_owned(),
            title: super::super::provider::title(provider, lang),
            href: visitor.href(&format!("account/with/{}", provider.name())),
            linked: linked.iter().any(|link| link.provider == provider.name()),
        });
        Self {
            stepped_up: present.stepped_up(),
            has_code,
            by_card,
            has_second,
            passkeys: shown.then_some(passkeys),
            providers: providers.collect(),
        }
    }
}

/// A one-time code program that is being set up.
#[derive(Serialize)]
pub(super) struct Offer {
    uri: String,
    secret: String,
    ticket: String,
    /// The address as a picture that the program reads; none if it does not fit into one.
    picture: Option<String>,
}

impl From<TotpOffer> for Offer {
    fn from(offer: TotpOffer) -> Self {
        let code = QrCode::with_error_correction_level(offer.uri.as_bytes(), EcLevel::M).ok();
        let picture = code.map(|code| {
            let mut drawing = code.render::<svg::Color<'_>>();
            let drawing = drawing.min_dimensions(200, 200);
            let drawn = drawing.dark_color(svg::Color("#000")).light_color(svg::Color("#fff")).build();
            // Within a page it is an element and not a document.
            drawn.split_once("?>").map_or(drawn.clone(), |(_, element)| element.to_owned())
        });
        Self { uri: offer.uri, secret: offer.secret, ticket: offer.ticket, picture }
    }
}
