//! How much of anything this crate reads before it refuses. One place, so that a refusal can name its bound.

/// Deepest nesting of JSON, in objects and arrays.
pub const JSON_DEPTH: usize = 64;
/// Deepest nesting of attributes of attributes.
pub const SUB_ATTRIBUTE_DEPTH: usize = 8;
/// Most attribute names in one entity, and most sub-attribute names in one attribute.
pub const ATTRIBUTES: usize = 2_000;
/// Most instances of one attribute.
pub const INSTANCES: usize = 1_000;
/// Most types of one entity.
pub const TYPES: usize = 64;
/// Most scopes of one entity.
pub const SCOPES: usize = 128;
/// Longest text value, in bytes.
pub const TEXT_BYTES: usize = 1 << 20;
/// Longest short name, in bytes.
pub const NAME_BYTES: usize = 1_024;
/// Longest query expression (`q`, type selection, `scopeQ`, `orderBy`, `pick`, `omit`), in bytes.
pub const QUERY_BYTES: usize = 8 * 1_024;
/// Deepest nesting of parentheses in a query.
pub const QUERY_DEPTH: usize = 32;
/// Most conditions in one query, counting every value of a list.
pub const QUERY_TERMS: usize = 200;
/// Most links that a condition follows one behind the other.
pub const LINK_DEPTH: usize = 5;
/// Longest regular expression, in bytes.
pub const PATTERN_BYTES: usize = 512;
/// Largest compiled regular expression, in bytes.
pub const PATTERN_COMPILED_BYTES: usize = 256 * 1_024;
/// Deepest chain of `@context` documents that name one another.
pub const CONTEXT_DEPTH: usize = 8;
/// Most documents that one `@context` may draw in.
pub const CONTEXT_DOCUMENTS: usize = 64;
/// Most terms in one `@context` with everything it draws in.
pub const CONTEXT_TERMS: usize = 50_000;
/// Largest page of a query.
pub const PAGE: usize = 1_000;
/// Page of a query that names no limit.
pub const DEFAULT_PAGE: usize = 20;
