//! Tests that span modules.

mod made_up;
mod mutations;
mod queries;
mod reading;
mod round_trip;
mod subscriptions;
