//! Pages of long lists.

use serde::Serialize;

use super::desk::counted;
use crate::pages::asked::Asked;
use crate::pages::visitor::Visitor;

/// Rows on a page.
pub(super) const ROWS: usize = 25;
/// Last page that can be asked for.
const LAST: usize = 40_000;

/// Which page is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pager {
    page: usize,
}

/// Where one is in a list, and the ways to the pages around.
#[derive(Serialize)]
pub(super) struct Pages {
    from: String,
    to: String,
    total: String,
    previous: Option<String>,
    next: Option<String>,
}

impl Pager {
    pub(super) fn of(asked: &Asked) -> Self {
        Self { page: asked.number("page").unwrap_or(1).clamp(1, LAST) }
    }

    /// How many rows come before the page.
    pub(super) fn offset(self) -> usize {
        (self.page - 1) * ROWS
    }

    /// What the page says of itself, if there is anything to say: `shown` of `total` rows are on it.
    pub(super) fn pages(self, visitor: &Visitor, asked: &Asked, shown: usize, total: u64) -> Option<Pages> {
        let count = |number: usize| counted(visitor, u64::try_from(number).unwrap_or(u64::MAX));
        let path = visitor.uri.path();
        let to = |page: usize| format!("{path}{}", asked.with("page", Some(&page.to_string())).query());
        let end = self.offset() + shown;
        let more = u64::try_from(end).is_ok_and(|end| end < total) && self.page < LAST;
        (shown > 0).then(|| Pages {
            from: count(self.offset() + 1),
            to: count(end),
            total: counted(visitor, total),
            previous: (self.page > 1).then(|| to(self.page - 1)),
            next: more.then(|| to(self.page + 1)),
        })
    }
}
