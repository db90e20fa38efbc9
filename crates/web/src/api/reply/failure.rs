//! What the door says, in the words of HTTP.

use dinh_access::Denied;
use dinh_context::Error;
use dinh_context::graph::{OpError, StoreError};
use dinh_context::ldcontext::HostedError;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::QueryError;
use dinh_ngsild::read::ReadError;
use http::StatusCode;

use super::Refusal;

/// What most bodies may be when the door is asked in vain; the log has the reason.
const INTERNAL: &str = "Something broke on our side. Nothing of this request was kept; the log says why.";

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(denied) => denied.into(),
            Error::NotFound(id) => Problem::not_found(id.as_str()).into(),
            Error::Op(error) => op_problem(&error, None).into(),
            Error::Store(error) => error.into(),
            Error::LdContext(error) => Problem::from(error).into(),
            Error::Hosted(error) => error.into(),
            Error::Outbound(error) => Problem::bad_data(sentence(&error.to_string())).into(),
            Error::NoSubscription(id) | Error::NoRegistration(id) | Error::NoSnapshot(id) => {
                Problem::not_found(id).into()
            }
            Error::SubscriptionExists(id) | Error::RegistrationExists(id) | Error::SnapshotExists(id) => {
                Problem::exists(id.as_str()).into()
            }
            Error::RegistrationConflict(_) | Error::SubscriptionRests(_) | Error::SentAgainAlready(_) => {
                Problem::new(ProblemKind::Conflict, sentence(&error.to_string())).into()
            }
            Error::TooManySubscriptions(_) | Error::TooManyRegistrations(_) | Error::TooManySnapshots(_) => {
                Problem::new(ProblemKind::TooManyResults, sentence(&error.to_string())).into()
            }
            Error::Read(error) => error.into(),
            Error::Reason { .. } | Error::File { .. } | Error::TooFarBack(_) => {
                Problem::bad_data(sentence(&error.to_string())).into()
            }
            Error::Examining => Self::busy(sentence(&error.to_string())),
            Error::Packs(_)
            | Error::Units(_)
            | Error::Nothing
            | Error::Subscription(_)
            | Error::Registration(_)
            | Error::Snapshot(_)
            | Error::Audit(_) => internal(&error),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let detail = sentence(&error.to_string());
        match error {
            StoreError::Busy { .. } | StoreError::Closed => Self::busy(detail),
            StoreError::DiskFull => Self::http(StatusCode::INSUFFICIENT_STORAGE, detail),
            StoreError::TooLarge { .. } => Self::http(StatusCode::PAYLOAD_TOO_LARGE, detail),
            StoreError::TooComplex { .. } => Problem::new(ProblemKind::TooComplexQuery, detail).into(),
            StoreError::KeyReused(_) => Self::http(StatusCode::UNPROCESSABLE_ENTITY, detail),
            StoreError::Trimmed { .. } => Self::http(StatusCode::GONE, detail),
            StoreError::Invalid(_) => Problem::bad_data(detail).into(),
            other => internal(&other),
        }
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        let detail = sentence(&denied.to_string());
        match denied {
            Denied::Unknown(_) => Self::unauthorized(detail),
            Denied::NotPermitted { .. } => Self::http(StatusCode::FORBIDDEN, detail),
        }
    }
}

impl From<HostedError> for Refusal {
    fn from(error: HostedError) -> Self {
        match error {
            HostedError::Invalid(error) => Problem::from(error).into(),
            HostedError::Store(error) => error.into(),
            HostedError::Denied(denied) => denied.into(),
            full @ HostedError::Full => {
                Problem::new(ProblemKind::TooManyResults, sentence(&full.to_string())).into()
            }
        }
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        Problem::from(error).into()
    }
}

impl From<QueryError> for Refusal {
    fn from(error: QueryError) -> Self {
        Problem::from(error).into()
    }
}

/// Why one operation was not done, about the entity `id` if one is named.
///
/// A version conflict is told as a conflict here; for a request of its own it becomes 412, see [`Refusal::of_op`].
pub(crate) fn op_problem(error: &OpError, id: Option<&str>) -> Problem {
    let problem = match (error, id) {
        (OpError::NotFound, Some(id)) => Problem::not_found(id),
        (OpError::AlreadyExists, Some(id)) => Problem::exists(id),
        (OpError::Mutation(error), _) => error.clone().into(),
        (error, _) => Problem::new(op_kind(error), sentence(&error.to_string())),
    };
    match id {
        Some(id) => problem.about(id),
        None => problem,
    }
}

fn op_kind(error: &OpError) -> ProblemKind {
    match error {
        OpError::NotFound | OpError::NoRecord => ProblemKind::ResourceNotFound,
        OpError::AlreadyExists => ProblemKind::AlreadyExists,
        OpError::Denied(_) => ProblemKind::AccessDenied,
        OpError::VersionConflict { .. } | OpError::Undone | OpError::AheadOfFeed { .. } => {
            ProblemKind::Conflict
        }
        _ => ProblemKind::BadRequestData,
    }
}

impl Refusal {
    /// Why the one operation of a request was not done to the entity `id`.
    pub(crate) fn of_op(error: Error, id: &str) -> Self {
        match error {
            Error::Op(conflict @ OpError::VersionConflict { .. }) => {
                Self::http(StatusCode::PRECONDITION_FAILED, sentence(&conflict.to_string()))
            }
            Error::Op(error) => op_problem(&error, Some(id)).into(),
            other => other.into(),
        }
    }
}

fn internal(error: &dyn std::error::Error) -> Refusal {
    tracing::error!(%error, "a request failed");
    Problem::new(ProblemKind::InternalError, INTERNAL).into()
}

/// An error message as a sentence: a capital first, a full stop last.
pub(crate) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let mut text: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    text.push_str(letters.as_str());
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use dinh_access::{Action, Principal, Purpose};

    use super::*;

    #[test]
    fn the_door_speaks_http() {
        let status = |error: Error| Refusal::from(error).status().as_u16();
        let (action, purpose) = (Action::Write, Purpose::Operations);
        assert_eq!(status(Denied::Unknown(action).into()), 401);
        let principal = Principal::Operator("key".into());
        assert_eq!(status(Denied::NotPermitted { principal, action, purpose }.into()), 403);
        assert_eq!(status(OpError::AlreadyExists.into()), 409);
        assert_eq!(status(StoreError::DiskFull.into()), 507);
        assert_eq!(status(StoreError::Busy { what: "writes", bound: 3 }.into()), 503);
        assert_eq!(status(StoreError::Engine("secret path".into()).into()), 500);
        let inner = Refusal::from(StoreError::Engine("secret path".into()));
        assert!(
            !format!("{inner:?}").contains("secret"),
            "what broke inside is told to the log alone: {inner:?}"
        );
        let conflict = || Error::Op(OpError::VersionConflict { found: 3 });
        assert_eq!(Refusal::of_op(conflict(), "urn:a").status(), 412);
        assert_eq!(status(conflict()), 409);
        assert_eq!(op_problem(&OpError::NotFound, Some("urn:a")), Problem::not_found("urn:a"));
    }

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("đầy rồi"), "Đầy rồi.");
        assert_eq!(sentence("Full!"), "Full!");
        assert_eq!(sentence(""), ".");
    }
}
