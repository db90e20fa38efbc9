//! Money that is given back.

use dinh_context::fields::{Damaged, Names, Reading};
use dinh_context::graph::Stored;
use dinh_ledger::Dong;
use dinh_model::{EntityId, Timestamp};

use super::{dong, named, text, time};

named! {
    /// Where a refund stands.
    RefundState {
        /// Somebody asked for it.
        Asked = "asked",
        /// Another approved it.
        Approved = "approved",
        /// Another refused it.
        Refused = "refused",
        /// It was paid out.
        Paid = "paid",
    }
}

/// Money that is to be given back.
#[derive(Clone, Debug)]
pub struct Refund {
    /// The entity.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// Of which bill.
    pub bill: EntityId,
    /// The unit that gives it.
    pub unit: EntityId,
    /// How much.
    pub amount: Dong,
    /// Why.
    pub reason: String,
    /// To which account, as it was written down; none if that is masked.
    pub pay_to: Option<String>,
    /// Where it stands.
    pub state: RefundState,
    /// The account of whoever asked for it.
    pub maker: String,
    /// When.
    pub asked: Timestamp,
    /// The account of whoever decided.
    pub checker: Option<String>,
    /// What they said.
    pub answer: Option<String>,
    /// The voucher by which it was paid out.
    pub voucher: Option<String>,
}

impl Refund {
    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Damaged> {
        let entity = &*stored.entity;
        let from = Reading { names, entity };
        let pay_to = from.open_json("payTo").map(|to| {
            let part =
                |name: &str| to.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            format!("{}/{} {}", part("bin"), part("number"), part("holder"))
        });
        Ok(Self {
            id: entity.id.clone(),
            version: stored.version,
            bill: from.object("bill").ok_or_else(|| from.damaged("bill"))?,
            unit: from.object("unit").ok_or_else(|| from.damaged("unit"))?,
            amount: dong(&from, "amount")?,
            reason: from.must("reason", |text| Some(text.to_owned()))?,
            pay_to,
            state: from.must("state", RefundState::from_name)?,
            maker: from.must("maker", |text| Some(text.to_owned()))?,
            asked: time(&from, "askedAt")?,
            checker: text(&from, "checker"),
            answer: text(&from, "answer"),
            voucher: text(&from, "voucher"),
        })
    }
}
