//! What happens to a bill, and what is written into the books about it.

use serde::{Deserialize, Serialize};

use super::{Account, Entry, Place};
use crate::Dong;

/// How a bill stands. It is changed by what happens to it alone, and each of that has its entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Where it is asked.
    pub place: Place,
    /// What was asked.
    pub amount: Dong,
    /// What was paid of it, refunds taken away.
    pub paid: Dong,
    /// What came beyond it and is still here.
    pub over: Dong,
    /// What is to be paid back.
    pub refunding: Dong,
    /// What was paid back.
    pub refunded: Dong,
    /// True if nothing more is asked.
    pub cancelled: bool,
}

/// Where money comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", content = "at", rename_all = "kebab-case")]
pub enum Source {
    /// A transfer to an account at a bank.
    Bank(String),
    /// Cash at the counter of a unit.
    Till(String),
    /// Money of which nobody knew for what, at an account at a bank.
    Suspense(String),
    /// What went out of an account at a bank, as its statement says: where what is paid back comes from.
    Out(String),
}

/// How a payment was shared out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// What went to the bill.
    pub paid: Dong,
    /// What was too much.
    pub over: Dong,
}

/// Why something cannot be done with a bill. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BillFault {
    /// Nothing is asked any more, or was.
    #[error("bill: it is not asked for any more")]
    Cancelled,
    /// An amount of nothing.
    #[error("amount: must be more than nothing")]
    Nothing,
    /// More than there is to give back.
    #[error("amount: must be at most {0} đ, which is what was paid and not given back")]
    TooMuch(Dong),
    /// More than anybody has.
    #[error("amount: the bill would come to more than can be counted")]
    Sum,
    /// What was paid has gone elsewhere since.
    #[error("payment: what it paid was given back since; nothing of it is left to be taken away")]
    Spent,
}

impl Account {
    fn from_source(source: &Source) -> Self {
        match source {
            Source::Bank(at) => Self::Bank(at.clone()),
            Source::Till(unit) => Self::Till(unit.clone()),
            Source::Suspense(at) => Self::Suspense(at.clone()),
            Source::Out(at) => Self::Unexplained(at.clone()),
        }
    }
}

impl Bill {
    /// A bill that is asked from now on.
    ///
    /// # Errors
    /// [`BillFault::Nothing`] for one of nothing.
    pub fn asked(place: Place, amount: Dong) -> Result<(Self, Entry), BillFault> {
        if amount.is_zero() {
            return Err(BillFault::Nothing);
        }
        let entry =
            Entry::new().with(Account::Treasury(place.clone()), Account::Receivable(place.clone()), amount);
        let nothing = Dong::ZERO;
        let bill = Self {
            place,
            amount,
            paid: nothing,
            over: nothing,
            refunding: nothing,
            refunded: nothing,
            cancelled: false,
        };
        Ok((bill, entry))
    }

    /// What is still owed.
    pub fn owed(&self) -> Dong {
        if self.cancelled { Dong::ZERO } else { self.amount.less(self.paid) }
    }

    /// True if nothing is owed any more and something was.
    pub fn is_paid(&self) -> bool {
        !self.cancelled && self.owed().is_zero()
    }

    /// What may be given back at most.
    pub fn refundable(&self) -> Dong {
        self.over.plus(self.paid).unwrap_or(self.over)
    }

    /// Money comes for it: first what is owed, the rest is too much.
    ///
    /// # Errors
    /// [`BillFault::Nothing`], [`BillFault::Sum`].
    pub fn receive(&self, source: &Source, amount: Dong) -> Result<(Self, Share, Entry), BillFault> {
        if amount.is_zero() {
            return Err(BillFault::Nothing);
        }
        let paid = amount.min(self.owed());
        let share = Share { paid, over: amount.less(paid) };
        let mut bill = self.clone();
        bill.paid = self.paid.plus(share.paid).ok_or(BillFault::Sum)?;
        bill.over = self.over.plus(share.over).ok_or(BillFault::Sum)?;
        Ok((bill, share, self.came(source, share)))
    }

    fn came(&self, source: &Source, share: Share) -> Entry {
        let to = Account::from_source(source);
        Entry::new().with(Account::Receivable(self.place.clone()), to.clone(), share.paid).with(
            Account::Overpaid(self.place.clone()),
            to,
            share.over,
        )
    }

    /// A payment turns out not to be for it: the money goes back to where it came from, or to what nobody knows for what.
    ///
    /// # Errors
    /// [`BillFault::Spent`] if something of it was given back since.
    pub fn take_away(&self, to: &Source, share: Share) -> Result<(Self, Entry), BillFault> {
        let mut bill = self.clone();
        bill.over = self.over.minus(share.over).ok_or(BillFault::Spent)?;
        bill.paid = self.paid.minus(share.paid).ok_or(BillFault::Spent)?;
        if self.cancelled && !share.paid.is_zero() {
            return Err(BillFault::Cancelled);
        }
        Ok((bill, self.came(to, share).reversed()))
    }

    /// It is not asked for any more. What was paid is too much from now on.
    ///
    /// # Errors
    /// [`BillFault::Cancelled`] if it is not for long.
    pub fn cancel(&self) -> Result<(Self, Entry), BillFault> {
        if self.cancelled {
            return Err(BillFault::Cancelled);
        }
        let mut bill = self.clone();
        bill.cancelled = true;
        bill.paid = Dong::ZERO;
        bill.over = self.over.plus(self.paid).ok_or(BillFault::Sum)?;
        let (treasury, place) = (Account::Treasury(self.place.clone()), || self.place.clone());
        let entry = Entry::new().with(Account::Receivable(place()), treasury.clone(), self.owed()).with(
            Account::Overpaid(place()),
            treasury,
            self.paid,
        );
        Ok((bill, entry))
    }

    /// It is decided that something is paid back: first what was too much, then of what was paid, which lowers what is asked.
    ///
    /// # Errors
    /// [`BillFault::Nothing`], [`BillFault::TooMuch`].
    pub fn refund(&self, amount: Dong) -> Result<(Self, Entry), BillFault> {
        if amount.is_zero() {
            return Err(BillFault::Nothing);
        }
        if amount > self.refundable() {
            return Err(BillFault::TooMuch(self.refundable()));
        }
        let over = amount.min(self.over);
        let paid = amount.less(over);
        let mut bill = self.clone();
        bill.over = self.over.less(over);
        bill.paid = self.paid.less(paid);
        // What is given back of a fee is not owed again.
        bill.amount = self.amount.less(paid);
        bill.refunding = self.refunding.plus(amount).ok_or(BillFault::Sum)?;
        let due = Account::RefundsDue(self.place.clone());
        let entry = Entry::new().with(due.clone(), Account::Overpaid(self.place.clone()), over).with(
            due,
            Account::Treasury(self.place.clone()),
            paid,
        );
        Ok((bill, entry))
    }

    /// What was decided to be paid back is paid back.
    ///
    /// # Errors
    /// [`BillFault::TooMuch`] beyond what was decided.
    pub fn paid_back(&self, from: &Source, amount: Dong) -> Result<(Self, Entry), BillFault> {
        let mut bill = self.clone();
        bill.refunding = self.refunding.minus(amount).ok_or(BillFault::TooMuch(self.refunding))?;
        bill.refunded = self.refunded.plus(amount).ok_or(BillFault::Sum)?;
        let due = Account::RefundsDue(self.place.clone());
        Ok((bill, Entry::new().with(Account::from_source(from), due, amount)))
    }
}
