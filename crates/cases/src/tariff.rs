//! Fees by dates: rates that take the place of what a kind says itself, and reductions, each with its act and its days. They
//! are data beside the kinds, so that a new decision on fees touches no version of a procedure.

use dinh_calendar::Named;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Expr, Fee, Kind, Proof, ProvedBy, Status};

/// Rates and reductions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// What fees are for one, by dates.
    #[serde(default, rename = "rate")]
    pub rates: Vec<Rate>,
    /// What is taken off, by dates.
    #[serde(default, rename = "reduction")]
    pub reductions: Vec<Reduction>,
}

/// What a fee is between two days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Of which kind.
    pub kind: String,
    /// Which fee of it.
    pub fee: String,
    /// In đồng, for one.
    pub amount: u64,
    /// The first day.
    pub valid_from: Date,
    /// The last day; none while nothing follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    /// On which act it stands.
    pub basis: String,
    /// What is not sure about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Named>,
}

/// What is taken off a fee between two days. Of several that would hold the largest one does: they do not add up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reduction {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub title: Named,
    /// Whether it holds. A draft is shown and never applied.
    pub status: Status,
    /// Kinds for whose fees it holds; all if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Fees for which it holds; all if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<String>,
    /// It holds only if this is true of what was filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
    /// It holds only for whoever has shown a card that proves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved_by: Option<CardProof>,
    /// How many hundredths are taken off: 1 to 100. What is left is rounded up to a whole đồng.
    pub percent: u8,
    /// The first day.
    pub valid_from: Date,
    /// The last day; none while nothing follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    /// On which act it stands.
    pub basis: String,
    /// What is not sure about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Named>,
}

/// What a card must be, and say, to prove that something is taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardProof {
    /// Kinds of card that count.
    pub cards: Vec<String>,
    /// What the card must say its holder is entitled to, one of them; the card alone counts if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub benefits: Vec<String>,
}

impl CardProof {
    /// The first of what was proved that counts.
    pub fn met_by(&self, proofs: &[Proof]) -> Option<ProvedBy> {
        let counts = |proof: &Proof| {
            if !self.cards.contains(&proof.kind) {
                return None;
            }
            let benefit = proof.benefits.iter().find(|code| self.benefits.contains(code)).cloned();
            let met = self.benefits.is_empty() || benefit.is_some();
            let (kind, serial, at) = (proof.kind.clone(), proof.serial, proof.at);
            met.then_some(ProvedBy { kind, serial, benefit, at })
        };
        proofs.iter().find_map(counts)
    }
}

fn holds(from: Date, to: Option<Date>, day: Date) -> bool {
    from <= day && to.is_none_or(|last| day <= last)
}

impl Rate {
    /// True if it is what the fee is on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        holds(self.valid_from, self.valid_to, day)
    }
}

impl Reduction {
    /// True if it holds on a day, for those of whom it is true.
    pub fn holds_on(&self, day: Date) -> bool {
        self.status == Status::Published && holds(self.valid_from, self.valid_to, day)
    }

    /// True if it is about a fee of a kind.
    pub fn is_about(&self, kind: &str, fee: &str) -> bool {
        let names = |list: &[String], code: &str| list.is_empty() || list.iter().any(|one| one == code);
        names(&self.kinds, kind) && names(&self.fees, fee)
    }

    /// What it takes off an amount, in đồng.
    pub fn of(&self, amount: u64) -> u64 {
        let off = u128::from(amount) * u128::from(self.percent.min(100)) / 100;
        u64::try_from(off).unwrap_or(amount)
    }
}

impl Tariff {
    /// What is about one kind.
    #[must_use]
    pub fn about(&self, kind: &str) -> Self {
        let is_about = |one: &&Reduction| one.kinds.is_empty() || one.kinds.iter().any(|code| code == kind);
        Self {
            rates: self.rates.iter().filter(|rate| rate.kind == kind).cloned().collect(),
            reductions: self.reductions.iter().filter(is_about).cloned().collect(),
        }
    }

    /// The rate of a fee on a day; none if it is what its kind says.
    pub fn rate(&self, kind: &str, fee: &str, day: Date) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.kind == kind && rate.fee == fee && rate.holds_on(day))
    }

    /// What is wrong with it; nothing for one that may be used.
    pub fn faults(&self, kinds: &[&Kind]) -> Vec<String> {
        let mut faults = Vec::new();
        let has = |kind: &str, fee: Option<&str>| {
            let mut of = kinds.iter().filter(|one| one.code == kind);
            of.any(|one| fee.is_none_or(|fee| one.fees.iter().any(|own: &Fee| own.code == fee)))
        };
        let ends = |from: Date, to: Option<Date>| to.is_some_and(|last| last < from);
        for (place, rate) in self.rates.iter().enumerate() {
            let at = format!("rate {} {} from {}", rate.kind, rate.fee, rate.valid_from);
            if !has(&rate.kind, Some(&rate.fee)) {
                faults.push(format!("{at}: there is no such fee"));
            }
            if ends(rate.valid_from, rate.valid_to) {
                faults.push(format!("{at}: ends before it begins"));
            }
            let overlaps = |other: &Rate| {
                other.kind == rate.kind
                    && other.fee == rate.fee
                    && (other.holds_on(rate.valid_from) || rate.holds_on(other.valid_from))
            };
            if self.rates.iter().skip(place + 1).any(overlaps) {
                faults.push(format!("{at}: another rate of it holds on the same day"));
            }
        }
        for (place, one) in self.reductions.iter().enumerate() {
            let at = format!("reduction {}", one.code);
            if !(1..=100).contains(&one.percent) {
                faults.push(format!("{at}: percent is 1 to 100"));
            }
            if ends(one.valid_from, one.valid_to) {
                faults.push(format!("{at}: ends before it begins"));
            }
            if self.reductions.iter().skip(place + 1).any(|other| other.code == one.code) {
                faults.push(format!("{at}: stands there twice"));
            }
            faults.extend(
                one.kinds
                    .iter()
                    .filter(|kind| !has(kind, None))
                    .map(|kind| format!("{at}: there is no kind {kind:?}")),
            );
            if one.proved_by.as_ref().is_some_and(|proof| proof.cards.is_empty()) {
                faults.push(format!("{at}: proved_by names the kinds of card that count"));
            }
            if one.title.vi.trim().is_empty() || one.title.en.trim().is_empty() {
                faults.push(format!("{at}: title has words in both languages"));
            }
        }
        faults
    }
}
