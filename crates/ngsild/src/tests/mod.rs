//! Tests that span modules.

mod made_up;
mod round_trip;
