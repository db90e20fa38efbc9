//! A house with a ward, a citizen and officials, connected with a portal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_cases::{Answer, Channel};
use dinh_casework::{Applicant, ApplicantKind, AtDesk, Casework, Dossier, Filing};
use dinh_context::fields::{Fields, Names};
use dinh_context::graph::{AuditQuery, Entry, Options, VaultOptions};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, Session, Settings, SystemRandomness};
use dinh_e2e::{PORTAL_LOGIN, PortalServer};
use dinh_model::{Clock as _, Entity, EntityId, Iri, ManualClock, Tenant, Term};
use dinh_ngsild::context::Context as LdContext;
use dinh_policies::PolicyFile;
use dinh_portal::{LinkSettings, Portal};
use serde_json::json;
use tempfile::TempDir;

pub(crate) const WARD: &str = "Unit:phuong-1";
pub(crate) const CODE: &str = "H57.20.01";
/// A second in microseconds.
const SECOND: i64 = 1_000_000;

pub(crate) struct House {
    pub(crate) context: Context,
    pub(crate) casework: Casework,
    pub(crate) portal: Portal,
    pub(crate) there: PortalServer,
    pub(crate) clock: Arc<ManualClock>,
    folder: TempDir,
}

impl House {
    /// Monday, 23 November 2026, eight o'clock in Viet Nam.
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap()));
        let there = PortalServer::start().await.unwrap();
        let (context, casework, portal) = at(&folder, &clock, &there).await;
        let names = Names::default();
        let mut unit = Entity::new(urn(WARD), names.of("Unit"), clock.now());
        unit.attributes = Fields::new(&names, clock.now()).with("code", CODE).attributes;
        let name = [("vi".to_owned(), dinh_model::OneOrMany::One("UBND phường 1".to_owned()))].into();
        unit.set(
            names.of("name"),
            dinh_model::Attribute::new(dinh_model::Value::Language(name), clock.now()),
        );
        context.system("test", hue()).create(unit).await.unwrap();
        let house = Self { context, casework, portal, there, clock, folder };
        house.mark().await;
        house
    }

    /// Receives a dossier, and then changes so much while nobody follows that the feed does not go back so far any more.
    pub(crate) async fn outrun(self) -> (Self, Dossier) {
        self.context.close().await.unwrap();
        let small = Options { feed_max: 20, housekeeping: Duration::from_millis(20), ..Options::default() };
        let (context, casework, portal) = with(&self.folder, &self.clock, &self.there, small).await;
        let house = Self { context, casework, portal, ..self };
        let dossier = house.received().await;
        let names = Names::default();
        let own = house.context.system("test", hue());
        for n in 0..100 {
            house.pass(1);
            let change =
                Fields::new(&names, house.clock.now()).with("address", format!("{n} Lê Lợi")).change();
            own.mutate(urn(WARD), change).await.unwrap();
        }
        while house.context.feed("test").unwrap().changes(0, 1).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        (house.again().await, dossier)
    }

    /// The same folder, opened again.
    pub(crate) async fn again(self) -> Self {
        self.context.close().await.unwrap();
        let (context, casework, portal) = at(&self.folder, &self.clock, &self.there).await;
        Self { context, casework, portal, ..self }
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.advance(seconds * SECOND);
    }

    /// Marks what is new since the last time.
    pub(crate) async fn mark(&self) {
        self.portal.follow_to_the_end(&hue()).await.unwrap();
    }

    /// Marks and tells; how many a counterpart was told of.
    pub(crate) async fn told(&self) -> usize {
        self.mark().await;
        self.portal.send_once(&hue()).await.unwrap()
    }

    pub(crate) fn session(&self, name: &str, role: Option<&str>) -> Session {
        let account = Account {
            id: name.into(),
            kind: if role.is_some() { AccountKind::Official } else { AccountKind::default() },
            roles: role.into_iter().map(Into::into).collect(),
            units: role.into_iter().map(|_| urn(WARD).as_str().into()).collect(),
            assurance: 2,
            stepped_up: true,
            ..Account::default()
        };
        self.context.session(Principal::Account(Arc::new(account)), hue(), Purpose::Operations)
    }

    pub(crate) fn clerk(&self) -> Session {
        self.session("clerk", Some("one-stop-officer"))
    }

    pub(crate) fn administrator(&self) -> Session {
        self.session("administrator", Some("administrator"))
    }

    pub(crate) async fn filed(&self) -> Dossier {
        self.casework.file(&self.session("an", None), copies()).await.unwrap().dossier
    }

    pub(crate) async fn act(&self, session: &Session, dossier: &Dossier, action: &str) -> Dossier {
        let on = (&dossier.id, dossier.version);
        let none = BTreeMap::<String, Answer>::new();
        self.casework.act(session, on, action, none, BTreeMap::new()).await.unwrap()
    }

    /// A dossier that was received.
    pub(crate) async fn received(&self) -> Dossier {
        let filed = self.filed().await;
        self.pass(60);
        self.act(&self.clerk(), &filed, "accept").await
    }

    pub(crate) async fn audit(&self, most: usize) -> Vec<Entry> {
        self.context.system("test", hue()).audit(AuditQuery::latest(most)).await.unwrap().entries
    }
}

pub(crate) fn copies() -> Filing {
    Filing {
        kind: "civil-status-copy".to_owned(),
        channel: Channel::Online,
        answers: json!({"copies": 2}).as_object().cloned().unwrap(),
        parts: BTreeMap::new(),
        applicant: Applicant {
            kind: ApplicantKind::Person,
            name: "Trần Thị An".to_owned(),
            number: Some("046184001234".to_owned()),
            email: Some("an@example.vn".to_owned()),
            ..Applicant::default()
        },
        receiving: urn(WARD),
        competent: None,
        at_desk: AtDesk::default(),
        parent: None,
        once: None,
    }
}

async fn at(folder: &TempDir, clock: &Arc<ManualClock>, there: &PortalServer) -> (Context, Casework, Portal) {
    with(folder, clock, there, Options::default()).await
}

async fn with(
    folder: &TempDir,
    clock: &Arc<ManualClock>,
    there: &PortalServer,
    options: Options,
) -> (Context, Casework, Portal) {
    let packs = Packs::embedded().unwrap();
    let vault = VaultOptions::new(folder.path().join("keys"), [7; 32], Arc::new(SystemRandomness::default()));
    let settings = Settings {
        data: folder.path().join("graph"),
        store: Options { vault: Some(vault), ..options },
        access: AccessSettings::of(rules(&packs)),
        outbound: AllowList::default(),
        own_addresses: Vec::new(),
    };
    let ids = Arc::new(dinh_context::RandomIds);
    let context = Context::open(settings, packs, Arc::<ManualClock>::clone(clock), ids).await.unwrap();
    let roles: BTreeSet<String> =
        ["one-stop-officer", "officer", "unit-leader", "clerk"].map(str::to_owned).into_iter().collect();
    let casework = Casework::open(&context, &roles).unwrap();
    let portal = Portal::open(&context, &casework).unwrap();
    portal.connect(vec![link(there)], None).unwrap();
    (context, casework, portal)
}

fn link(there: &PortalServer) -> (LinkSettings, Option<String>) {
    let (user, password) = PORTAL_LOGIN;
    let settings = LinkSettings {
        tenant: "hue".to_owned(),
        counterpart: "national-portal".to_owned(),
        address: there.url(),
        agency: Some("H57".to_owned()),
        user: Some(user.to_owned()),
        password_file: None,
        procedures: BTreeSet::new(),
        catalogue: true,
        at_once: 4,
    };
    (settings, Some(password.to_owned()))
}

pub(crate) fn hue() -> Tenant {
    Tenant::parse("hue").unwrap()
}

pub(crate) fn urn(short: &str) -> EntityId {
    Iri::parse(&format!("urn:ngsi-ld:{short}")).unwrap()
}

fn rules(packs: &Packs) -> Vec<dinh_access::Rule> {
    let term = |name: &str| -> Term { LdContext::core().expand(name) };
    let files = packs.policies().unwrap();
    let texts =
        files.iter().map(|(pack, file)| PolicyFile { path: &file.path, pack, text: file.text().unwrap() });
    dinh_policies::read(&texts.collect::<Vec<_>>(), &term).unwrap()
}
