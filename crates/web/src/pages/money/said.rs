//! What went wrong with money, in words.

use dinh_ledger::{BillFault, QrFault, StatementFault};
use dinh_payments::Error;
use http::StatusCode;

use super::{digits, money};
use crate::look;
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// What a page says of an error, with the status of the answer; or the page that there is instead.
pub(super) fn told(visitor: &Visitor, error: Error) -> Result<(Outcome, StatusCode), Fault> {
    let status = match &error {
        Error::NotOffered
        | Error::NotSignedIn
        | Error::NotYours
        | Error::NoSuch(_)
        | Error::Door(_)
        | Error::Damaged(_)
        | Error::Case(_)
        | Error::Pack { .. } => return Err(fault(visitor, error)),
        Error::Conflict | Error::Twice { .. } | Error::SamePerson | Error::State(_) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((Outcome { tone: "danger", text: words(&error, visitor.lang()) }, status))
}

/// The page that says why there is none.
pub(super) fn fault(visitor: &Visitor, error: Error) -> Fault {
    match error {
        Error::NotOffered | Error::NoSuch(_) => Fault::not_found(visitor.taste),
        Error::NotSignedIn => Fault::refused(visitor.taste, StatusCode::UNAUTHORIZED),
        Error::NotYours => Fault::refused(visitor.taste, StatusCode::FORBIDDEN),
        Error::Door(error) => Fault::of(visitor.taste, error),
        other => {
            tracing::error!(error = %other, "a page of money could not be made");
            Fault::of(visitor.taste, dinh_context::Error::Nothing)
        }
    }
}

fn words(error: &Error, lang: Lang) -> String {
    match error {
        Error::NoBill(text) => lang.say_with("money-error-no-bill", &args([("text", text.clone())])),
        Error::NoAccount => lang.say("money-error-no-account"),
        Error::NoProfile(_) => lang.say("money-error-profile"),
        Error::Conflict => lang.say("money-error-conflict"),
        Error::Twice { at } => {
            lang.say_with("money-error-twice", &args([("at", look::date_time(*at, lang))]))
        }
        Error::OtherAccount { found, expected } => {
            let values = args([("found", found.clone()), ("expected", expected.clone())]);
            lang.say_with("money-error-other-account", &values)
        }
        Error::SamePerson => lang.say("money-error-same-person"),
        Error::State(_) => lang.say("money-error-state"),
        Error::Change(owed) => {
            lang.say_with("money-error-change", &args([("owed", digits(owed.signed(), lang))]))
        }
        Error::OtherUnit => lang.say("money-error-other-unit"),
        Error::Card(_) => lang.say("money-error-card"),
        Error::Text { field, least, most } => {
            let values = [
                ("least", least.to_string()),
                ("most", most.to_string()),
                ("field", field_name(field, lang)),
            ];
            lang.say_with("money-error-text", &args(values))
        }
        Error::Day(_) => lang.say("money-error-day"),
        Error::Bank(_) => lang.say("money-error-bank"),
        Error::Amount(_) => lang.say("money-error-amount"),
        Error::Bill(fault) => bill(fault, lang),
        Error::Statement(fault) => statement(fault, lang),
        Error::Qr(QrFault::OtherBank { .. }) => lang.say("money-error-qr-bank"),
        other => other.to_string(),
    }
}

fn field_name(field: &str, lang: Lang) -> String {
    match field {
        "reason" => lang.say("money-reason"),
        "answer" => lang.say("money-answer"),
        "holder" => lang.say("money-holder"),
        "voucher" => lang.say("money-voucher"),
        "bank" => lang.say("money-bank-name"),
        _ => lang.say("money-note"),
    }
}

fn bill(fault: &BillFault, lang: Lang) -> String {
    match fault {
        BillFault::Cancelled => lang.say("money-error-cancelled"),
        BillFault::Nothing => lang.say("money-error-nothing"),
        BillFault::TooMuch(most) => {
            lang.say_with("money-error-too-much", &args([("most", money(most.signed(), lang))]))
        }
        BillFault::Sum => lang.say("money-error-amount"),
        BillFault::Spent => lang.say("money-error-spent"),
    }
}

fn statement(fault: &StatementFault, lang: Lang) -> String {
    match fault {
        StatementFault::TooLarge | StatementFault::TooMany => lang.say("money-error-file-large"),
        StatementFault::Empty => lang.say("money-error-file-empty"),
        StatementFault::Form(_) | StatementFault::DocumentType => lang.say("money-error-file-form"),
        StatementFault::Column(name) => {
            lang.say_with("money-error-file-column", &args([("name", name.clone())]))
        }
        StatementFault::Unreadable { line, field, .. } => {
            use dinh_ledger::Field;
            let field = match field {
                Field::Day => lang.say("money-field-day"),
                Field::Amount => lang.say("money-field-amount"),
                Field::Currency => lang.say("money-field-currency"),
                Field::Account => lang.say("money-field-account"),
                Field::Balance => lang.say("money-field-balance"),
                Field::Line => lang.say("money-field-line"),
            };
            lang.say_with("money-error-file-line", &args([("line", line.to_string()), ("field", field)]))
        }
        StatementFault::Balance(balance) => {
            let values = args([
                ("opening", digits(balance.opening, lang)),
                ("lines", digits(balance.lines, lang)),
                ("closing", digits(balance.closing, lang)),
            ]);
            lang.say_with("money-error-file-balance", &values)
        }
        StatementFault::Accounts => lang.say("money-error-file-accounts"),
    }
}
