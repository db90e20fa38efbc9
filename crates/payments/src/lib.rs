//! Floor 5: money that people owe and pay. `dinh_ledger` says what books, statements and QR payments are; here bills are made
//! for what cases cost, payments are found in statements or taken at the counter, receipts are numbered, and money is given
//! back.
//!
//! A [`Bill`] is an entity that serves any debt: a fee now, tuition or water later. What happens to it is one commit with the
//! payment, its receipt, the entry in the journal, the balances of the accounts and what is to be told to the case, so that
//! nothing is counted twice or forgotten. Nothing is ever struck out: what was wrong is reversed by an entry of its own.
//!
//! * **Numbers** of receipts and of entries have no gaps: they are given in the commit that uses them, one after another.
//! * **A payment completes its case** at least once and has its effect once: the record that asks for it is durable with the
//!   payment, and a case that was paid is not paid again.
//! * **A statement is brought in once**, and each of its lines is known for good by what the bank says of it.
//! * **Money is given back by two people**: whoever asks for it is not the one who approves.
//! * **No card data** is held: what looks like the number of a card is refused.

mod error;
mod facade;
mod model;

pub use error::Error;
pub use facade::{
    Ageing, BillState, Board, Closing, Fresh, Imported, JournalPage, LinesPage, NewAccount, PayTo, Payments,
    Revenue, Upload, Waiting,
};
pub use model::{
    Bill, BillStanding, CollectionAccount, Finding, JournalEntry, LineState, Payment, Refund, RefundState,
    Statement, StatementLine, TillClosing, Way,
};
