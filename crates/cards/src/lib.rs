//! Floor 4: e-cards in the graph: proposed, decided, suspended, lost, revoked and renewed, each step one commit; the keys that
//! sign them; the list that tells everybody whether a card still holds.
//!
//! Everything goes through one facade, [`Cards`], over the sessions of those who ask:
//!
//! | call | who | answers |
//! |---|---|---|
//! | [`Cards::propose`], [`Cards::decide`], [`Cards::step`], [`Cards::renew`] | card officers and heads of units | a card goes a step on |
//! | [`Cards::ask_for`], [`Cards::report_lost`], [`Cards::own_cards`] | holders | one's own cards |
//! | [`Cards::of_units`], [`Cards::one`], [`Cards::counts`] | card officers | the cards of a unit |
//! | [`Cards::print`] | card officers | both sides of cards as PDF |
//! | [`Cards::keys`], [`Cards::status_lists`], [`Cards::status_jwt`], [`Cards::status_cwt`], [`Cards::check`] | everybody | what a card is verified with |
//! | [`Cards::offer`], [`Cards::redeem`], [`Cards::credential`] | wallets | a card that tells one thing at a time |
//! | [`Cards::question`], [`Cards::answer`], [`Cards::answered`] | verifiers | a presentation, once |
//! | [`Cards::ask`], [`Cards::presentation`] | whoever is signed in | the same for people: what was asked, what became of it |
//! | [`Cards::shown_for`] | whoever asked | what a card that was shown is used for, once: a second factor, an exemption |
//! | [`Cards::entitle`], [`Cards::disentitle`] | card officers | what a pilot card says that its holder is entitled to |
//! | [`Cards::open_gathering`], [`Cards::check_in`], [`Cards::presences`] | card officers | who was there |
//!
//! A card is an entity `Card` of the pack `cards`, so that it has history, audit and policy like everything else. Nobody may
//! write it as an entity. What it may say, who decides, and how long it holds is data of the pack.

mod card;
mod error;
mod facade;
mod rules;

pub use card::{Benefit, Card, State, Step, StepTaken, Task};
pub use error::Error;
pub use facade::{
    Asked, Cards, Checked, Claim, Counts, Gathering, Holder, KeyShown, MOST_PRINTED, NewBenefit, NewCard,
    Offer, Outcome, Presence, Presentation, Question, Random, ShownCard, Standing, Told, Trusted, Use, Wish,
};
pub use rules::{BenefitRules, KindRules, Rules};
