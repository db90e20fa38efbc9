//! NGSI-LD and the house's own API over HTTP, on a real graph in a temporary folder.

mod access;
mod attributes;
mod bad_input;
mod batch;
mod contexts;
mod discovery;
mod entities;
mod evolution;
mod house;
mod limits;
mod linked;
mod negotiation;
mod operations;
mod province;
mod queries;
mod subscriptions;
mod tenants;
mod versions;
