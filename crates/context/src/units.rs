//! Administrative units of a tenant, ready to answer "in which commune is this point, on this day".
//!
//! The units are entities of the graph; the register is a view of them, kept until the graph says otherwise: it is
//! read anew when the feed has moved on and the view is older than a minute, or at once when there are more or fewer
//! units than it holds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use dinh_model::admin::{Register, UNIT_TYPE, Unit};
use dinh_model::{Tenant, Term, Timestamp};
use dinh_ngsild::query::EntityQuery;

use crate::{Error, Session};

/// Units read at once.
const PAGE: usize = 1_000;
/// Most units of a tenant; Viet Nam has about 14,000, abolished ones included.
const MOST: usize = 50_000;
/// How long a view is used while the feed moves, in microseconds.
const FRESH: i64 = 60_000_000;

/// The views, by tenant.
#[derive(Default)]
pub(crate) struct Units(Mutex<HashMap<Tenant, View>>);

#[derive(Clone)]
struct View {
    register: Arc<Register>,
    entities: u64,
    head: u64,
    at: Timestamp,
}

impl Session {
    /// The administrative units of this tenant.
    pub async fn units(&self) -> Result<Arc<Register>, Error> {
        let query = EntityQuery::of_type(Term::new(UNIT_TYPE));
        let entities = self.count(query.clone()).await?;
        let context = self.context();
        let (head, now) = (context.head(), context.clock().now());
        if let Some(view) = context.unit_views().get(self.tenant())
            && view.entities == entities
            && (view.head == head || now.micros_since(view.at) < FRESH)
        {
            return Ok(view.register);
        }
        let mut units = Vec::new();
        while units.len() < MOST {
            let page = self.query(EntityQuery { limit: PAGE, offset: units.len(), ..query.clone() }).await?;
            let read = page.entities.len();
            for stored in &page.entities {
                units.push(Unit::try_from(stored.entity.as_ref()).map_err(|e| Error::Units(e.to_string()))?);
            }
            if read < PAGE {
                break;
            }
        }
        let register = Arc::new(Register::new(units).map_err(|e| Error::Units(e.to_string()))?);
        let view = View { register: Arc::clone(&register), entities, head, at: now };
        context.unit_views().put(self.tenant(), view);
        Ok(register)
    }
}

impl Units {
    fn get(&self, tenant: &Tenant) -> Option<View> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(tenant).cloned()
    }

    fn put(&self, tenant: &Tenant, view: View) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant.clone(), view);
    }
}
