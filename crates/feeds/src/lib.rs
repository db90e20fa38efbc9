//! Floor 4: data in, from many hands into one graph.
//!
//! A feed is data: `packs/<pack>/feeds/<feed>.toml` says where records come from, how they become entities and how
//! good they must be (see [`definition`]). This crate is the engine: it reads the outside world ([`FeedsSetup`] names
//! all that it needs of its surroundings), maps ([`mapping`]), checks ([`quality`]), derives ([`mod@derive`]) and commits
//! through a [`sink::Sink`]. The pure parts do no I/O; time comes from a `dinh_model::Clock`.
//!
//! ```text
//! source ──delivery──▶ pump: map → check → derive → sort out late values → commit → dead letters → remember
//!    ▲                                                                        │
//!    └────────────────────── "durable": acknowledge, go on ◀─────────────────┘
//! ```
//!
//! # The contract of a source
//!
//! The words MUST, MUST NOT and SHOULD are those of RFC 2119. A new kind of source is a module of `sources/` that keeps
//! this contract, a struct in `definition/source.rs`, and a test against the real thing (a broker, a server, a
//! folder), not a stand-in.
//!
//! **Names.** A kind has one name, in lower case with hyphens, used in definitions, health and tests. Keys are named
//! alike in all kinds: `path` for files, `url` for addresses, `every` for how often, `timeout` for the longest wait,
//! `headers_from`, `user_from`, `password_from` for names of secrets. A secret MUST NOT stand in a definition, a log,
//! an error or a dead letter.
//!
//! **Acknowledgement.** A source MUST acknowledge to the outside (PUBACK, HTTP answer, archived file, remembered
//! position) only after its delivery was answered: then every record of it is durable, in the graph or in the dead
//! letters. What it remembers of its position MUST go with the delivery (`then`), never before it. Records may come
//! twice after a crash; since a fragment replaces whole attributes, a second time changes nothing.
//!
//! **Bounds.** A source MUST bound what it holds: files and answers by `max_bytes`, messages by the receive maximum,
//! rows, columns, records of a push, retries by back-off. A refusal names its bound. It MUST wait when the pump is
//! slower (the outlet is bounded) and MUST NOT drop anything that the other side believes delivered; messages of MQTT
//! QoS 0 may be let go and are told.
//!
//! **Broken records** MUST become dead letters with position, field, rule, reason in Vietnamese and English, and the
//! raw record; they MUST NOT stop the source or hide the records behind them.
//!
//! **Failure.** A source that cannot go on returns the reason in both languages. It is then run anew after 1 s, 2 s, …
//! up to 1 min. A panic counts as a failure. Nothing that happens in one feed reaches another.
//!
//! **Health.** A source MUST call `Health::reached` when the other side was reached although it had nothing new, and
//! SHOULD call `Health::remarked` for what was odd but is over. Status: `ok`; `silent` when nothing was accepted for
//! longer than `silent_after`; `error` while the source fails; `stopped`. Every change is logged once, and the entity
//! `urn:ngsi-ld:Feed:<pack>:<feed>` follows at most every ten seconds.
//!
//! **Metrics**, with the labels `tenant` and `feed`: counters `dinh_feed_received_total`, `dinh_feed_accepted_total`,
//! `dinh_feed_rejected_total`, `dinh_feed_flagged_total`; gauges `dinh_feed_lag_seconds`, `dinh_feed_up`.
//!
//! **Stop.** At a stop a source takes nothing more, lets the pump end what it has begun, acknowledges what is durable,
//! says goodbye where the protocol knows a word for it, and returns.
//!
//! # What is kept in the graph's records
//!
//! | kind | key | what |
//! |---|---|---|
//! | `feed-letter` | `<pack>/<feed>/<number>` | a dead letter; at most 10,000 a feed, the oldest go first and are counted |
//! | `feed-file` | `<pack>/<feed>/<hash>` | how far a file was loaded |
//! | `feed-state` | `<pack>/<feed>/poll`, `/replay`, `/quality` | how far a source has come; what the checks remember |

pub mod definition;
pub mod derive;
pub mod fetch;
pub mod files;
pub mod formats;
pub mod gtfs;
pub mod mapping;
pub mod quality;
mod runner;
mod settings;
pub mod sink;
mod sources;
mod text;

pub use runner::{
    CorrectError, DeadLetter, FeedHealth, FeedPlan, FeedStatus, Feeds, FeedsSetup, LastError, Outcome,
    PushError, PushReport, PushedRecord,
};
pub use settings::FeedSettings;
pub use text::Words;
