//! What happens to accounts, on its way into the audit.

use std::sync::Arc;

use dinh_access::{Account, Principal, Purpose};
use dinh_context::Context;
use dinh_context::graph::{Act, Note, Origin};
use dinh_model::Tenant;
use futures::future::BoxFuture;

use crate::{Event, Trail, TrailError, What};

/// A trail into the audit: entries of whoever did it, in the tenant at whose door it was done.
#[derive(Clone)]
pub struct AuditTrail(pub Context);

impl Trail for AuditTrail {
    fn note(&self, event: Event) -> BoxFuture<'_, Result<(), TrailError>> {
        Box::pin(async move {
            let tenant = event.tenant.clone().unwrap_or_else(Tenant::default_tenant);
            let origin = Origin {
                peer: event.from.address.map(|address| address.to_string()),
                session: session(&event.what).map(str::to_owned),
                ..Origin::default()
            };
            let details = serde_json::to_value(&event).map_err(|error| TrailError(error.to_string()))?;
            let note = Note { details, reason: event.reason, ..Note::of(act(&event.what)) };
            let session = self.0.session(principal(&event.by), tenant, Purpose::Operations);
            let noted = session.from_origin(origin).note(note).await;
            noted.map_err(|error| TrailError(error.to_string()))
        })
    }
}

/// Whoever did it, by the name that principals write. Who has no account is a part of the program.
fn principal(by: &str) -> Principal {
    match by.split_once(':') {
        Some(("account", id)) => {
            Principal::Account(Arc::new(Account { id: id.into(), ..Account::default() }))
        }
        Some(("operator", name)) => Principal::Operator(name.into()),
        Some(("system", part)) => Principal::System(part.into()),
        _ if by == "anonymous" => Principal::Anonymous,
        _ if by == "local" => Principal::Local,
        _ => Principal::System("identity".into()),
    }
}

fn act(what: &What) -> Act {
    match what {
        What::SignedIn { .. } | What::SteppedUp { .. } => Act::SignIn,
        What::SignInFailed { .. }
        | What::StepUpFailed { .. }
        | What::KeyRefused { .. }
        | What::SetUpCodeRefused => Act::SignInRefused,
        What::SignedOut { .. } | What::SessionsRevoked { .. } => Act::SignOut,
        What::RightsChanged { .. } => Act::Role,
        What::KeyMade { .. } | What::KeyRotated { .. } | What::KeyRevoked { .. } => Act::Key,
        _ => Act::Account,
    }
}

fn session(what: &What) -> Option<&str> {
    match what {
        What::SignedIn { session, .. } | What::SteppedUp { session, .. } | What::SignedOut { session } => {
            Some(session)
        }
        _ => None,
    }
}
