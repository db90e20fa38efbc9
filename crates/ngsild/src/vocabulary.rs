//! Names that CIM 009 itself gives a meaning, as full IRIs (annex B).

use std::sync::LazyLock;

use dinh_model::Term;

/// Where short names go that no `@context` knows.
pub const DEFAULT_VOCABULARY: &str = "https://uri.etsi.org/ngsi-ld/default-context/";

/// Namespace of the terms of the core context.
pub const CORE_NAMESPACE: &str = "https://uri.etsi.org/ngsi-ld/";

/// The text that stands for "nothing" in fragments and notifications (clause 4.5.0).
pub const NULL: &str = "urn:ngsi-ld:null";

/// Key of the default text of a language map, and name of the default instance in a `datasetId` filter.
pub const NONE: &str = "@none";

/// `id`, as the core context expands it.
pub const ID: &str = "@id";
/// `type`, as the core context expands it.
pub const TYPE: &str = "@type";
/// `scope`.
pub const SCOPE: &str = "https://uri.etsi.org/ngsi-ld/scope";
/// `location`: the geometry that geographic queries ask about unless told otherwise (clause 4.7.1).
pub const LOCATION: &str = "https://uri.etsi.org/ngsi-ld/location";
/// `createdAt` (clause 4.8).
pub const CREATED_AT: &str = "https://uri.etsi.org/ngsi-ld/createdAt";
/// `modifiedAt` (clause 4.8).
pub const MODIFIED_AT: &str = "https://uri.etsi.org/ngsi-ld/modifiedAt";
/// `observedAt` (clause 4.8).
pub const OBSERVED_AT: &str = "https://uri.etsi.org/ngsi-ld/observedAt";
/// `expiresAt` (clauses 4.8 and 4.22).
pub const EXPIRES_AT: &str = "https://uri.etsi.org/ngsi-ld/expiresAt";
/// `deletedAt` (clause 4.8).
pub const DELETED_AT: &str = "https://uri.etsi.org/ngsi-ld/deletedAt";
/// `unitCode`.
pub const UNIT_CODE: &str = "https://uri.etsi.org/ngsi-ld/unitCode";
/// `datasetId` (clause 4.5.5).
pub const DATASET_ID: &str = "https://uri.etsi.org/ngsi-ld/datasetId";
/// `objectType` (clause 4.5.23).
pub const OBJECT_TYPE: &str = "https://uri.etsi.org/ngsi-ld/hasObjectType";
/// `valueType`: kept as a sub-attribute of this name, written without its own `type` and `value`.
pub const VALUE_TYPE: &str = "https://uri.etsi.org/ngsi-ld/hasValueType";
/// `lang`: the language that a language filter has chosen (clause 4.15).
pub const LANG: &str = "https://uri.etsi.org/ngsi-ld/lang";

static LOCATION_TERM: LazyLock<Term> = LazyLock::new(|| LOCATION.into());

/// [`LOCATION`] as a term that is cheap to clone.
pub fn location() -> Term {
    LOCATION_TERM.clone()
}
