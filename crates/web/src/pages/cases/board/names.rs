//! Names of units, kinds, states and people, as tables show them.

use dinh_cases::Kind;

use crate::pages::cases::parts::{self, say};
use crate::pages::visitor::Visitor;

pub(super) async fn unit_name(visitor: &Visitor, unit: &str) -> String {
    parts::unit(visitor, unit).await
}

pub(super) fn newest<'v>(visitor: &'v Visitor, code: &str) -> Option<&'v Kind> {
    visitor.app.casework.book().versions(code).last().map(AsRef::as_ref)
}

pub(super) fn kind_name(visitor: &Visitor, code: &str) -> String {
    let kind = newest(visitor, code);
    kind.map_or_else(|| code.to_owned(), |kind| say(&kind.title, visitor.lang()))
}

/// A state by its name in the first kind that has it: kinds share what is called the same.
pub(super) fn state_name(visitor: &Visitor, code: &str) -> String {
    let mut kinds = visitor.app.casework.book().all();
    let state = kinds.find_map(|kind| kind.state(code));
    state.map_or_else(|| code.to_owned(), |state| say(&state.title, visitor.lang()))
}

/// An official by name; by the account if it is none of an official.
pub(super) async fn official_name(visitor: &Visitor, account: &str) -> String {
    let found = visitor.app.identity.official(account).await;
    found.ok().flatten().unwrap_or_else(|| account.to_owned())
}
