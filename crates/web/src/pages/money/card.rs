//! A bill as pages show it: what is owed, how to pay it, what was paid.

use dinh_calendar::Named;
use dinh_model::EntityId;
use dinh_payments::{BillStanding, BillState, Payment};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Serialize;

use super::{Sign, digits, money};
use crate::look;
use crate::pages::visitor::{Visitor, encode};
use crate::words::{Lang, args};

/// A bill on a page.
#[derive(Clone, Debug, Serialize)]
pub(in crate::pages) struct Card {
    pub(super) key: String,
    pub(super) href: String,
    pub(super) title: String,
    pub(super) state: Sign,
    /// What was asked, and what is still owed.
    pub(super) asked: String,
    pub(super) owed: Option<String>,
    /// The same in digits alone, for a form.
    pub(super) owed_plain: u64,
    pub(super) reference: String,
    pub(super) grouped: String,
    pub(super) case: Option<(String, String)>,
    pub(super) payer: Option<String>,
    /// On which act it stands, and what was taken off.
    pub(super) basis: Option<String>,
    pub(super) off: Option<String>,
    pub(super) pay: Option<Pay>,
    pub(super) payments: Vec<Row>,
    pub(super) over: Option<String>,
    pub(super) refundable: u64,
    pub(super) refunding: Option<String>,
}

/// How it is paid by transfer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Pay {
    /// The QR, drawn.
    picture: String,
    bank: String,
    number: String,
    holder: String,
    amount: String,
}

/// What was paid.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    pub(super) href: String,
    pub(super) receipt: String,
    pub(super) amount: String,
    pub(super) day: String,
    pub(super) way: String,
    pub(super) reversed: Option<String>,
}

/// The bills of a dossier; none where there is nothing to be seen.
pub(in crate::pages) async fn cards(visitor: &Visitor, case: &EntityId) -> Vec<Card> {
    if !visitor.app.payments.is_offered() {
        return Vec::new();
    }
    match visitor.app.payments.bills_of(&visitor.session, case).await {
        Ok(bills) => bills.iter().map(|bill| Card::of(visitor, bill)).collect(),
        Err(error) => {
            tracing::warn!(%case, %error, "the bills of a case were not shown");
            Vec::new()
        }
    }
}

pub(super) fn say(named: &Named, lang: Lang) -> String {
    match lang {
        Lang::Vi => named.vi.clone(),
        Lang::En => named.en.clone(),
    }
}

pub(super) fn standing(standing: BillStanding, lang: Lang) -> Sign {
    let (tone, icon, word) = match standing {
        BillStanding::Open => ("watch", "clock", lang.say("money-state-open")),
        BillStanding::Partial => ("warn", "warn", lang.say("money-state-partial")),
        BillStanding::Paid => ("ok", "ok", lang.say("money-state-paid")),
        BillStanding::Over => ("warn", "warn", lang.say("money-state-over")),
        BillStanding::Cancelled => ("off", "silent", lang.say("money-state-cancelled")),
    };
    Sign { tone, icon, word }
}

impl Card {
    pub(super) fn of(visitor: &Visitor, state: &BillState) -> Self {
        let (lang, bill) = (visitor.lang(), &state.bill);
        let amounts = &bill.bill;
        let positive = |dong: dinh_ledger::Dong| Some(money(dong.signed(), lang)).filter(|_| !dong.is_zero());
        let charge = bill.charge.as_ref();
        let off = charge.and_then(|charge| charge.off.as_ref()).map(|off| {
            let amount = digits(i64::try_from(off.amount).unwrap_or(i64::MAX), lang);
            lang.say_with("money-off", &args([("amount", amount), ("basis", off.basis.clone())]))
        });
        let number = bill.case_number.clone().unwrap_or_else(|| lang.say("cases-no-number"));
        let case = bill.case.as_ref();
        Self {
            key: bill.reference.as_str().to_lowercase(),
            href: visitor.href(&format!("bills/{}", encode(bill.id.as_str()))),
            title: say(&bill.title, lang),
            state: standing(bill.standing(), lang),
            asked: money(bill.asked().signed(), lang),
            owed: positive(amounts.owed()),
            owed_plain: amounts.owed().get(),
            reference: bill.reference.to_string(),
            grouped: bill.reference.grouped(),
            case: case.map(|case| (visitor.href(&format!("cases/{}", encode(case.as_str()))), number)),
            payer: bill.payer.clone(),
            basis: charge
                .map(|charge| lang.say_with("money-basis", &args([("basis", charge.basis.clone())]))),
            off,
            pay: state.pay_to.as_ref().map(|(account, qr)| Pay {
                picture: drawn(&qr.text()),
                bank: account.bank.clone().unwrap_or_else(|| account.account.bin.clone()),
                number: account.account.number.clone(),
                holder: account.holder.clone(),
                amount: money(amounts.owed().signed(), lang),
            }),
            payments: state.payments.iter().map(|payment| Row::of(visitor, payment)).collect(),
            over: positive(amounts.over),
            refundable: amounts.refundable().get(),
            refunding: positive(amounts.refunding),
        }
    }
}

impl Row {
    pub(super) fn of(visitor: &Visitor, payment: &Payment) -> Self {
        let lang = visitor.lang();
        Self {
            href: visitor.href(&format!("receipts/{}", encode(payment.id.as_str()))),
            receipt: payment.receipt.clone(),
            amount: money(payment.amount.signed(), lang),
            day: look::day(payment.day, lang),
            way: way(payment.way, lang),
            reversed: payment.reversed.clone(),
        }
    }
}

pub(super) fn way(way: dinh_payments::Way, lang: Lang) -> String {
    match way {
        dinh_payments::Way::Bank => lang.say("money-way-bank"),
        dinh_payments::Way::Cash => lang.say("money-way-cash"),
    }
}

/// The picture of a QR: black on white in any theme, or telephones do not read it.
fn drawn(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M) else {
        return String::new();
    };
    let mut drawing = code.render::<svg::Color<'_>>();
    let drawing = drawing.min_dimensions(232, 232);
    let drawn = drawing.dark_color(svg::Color("#000")).light_color(svg::Color("#fff")).build();
    // Within a page it is an element and not a document.
    drawn.split_once("?>").map_or(drawn.clone(), |(_, element)| element.to_owned())
}
