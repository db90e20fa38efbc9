//! A ward and its neighbour with the packs that ship, people with keys, and an authority. The clock shows the present until it
//! is moved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_cases::{Answer, Channel};
use dinh_casework::{Applicant, ApplicantKind, AtDesk, Casework, Dossier, Filing, Issued, templates};
use dinh_context::fields::{Fields, Names};
use dinh_context::graph::{Options, VaultOptions};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, Session, Settings as Door, SystemRandomness};
use dinh_documents::Standing;
use dinh_model::{Clock as _, Entity, EntityId, Iri, ManualClock, Tenant};
use dinh_ngsild::context::Context as LdContext;
use dinh_policies::PolicyFile;
use dinh_signatory::Signatory;
use dinh_signing::signatures::Subject;
use dinh_signing::{Key, KeyUse, NewKey, Place, SealKey, Settings, Signing, TrustList};
use dinh_typeset::Press;
use serde_json::json;
use tempfile::TempDir;

use crate::authority::Authority;

pub(crate) const WARD: &str = "Unit:phuong-1";
pub(crate) const OTHER: &str = "Unit:phuong-2";

pub(crate) struct House {
    pub(crate) context: Context,
    pub(crate) casework: Casework,
    pub(crate) signing: Signing,
    pub(crate) signatory: Signatory,
    pub(crate) clock: Arc<ManualClock>,
    _folder: TempDir,
}

impl House {
    /// One that trusts the authority, and asks it for time stamps if they are wanted.
    pub(crate) async fn open(authority: &Authority, stamped: bool) -> Self {
        let folder = TempDir::new().expect("a folder");
        let clock = Arc::new(ManualClock::at(present()));
        let packs = Packs::embedded().expect("the packs");
        let random = Arc::new(SystemRandomness::default());
        let vault = VaultOptions::new(folder.path().join("keys"), [7; 32], random);
        let door = Door {
            data: folder.path().join("graph"),
            store: Options { vault: Some(vault), ..Options::default() },
            access: AccessSettings::of(rules(&packs)),
            outbound: AllowList::default(),
            own_addresses: Vec::new(),
        };
        let ids = Arc::new(dinh_context::RandomIds);
        let context =
            Context::open(door, packs, Arc::<ManualClock>::clone(&clock), ids).await.expect("a graph");
        let roles = ["one-stop-officer", "officer", "unit-leader", "clerk"].map(str::to_owned);
        let casework = Casework::open(&context, &BTreeSet::from(roles)).expect("kinds of case");
        let press = Press::new(templates(context.packs()).expect("templates")).expect("a press");
        casework.set_press(Arc::new(press), "https://dichvu.test/");
        let trust =
            "[[authority]]\nfile = \"root.pem\"\nfrom = \"2020-01-01\"\nsource = \"Quyết định thử\"\n";
        let settings = Settings {
            trust: TrustList::read(trust, &|file| std::fs::read(authority.path(file))).expect("a list"),
            time_stamps: stamped.then(|| format!("{}/tsa", authority.url)),
            seal: SealKey::new(&[5; 32]),
            ..Settings::default()
        };
        let signing = Signing::new(&context, settings);
        let signatory = Signatory::new(&casework, &signing);
        let house = Self { context, casework, signing, signatory, clock, _folder: folder };
        for (unit, code) in [(WARD, "H57.20.01"), (OTHER, "H57.20.02")] {
            house.unit(unit, code).await;
        }
        house
    }

    async fn unit(&self, unit: &str, code: &str) {
        let (names, now) = (Names::default(), self.clock.now());
        let mut entity = Entity::new(urn(unit), names.of("Unit"), now);
        entity.attributes = Fields::new(&names, now).with("code", code).attributes;
        let name = dinh_model::OneOrMany::One("Ủy ban nhân dân phường Thuận Hóa".to_owned());
        let name = dinh_model::Value::Language([("vi".to_owned(), name)].into());
        entity.set(names.of("name"), dinh_model::Attribute::new(name, now));
        self.context.system("test", hue()).create(entity).await.expect("a unit");
    }

    /// What openssl has made since is valid by the clock of the house too.
    pub(crate) fn catch_up(&self) {
        self.clock.advance(present().micros_since(self.clock.now()) + 1_000_000);
    }

    pub(crate) fn official(&self, id: &str, role: &str, unit: &str) -> Session {
        self.session(id, role, unit, true)
    }

    pub(crate) fn session(&self, id: &str, role: &str, unit: &str, stepped_up: bool) -> Session {
        let account = Account {
            id: id.into(),
            kind: AccountKind::Official,
            roles: [role.into()].into(),
            units: [urn(unit).as_str().into()].into(),
            assurance: 2,
            stepped_up,
            ..Account::default()
        };
        self.context.session(Principal::Account(Arc::new(account)), hue(), Purpose::Operations)
    }

    pub(crate) fn leader(&self) -> Session {
        self.official("leader", "unit-leader", WARD)
    }

    pub(crate) fn records(&self) -> Session {
        self.official("records", "clerk", WARD)
    }

    fn citizen(&self, name: &str) -> Session {
        let account = Account { id: name.into(), assurance: 1, ..Account::default() };
        self.context.session(Principal::Account(Arc::new(account)), hue(), Purpose::Operations)
    }

    /// A document with a number that waits to be signed.
    pub(crate) async fn numbered(&self, name: &str) -> Issued {
        let filed = self.casework.file(&self.citizen(name), copies()).await.expect("it is filed");
        let mut dossier = filed.dossier;
        for (who, role, action) in [
            ("desk", "one-stop-officer", "accept"),
            ("handler", "officer", "start"),
            ("handler", "officer", "submit"),
            ("leader", "unit-leader", "approve"),
            ("records", "clerk", "register"),
        ] {
            dossier = self.act(&self.official(who, role, WARD), &dossier, action).await;
        }
        let of_case =
            self.casework.documents_of_case(&self.records(), &dossier.id, 5).await.expect("documents");
        let one = of_case.into_iter().next().expect("a document");
        assert_eq!(one.standing, Standing::Numbered);
        one
    }

    async fn act(&self, session: &Session, dossier: &Dossier, action: &str) -> Dossier {
        let asked: BTreeMap<String, Answer> = BTreeMap::new();
        let on = (&dossier.id, dossier.version);
        self.casework.act(session, on, action, asked, BTreeMap::new()).await.expect(action)
    }

    /// A document as it is now.
    pub(crate) async fn document(&self, id: &EntityId) -> Issued {
        self.casework.issued_for(&self.records(), id).await.expect("it is there")
    }

    /// The file of a document as it is now.
    pub(crate) async fn content(&self, id: &EntityId) -> Vec<u8> {
        self.casework.open_document(&self.records(), id).await.expect("it is open").content
    }

    /// A key that is kept here, with its certificate.
    pub(crate) async fn key(&self, authority: &Authority, new: NewKey) -> Key {
        let admin = self.official("quan-tri", "administrator", WARD);
        let file = new.subject.name.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let key = self.signing.make(&admin, new).await.expect("a key");
        let request = key.request.as_deref().expect("a request");
        let certificate = authority.certify(&file, request, "leaf");
        self.catch_up();
        self.signing.certify(&admin, &key.id, &certificate).await.expect("it is taken")
    }

    /// The key of the leader of the ward.
    pub(crate) async fn own(&self, authority: &Authority) -> Key {
        self.key(authority, new(KeyUse::Personal, "leader", WARD, "Nguyễn Văn Bảo")).await
    }

    /// The seal of the ward.
    pub(crate) async fn seal(&self, authority: &Authority) -> Key {
        self.key(authority, new(KeyUse::Seal, "records", WARD, "UBND phường Thuận Hóa")).await
    }
}

pub(crate) fn new(purpose: KeyUse, holder: &str, unit: &str, name: &str) -> NewKey {
    NewKey {
        title: format!("Khoá của {name}"),
        purpose,
        unit: Some(urn(unit)),
        holders: vec![holder.to_owned()],
        place: Place::Software,
        subject: Subject {
            name: name.to_owned(),
            organisation: Some("Thành phố Huế".to_owned()),
            unit: None,
            country: "VN".to_owned(),
        },
    }
}

fn copies() -> Filing {
    Filing {
        kind: "civil-status-copy".to_owned(),
        channel: Channel::Online,
        answers: json!({"copies": 2}).as_object().cloned().expect("answers"),
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
        at_desk: AtDesk::default(),
        parent: None,
        once: None,
    }
}

fn present() -> dinh_model::Timestamp {
    dinh_context::SystemClock.now()
}

pub(crate) fn hue() -> Tenant {
    Tenant::parse("hue").expect("a tenant")
}

pub(crate) fn urn(short: &str) -> EntityId {
    Iri::parse(&format!("urn:ngsi-ld:{short}")).expect("a name")
}

fn rules(packs: &Packs) -> Vec<dinh_access::Rule> {
    let files = packs.policies().expect("the rules can be read");
    let texts = files.iter().map(|(pack, file)| PolicyFile {
        path: &file.path,
        pack,
        text: file.text().expect("text"),
    });
    dinh_policies::read(&texts.collect::<Vec<_>>(), &|name| LdContext::core().expand(name))
        .expect("they hold")
}
