//! Floor 0: money. Amounts in đồng, the QR of a transfer (VietQR), statements of banks, which line of a statement pays which
//! bill, and books in which every entry is balanced. Pure: days and randomness are arguments, nothing is read or kept.
//!
//! No card data is held anywhere: [`card`] finds what looks like the number of a card, so that it is refused.

mod books;
pub mod card;
mod dong;
mod matching;
mod reference;
mod statement;
mod vietqr;

pub use books::{Account, Balances, Bill, BillFault, Entry, Leg, Place, Share, Source};
pub use dong::{Dong, DongFault};
pub use matching::{Came, Found, Match, Open, matched};
pub use reference::{Reference, references_in};
pub use statement::{
    BalanceFault, CsvProfile, DecimalMark, Encoding, Field, Format, Line, MOST_BYTES, MOST_LINES, Statement,
    StatementFault,
};
pub use vietqr::{BankAccount, BankFault, QrFault, Service, VietQr, crc};
