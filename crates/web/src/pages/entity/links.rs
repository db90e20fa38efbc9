//! Relationships, both ways.

use dinh_model::{Entity, EntityId, Term, Value};

use super::page::FEED;
use crate::layers::name_of;
use crate::pages::fault::Fault;
use crate::pages::present::title_of;
use crate::pages::view::Link;
use crate::pages::visitor::Visitor;

/// Most links shown each way.
const MOST: usize = 30;

/// Where this entity's relationships lead.
pub(super) async fn out(visitor: &Visitor, entity: &Entity) -> Result<Vec<Link>, Fault> {
    let mut links = Vec::new();
    // The feed is told under the origin.
    for (name, instances) in entity.attributes.iter().filter(|(name, _)| name.as_str() != FEED) {
        for attribute in instances {
            let targets: Vec<&EntityId> = match &attribute.value {
                Value::Relationship { object, .. } => object.as_slice().iter().collect(),
                Value::ListRelationship { objects, .. } => objects.iter().collect(),
                _ => continue,
            };
            for target in targets {
                if links.len() < MOST {
                    links.push(link(visitor, name, &entity.types, target).await?);
                }
            }
        }
    }
    Ok(links)
}

/// Which entities lead here, and how many more than those shown.
pub(super) async fn into(visitor: &Visitor, entity: &Entity) -> Result<(Vec<Link>, u64), Fault> {
    let referrers = visitor.session.referrers(&entity.id, 0, MOST * 10).await;
    let referrers = referrers.map_err(|e| Fault::of(visitor.taste, e))?;
    let mut links = Vec::new();
    for referrer in referrers.iter().take(MOST) {
        links.push(link(visitor, &referrer.attribute, &[], &referrer.id).await?);
    }
    Ok((links, referrers.len().saturating_sub(MOST) as u64))
}

async fn link(visitor: &Visitor, attribute: &Term, types: &[Term], other: &EntityId) -> Result<Link, Fault> {
    let registry = visitor.app.context.types();
    let found = visitor.session.find(other).await.map_err(|e| Fault::of(visitor.taste, e))?;
    let other_types = found.as_ref().map(|stored| stored.entity.types.clone()).unwrap_or_default();
    let owner = if types.is_empty() { &other_types[..] } else { types };
    let name =
        found.as_ref().map_or_else(|| other.to_string(), |stored| entity_name(visitor, &stored.entity));
    Ok(Link {
        relation: title_of(registry.attribute(owner, attribute.as_str()), attribute.as_str(), visitor.lang()),
        href: visitor.entity_href(other.as_str()),
        name,
    })
}

/// The name of an entity by what its type calls a name.
pub(in crate::pages) fn entity_name(visitor: &Visitor, entity: &Entity) -> String {
    let described = visitor.app.context.types().of(&entity.types).next();
    let label =
        described.and_then(|d| d.attributes.iter().find(|a| a.name == d.label)).map(|a| a.term.clone());
    let label = label.unwrap_or_else(|| Term::from("https://uri.etsi.org/ngsi-ld/default-context/name"));
    name_of(entity, &label, visitor.lang()).to_string()
}
