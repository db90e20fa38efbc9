//! Tests that span modules.

mod made_up;
mod mutations;
mod queries;
mod round_trip;
