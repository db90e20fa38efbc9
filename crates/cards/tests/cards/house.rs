//! A house with the packs that ship, a department with its people; the clock stands still until it is moved.

use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_cards::{Card, Cards, Holder, NewCard};
use dinh_context::fields::{Fields, Names};
use dinh_context::graph::{Options, VaultOptions};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, Session, Settings, SystemRandomness};
use dinh_credentials::card::CardKind;
use dinh_model::{
    Attribute, Clock as _, Entity, EntityId, Iri, ManualClock, OneOrMany, SequentialIds, Tenant, Term, Value,
};
use dinh_ngsild::context::Context as LdContext;
use dinh_policies::PolicyFile;
use ring::rand::SystemRandom;
use tempfile::TempDir;

pub(crate) const UNIT: &str = "Unit:so-noi-vu";
pub(crate) const OTHER: &str = "Unit:so-y-te";
pub(crate) const REASON: &str = "Quyết định 12/QĐ-SNV ngày 20/11/2026";
/// An hour in microseconds.
pub(crate) const HOUR: i64 = 3_600_000_000;

pub(crate) struct House {
    pub(crate) context: Context,
    pub(crate) cards: Cards,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) folder: TempDir,
    ids: Arc<SequentialIds>,
}

impl House {
    /// Monday, 23 November 2026, eight o'clock in Viet Nam.
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap()));
        let ids = Arc::new(SequentialIds::default());
        let (context, cards) = at(&folder, &clock, &ids).await;
        let house = Self { context, cards, clock, folder, ids };
        let names = Names::default();
        for (unit, name, code) in [(UNIT, "Sở Nội vụ", "H57.01"), (OTHER, "Sở Y tế", "H57.02")] {
            let mut entity = Entity::new(urn(unit), names.of("Unit"), house.clock.now());
            entity.attributes = Fields::new(&names, house.clock.now()).with("code", code).attributes;
            let name = Value::Language([("vi".to_owned(), OneOrMany::One(name.to_owned()))].into());
            entity.set(names.of("name"), Attribute::new(name, house.clock.now()));
            house.context.system("test", hue()).create(entity).await.unwrap();
        }
        let mut person = Entity::new(urn("Person:thao"), names.of("Person"), house.clock.now());
        person.attributes = Fields::new(&names, house.clock.now())
            .with("name", "Nguyễn Thị Phương Thảo")
            .with("personalId", "046184001234")
            .attributes;
        house.context.system("test", hue()).create(person).await.unwrap();
        house
    }

    /// The same folder, opened again.
    pub(crate) async fn again(self) -> Self {
        self.context.close().await.unwrap();
        let (context, cards) = at(&self.folder, &self.clock, &self.ids).await;
        Self { context, cards, ..self }
    }

    pub(crate) fn official(&self, id: &str, role: &str, unit: &str) -> Session {
        self.session(Account {
            id: id.into(),
            kind: AccountKind::Official,
            roles: [role.into()].into(),
            units: [urn(unit).as_str().into()].into(),
            stepped_up: true,
            ..Account::default()
        })
    }

    /// Who proposes, and who decides.
    pub(crate) fn officer(&self) -> Session {
        self.official("officer", "card-officer", UNIT)
    }

    pub(crate) fn head(&self) -> Session {
        self.official("head", "unit-leader", UNIT)
    }

    /// The holder of the card of these tests, known by a confirmed address.
    pub(crate) fn thao(&self, assurance: u8) -> Session {
        let subjects = [urn("Person:thao").as_str().into()].into();
        self.session(Account { id: "thao".into(), subjects, assurance, ..Account::default() })
    }

    pub(crate) fn session(&self, account: Account) -> Session {
        self.context.session(Principal::Account(Arc::new(account)), hue(), Purpose::Operations)
    }

    #[expect(clippy::unused_self, reason = "asked of a house like all others")]
    pub(crate) fn new_card(&self) -> NewCard {
        NewCard {
            kind: CardKind::CivilServant,
            holder: Holder {
                account: "thao".to_owned(),
                name: "Thảo".to_owned(),
                subject: Some(urn("Person:thao")),
                position: Some("Phó Trưởng phòng".to_owned()),
                personal_id: None,
            },
            unit: Some(urn(UNIT)),
            code: None,
            reason: REASON.to_owned(),
            photo: None,
        }
    }

    /// A card that was proposed and granted.
    pub(crate) async fn card(&self) -> Card {
        let id = self.cards.propose(&self.officer(), self.new_card()).await.unwrap();
        self.grant(&id).await
    }

    pub(crate) async fn grant(&self, id: &EntityId) -> Card {
        let card = self.cards.one(&self.head(), id).await.unwrap();
        self.cards.decide(&self.head(), (id, card.version), true, REASON).await.unwrap();
        self.cards.one(&self.officer(), id).await.unwrap()
    }

    pub(crate) fn seconds(&self) -> i64 {
        self.clock.now().to_jiff().as_second()
    }
}

async fn at(folder: &TempDir, clock: &Arc<ManualClock>, ids: &Arc<SequentialIds>) -> (Context, Cards) {
    let packs = Packs::embedded().unwrap();
    let data = folder.path().join("data");
    let store = Options {
        vault: Some(VaultOptions::new(data.join("vault"), [7; 32], Arc::new(SystemRandomness::default()))),
        ..Options::default()
    };
    let settings = Settings {
        access: AccessSettings::of(rules(&packs)),
        data,
        store,
        outbound: AllowList::default(),
        own_addresses: Vec::new(),
    };
    let ids = Arc::<SequentialIds>::clone(ids);
    let context = Context::open(settings, packs, Arc::<ManualClock>::clone(clock), ids).await.unwrap();
    let cards = Cards::open(&context, Arc::new(SystemRandom::new())).unwrap();
    (context, cards)
}

pub(crate) fn hue() -> Tenant {
    Tenant::parse("hue").unwrap()
}

pub(crate) fn urn(short: &str) -> EntityId {
    Iri::parse(&format!("urn:ngsi-ld:{short}")).unwrap()
}

fn term(name: &str) -> Term {
    LdContext::core().expand(name)
}

fn rules(packs: &Packs) -> Vec<dinh_access::Rule> {
    let files = packs.policies().unwrap();
    let texts =
        files.iter().map(|(pack, file)| PolicyFile { path: &file.path, pack, text: file.text().unwrap() });
    dinh_policies::read(&texts.collect::<Vec<_>>(), &term).unwrap()
}
