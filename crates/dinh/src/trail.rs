//! What happens to accounts, on its way into the audit.

use dinh_context::Context;
use dinh_context::graph::{Act, Note, Origin};
use dinh_identity::{Event, Trail, TrailError, What};
use dinh_model::Tenant;
use futures::future::BoxFuture;

/// Writes events of accounts into the audit.
pub(crate) struct AuditTrail(pub(crate) Context);

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
            let session = self.0.system("identity", tenant).from_origin(origin);
            session.note(note).await.map_err(|error| TrailError(error.to_string()))
        })
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
