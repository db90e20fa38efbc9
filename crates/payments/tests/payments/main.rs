//! Money in the graph: bills follow cases, lines find bills, and the books say what the bills do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bills;
mod cash;
mod house;
mod refunds;
mod statements;
