//! What is kept in the graph.

mod bill;
mod kept;
mod line;
mod payment;
mod refund;

use dinh_context::fields::{Damaged, Reading};
use dinh_ledger::Dong;
use dinh_model::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

pub use bill::{Bill, BillStanding};
pub use kept::{CollectionAccount, JournalEntry, Statement, TillClosing};
pub(crate) use line::NewLine;
pub use line::{Finding, LineState, StatementLine};
pub use payment::{Payment, Way};
pub use refund::{Refund, RefundState};

/// A structure that must be there.
pub(crate) fn must<T: for<'de> Deserialize<'de>>(
    from: &Reading<'_>,
    field: &'static str,
) -> Result<T, Damaged> {
    from.json(field).and_then(|json| T::deserialize(json).ok()).ok_or_else(|| from.damaged(field))
}

/// An amount that must be there.
pub(crate) fn dong(from: &Reading<'_>, field: &'static str) -> Result<Dong, Damaged> {
    let amount = from.json(field).and_then(Json::as_u64).and_then(|dong| Dong::new(dong).ok());
    amount.ok_or_else(|| from.damaged(field))
}

/// A moment that must be there.
pub(crate) fn time(from: &Reading<'_>, field: &'static str) -> Result<Timestamp, Damaged> {
    from.must(field, |text| text.parse().ok())
}

/// A text that may be there.
pub(crate) fn text(from: &Reading<'_>, field: &str) -> Option<String> {
    from.text(field).map(str::to_owned)
}

/// A name among several by which something is kept.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$one:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$one])* $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name that is kept.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// From the name that is kept.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}
pub(crate) use named;
