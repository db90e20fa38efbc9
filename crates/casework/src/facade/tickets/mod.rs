//! Tickets of those who wait at a one-stop desk: taken at a kiosk without an account, or booked for a time. Numbers begin anew
//! each day for each unit. What is counted of them (waiting, serving) is added up in the same commits.

mod book;
mod line;
mod take;
mod ticket;

pub use book::Slot;
pub use line::{Line, TicketStep, Wall};
pub use take::Place;
pub use ticket::{Ticket, TicketState};

/// Kind of the records that keep the last number of a unit and day.
const NUMBER: &str = "ticket-number";
/// Kind of the records of counts, by month and unit: `called`, `wait-minutes`, `served`, `serve-minutes`, `absent`.
const TALLY: &str = "ticket-tally";
/// Most tickets of a unit and day.
const MOST_A_DAY: usize = 1_000;
