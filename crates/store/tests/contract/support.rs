//! A store to try, and words to try it with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dinh_access::{Feed, Grant, Policy, Principal, Purpose, Read, Write};
use dinh_model::{
    Attribute, Entity, EntityId, GeoValue, Iri, ManualClock, OneOrMany, Tenant, Term, Timestamp, Value,
};
use dinh_ngsild::mutation::{Fragment, Instance, Mutation};
use dinh_ngsild::query::EntityQuery;
use dinh_store::{Commit, Done, Op, OpError, Options, Receipt, Store, Stored};
use serde_json::Value as Json;
use tempfile::TempDir;

/// Makes a test of each function for every engine.
macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name(crate::support::Place::sqlite()).await;
                }
            )+
        }
    };
}
pub(crate) use contract;

/// Where stores are kept while they are tried.
pub(crate) struct Place {
    dir: TempDir,
    pub(crate) clock: Arc<ManualClock>,
}

/// Friday, 20 November 2026, 07:00 in Vietnam.
pub(crate) const NOW: &str = "2026-11-20T00:00:00Z";

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const DAY: i64 = 24 * 3600 * SECOND;

impl Place {
    pub(crate) fn sqlite() -> Self {
        let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
        Self { dir: tempfile::tempdir().unwrap(), clock }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) async fn open(&self) -> Trial {
        self.open_with(options()).await
    }

    pub(crate) async fn open_with(&self, options: Options) -> Trial {
        self.open_at(&self.path("store"), options).await
    }

    pub(crate) async fn open_at(&self, dir: &Path, options: Options) -> Trial {
        let store = Store::open(dir, options, Arc::<ManualClock>::clone(&self.clock)).await.unwrap();
        Trial { store }
    }
}

/// Small bounds, so that tests reach them.
pub(crate) fn options() -> Options {
    Options { ring_length: 50, scan_budget: 5_000, ..Options::default() }
}

/// A store being tried, from one tenant.
#[derive(Clone)]
pub(crate) struct Trial {
    pub(crate) store: Store,
}

pub(crate) fn policy() -> Policy {
    Policy::default()
}

pub(crate) fn reading(tenant: &str) -> Grant<Read> {
    policy()
        .read(&Principal::System("test".into()), &Tenant::parse(tenant).unwrap(), Purpose::Operations)
        .unwrap()
}

pub(crate) fn writing(tenant: &str) -> Grant<Write> {
    policy()
        .write(&Principal::System("test".into()), &Tenant::parse(tenant).unwrap(), Purpose::Operations)
        .unwrap()
}

pub(crate) fn following() -> Grant<Feed> {
    policy().feed(&Principal::System("test".into()), Purpose::Maintenance).unwrap()
}

impl Trial {
    pub(crate) async fn commit(&self, commit: impl Into<Commit>) -> Receipt {
        self.store.commit(&writing("hue"), commit.into()).await.unwrap()
    }

    /// Does one operation.
    pub(crate) async fn op(&self, op: Op) -> Result<Done, OpError> {
        self.commit(op).await.results.remove(0)
    }

    pub(crate) async fn create(&self, entity: Entity) -> Done {
        self.op(Op::Create(entity.into())).await.unwrap()
    }

    pub(crate) async fn entity(&self, name: &str) -> Option<Stored> {
        self.store.entity(&reading("hue"), &id(name)).await.unwrap()
    }

    /// The last parts of the identifiers that a query finds, and the total.
    pub(crate) async fn find(&self, query: &EntityQuery) -> (Vec<String>, Option<u64>) {
        let page = self.store.query(&reading("hue"), query).await.unwrap();
        (page.entities.iter().map(|stored| short(&stored.entity.id)).collect(), page.total)
    }

    pub(crate) async fn assert_sound(&self) {
        let report = self.store.verify(&following()).await.unwrap();
        assert!(report.is_clean(), "{report:#?}");
    }
}

pub(crate) fn id(name: &str) -> EntityId {
    EntityId::parse(&format!("urn:ngsi-ld:{name}")).unwrap()
}

pub(crate) fn short(id: &EntityId) -> String {
    id.as_str().trim_start_matches("urn:ngsi-ld:").to_owned()
}

pub(crate) fn term(name: &str) -> Term {
    Term::from(format!("https://uri.etsi.org/ngsi-ld/default-context/{name}"))
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn thing(entity_type: &str, name: &str) -> Entity {
    Entity::new(id(name), term(entity_type), at(NOW))
}

/// Builder words for entities.
pub(crate) trait With: Sized {
    fn with(self, name: &str, value: impl Into<Json>) -> Self;
    fn with_value(self, name: &str, value: Value) -> Self;
    fn at(self, lon: f64, lat: f64) -> Self;
}

impl With for Entity {
    fn with(self, name: &str, value: impl Into<Json>) -> Self {
        self.with_value(name, Value::Property(value.into()))
    }

    fn with_value(mut self, name: &str, value: Value) -> Self {
        self.set(term(name), Attribute::new(value, at(NOW)));
        self
    }

    fn at(self, lon: f64, lat: f64) -> Self {
        self.with_value("location", Value::Geo(GeoValue::point(lon, lat)))
    }
}

pub(crate) fn property(value: impl Into<Json>) -> Attribute {
    Attribute::new(Value::Property(value.into()), at(NOW))
}

pub(crate) fn link(to: &str) -> Value {
    Value::Relationship { object: OneOrMany::One(Iri::clone(&id(to))), object_type: Vec::new() }
}

/// Sets instances of attributes, whatever was there.
pub(crate) fn set(attributes: &[(&str, Attribute)]) -> Mutation {
    let mut fragment = Fragment::default();
    for (name, attribute) in attributes {
        fragment.attributes.entry(term(name)).or_default().push(Instance::Set(attribute.clone()));
    }
    Mutation::Append { fragment, overwrite: true }
}
