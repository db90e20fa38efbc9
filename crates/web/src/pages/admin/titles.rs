//! What people call what records name by codes.

use dinh_access::plain::{Names, Tongue};
use dinh_access::{AccountKind, Action, Privacy, Purpose};
use dinh_identity::domain::State;
use dinh_model::Term;

use crate::app::App;
use crate::pages::visitor::Visitor;
use crate::words::Lang;

/// What people call a role here.
pub(super) fn role(visitor: &Visitor, code: &str) -> String {
    let titles = visitor.app.identity.role_titles();
    titles.get(code).map_or(code, |both| visitor.title(both)).to_owned()
}

pub(super) fn kind(kind: AccountKind, lang: Lang) -> String {
    match kind {
        AccountKind::Citizen => lang.say("admin-kind-citizen"),
        AccountKind::Official => lang.say("admin-kind-official"),
        AccountKind::Device => lang.say("admin-kind-device"),
        AccountKind::System => lang.say("admin-kind-system"),
    }
}

/// A kind of account by its name.
pub(super) fn kind_named(name: &str) -> Option<AccountKind> {
    KINDS.into_iter().find(|kind| kind.name() == name)
}

pub(super) const KINDS: [AccountKind; 4] =
    [AccountKind::Official, AccountKind::Citizen, AccountKind::Device, AccountKind::System];

pub(super) const STATES: [(&str, State); 3] =
    [("active", State::Active), ("locked", State::Locked), ("closed", State::Closed)];

/// Tone and word of a state.
pub(super) fn state(state: State, lang: Lang) -> (&'static str, String) {
    match state {
        State::Active => ("ok", lang.say("admin-state-active")),
        State::Locked => ("warn", lang.say("admin-state-locked")),
        State::Closed => ("off", lang.say("admin-state-closed")),
    }
}

pub(super) fn action(action: Action, lang: Lang) -> String {
    match action {
        Action::Read => lang.say("admin-action-read"),
        Action::Reveal => lang.say("admin-action-reveal"),
        Action::Write => lang.say("admin-action-write"),
        Action::Export => lang.say("admin-action-export"),
        Action::Erase => lang.say("admin-action-erase"),
        Action::Follow => lang.say("admin-action-follow"),
        Action::Administer => lang.say("admin-action-administer"),
        Action::Audit => lang.say("admin-action-audit"),
    }
}

pub(super) fn purpose(purpose: Purpose, lang: Lang) -> String {
    match purpose {
        Purpose::Operations => lang.say("admin-purpose-operations"),
        Purpose::PublicInformation => lang.say("admin-purpose-public"),
        Purpose::Maintenance => lang.say("admin-purpose-maintenance"),
        Purpose::CaseHandling => lang.say("admin-purpose-case"),
        Purpose::Emergency => lang.say("admin-purpose-emergency"),
        Purpose::Inspection => lang.say("admin-purpose-inspection"),
        Purpose::Statistics => lang.say("admin-purpose-statistics"),
        Purpose::OwnData => lang.say("admin-purpose-own"),
    }
}

pub(super) fn privacy(privacy: Privacy, lang: Lang) -> String {
    match privacy {
        Privacy::Open => lang.say("admin-privacy-open"),
        Privacy::Internal => lang.say("admin-privacy-internal"),
        Privacy::Personal => lang.say("admin-privacy-personal"),
        Privacy::Sensitive => lang.say("admin-privacy-sensitive"),
    }
}

/// The language in which rules are told.
pub(super) const fn tongue(lang: Lang) -> Tongue {
    match lang {
        Lang::Vi => Tongue::Vi,
        Lang::En => Tongue::En,
    }
}

/// What the packs call what rules name.
pub(super) struct Packed<'a>(pub(super) &'a App);

const fn tag(tongue: Tongue) -> &'static str {
    match tongue {
        Tongue::Vi => "vi",
        Tongue::En => "en",
    }
}

impl Names for Packed<'_> {
    fn role(&self, code: &str, tongue: Tongue) -> String {
        let titles = self.0.identity.role_titles();
        titles.get(code).map_or(code, |both| both.in_language(tag(tongue))).to_owned()
    }

    fn entity_type(&self, term: &Term, tongue: Tongue) -> String {
        let described = self.0.context.types().entity_type(term.as_str());
        let title = described.map(|described| described.title.in_language(tag(tongue)).to_owned());
        title.unwrap_or_else(|| last(term.as_str()).to_owned())
    }

    fn sector(&self, name: &str, tongue: Tongue) -> String {
        let pack = self.0.context.packs().pack(name);
        pack.map_or(name, |pack| pack.title.in_language(tag(tongue))).to_owned()
    }

    fn tenant(&self, name: &str, tongue: Tongue) -> String {
        let province = self.0.context.packs().province(name);
        province.map_or(name, |province| province.title.in_language(tag(tongue))).to_owned()
    }
}

/// The last part of a full name.
pub(super) fn last(term: &str) -> &str {
    term.rsplit(['/', '#']).next().unwrap_or(term)
}
