//! About whom a page is: oneself, or somebody whom one represents.

use dinh_access::Principal;
use dinh_identity::Present;
use dinh_model::EntityId;
use serde::Serialize;

use crate::pages::asked::Asked;
use crate::pages::entity::entity_name;
use crate::pages::visitor::{Visitor, encode};

/// Most persons and enterprises that one may choose among.
const MOST: usize = 50;

/// Somebody for whom the account speaks.
#[derive(Clone, Serialize)]
pub(super) struct Subject {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) current: bool,
}

/// About whom a page is.
pub(super) struct Whose {
    /// The one it is about; none if the account is tied to nobody.
    pub(super) chosen: Option<EntityId>,
    /// All of them; oneself first.
    pub(super) all: Vec<Subject>,
    /// True if nobody has confirmed the account's address or identity, so that nothing of a person may be shown.
    pub(super) unsure: bool,
}

impl Whose {
    /// The one that the address names with `whose`, or else oneself.
    pub(super) async fn of(visitor: &Visitor, present: &Present, path: &str) -> Self {
        let Principal::Account(account) = present.principal() else {
            return Self { chosen: None, all: Vec::new(), unsure: false };
        };
        let oneself = present.account().subject.clone();
        let others = account.subjects.iter().filter_map(|text| EntityId::parse(text).ok());
        let others = others.filter(|id| Some(id) != oneself.as_ref());
        let own = oneself.clone().filter(|id| account.subjects.contains(id.as_str()));
        let ids: Vec<EntityId> = own.into_iter().chain(others).take(MOST).collect();
        let asked = Asked::of(&visitor.uri);
        let named = asked.get("whose").and_then(|text| ids.iter().find(|id| id.as_str() == text));
        let chosen = named.or_else(|| ids.first()).cloned();
        let unsure = !ids.is_empty() && !ids.iter().any(|id| visitor.session.speaks_for(id));
        let mut all = Vec::new();
        for id in &ids {
            let name = if Some(id) == oneself.as_ref() {
                visitor.lang().say("privacy-oneself")
            } else {
                name_of(visitor, id).await
            };
            let href = format!("{}?whose={}", visitor.href(path), encode(id.as_str()));
            all.push(Subject { id: id.to_string(), name, href, current: Some(id) == chosen.as_ref() });
        }
        Self { chosen, all, unsure }
    }
}

/// The name of somebody, masked as it is for whoever only reads.
async fn name_of(visitor: &Visitor, id: &EntityId) -> String {
    match visitor.session.find(id).await {
        Ok(Some(stored)) => entity_name(visitor, &stored.entity),
        _ => id.to_string(),
    }
}
