//! The rules of the pack: kinds of card, who issues them, numbers, keys and lists.

use dinh_credentials::card::CardKind;
use dinh_credentials::layout::{Field, Layout};
use dinh_credentials::number::{Named, TypeCode};
use jiff::civil::Date;
use serde::Deserialize;

use crate::Error;

/// What holds for cards.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub(crate) status: StatusRules,
    pub(crate) keys: KeyRules,
    #[serde(rename = "kind")]
    kinds: Vec<KindRules>,
    #[serde(rename = "type")]
    types: Vec<TypeCode>,
    #[serde(rename = "layout")]
    layouts: Vec<Layout>,
    #[serde(default, rename = "benefit")]
    benefits: Vec<BenefitRules>,
}

/// Something that holders of pilot cards may be entitled to, so that they prove it by their card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenefitRules {
    /// Its code, by which tariffs name it.
    pub code: String,
    /// What it is called.
    pub title: Named,
    /// Kinds of card that may say it.
    pub cards: Vec<CardKind>,
    /// On which act it stands.
    pub basis: String,
}

/// How long status lists hold, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusRules {
    pub(crate) ttl: i64,
    pub(crate) expires: i64,
}

/// How keys follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyRules {
    pub(crate) ahead_hours: i64,
}

/// What holds for a kind of card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindRules {
    /// The kind.
    pub code: CardKind,
    /// What it is called.
    pub title: Named,
    /// How long it holds.
    pub valid_years: i16,
    /// True if it belongs to a unit of the administration.
    pub of_unit: bool,
    /// True if a second person decides what the first one proposed.
    pub two_person: bool,
    /// True if its holder asks for it.
    #[serde(default)]
    pub asked_by_holder: bool,
    /// How surely the holder must be known to ask for it.
    #[serde(default)]
    pub least_assurance: u8,
    /// Roles that propose it.
    pub proposers: Vec<String>,
    /// Roles that decide on it.
    pub deciders: Vec<String>,
    /// What the credential in a wallet is called (`vct`).
    pub credential: String,
}

impl Rules {
    pub(crate) fn checked(self) -> Result<Self, Error> {
        let wrong = |why: String| Err(Error::Rules(why));
        for kind in CardKind::ALL {
            if self.kinds.iter().filter(|rules| rules.code == kind).count() != 1 {
                return wrong(format!("kind {:?} must stand once", kind.name()));
            }
        }
        for kind in &self.kinds {
            if !(1..=20).contains(&kind.valid_years) {
                return wrong(format!("{}: valid_years is 1 to 20", kind.code.name()));
            }
            if kind.deciders.is_empty() || (kind.proposers.is_empty() && !kind.asked_by_holder) {
                return wrong(format!(
                    "{}: somebody must propose, and somebody must decide",
                    kind.code.name()
                ));
            }
        }
        if !(60..=86_400).contains(&self.status.ttl) || self.status.expires < self.status.ttl {
            return wrong("status.ttl is 60 to 86400 seconds, and status.expires is not shorter".to_owned());
        }
        if self.status.expires > 7 * 86_400 || !(0..=24 * 30).contains(&self.keys.ahead_hours) {
            return wrong("status.expires is a week at most, keys.ahead_hours 720 at most".to_owned());
        }
        for (place, one) in self.benefits.iter().enumerate() {
            let of_unit = |kind: &CardKind| self.kind(*kind).is_ok_and(|rules| rules.of_unit);
            if one.cards.is_empty() || one.cards.iter().any(of_unit) {
                return wrong(format!("benefit {}: cards names kinds that belong to no unit", one.code));
            }
            if self.benefits.iter().skip(place + 1).any(|other| other.code == one.code) {
                return wrong(format!("benefit {} stands there twice", one.code));
            }
        }
        if self.layouts.is_empty()
            || self.layouts.iter().any(|one| one.fields.first() != Some(&Field::Random))
        {
            return wrong("a layout begins with the random number".to_owned());
        }
        Ok(self)
    }

    /// What holds for a kind.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for one that the pack does not bring.
    pub fn kind(&self, kind: CardKind) -> Result<&KindRules, Error> {
        self.kinds.iter().find(|rules| rules.code == kind).ok_or(Error::NoSuch("kind of card"))
    }

    /// All kinds, in the order of the pack.
    pub fn kinds(&self) -> &[KindRules] {
        &self.kinds
    }

    /// What cards may say their holders are entitled to, in the order of the pack.
    pub fn benefits(&self) -> &[BenefitRules] {
        &self.benefits
    }

    /// The same of one kind of card.
    pub fn benefits_of(&self, kind: CardKind) -> impl Iterator<Item = &BenefitRules> {
        self.benefits.iter().filter(move |one| one.cards.contains(&kind))
    }

    /// The last parts of numbers that are given on a day.
    pub fn types_on(&self, day: Date) -> impl Iterator<Item = &TypeCode> {
        self.types.iter().filter(move |one| one.holds_on(day))
    }

    pub(crate) fn types(&self) -> &[TypeCode] {
        &self.types
    }

    /// How the printed QR is laid out on a day: the latest edition that holds.
    pub fn layout_on(&self, day: Date) -> Option<&Layout> {
        self.layouts.iter().filter(|one| one.valid_from <= day).max_by_key(|one| one.valid_from)
    }
}
