//! A house with the packs that ship, a ward with its people, and a citizen; the clock stands still until it is moved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_calendar::official_day;
use dinh_cases::{Answer, Channel};
use dinh_casework::{Applicant, ApplicantKind, Casework, Dossier, Error, Filed, Filing, templates};
use dinh_context::fields::{Fields, Names};
use dinh_context::graph::{AuditQuery, Entry, Options, VaultOptions};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, Session, Settings, SystemRandomness};
use dinh_model::{Clock as _, Entity, EntityId, Iri, ManualClock, Tenant, Term};
use dinh_ngsild::context::Context as LdContext;
use dinh_policies::PolicyFile;
use dinh_typeset::Press;
use serde_json::json;
use tempfile::TempDir;

pub(crate) const WARD: &str = "Unit:phuong-1";
pub(crate) const OTHER: &str = "Unit:phuong-2";
/// A minute in microseconds.
pub(crate) const MINUTE: i64 = 60_000_000;

pub(crate) struct House {
    pub(crate) context: Context,
    pub(crate) casework: Casework,
    pub(crate) clock: Arc<ManualClock>,
    folder: TempDir,
}

impl House {
    /// Monday, 23 November 2026, eight o'clock in Viet Nam.
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap()));
        let (context, casework) = at(&folder, &clock).await;
        let house = Self { context, casework, clock, folder };
        let names = Names::default();
        for (unit, code) in [(WARD, "H57.20.01"), (OTHER, "H57.20.02")] {
            let mut entity = Entity::new(urn(unit), names.of("Unit"), house.clock.now());
            entity.attributes = Fields::new(&names, house.clock.now()).with("code", code).attributes;
            let name = dinh_model::Value::Language(
                [("vi".to_owned(), dinh_model::OneOrMany::One("Phường".to_owned()))].into(),
            );
            entity.set(names.of("name"), dinh_model::Attribute::new(name, house.clock.now()));
            house.context.system("test", hue()).create(entity).await.unwrap();
        }
        house
    }

    /// The same folder, opened again.
    pub(crate) async fn again(self) -> Self {
        self.context.close().await.unwrap();
        let (context, casework) = at(&self.folder, &self.clock).await;
        Self { context, casework, ..self }
    }

    pub(crate) fn pass(&self, minutes: i64) {
        self.clock.advance(minutes * MINUTE);
    }

    pub(crate) fn today(&self) -> jiff::civil::Date {
        official_day(self.clock.now().to_jiff())
    }

    pub(crate) fn citizen(&self, name: &str) -> Session {
        self.session(Account { id: name.into(), assurance: 1, ..Account::default() })
    }

    pub(crate) fn official(&self, name: &str, role: &str, unit: &str) -> Session {
        self.session(Account {
            id: name.into(),
            kind: AccountKind::Official,
            roles: [role.into()].into(),
            units: [urn(unit).as_str().into()].into(),
            assurance: 2,
            stepped_up: true,
            ..Account::default()
        })
    }

    pub(crate) fn clerk(&self) -> Session {
        self.official("clerk", "one-stop-officer", WARD)
    }

    pub(crate) fn handler(&self) -> Session {
        self.official("handler", "officer", WARD)
    }

    pub(crate) fn leader(&self) -> Session {
        self.official("leader", "unit-leader", WARD)
    }

    /// The records clerk of the ward.
    pub(crate) fn records(&self) -> Session {
        self.official("records", "clerk", WARD)
    }

    /// Approved by the leader, and issued.
    pub(crate) async fn approved(&self, dossier: &Dossier) -> Dossier {
        let dossier = self.act(&self.leader(), dossier, "approve", &[]).await.unwrap();
        self.act(&self.records(), &dossier, "issue-on-paper", &[]).await.unwrap()
    }

    pub(crate) fn session(&self, account: Account) -> Session {
        self.context.session(Principal::Account(Arc::new(account)), hue(), Purpose::Operations)
    }

    pub(crate) async fn filed(&self, name: &str) -> Filed {
        self.casework.file(&self.citizen(name), copies(Channel::Online)).await.unwrap()
    }

    pub(crate) async fn act(
        &self,
        session: &Session,
        dossier: &Dossier,
        action: &str,
        asked: &[(&str, &str)],
    ) -> Result<Dossier, Error> {
        let asked = asked.iter().map(|(code, text)| ((*code).to_owned(), Answer::Text((*text).to_owned())));
        let on = (&dossier.id, dossier.version);
        self.casework.act(session, on, action, asked.collect(), BTreeMap::new()).await
    }

    /// The last entries of the audit, the latest first.
    pub(crate) async fn audit(&self, most: usize) -> Vec<Entry> {
        self.context.system("test", hue()).audit(AuditQuery::latest(most)).await.unwrap().entries
    }
}

/// A dossier for copies of an extract.
pub(crate) fn copies(channel: Channel) -> Filing {
    Filing {
        kind: "civil-status-copy".to_owned(),
        channel,
        answers: json!({"copies": 2}).as_object().cloned().unwrap(),
        parts: BTreeMap::new(),
        applicant: Applicant {
            kind: ApplicantKind::Person,
            name: "Trần Thị An".to_owned(),
            subject: None,
            number: Some("046184001234".to_owned()),
            telephone: None,
            email: Some("an@example.vn".to_owned()),
            address: None,
            by: None,
            by_number: None,
        },
        receiving: urn(WARD),
        competent: None,
        at_desk: dinh_casework::AtDesk::default(),
        parent: None,
        once: None,
    }
}

async fn at(folder: &TempDir, clock: &Arc<ManualClock>) -> (Context, Casework) {
    let packs = Packs::embedded().unwrap();
    let settings = Settings {
        data: folder.path().join("graph"),
        store: Options {
            vault: Some(VaultOptions::new(
                folder.path().join("keys"),
                [7; 32],
                Arc::new(SystemRandomness::default()),
            )),
            ..Options::default()
        },
        access: AccessSettings::of(rules(&packs)),
        outbound: AllowList::default(),
        own_addresses: Vec::new(),
    };
    let ids = Arc::new(dinh_context::RandomIds);
    let context = Context::open(settings, packs, Arc::<ManualClock>::clone(clock), ids).await.unwrap();
    let roles: BTreeSet<String> =
        ["one-stop-officer", "officer", "unit-leader", "clerk"].map(str::to_owned).into_iter().collect();
    let casework = Casework::open(&context, &roles).unwrap();
    let press = Press::new(templates(context.packs()).unwrap()).unwrap();
    casework.set_press(Arc::new(press), "https://dichvu.test/");
    (context, casework)
}

pub(crate) fn hue() -> Tenant {
    Tenant::parse("hue").unwrap()
}

pub(crate) fn urn(short: &str) -> EntityId {
    Iri::parse(&format!("urn:ngsi-ld:{short}")).unwrap()
}

pub(crate) fn term(name: &str) -> Term {
    LdContext::core().expand(name)
}

fn rules(packs: &Packs) -> Vec<dinh_access::Rule> {
    let files = packs.policies().unwrap();
    let texts =
        files.iter().map(|(pack, file)| PolicyFile { path: &file.path, pack, text: file.text().unwrap() });
    dinh_policies::read(&texts.collect::<Vec<_>>(), &term).unwrap()
}
