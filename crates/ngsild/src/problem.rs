//! What went wrong, as a machine and a person can both read it (RFC 9457; CIM 009 clauses 5.5.2, 5.5.3, 6.3.2).

use serde::Serialize;
use serde_json::Value as Json;

/// The kinds of error that CIM 009 names, and those of HTTP that have no name there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// Whoever asks may not do this. CIM 009 has no name for it.
    AccessDenied,
    /// The thing to create is there already.
    AlreadyExists,
    /// The request can be read but does not say something sensible.
    BadRequestData,
    /// The request does not fit the present state.
    Conflict,
    /// Something broke on our side.
    InternalError,
    /// The request cannot be read.
    InvalidRequest,
    /// A remote `@context` cannot be had.
    LdContextNotAvailable,
    /// No such tenant.
    NonexistentTenant,
    /// Asked for something that is not done here.
    OperationNotSupported,
    /// The thing asked for is not there.
    ResourceNotFound,
    /// The query would cost too much.
    TooComplexQuery,
    /// The query has too many results.
    TooManyResults,
}

impl ProblemKind {
    /// The error type's URI.
    pub fn uri(self) -> &'static str {
        match self {
            // RFC 9457, clause 4.2.1: nothing more than the status says.
            Self::AccessDenied => "about:blank",
            Self::AlreadyExists => "https://uri.etsi.org/ngsi-ld/errors/AlreadyExists",
            Self::BadRequestData => "https://uri.etsi.org/ngsi-ld/errors/BadRequestData",
            Self::Conflict => "https://uri.etsi.org/ngsi-ld/errors/Conflict",
            Self::InternalError => "https://uri.etsi.org/ngsi-ld/errors/InternalError",
            Self::InvalidRequest => "https://uri.etsi.org/ngsi-ld/errors/InvalidRequest",
            Self::LdContextNotAvailable => "https://uri.etsi.org/ngsi-ld/errors/LdContextNotAvailable",
            Self::NonexistentTenant => "https://uri.etsi.org/ngsi-ld/errors/NonexistentTenant",
            Self::OperationNotSupported => "https://uri.etsi.org/ngsi-ld/errors/OperationNotSupported",
            Self::ResourceNotFound => "https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound",
            Self::TooComplexQuery => "https://uri.etsi.org/ngsi-ld/errors/TooComplexQuery",
            Self::TooManyResults => "https://uri.etsi.org/ngsi-ld/errors/TooManyResults",
        }
    }

    /// HTTP status (clause 6.3.2).
    pub fn status(self) -> u16 {
        match self {
            Self::AlreadyExists | Self::Conflict => 409,
            Self::BadRequestData | Self::InvalidRequest => 400,
            Self::InternalError => 500,
            Self::LdContextNotAvailable => 504,
            Self::NonexistentTenant | Self::ResourceNotFound => 404,
            Self::OperationNotSupported => 422,
            Self::AccessDenied | Self::TooComplexQuery | Self::TooManyResults => 403,
        }
    }

    /// A short sentence for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::AccessDenied => "You may not do this.",
            Self::AlreadyExists => "It exists already.",
            Self::BadRequestData => "The request does not meet the rules.",
            Self::Conflict => "The request does not fit the present state.",
            Self::InternalError => "Something broke on our side.",
            Self::InvalidRequest => "The request cannot be read.",
            Self::LdContextNotAvailable => "A remote @context cannot be had.",
            Self::NonexistentTenant => "There is no such tenant.",
            Self::OperationNotSupported => "This is not supported here.",
            Self::ResourceNotFound => "It was not found.",
            Self::TooComplexQuery => "The query is too complex.",
            Self::TooManyResults => "The query has too many results.",
        }
    }
}

/// One error, ready to be a response body.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    /// Which kind of error.
    pub kind: ProblemKind,
    /// What happened, in whole sentences.
    pub detail: String,
    /// The URI of the thing concerned, if there is one.
    pub instance: Option<String>,
}

impl Problem {
    /// A problem of `kind`.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), instance: None }
    }

    /// `BadRequestData`.
    pub fn bad_data(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::BadRequestData, detail)
    }

    /// `InvalidRequest`.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::InvalidRequest, detail)
    }

    /// `ResourceNotFound` of `instance`.
    pub fn not_found(instance: impl Into<String>) -> Self {
        let instance = instance.into();
        let detail = format!("{instance} was not found.");
        Self { kind: ProblemKind::ResourceNotFound, detail, instance: Some(instance) }
    }

    /// `AlreadyExists` of `instance`.
    pub fn exists(instance: impl Into<String>) -> Self {
        let instance = instance.into();
        let detail = format!("{instance} exists already.");
        Self { kind: ProblemKind::AlreadyExists, detail, instance: Some(instance) }
    }

    /// The same problem about `instance`.
    #[must_use]
    pub fn about(mut self, instance: impl Into<String>) -> Self {
        self.instance = Some(instance.into());
        self
    }

    /// HTTP status.
    pub fn status(&self) -> u16 {
        self.kind.status()
    }

    /// The response body.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or(Json::Null)
    }
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.kind.uri())?;
        map.serialize_entry("title", self.kind.title())?;
        map.serialize_entry("status", &self.status())?;
        map.serialize_entry("detail", &self.detail)?;
        if let Some(instance) = &self.instance {
            map.serialize_entry("instance", instance)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_rfc_9457() {
        let problem = Problem::not_found("urn:ngsi-ld:Station:1");
        assert_eq!(
            problem.to_json(),
            serde_json::json!({
                "type": "https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound",
                "title": "It was not found.",
                "status": 404,
                "detail": "urn:ngsi-ld:Station:1 was not found.",
                "instance": "urn:ngsi-ld:Station:1"
            })
        );
        assert_eq!(Problem::new(ProblemKind::LdContextNotAvailable, "x").status(), 504);
    }
}
