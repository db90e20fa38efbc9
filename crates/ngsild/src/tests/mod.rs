//! Tests that span modules.

mod contexts;
mod geography;
mod made_up;
mod mutations;
mod queries;
mod reading;
mod registrations;
mod representations;
mod round_trip;
mod subscriptions;
