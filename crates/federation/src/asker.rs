//! Who asks, and by what way the request came here.

use std::sync::Arc;

use dinh_context::Session;
use dinh_context::registrations::{Match, Registrations};
use dinh_model::EntityId;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::registration::{Discovery, Operation, Wanted};
use http::HeaderMap;
use http::header::VIA;

use crate::LinkedMaps;

/// Most brokers that a request may have come by.
const MOST_HOPS: usize = 64;

/// The brokers that a request came by (RFC 9110, clause 7.6.3): pseudonyms, the first one first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// As the header has it.
    fields: Vec<String>,
    /// The pseudonyms in it.
    names: Vec<String>,
}

impl Way {
    /// Reads the `Via` headers of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(VIA).iter().filter_map(|value| value.to_str().ok());
        let fields: Vec<String> = values
            .flat_map(|value| value.split(','))
            .map(|field| field.trim().to_owned())
            .filter(|field| !field.is_empty())
            .take(MOST_HOPS)
            .collect();
        Self::from_fields(fields)
    }

    /// The way with one broker more, as a header.
    pub(crate) fn and(&self, alias: &str) -> String {
        let mut fields = self.fields.clone();
        fields.push(format!("1.1 {alias}"));
        fields.join(", ")
    }

    /// True if the request came by a broker already.
    pub fn came_by(&self, alias: &str) -> bool {
        self.names.iter().any(|name| name == alias)
    }

    /// The way that was kept as [`Way::fields`].
    pub(crate) fn from_fields(fields: Vec<String>) -> Self {
        let names =
            fields.iter().filter_map(|field| field.split_whitespace().nth(1)).map(str::to_owned).collect();
        Self { fields, names }
    }

    /// Each broker with the protocol, as the header has it.
    pub(crate) fn fields(&self) -> Vec<String> {
        self.fields.clone()
    }

    /// The pseudonyms of the brokers.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// True if it came by no broker.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// True if it came by so many brokers that it goes no further.
    pub(crate) fn is_too_long(&self) -> bool {
        self.fields.len() >= MOST_HOPS
    }
}

/// Somebody whose request may concern other sources.
#[derive(Clone)]
pub struct Asker {
    pub(crate) session: Session,
    pub(crate) way: Way,
    /// The headers of the request: a registration may want some of them passed on.
    pub(crate) headers: HeaderMap,
    /// The `@context` of the request.
    pub(crate) context: Arc<LdContext>,
    /// The source that the occasion came from: it is not asked.
    pub(crate) origin: Option<EntityId>,
    /// The maps that sources answer by.
    pub(crate) linked: LinkedMaps,
}

impl Asker {
    /// Whoever asks in `session`, in the words of `context`.
    pub fn new(session: Session, headers: HeaderMap, context: Arc<LdContext>) -> Self {
        Self { session, way: Way::of(&headers), headers, context, origin: None, linked: LinkedMaps::new() }
    }

    /// True if no other source is registered where they ask.
    pub fn is_alone(session: &Session) -> bool {
        !session.context().registrations().has_any(session.tenant())
    }

    /// The name of this broker in `Via`.
    pub fn alias(&self) -> String {
        self.registrations().alias(self.session.tenant())
    }

    /// True if the request was here before.
    pub fn went_round(&self) -> bool {
        self.way.came_by(&self.alias()) || self.way.is_too_long()
    }

    /// The sources that answer one of these operations about what is searched, unless the request was here before.
    pub fn matching(&self, operations: &[Operation], search: &Discovery<'_>) -> Vec<Match> {
        if self.went_round() {
            return Vec::new();
        }
        let mut found = self.found(search);
        found.retain(|source| operations.iter().any(|one| source.registered.registration.supports(*one)));
        found
    }

    /// Sources that keep what is wanted in the place of this broker, whatever they answer: what is elsewhere is elsewhere also
    /// where nobody can change it.
    pub(crate) fn proxied(&self, wanted: &Wanted<'_>) -> Vec<Match> {
        let mut found = self.found(&Discovery { wanted: *wanted, ..Discovery::default() });
        found.retain(|source| source.registered.registration.mode.is_proxied());
        found
    }

    pub(crate) fn found(&self, search: &Discovery<'_>) -> Vec<Match> {
        let via: Vec<&str> = self.way.names.iter().map(String::as_str).collect();
        let mut found = self.registrations().matching(self.session.tenant(), search, &via);
        if let Some(origin) = &self.origin {
            found.retain(|source| source.registered.registration.id != *origin);
        }
        found
    }

    pub(crate) fn registrations(&self) -> &Registrations {
        self.session.context().registrations()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_read_and_goes_on() {
        let mut headers = HeaderMap::new();
        headers.append(VIA, "1.1 first (a comment), 1.0 second".parse().expect("a value"));
        headers.append(VIA, "HTTP/1.1 third".parse().expect("a value"));
        let way = Way::of(&headers);
        assert!(["first", "second", "third"].iter().all(|name| way.came_by(name)));
        assert!(!way.came_by("fourth") && !way.came_by("1.1"));
        assert_eq!(way.and("own"), "1.1 first (a comment), 1.0 second, HTTP/1.1 third, 1.1 own");
        assert_eq!(Way::default().and("own"), "1.1 own");
    }
}
