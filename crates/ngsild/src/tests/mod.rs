//! Tests that span modules.

mod made_up;
mod queries;
mod round_trip;
