//! Money, for programs that act for somebody with an account: the bills of a case, cash at a counter, statements of banks, what
//! stands on the accounts.

pub(crate) mod bills;
pub(crate) mod books;
mod refusal;
pub(crate) mod statements;
