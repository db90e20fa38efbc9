//! `POST /{tenant}/admin/audit/examine`: computes the whole chain again, and checks the seals.

use axum::response::Response;
use dinh_access::Action;
use dinh_context::Error;
use dinh_context::audit::Verdict;

use super::search::{Examined, shown};
use crate::pages::admin::given::Given;
use crate::pages::admin::guard::{Stop, enter};
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// Most faults that the page shows.
const MOST: usize = 20;

/// Examines the audit, and shows what was found.
pub(in crate::pages) async fn examine(visitor: Visitor) -> Result<Response, Stop> {
    enter(&visitor, Action::Audit)?;
    let lang = visitor.lang();
    let examined = match visitor.session.examine_audit().await {
        Ok(verdict) => told(&verdict, lang),
        Err(Error::Examining) => {
            Examined { clean: true, text: lang.say("admin-audit-examining"), faults: Vec::new() }
        }
        Err(error) => return Err(Fault::of(visitor.taste, error).into()),
    };
    shown(&visitor, &Given::default(), Some(examined)).await
}

fn told(verdict: &Verdict, lang: Lang) -> Examined {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let clean = verdict.is_clean();
    let text = if clean {
        let values = [
            ("entries", i64::try_from(verdict.report.entries).unwrap_or(i64::MAX)),
            ("seals", count(verdict.report.seals.len())),
            ("stamped", count(verdict.stamped)),
            ("unsealed", i64::try_from(verdict.unsealed).unwrap_or(i64::MAX)),
        ];
        lang.say_with("admin-audit-clean", &args(values))
    } else {
        lang.say_with("admin-audit-broken", &args([("count", count(verdict.faults.len()))]))
    };
    Examined { clean, text, faults: verdict.faults.iter().take(MOST).map(ToString::to_string).collect() }
}
