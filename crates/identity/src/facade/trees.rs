//! The units of each tenant, read from the graph.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use dinh_model::{Entity, Iri, Tenant, Term, Timestamp, Value};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::EntityQuery;

use super::Identity;
use crate::Error;
use crate::domain::{Days, UnitTree};

/// Type of units in the graph.
const UNIT: &str = "Unit";
/// Units read at once.
const PAGE: usize = 1_000;
/// Most units of a tenant.
const MOST: usize = 20_000;
/// How long a tree is used, in microseconds: a change of units reaches those who are signed in within this time.
pub(super) const FRESH: i64 = 60_000_000;

/// Trees by tenant; there are as many as tenants in the graph.
#[derive(Default)]
pub(super) struct Trees(Mutex<HashMap<Tenant, Seen>>);

#[derive(Clone)]
struct Seen {
    tree: Arc<UnitTree>,
    head: u64,
    at: Timestamp,
}

impl Identity {
    /// The units of a tenant, at most a minute old.
    pub(super) async fn units(&self, tenant: &Tenant) -> Result<Arc<UnitTree>, Error> {
        let (head, now) = (self.0.context.head(), self.now());
        let known = self.0.trees.0.lock().unwrap_or_else(PoisonError::into_inner).get(tenant).cloned();
        if let Some(seen) = known
            && (seen.head == head || now.micros_since(seen.at) < FRESH)
        {
            return Ok(seen.tree);
        }
        let core = LdContext::core();
        let session = self.0.context.system("identity", tenant.clone());
        let query = EntityQuery::of_type(core.expand(UNIT));
        let names = Names {
            parent: core.expand("parent"),
            from: core.expand("validFrom"),
            to: core.expand("validTo"),
        };
        let mut units = Vec::new();
        let mut offset = 0;
        while offset < MOST {
            let page = session.query(EntityQuery { limit: PAGE, offset, ..query.clone() }).await?;
            units.extend(page.entities.iter().flat_map(|stored| edges(&stored.entity, &names)));
            offset += page.entities.len();
            if page.entities.len() < PAGE {
                break;
            }
        }
        let tree = Arc::new(UnitTree::new(units));
        if self.0.context.tenants().contains(tenant) {
            let seen = Seen { tree: Arc::clone(&tree), head, at: now };
            self.0.trees.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant.clone(), seen);
        }
        Ok(tree)
    }
}

struct Names {
    parent: Term,
    from: Term,
    to: Term,
}

/// To which units a unit belongs, and when.
fn edges(unit: &Entity, names: &Names) -> Vec<(Iri, Iri, Days)> {
    let values =
        |name: &Term| unit.attributes.get(name).into_iter().flatten().map(|instance| &instance.value);
    let day = |name| {
        values(name).find_map(|value| match value {
            Value::Property(json) => json.as_str()?.get(..10)?.parse().ok(),
            _ => None,
        })
    };
    let days = Days { from: day(&names.from), to: day(&names.to) };
    let mut edges = Vec::new();
    for value in values(&names.parent) {
        if let Value::Relationship { object, .. } = value {
            edges.extend(object.as_slice().iter().map(|parent| (unit.id.clone(), parent.clone(), days)));
        }
    }
    edges
}
