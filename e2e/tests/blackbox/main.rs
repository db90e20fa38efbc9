//! Black-box tests: the shipped binary, driven as its users drive it.
//!
//! One module a topic, one server a test, names that are sentences. The harness is the library `dinh_e2e`; what the
//! tests talk about (gauges, buses, a small province) is in `vocabulary`. `DINH_BIN` tests another binary.

mod access;
mod acme;
mod administrator;
mod attributes;
mod backup;
mod bad_bodies;
mod bad_feeds;
mod bad_queries;
mod batch;
mod cases_api;
mod cases_crash;
mod command_line;
mod contexts;
mod crash;
mod crowded;
mod dead_letters;
mod disk_full;
mod entities;
mod erasure;
mod evolutions;
mod federation;
mod feeds;
mod geo_queries;
mod history;
mod keys;
mod life;
mod load;
mod log;
mod money_crash;
mod notices;
mod one_stop;
mod pages;
mod portal;
mod procedures;
mod queries;
mod send_again;
mod shared_subscriptions;
mod signs_crash;
mod snapshots;
mod sources;
mod subscriptions;
mod subscriptions_mqtt;
mod tenants;
mod tls;
mod token_agent;
mod versions;
mod vocabulary;
