//! Types and attributes that others have (clause 5.7.11).

use std::sync::Arc;

use dinh_federation::{Asker, Inquiry, Inventory, Warning};
use dinh_ngsild::context::Context as LdContext;

use crate::api::request::Visit;

/// What others have, if any is registered; nothing of a question for this server alone.
pub(in crate::api::ngsild) async fn inventory(
    visit: &Visit,
    context: &Arc<LdContext>,
    inquiry: Inquiry,
    local: bool,
) -> (Inventory, Vec<Warning>) {
    if local || Asker::is_alone(&visit.session) {
        return (Inventory::default(), Vec::new());
    }
    let asker = Asker::new(visit.session.clone(), visit.headers.clone(), Arc::clone(context));
    asker.inventory(&inquiry).await
}
