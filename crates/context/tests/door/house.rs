//! A door on a temporary store.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dinh_context::graph::{Done, Op, OpError, Options, VaultOptions};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{
    AccessSettings, Context, Error, RandomIds, Session, Settings, SystemClock, SystemRandomness,
};
use dinh_model::{Attribute, Clock, Entity, EntityId, Tenant, Timestamp, Value};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::mutation::Mutation;
use dinh_ngsild::read::{Reader, append_fragment};
use dinh_policies::PolicyFile;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub(crate) struct House {
    pub(crate) context: Context,
    folder: TempDir,
    stop: CancellationToken,
    delivery: tokio::task::JoinHandle<()>,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::at(TempDir::new().unwrap()).await
    }

    /// A house whose clock stands where it is put.
    pub(crate) async fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self::at_with(TempDir::new().unwrap(), clock).await
    }

    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }

    async fn at(folder: TempDir) -> Self {
        Self::at_with(folder, Arc::new(SystemClock)).await
    }

    /// A house that seals what is personal; its data are in the folder `graph`, its keys in `keys`.
    pub(crate) async fn sealed(folder: TempDir, clock: Arc<dyn Clock>) -> Self {
        let random = Arc::new(SystemRandomness::default());
        let vault = VaultOptions::new(folder.path().join("keys"), [7; 32], random);
        let data = folder.path().join("graph");
        Self::open(folder, &data, Options { vault: Some(vault), ..Options::default() }, clock).await
    }

    /// Opens a graph that was sealed, with these keys.
    pub(crate) async fn try_open(folder: &TempDir, vault: Option<VaultOptions>) -> Result<Context, Error> {
        let store = Options { vault, ..Options::default() };
        door(&folder.path().join("graph"), store, Arc::new(SystemClock)).await
    }

    /// Stops everything; what is on the disk stays.
    pub(crate) async fn leave(self) -> TempDir {
        self.stop.cancel();
        self.delivery.await.unwrap();
        self.context.close().await.unwrap();
        self.folder
    }

    /// Writes while nobody follows, more than the feed then holds.
    pub(crate) async fn outrun(folder: &TempDir, write: impl AsyncFnOnce(&Session)) {
        let options = Options { feed_max: 20, housekeeping: Duration::from_millis(20), ..Options::default() };
        let context = door(folder.path(), options, Arc::new(SystemClock)).await.unwrap();
        write(&context.system("test", Tenant::parse("hue").unwrap())).await;
        while context.feed("test").unwrap().changes(0, 1).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        context.close().await.unwrap();
    }

    pub(crate) async fn back(folder: TempDir) -> Self {
        Self::at(folder).await
    }

    async fn at_with(folder: TempDir, clock: Arc<dyn Clock>) -> Self {
        let data = folder.path().to_owned();
        Self::open(folder, &data, Options::default(), clock).await
    }

    async fn open(folder: TempDir, data: &Path, store: Options, clock: Arc<dyn Clock>) -> Self {
        let context = door(data, store, clock).await.unwrap();
        let stop = CancellationToken::new();
        let delivery = tokio::spawn({
            let (context, stop) = (context.clone(), stop.clone());
            async move { context.deliver(stop).await }
        });
        Self { context, folder, stop, delivery }
    }

    /// Stops everything and opens the same store again.
    pub(crate) async fn restart(self) -> Self {
        self.stop.cancel();
        self.delivery.await.unwrap();
        self.context.close().await.unwrap();
        Self::at(self.folder).await
    }

    pub(crate) fn session(&self) -> Session {
        self.context.system("test", Tenant::parse("hue").unwrap())
    }

    pub(crate) async fn subscribe(&self, endpoint: &str, more: Json) -> Result<String, Error> {
        let mut json = json!({
            "type": "Subscription",
            "entities": [{"type": "RiverGauge"}],
            "notification": {"endpoint": {"uri": endpoint}},
        });
        for (name, member) in more.as_object().unwrap() {
            json[name] = member.clone();
        }
        let core = Arc::new(LdContext::core());
        let id = self.context.subscriptions().create(&self.session(), &json, core).await?;
        Ok(id.as_str().to_owned())
    }
}

pub(crate) fn gauge(number: u32, level: f64) -> Entity {
    let core = LdContext::core();
    let at = Timestamp::from_micros(0);
    let mut entity = Entity::new(id(number), core.expand("RiverGauge"), at);
    entity.set(core.expand("name"), Attribute::new(Value::Property(format!("Trạm {number}").into()), at));
    entity.set(core.expand("waterLevel"), Attribute::new(Value::Property(level.into()), at));
    entity
}

pub(crate) fn id(number: u32) -> EntityId {
    EntityId::trusted(format!("urn:ngsi-ld:RiverGauge:{number}"))
}

/// Sets attributes written in concise form.
pub(crate) async fn set(session: &Session, number: u32, attributes: Json) -> Result<Done, OpError> {
    let core = LdContext::core();
    let reader = Reader::new(&core, Timestamp::from_micros(1));
    let fragment = append_fragment(&reader, attributes).unwrap().content;
    let mutation = Mutation::Append { fragment, overwrite: true };
    let receipt = session.commit(Op::mutate(id(number), mutation).into()).await.unwrap();
    receipt.results.into_iter().next().unwrap()
}

async fn door(data: &Path, store: Options, clock: Arc<dyn Clock>) -> Result<Context, Error> {
    let packs = Packs::from_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs")).unwrap();
    let settings = Settings {
        data: data.to_owned(),
        store,
        access: AccessSettings::of(rules(&packs)),
        outbound: AllowList::default(),
        own_addresses: vec!["http://here.test".to_owned()],
    };
    Context::open(settings, packs, clock, Arc::new(RandomIds)).await
}

/// The rules that hold where packs bring none of their own.
fn rules(packs: &Packs) -> Vec<dinh_access::Rule> {
    let files = packs.policies().unwrap();
    let texts =
        files.iter().map(|(pack, file)| PolicyFile { path: &file.path, pack, text: file.text().unwrap() });
    let core = dinh_ngsild::context::Context::core();
    dinh_policies::read(&texts.collect::<Vec<_>>(), &|name| core.expand(name)).unwrap()
}
