//! Books by double entry: what comes to one account goes from another.

mod account;
mod bill;
mod entry;
#[cfg(test)]
mod tests;

pub use account::{Account, Place};
pub use bill::{Bill, BillFault, Share, Source};
pub use entry::{Balances, Entry, Leg};
