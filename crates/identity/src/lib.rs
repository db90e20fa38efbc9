//! Floor 4: who somebody is. Accounts, sign-in, sessions and keys.
//!
//! Everything goes through one facade, [`Identity`]. What it hands to the door is a
//! [`dinh_access::Principal::Account`]: the account as it acts in one tenant at one moment ([`domain::acting`]).
//!
//! # Walk 1: a request comes in
//!
//! The binding asks [`Identity::session`] with the token of the cookie, or [`Identity::key`] with what stands behind
//! `Bearer` ([`Identity::is_key`]), gets a [`Present`] or a [`KeyHolder`], and opens a session of the door with its
//! `principal()`. A warm answer comes from memory. Cookies: `HttpOnly`, `Secure`, `SameSite=Lax`, `Path=/`, with the
//! prefix `__Host-`; a new [`SignedIn::token`] replaces the old one after *every* call that answers a [`SignedIn`].
//!
//! # Walk 2: somebody signs in
//!
//! | call | answers |
//! |---|---|
//! | [`Identity::sign_in`] | a session, or a ticket for the second factor |
//! | [`Identity::sign_in_second`] | a session that has stepped up |
//! | [`Identity::step_up`], [`Identity::step_up_passkey`] | the session under a new token, for ten minutes good for sensitive acts |
//! | [`Identity::before_card`], [`Identity::step_up_card`] | the same by one's own card, where an administrator lets cards count ([`Office::cards_count`]) |
//! | [`Identity::passkey_question`], [`Identity::sign_in_passkey`] | a session that has stepped up ([`passkey`]) |
//! | [`Identity::provider_begin`], [`Identity::provider_finish`] | as `sign_in`, with an identity provider ([`oidc`]) |
//! | [`Identity::recover`] | nothing: the password is set, and signing in begins |
//! | [`Identity::set_up`] | the first administrator's session |
//!
//! # What the holder does
//!
//! [`Identity::sessions`], [`Identity::session_end`], [`Identity::sessions_end_others`], [`Identity::sign_out`],
//! [`Identity::password_change`], [`Identity::details_change`], [`Identity::address_code`],
//! [`Identity::address_confirm`], [`Identity::act_for`], [`Identity::totp_offer`],
//! [`Identity::totp_confirm`], [`Identity::passkey_offer`],
//! [`Identity::passkey_add`], [`Identity::passkeys`], [`Identity::passkey_remove`], [`Identity::provider_unlink`], [`Identity::totp_remove`], [`Identity::recovery_codes_renew`], [`Identity::export`],
//! [`Identity::close_own`]. What is sensitive answers [`Error::StepUp`] or [`Error::Confirm`] until the second factor,
//! or the password of who has none, was shown within the last ten minutes.
//!
//! # What administrators do
//!
//! [`Identity::office`] asks the policy for `administer` and answers an [`Office`]: accounts, rights, links, keys.
//! [`Identity::lookup`] lets those in who administer or audit, and says who accounts are and how they act.
//!
//! # Records
//!
//! All are kept with the default tenant, and only this crate reads and writes them.
//!
//! | kind | key | holds |
//! |---|---|---|
//! | `identity-account` | identifier of the account | [`domain::AccountRecord`]; personal data |
//! | `identity-handle` | digest of an e-mail address, a number or an identity at a provider | `{account}` |
//! | `identity-secret` | identifier of the account | hash of the password, sealed one-time secret, digests of codes |
//! | `identity-session` | `<account>/<session>` | [`SessionRecord`] |
//! | `identity-tries` | digest of a name | failed attempts in a row |
//! | `identity-key` | identifier of the key | [`KeyRecord`] |
//! | `identity-by-card` | tenant | [`ByCard`] |
//! | `identity-set-up` | `code` | hash of the set-up code, until it is used |
//!
//! Digests are HMACs under the [`InstallationKey`], which is kept outside the store, and so is what opens the sealed
//! secrets. Tokens, keys, links and codes are random, 120 to 256 bits, and kept as hashes only.
//!
//! # The audit
//!
//! Every sign-in and failure, every change of an account, right, factor or key is an [`Event`], handed to a [`Trail`]
//! and awaited. Events name accounts, sessions and keys by their identifiers and hold neither secrets nor personal
//! data but the address of the network; [`What`] lists them all. What anybody can bring about at will (attempts that
//! are not looked at, refused keys, forged answers) is told once a minute for each address.
//!
//! # Bounds
//!
//! 20 sessions, 20 keys, 10 passkeys, 100 roles, 100 positions and 200 represented persons an account; 20,000 accounts and 20,000
//! keys in memory; 20,000 accounts or keys looked at for one list; 100,000 names and as many networks whose failures are counted in memory; 10,000 half-done
//! sign-ins of each sort; four passwords hashed at once and 256 waiting ([`password::Cost`]).

mod audited;
pub mod domain;
mod entropy;
mod error;
mod event;
mod facade;
mod factor;
mod kept;
mod key;
pub mod oidc;
pub mod passkey;
pub mod password;
mod secret;
mod secrets;
mod session;
mod settings;
mod text;
mod throttle;

pub use audited::AuditTrail;
pub use entropy::{Entropy, NoEntropy, SystemEntropy};
pub use error::{Error, Misfit};
pub use event::{Event, Failure, KeyFault, LogTrail, Means, Origin, Trail, TrailError, What};
pub use facade::{
    AddressCode, Answer, ByCard, Card, Changes, Colleague, Departure, Details, Enrolled, Factors,
    FirstAdministrator, Found, Identity, KeyHolder, Known, Lookup, NewAccount, NewKey, Office, Opened,
    PasskeyInfo, PasskeyQuestion, Present, Proved, Reached, Return, Rights, RoleInfo, SignedIn, TotpOffer,
    Wanted,
};
pub use key::{KeyRecord, KeyScope};
pub use secret::{Digest, InstallationKey};
pub use session::SessionRecord;
pub use settings::{Lifetime, Lifetimes, Settings};
